//! Literals of a type that the attribute does not accept.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(
    forms::FullRun,
    work.kind = 's',
    work.code = 200f64,
    work.step = 1e0,
    work.count = 1f64,
    work.share = 1u64,
    work.name = b'a',
    work.urgent = 1u8,
    work.token = 'c',
)]
fn form() {}

#[instrumented_operation(
    forms::FullRun,
    work.code = 200i128,
    work.count = true,
    work.share = 4_294_967_296,
    work.name = c"text",
    person.name = b"bytes",
    work.sizes = 5,
)]
fn others() {}

#[instrumented_operation(forms::FullRun, work.tags = b"ab", work.count = &mut 5)]
fn by_type() {}

fn main() {}
