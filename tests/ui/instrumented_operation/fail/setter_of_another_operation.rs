//! A setter for an attribute that only other operations have.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun as op)]
fn of_another_operation() {
    op.work_code(forms::WorkCode::V200);
    op.work_urgent(true);
}

#[instrumented_operation(forms::FormRun as op)]
fn misspelt() { op.work_cuont(1); }

#[instrumented_operation(forms::FormRun as op)]
fn secret() { op.person_pin(1); }

#[instrumented_operation(forms::FormRun as op)]
fn unknown() { op.weather("fine"); }

fn main() {}
