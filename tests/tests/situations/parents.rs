//! Parents and links.

use crate::{is_child, names};
use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{Context, trace::Span as _};
use otel_contract_tests::{block_on, record};
use test_vocabulary::forms::{self, instrumented_operation};

fn cause(id: u64) -> SpanContext {
    let state = TraceState::default();
    SpanContext::new(
        TraceId::from(7),
        SpanId::from(id),
        TraceFlags::SAMPLED,
        true,
        state,
    )
}

#[test]
fn an_operation_is_a_child_of_the_current_span_or_a_root() {
    #[instrumented_operation(forms::PlainRun)]
    fn child() {}
    #[instrumented_operation(forms::FormRun)]
    fn parent() {
        child();
    }
    let ((), spans) = record(|| {
        child();
        parent();
    });
    assert_eq!(names(&spans), ["plain.run", "plain.run", "form.run"]);
    assert_eq!(spans[0].parent_span_id, SpanId::INVALID);
    assert_eq!(spans[2].parent_span_id, SpanId::INVALID);
    assert!(is_child(&spans[1], &spans[2]));
}

#[test]
fn an_explicit_parent_overrides_the_current_span() {
    #[instrumented_operation(forms::PlainRun, parent = parent)]
    fn child(parent: Option<SpanContext>) {}
    #[instrumented_operation(forms::FormRun)]
    fn current() {
        child(Some(cause(9)));
    }
    let ((), spans) = record(current);
    assert_eq!(names(&spans), ["plain.run", "form.run"]);
    assert_eq!(spans[0].parent_span_id, SpanId::from(9));
    assert_eq!(spans[0].span_context.trace_id(), TraceId::from(7));
    assert!(!is_child(&spans[0], &spans[1]));
}

fn linked(span: &opentelemetry_sdk::trace::SpanData) -> Vec<SpanId> {
    let links = span.links.iter();
    links.map(|link| link.span_context.span_id()).collect()
}

#[test]
fn an_operation_follows_from_several_causes() {
    #[instrumented_operation(forms::ConsumeRun, link = causes)]
    fn form(causes: &[SpanContext]) {}
    let ((), spans) = record(|| form(&[cause(1), cause(2), cause(3)]));
    assert_eq!(names(&spans), ["consume.run"]);
    assert_eq!(linked(&spans[0]), [1, 2, 3].map(SpanId::from));
}

#[test]
fn an_async_operation_follows_from_several_causes() {
    #[instrumented_operation(forms::ConsumeRun, link = causes)]
    async fn form(causes: &[SpanContext]) {
        tokio::task::yield_now().await;
    }
    let ((), spans) = record(|| block_on(form(&[cause(1), cause(2), cause(3)])));
    assert_eq!(names(&spans), ["consume.run"]);
    assert_eq!(linked(&spans[0]), [1, 2, 3].map(SpanId::from));
}

#[test]
fn an_operation_follows_from_the_span_that_is_current() {
    #[instrumented_operation(forms::ConsumeRun, link = Context::current())]
    fn form() {}
    let (current, spans) = record(|| {
        use opentelemetry::trace::Tracer as _;
        let span = opentelemetry::global::tracer("user").start("cause");
        let current = span.span_context().span_id();
        let _attached = Context::current_with_span(span).attach();
        form();
        current
    });
    assert_eq!(names(&spans), ["consume.run", "cause"]);
    assert_eq!(linked(&spans[0]), [current]);
}
