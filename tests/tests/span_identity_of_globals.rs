//! Span context and outcome of operations that use OpenTelemetry's global provider. This is a separate binary, since
//! installed providers stay installed.

#![allow(missing_docs)]

use opentelemetry::Context;
use opentelemetry::trace::{
    SpanContext, SpanId, Status, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use otel_contract_tests::{attributes, record};
use std::collections::HashSet;
use test_vocabulary::forms::{self, instrumented_operation};

fn current_span() -> SpanContext {
    Context::map_current(|context| context.span().span_context().clone())
}

#[instrumented_operation(forms::FormRun as op, work.name = "entry")]
fn operation() -> SpanContext {
    op.work_name("late");
    current_span()
}

fn parent(flags: u8, is_remote: bool) -> SpanContext {
    let (trace, span) = (TraceId::from(7), SpanId::from(9));
    SpanContext::new(
        trace,
        span,
        TraceFlags::new(flags),
        is_remote,
        TraceState::NONE,
    )
}

#[test]
fn an_unsampled_operation_has_a_new_span_id_and_the_flags_of_its_parent() {
    for parent in [parent(0x02, true), parent(0x82, false)] {
        let (seen, spans) = record(|| {
            let _guard = Context::new()
                .with_remote_span_context(parent.clone())
                .attach();
            [(); 3].map(|()| operation())
        });
        assert!(spans.is_empty());
        let ids: HashSet<SpanId> = seen.iter().map(SpanContext::span_id).collect();
        assert!(ids.len() == 3 && !ids.contains(&parent.span_id()));
        for own in seen {
            assert_eq!(own.trace_id(), parent.trace_id());
            assert_eq!(own.trace_flags(), parent.trace_flags());
        }
    }
}

#[test]
fn a_sampled_operation_has_the_flags_of_its_parent_and_each_key_once() {
    let (own, spans) = record(|| {
        let _guard = Context::new()
            .with_remote_span_context(parent(0x83, true))
            .attach();
        operation()
    });
    assert_eq!(own.trace_flags().to_u8(), 0x83);
    assert_eq!(spans[0].span_context, own);
    let expected = [("work.name".to_owned(), "late".to_owned())];
    assert_eq!(attributes(&spans[0]), expected);
}

#[test]
fn a_cancelled_operation_is_an_error() {
    let ((), spans) = record(|| drop(forms::PlainRun {}.start()));
    assert_eq!(spans[0].status, Status::error(""));
    let expected = [("error.type".to_owned(), "cancelled".to_owned())];
    assert_eq!(attributes(&spans[0]), expected);
}

/// Without an SDK, the span context of the parent is propagated, as the API specification requires.
#[test]
fn without_a_provider_the_parent_span_context_is_propagated() {
    let ((), _) = record(|| {
        let tracers = opentelemetry::trace::noop::NoopTracerProvider::new();
        opentelemetry::global::set_tracer_provider(tracers);
        for parent in [parent(0x00, true), parent(0x03, true)] {
            let _guard = Context::new()
                .with_remote_span_context(parent.clone())
                .attach();
            assert_eq!(
                [(); 3].map(|()| operation()),
                [(); 3].map(|()| parent.clone())
            );
        }
    });
}
