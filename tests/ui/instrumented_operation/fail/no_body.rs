//! A function of a trait without a body.

use test_vocabulary::forms::{self, instrumented_operation};

trait Job {
    #[instrumented_operation(forms::FormRun)]
    fn run(&self);
}

fn main() {}
