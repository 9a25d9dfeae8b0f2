//! Items, macros and `use` inside the body, with names like ours.

use otel_contract_tests::{record, succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun as op, work.count = count)]
fn form(count: i64) -> i64 {
    use std::convert::identity as call;
    const __VALUE: i64 = 2;
    struct Entry;
    impl Entry {
        fn run(n: i64) -> i64 {
            n * __VALUE
        }
    }
    fn succeed(n: i64) -> i64 {
        n + 1
    }
    macro_rules! op_name {
        ($e:expr) => {
            $e + 1
        };
    }
    let __op = call(Entry::run(count));
    let __result = succeed(__op);
    op.work_name("inner");
    op_name!(__result)
}

fn main() {
    let (result, spans) = record(|| form(5));
    assert_eq!(result, 12);
    succeeded(&spans, "form.run", &[("work.count", "5"), ("work.name", "inner")]);
}
