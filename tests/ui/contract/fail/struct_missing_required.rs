//! The typed struct without what entry requires.

use test_vocabulary::forms;

fn start() {
    forms::StrictRun {}.start().succeed();
}

fn main() {}
