//! An `Option` for an attribute that is required on success: under `#[instrumented_operation]`, and by hand.

use test_vocabulary::forms::{self, Attributes, instrumented_operation};

#[instrumented_operation(forms::StrictRun, work.name = "x", ok(|count| work.count = count))]
fn form() -> Option<u32> { None }

#[instrumented_operation(forms::StrictRun, work.name = "x", ok(|(_, count)| work.count = &count))]
async fn asynchronous() -> (u8, Option<u32>) { (0, None) }

#[instrumented_operation(forms::StrictRun as op, work.name = "x", ok(|()| work.count = 1))]
fn handle(count: Option<u32>) {
    op.work_count(count);
}

fn by_hand(count: Option<u32>) {
    let active = forms::StrictRun { work_name: "x".into() }.start();
    active.work_count(count);
    active.succeed();
}

#[derive(Attributes)]
#[attributes(forms::StrictRun)]
struct Everything {
    #[attribute(work.name)]
    name: String,
    #[attribute(work.count)]
    count: u32,
}

fn main() {}
