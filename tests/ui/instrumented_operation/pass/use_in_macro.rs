//! Functions that a user's macro generates: with the operation and its values, with an argument, and with the whole body.

use otel_contract_tests::{record, assert_succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

macro_rules! work {
    ($name:ident, $operation:path, $key:ident . $rest:ident = $value:expr) => {
        #[instrumented_operation($operation, $key.$rest = $value)]
        fn $name(count: u32) -> u32 {
            count
        }
    };
    ($name:ident $count:ident) => {
        #[instrumented_operation(forms::FormRun, work.count = $count)]
        fn $name($count: u32) -> u32 {
            $count
        }
    };
}

work!(first, forms::FormRun, work.count = 5);
work!(second n);

/// Passes the body on as a block.
macro_rules! block {
    ($name:ident $body:block) => {
        #[instrumented_operation(forms::FormRun, work.count = 3)]
        fn $name() -> u32 $body
    };
}

block!(third { 7 });

pub(crate) fn main() {
    let (result, spans) = record(|| first(3));
    assert_eq!(result, 3);
    assert_succeeded(&spans, "form.run", &[("work.count", "5")]);
    let (result, spans) = record(|| second(4));
    assert_eq!(result, 4);
    assert_succeeded(&spans, "form.run", &[("work.count", "4")]);
    let (result, spans) = record(third);
    assert_eq!(result, 7);
    assert_succeeded(&spans, "form.run", &[("work.count", "3")]);
}
