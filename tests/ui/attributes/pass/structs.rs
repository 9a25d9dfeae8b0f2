//! Structs that fill a group: named, tuple and generic, borrowed and owned, through references.

use otel_contract_tests::{record, assert_succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

#[derive(forms::Attributes)]
#[attributes(forms::Work)]
struct Tuple<'a>(#[attribute(work.name)] &'a str, #[attribute(work.count)] u8);

#[derive(forms::Attributes)]
#[attributes(forms::Work)]
struct Generic<T>
where
    T: forms::__private::PlainValue<forms::__private::kind::Int>,
{
    #[attribute(work.count)]
    count: T,
    #[attribute(work.name)]
    name: std::borrow::Cow<'static, str>,
    #[attribute(work.urgent)]
    urgent: Option<forms::WorkUrgent>,
    _own: (),
}

#[instrumented_operation(forms::GroupedRun, ..work = work)]
fn tuple(work: Tuple<'_>) {}

#[instrumented_operation(forms::GroupedRun, ..work = &&work)]
fn generic(work: Generic<u64>) {}

#[derive(forms::Attributes)]
#[attributes(forms::FullRun)]
struct Converted {
    #[attribute(work.step, saturating)]
    step: u64,
    #[attribute(work.queue, capped)]
    queue: Option<String>,
}

#[instrumented_operation(forms::FullRun, ..full.run = work)]
fn converted(work: Converted) {}

pub(crate) fn main() {
    let ((), spans) = record(|| tuple(Tuple("a", 1)));
    assert_succeeded(&spans, "grouped.run", &[("work.name", "a"), ("work.count", "1")]);
    let ((), spans) = record(|| converted(Converted { step: u64::MAX, queue: Some("q".into()) }));
    assert_succeeded(&spans, "full.run", &[("work.step", "2"), ("work.queue", "q")]);
    let work = Generic { count: u64::MAX, name: "b".into(), urgent: None, _own: () };
    let ((), spans) = record(|| generic(work));
    // A value that does not fit becomes the greatest value.
    assert_succeeded(&spans, "grouped.run", &[("work.name", "b"), ("work.count", &i64::MAX.to_string())]);
}
