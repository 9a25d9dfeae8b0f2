//! A type error of the user's own is theirs alone.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun)]
fn form() -> Result<u8, std::convert::Infallible> {
    Ok("text")
}

#[instrumented_operation(forms::FormRun)]
async fn asynchronous() -> u8 {
    "text"
}

fn main() {}
