//! Operations whose spans are not exported.

use super::{invoice, log, sent_by, take_turn};
use opentelemetry::trace::{Span as _, SpanId, TraceContextExt as _, TraceId, Tracer as _};
use opentelemetry::{Context, global};
use std::collections::HashMap;

/// `traceparent` of a request to another service.
fn injected(context: &Context) -> String {
    let mut headers = HashMap::<String, String>::new();
    global::get_text_map_propagator(|propagator| propagator.inject_context(context, &mut headers));
    headers.remove("traceparent").unwrap_or_default()
}

#[test]
fn without_a_span_exporter_ids_are_still_sent() {
    let _turn = take_turn();
    let variables = [("OTEL_TRACES_EXPORTER", "none")];
    let mut seen = Vec::new();
    let received = sent_by(&variables, |guard| {
        // Later operations rely on the sampling prediction of the first.
        for _ in 0..3 {
            let active = invoice();
            let span = active.context().span().span_context().clone();
            assert!(span.is_valid() && span.is_sampled());
            let (trace, own) = (span.trace_id(), span.span_id());
            let header = injected(&active.context());
            assert!(
                header.starts_with(&format!("00-{trace}-{own}-")),
                "{header}"
            );
            active.in_context(|| log(guard, Vec::new()));
            // A nested operation, and a span of another library.
            active.in_context(|| {
                let within = invoice();
                let inner = within.context().span().span_context().clone();
                assert_eq!(inner.trace_id(), trace);
                assert_ne!(inner.span_id(), own);
                assert!(inner.is_sampled());
                within.succeed();
                let other = global::tracer("another library").start("another");
                assert_eq!(other.span_context().trace_id(), trace);
            });
            active.succeed();
            seen.push((trace, own));
        }
    });
    assert_eq!(received.traces.len(), 0);
    let records = received.records().map(|record| {
        let trace = record.trace_id.clone().try_into().expect("16 bytes");
        let span = record.span_id.clone().try_into().expect("8 bytes");
        (TraceId::from_bytes(trace), SpanId::from_bytes(span))
    });
    assert_eq!(records.collect::<Vec<_>>(), seen);
    // Durations are still measured.
    assert!(
        received
            .metrics()
            .any(|metric| metric.name == "invoice.create.duration")
    );
}

#[test]
fn without_a_span_exporter_the_sampler_still_decides() {
    let _turn = take_turn();
    let variables = [
        ("OTEL_TRACES_EXPORTER", "none"),
        ("OTEL_TRACES_SAMPLER", "always_off"),
    ];
    sent_by(&variables, |_| {
        for _ in 0..3 {
            let active = invoice();
            let span = active.context().span().span_context().clone();
            assert!(span.is_valid() && !span.is_sampled());
            active.succeed();
        }
    });
}
