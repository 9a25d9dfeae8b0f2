//! `#[track_caller]` on a trait method, where a second method cannot be added.

use test_vocabulary::forms::instrumented_operation;

struct Work;

impl std::ops::Not for Work {
    type Output = u32;

    #[track_caller]
    #[instrumented_operation(test_vocabulary::forms::FormRun)]
    fn not(self) -> u32 {
        std::panic::Location::caller().line()
    }
}

fn main() {}
