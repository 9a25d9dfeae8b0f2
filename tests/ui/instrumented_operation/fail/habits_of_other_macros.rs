//! Syntax of other macros and languages.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, record(name))]
fn record(name: &str) {}

#[instrumented_operation(forms::FormRun, work.name: name)]
fn colon(name: &str) {}

#[instrumented_operation(forms::FormRun, work::name = name)]
fn path(name: &str) {}

#[instrumented_operation(forms::FormRun { work_name: name })]
fn fields(name: &str) {}

#[instrumented_operation(forms::FormRun, work.name = name, as op)]
fn handle(name: &str) {}

#[instrumented_operation(name = "form.run")]
fn named() {}

fn main() {}
