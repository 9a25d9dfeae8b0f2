//! Exits from the function that are hidden in a macro in an attribute.

use test_vocabulary::forms::{self, instrumented_operation};

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms, broken)]
struct Broken;

fn lookup() -> Result<u8, Broken> { Err(Broken) }

macro_rules! leave {
    () => { return Ok(1) };
}

#[instrumented_operation(forms::FormRun, work.name = format!("{}", lookup()?))]
fn question() -> Result<u8, Broken> { Ok(1) }

#[instrumented_operation(forms::FormRun, work.count = { leave!(); 1 })]
async fn returns() -> Result<u8, Broken> { Ok(1) }

#[instrumented_operation(forms::FormRun, work.name = 'all: { if true { break 'all "a" } loop { break "b" } }, work.count = loop { continue 'outer })]
fn labels() -> u8 { 1 }

fn main() {}
