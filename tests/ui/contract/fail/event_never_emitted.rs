//! An event that is built but not emitted records nothing.

#![deny(unused_must_use)]

use test_vocabulary::forms::{WorkDone, WorkKind, WorkName};

fn main() {
    WorkDone { work_name: WorkName::from("w"), work_kind: WorkKind::Small }.work_urgent(true);
}
