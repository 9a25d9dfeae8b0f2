//! `..group = &value`: generated and derived structs, overlaps, a whole operation.

use otel_contract_tests::{block_on, record, assert_succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

#[derive(forms::Attributes)]
#[attributes(forms::Work)]
struct Mine {
    #[attribute(work.name)]
    name: String,
    #[attribute(work.count)]
    count: u8,
    #[attribute(work.urgent)]
    urgent: Option<bool>,
    #[allow(dead_code)]
    other: (),
}

#[derive(forms::Attributes)]
#[attributes(forms::FormRun)]
struct Whole<'a>(#[attribute(work.name)] &'a str, #[attribute(work.kind)] forms::WorkKind);

struct Service {
    work: Mine,
}

impl Service {
    #[instrumented_operation(forms::GroupedRun, ..work = &self.work)]
    async fn run(&self) {}
}

#[instrumented_operation(forms::GroupedRun, ..work)]
fn generated(work: forms::Work) -> forms::Work {
    work
}

#[instrumented_operation(forms::GroupedRun, ..work = work, work.count = 9)]
fn overlapping(work: &Mine) {}

#[instrumented_operation(forms::FormRun, ..form.run = whole)]
fn whole(whole: Whole<'_>) {}

pub(crate) fn main() {
    let mine = || Mine { name: "n".to_owned(), count: 3, urgent: Some(true), other: () };
    let (_, spans) = record(|| block_on(Service { work: mine() }.run()));
    assert_succeeded(&spans, "grouped.run", &[("work.name", "n"), ("work.count", "3"), ("work.urgent", "true")]);
    let work = forms::Work { work_name: "g".into(), work_count: 4.into() };
    let (_, spans) = record(|| generated(work.clone()));
    assert_succeeded(&spans, "grouped.run", &[("work.name", "g"), ("work.count", "4")]);
    let (_, spans) = record(|| overlapping(&mine()));
    assert_succeeded(&spans, "grouped.run", &[("work.name", "n"), ("work.count", "9"), ("work.urgent", "true")]);
    let (_, spans) = record(|| whole(Whole("w", forms::WorkKind::Large)));
    assert_succeeded(&spans, "form.run", &[("work.name", "w"), ("work.kind", "large")]);
}
