//! The operation as a string.

use test_vocabulary::forms::instrumented_operation;

#[instrumented_operation("forms.form_run")]
fn form() {}

fn main() {}
