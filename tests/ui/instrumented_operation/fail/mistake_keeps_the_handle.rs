//! After a mistake in the attribute, the handle still exists: setters in the body cause no further errors.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun as op, work.nmae = "x")]
fn misspelt() {
    op.work_count(1);
}

#[instrumented_operation(forms::FromRun as op)]
fn unknown() -> u8 {
    op.work_count(1);
    1
}

#[instrumented_operation(forms::FormRun as op, work.name = )]
fn unreadable() {
    op.work_count(1);
}

fn main() {}
