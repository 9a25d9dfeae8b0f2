//! `as op` where the body is moved to a second function.

use test_vocabulary::forms::instrumented_operation;

#[track_caller]
#[instrumented_operation(test_vocabulary::forms::FormRun as op)]
fn form() {
    op.work_count(1);
}

fn main() {}
