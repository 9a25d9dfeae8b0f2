//! Attributes are evaluated in the order written, at entry or in `ok(…)`, and only if the span is recorded or the
//! sampler reads them.

use otel_contract_tests::{block_on, record};
use test_vocabulary::forms::{self, instrumented_operation};

use std::cell::RefCell;

thread_local! {
    static LOG: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

fn log<T>(what: &'static str, value: T) -> T {
    LOG.with_borrow_mut(|log| log.push(what));
    value
}

fn logged() -> Vec<&'static str> {
    LOG.with_borrow_mut(std::mem::take)
}

#[instrumented_operation(
    forms::FormRun,
    work.count = log("count", 1),
    work.name = log("name", "n"),
    ok(|_| work.kind = log("kind", forms::WorkKind::Small)),
)]
fn form() {
    log("body", ());
}

#[instrumented_operation(forms::FormRun, work.count = log("count", 1))]
async fn asynchronous() {
    log("body", ());
}

#[instrumented_operation(
    forms::SampledRun,
    work.name = log("name", "n"),
    work.kind = log("kind", forms::WorkKind::Small),
)]
fn sampled() {
    log("body", ());
}

pub(crate) fn main() {
    // Without a provider, no attribute is evaluated.
    form();
    assert_eq!(logged(), ["body"]);
    record(form);
    assert_eq!(logged(), ["count", "name", "body", "kind"]);
    record(|| {
        let future = asynchronous();
        assert!(logged().is_empty());
        block_on(future);
    });
    assert_eq!(logged(), ["count", "body"]);
    // If the sampler drops the span, only sampling-relevant attributes are evaluated.
    let provider = opentelemetry_sdk::trace::SdkTracerProvider::builder()
        .with_sampler(opentelemetry_sdk::trace::Sampler::AlwaysOff)
        .build();
    opentelemetry::global::set_tracer_provider(provider);
    form();
    assert_eq!(logged(), ["body"]);
    sampled();
    assert_eq!(logged(), ["kind", "body"]);
    // Under suppression, no attribute is evaluated.
    let guard = opentelemetry::Context::enter_telemetry_suppressed_scope();
    let (_, spans) = record(form);
    drop(guard);
    assert_eq!(logged(), ["body"]);
    assert!(spans.is_empty());
}
