//! A key the event does not take.

use test_vocabulary::forms;

fn main() {
    forms::WorkIdle.work_name("w").emit();
}
