//! Values that may or may not represent a failure.

use std::process::ExitCode;
use test_vocabulary::forms::{self, instrumented_operation};

struct Runner<Out>(fn() -> Out);

impl<Out> Runner<Out> {
    #[instrumented_operation(forms::PlainRun)]
    fn run(&self) -> Out { (self.0)() }

    #[instrumented_operation(forms::PlainRun)]
    async fn run_async(&self) -> Out { (self.0)() }
}

trait Handler {
    type Answer;

    fn answer(&self) -> Self::Answer;

    #[instrumented_operation(forms::PlainRun)]
    fn handle(&self) -> Self::Answer { self.answer() }
}

#[instrumented_operation(forms::PlainRun)]
fn exit() -> ExitCode { ExitCode::FAILURE }

fn main() {}
