//! The struct of an operation without its required attributes.

use test_vocabulary::forms;

fn start() {
    forms::StrictRun {}.start().succeed();
}

fn main() {}
