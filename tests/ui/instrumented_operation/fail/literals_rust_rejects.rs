//! Literals that rustc rejects: out of the range of their own type, or with a sign or suffix that their kind does not have.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(
    forms::FullRun,
    work.code = 404u8,
    work.step = -1u8,
    work.count = 300u8,
    work.share = 1e999,
    work.urgent = -true,
    work.name = -"a",
)]
fn form() {}

#[instrumented_operation(forms::FullRun, work.count = -5u8, work.share = 1.5u8, work.name = "a"u8)]
fn suffixes() {}

#[instrumented_operation(forms::FullRun, work.count = 9_223_372_036_854_775_808, work.step = --128i8)]
fn too_great() {}

fn main() {}
