//! Situations of the tests of `tracing-attributes`, tested with `#[instrumented_operation]`.
//!
//! `docs/differential.md` lists each of their tests with ours.

// Every situation is a separate function inside the test that calls it.
#![allow(clippy::items_after_statements)]
// Arguments and `async` are part of the situation, even if the body does not need them.
#![allow(clippy::needless_pass_by_value, clippy::unused_async)]

mod asynchronous;
mod attributes;
mod functions;
mod outcomes;
mod parents;
mod patterns;
mod unused;

use opentelemetry_sdk::trace::SpanData;

/// Whether `child` is a child of `parent`.
fn is_child(child: &SpanData, parent: &SpanData) -> bool {
    child.parent_span_id == parent.span_context.span_id()
        && child.span_context.trace_id() == parent.span_context.trace_id()
}

/// Names of spans, in the order of their ends.
fn names(spans: &[SpanData]) -> Vec<&str> {
    spans.iter().map(|span| &*span.name).collect()
}
