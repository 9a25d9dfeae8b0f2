//! `err(…)` with a class that the operation does not list, in every notation.

use test_vocabulary::forms::{self, ErrorType, StrictRun, instrumented_operation};

#[instrumented_operation(forms::StrictRun, work.name = "x", ok(|n| work.count = n), err(|_| ErrorType::Late))]
fn plain() -> Result<u8, ()> { Err(()) }

#[instrumented_operation(
    StrictRun,
    work.name = "x",
    ok(|n| work.count = n),
    err(|code| match code {
        0 => forms::ErrorType::Broken,
        1 => forms::ErrorType::Denied,
        _ if *code == 2 => { let _ = code; ErrorType::Other }
        _ => test_vocabulary::forms::ErrorType::Late,
    }),
)]
fn matched() -> Result<u8, u8> { Err(3) }

#[instrumented_operation(
    forms::StrictRun,
    work.name = "x",
    ok(|n| work.count = n),
    err(|code| if *code == 0 { None } else { Some(ErrorType::Late) }),
)]
fn perhaps() -> Result<u8, u8> { Err(3) }

#[instrumented_operation(
    forms::StrictRun,
    work.name = "x",
    ok(|n| work.count = n),
    err(|code| code.checked_sub(1).map(|_| ErrorType::Denied).or((*code == 0).then_some(ErrorType::Broken))),
)]
async fn by_methods() -> Result<u8, u8> { Err(3) }

fn main() {}
