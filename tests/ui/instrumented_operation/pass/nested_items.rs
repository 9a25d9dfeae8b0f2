//! Items, macros and `use` inside the body, with the names of generated code.

use otel_contract_tests::{record, assert_succeeded, twins};

twins! {
    #[instrumented_operation(forms::FormRun, work.count = count, ok(|sum| work.name = sum.to_string()))]
    pub fn form(count: i64) -> i64 {
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
        op_name!(__result)
    }
}

pub(crate) fn main() {
    let (result, spans) = record(|| ours::form(5));
    assert_eq!(result, twin::form(5));
    assert_succeeded(&spans, "form.run", &[("work.count", "5"), ("work.name", "12")]);
}
