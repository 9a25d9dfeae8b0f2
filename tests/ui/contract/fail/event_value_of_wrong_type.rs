//! An event accepts the same values as a span, with the same messages.

use test_vocabulary::forms::{WorkDone, WorkKind, WorkName};

fn main() {
    WorkDone { work_name: WorkName::from("w"), work_kind: WorkKind::Small }
        .work_step(7)
        .work_token("a string")
        .emit();
}
