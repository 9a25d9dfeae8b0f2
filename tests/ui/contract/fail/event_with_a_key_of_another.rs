//! A key that the event does not have.

use test_vocabulary::forms;

fn main() {
    forms::WorkIdle.work_name("w").emit();
}
