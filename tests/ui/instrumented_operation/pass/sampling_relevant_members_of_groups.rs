//! A group with a sampling-relevant attribute: that attribute is evaluated before the sampling decision, the others
//! only if they are recorded, in the written order.

use otel_contract_tests::{record, assert_succeeded};
use std::cell::RefCell;
use test_vocabulary::forms::{self, AttributeValue, instrumented_operation};

thread_local! {
    static BUILT: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

struct Name(&'static str);

impl AttributeValue<forms::WorkName> for Name {
    fn to_attribute(&self) -> forms::WorkName {
        BUILT.with_borrow_mut(|built| built.push(self.0));
        self.0.into()
    }
}

#[derive(forms::Attributes)]
#[attributes(forms::SampledRun)]
struct Both {
    #[attribute(work.kind)]
    kind: forms::WorkKind,
    #[attribute(work.name)]
    name: Name,
}

#[instrumented_operation(forms::SampledRun, work.name = Name("own"), ..sampled.run = both)]
fn group_last(both: &Both) {}

#[instrumented_operation(forms::SampledRun, ..sampled.run = both, work.name = Name("own"))]
fn group_first(both: &Both) {}

pub(crate) fn main() {
    let both = Both { kind: forms::WorkKind::Small, name: Name("group") };
    let ((), spans) = record(|| group_last(&both));
    assert_succeeded(&spans, "sampled.run", &[("work.kind", "small"), ("work.name", "group")]);
    let ((), spans) = record(|| group_first(&both));
    assert_succeeded(&spans, "sampled.run", &[("work.kind", "small"), ("work.name", "own")]);
    assert_eq!(BUILT.take(), ["own", "group", "group", "own"]);
    let provider = opentelemetry_sdk::trace::SdkTracerProvider::builder()
        .with_sampler(opentelemetry_sdk::trace::Sampler::AlwaysOff)
        .build();
    opentelemetry::global::set_tracer_provider(provider);
    group_last(&both);
    assert!(BUILT.take().is_empty());
}
