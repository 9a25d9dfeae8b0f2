//! If an attribute is set more than once, at entry or by a group, the handle or `ok(…)`, its key is exported once, with
//! the last value. This includes sampling-relevant attributes.

use otel_contract_tests::{record, assert_succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

#[derive(forms::Attributes)]
#[attributes(forms::SampledRun)]
struct Sampled {
    #[attribute(work.kind)]
    kind: forms::WorkKind,
    #[attribute(work.name)]
    name: Option<&'static str>,
}

#[instrumented_operation(forms::SampledRun as op, ..sampled.run = s, work.name = "entry", ok(|()| work.name = "ok"))]
fn all(s: Sampled) {
    op.work_name("handle");
}

#[instrumented_operation(forms::SampledRun, work.name = "entry", ..sampled.run = s)]
fn group_last(s: Sampled) {}

#[instrumented_operation(forms::GroupedRun, ..work, ok(|()| work.count = 7))]
fn group_then_ok(work: forms::Work) {
    let _ = work;
}

pub(crate) fn main() {
    let sampled = |name| Sampled { kind: forms::WorkKind::Large, name };
    let (_, spans) = record(|| all(sampled(Some("group"))));
    assert_succeeded(&spans, "sampled.run", &[("work.kind", "large"), ("work.name", "ok")]);
    let (_, spans) = record(|| group_last(sampled(None)));
    assert_succeeded(&spans, "sampled.run", &[("work.kind", "large"), ("work.name", "entry")]);
    let work = forms::Work { work_name: "n".into(), work_count: 1.into() };
    let (_, spans) = record(|| group_then_ok(work));
    assert_succeeded(&spans, "grouped.run", &[("work.name", "n"), ("work.count", "7")]);
}
