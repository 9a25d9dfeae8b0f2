//! A type error in the body is reported only in the body.

use test_vocabulary::forms::{self, instrumented_operation};

struct Answer(u8);

#[instrumented_operation(forms::FormRun)]
fn form() -> Result<Answer, std::convert::Infallible> {
    Ok(Answer("text"))
}

#[instrumented_operation(forms::FormRun)]
async fn asynchronous() -> u8 {
    "text"
}

fn main() {}
