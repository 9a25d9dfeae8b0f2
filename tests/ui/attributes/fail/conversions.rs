//! `saturating` and `capped` on attributes and fields that they cannot convert, and an unknown option.

use test_vocabulary::forms::{self, Attributes};

#[derive(Attributes)]
#[attributes(forms::FullRun)]
struct OtherClass {
    #[attribute(work.count, saturating)]
    count: u8,
    #[attribute(work.step, capped)]
    step: String,
    #[attribute(work.code, clamped)]
    code: u8,
}

#[derive(Attributes)]
#[attributes(forms::FullRun)]
struct OtherField {
    #[attribute(work.step, saturating)]
    step: String,
    #[attribute(work.queue, capped)]
    queue: u8,
}

fn main() {}
