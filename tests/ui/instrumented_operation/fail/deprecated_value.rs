//! A deprecated value, as a literal and as a variant.

#![deny(deprecated)]

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::LegacyRun, old.kind = "former")]
fn literal() {}

#[instrumented_operation(forms::LegacyRun, old.kind = forms::OldKind::Former)]
fn variant() {}

#[instrumented_operation(forms::LegacyRun, old.kind = "current")]
fn current() {}

fn main() {}
