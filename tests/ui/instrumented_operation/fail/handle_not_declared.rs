//! A body that uses a handle without `as op`.

use test_vocabulary::forms::{self, FormRun, instrumented_operation};

#[instrumented_operation(forms::FormRun)]
fn forgotten() { op.work_count(1); }

#[instrumented_operation(FormRun, work.name = name)]
async fn nested(name: &str) -> u8 {
    if !name.is_empty() {
        op.work_count(name.len());
    }
    op.job_type(forms::JobType::Sync);
    1
}

#[instrumented_operation(forms::StrictRun)]
fn beside_another_mistake() { op.work_count(1); }

#[instrumented_operation(forms::FormRun as operation)]
fn another_name() { op.work_count(1); operation.work_count(2); }

struct Op { op: Option<u8> }

#[instrumented_operation(forms::PlainRun)]
fn parameter(op: &Op) -> bool { op.op.is_some() }

#[instrumented_operation(forms::PlainRun)]
fn variable(all: Vec<Op>) -> bool { all.iter().any(|op| op.op.is_some()) }

#[instrumented_operation(forms::PlainRun)]
fn pattern(Op { op }: Op) -> bool { op.is_some() }

fn main() {}
