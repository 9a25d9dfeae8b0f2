//! The situations that `tracing-attributes` tests, tried on `#[instrumented_operation]`.
//!
//! `docs/differential.md` lists each of their tests beside ours.

// Every situation is a function of its own, beside the test that calls it.
#![allow(clippy::items_after_statements)]
// Arguments and `async` are the situation, whether the body needs them or not.
#![allow(clippy::needless_pass_by_value, clippy::unused_async)]

mod asynchronous;
mod attributes;
mod functions;
mod outcomes;
mod parents;
mod patterns;
mod unused;

use opentelemetry_sdk::trace::SpanData;

/// Whether one span is the child of another.
fn is_child(child: &SpanData, parent: &SpanData) -> bool {
    child.parent_span_id == parent.span_context.span_id()
        && child.span_context.trace_id() == parent.span_context.trace_id()
}

/// The names of spans, in the order they ended.
fn names(spans: &[SpanData]) -> Vec<&str> {
    spans.iter().map(|span| &*span.name).collect()
}
