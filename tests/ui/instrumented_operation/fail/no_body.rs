//! A function of a trait without a body.

use test_vocabulary::forms::instrumented_operation;

trait Job {
    #[instrumented_operation(test_vocabulary::forms::FormRun)]
    fn run(&self);
}

fn main() {}
