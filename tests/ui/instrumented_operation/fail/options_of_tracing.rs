//! Options that were kept from `#[tracing::instrument]`.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, skip_all)]
fn skip_all(_name: &str) {}

#[instrumented_operation(forms::FormRun, skip(name))]
fn skip(name: &str) {}

#[instrumented_operation(forms::StrictRun, fields(work.name = %name, name), ok(|()| work.count = 1))]
fn fields(name: &str) {}

#[instrumented_operation(forms::FormRun, err)]
fn err() {}

#[instrumented_operation(forms::FormRun, err(Debug))]
fn err_by_debug() {}

#[instrumented_operation(forms::FormRun, err(level = "info"))]
fn err_at_level() {}

#[instrumented_operation(forms::FormRun, ret)]
fn ret() {}

#[instrumented_operation(forms::FormRun, ret(Display))]
fn ret_by_display() {}

#[instrumented_operation(forms::FormRun, level = "debug")]
fn level() {}

#[instrumented_operation(forms::FormRun, name = "form")]
fn name() {}

#[instrumented_operation(forms::PlainRun, target = "forms")]
fn target() {}

#[instrumented_operation(forms::FormRun, follows_from = causes)]
fn follows_from(causes: &[u64]) {}

#[instrumented_operation(forms::FormRun, parent = None)]
fn parent() {}

#[instrumented_operation(forms::FormRun, skip_all, level = "info", err, fields(work.name = ?name))]
fn several(name: &str) {}

#[instrumented_operation(skip_all, forms::FormRun)]
fn first() {}

fn main() {}
