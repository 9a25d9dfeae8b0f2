//! Code shared by the tests of the workspace: exported spans and points, provider variants, and raw telemetry.

pub mod everything;
pub mod foreign;
pub mod points;
pub mod variants;

pub mod signals;

pub mod kit;
pub mod raw;
pub mod written;

use opentelemetry::trace::Status;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use std::future::Future;
use std::sync::{Mutex, PoisonError};

use test_vocabulary::measures;

#[doc(hidden)]
pub use {test_inert, test_vocabulary};

/// Compiles the same items twice: in module `ours` with the attribute, in module `twin` with an attribute of the same
/// name that does nothing. Tests compare the results of both.
#[macro_export]
macro_rules! twins {
    ($($item:item)*) => {
        mod ours {
            #[allow(unused_imports)]
            use super::*;
            use $crate::test_vocabulary::forms::{self, instrumented_operation};
            $($item)*
        }

        mod twin {
            #[allow(unused_imports)]
            use super::*;
            use $crate::test_inert::instrumented_operation;
            $($item)*
        }
    };
}

/// Runs the body under a new global provider, and returns its result and all exported spans, in the order of their
/// ends.
///
/// # Panics
///
/// If the exporter fails.
pub fn record<R>(body: impl FnOnce() -> R) -> (R, Vec<SpanData>) {
    // The global provider belongs to the process: tests of one binary take turns.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder()
        .with_simple_exporter(exporter.clone())
        .build();
    opentelemetry::global::set_tracer_provider(provider.clone());
    let result = body();
    provider
        .force_flush()
        .expect("the exporter keeps everything in memory");
    (
        result,
        exporter
            .get_finished_spans()
            .expect("the exporter keeps everything in memory"),
    )
}

/// Runs a future to its end on this thread.
///
/// # Panics
///
/// If no runtime can be built.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime on one thread").block_on(future)
}

/// Attributes of a span as text, sorted by key.
#[must_use]
pub fn attributes(span: &SpanData) -> Vec<(String, String)> {
    let pair = |attribute: &opentelemetry::KeyValue| {
        (attribute.key.to_string(), attribute.value.to_string())
    };
    let mut attributes: Vec<_> = span.attributes.iter().map(pair).collect();
    attributes.sort();
    attributes
}

/// Asserts that exactly one span was exported: this operation, with success and exactly these attributes.
///
/// # Panics
///
/// If the spans differ.
#[track_caller]
pub fn assert_succeeded(spans: &[SpanData], name: &str, expected: &[(&str, &str)]) {
    let span = only(spans, name, expected);
    assert_eq!(
        span.status,
        Status::Unset,
        "a success leaves the status unset"
    );
}

/// Asserts that exactly one span was exported: this operation, with this error class and exactly these other
/// attributes.
///
/// # Panics
///
/// If the spans differ.
#[track_caller]
pub fn assert_failed(spans: &[SpanData], name: &str, class: &str, expected: &[(&str, &str)]) {
    let mut expected = expected.to_vec();
    expected.push(("error.type", class));
    let span = only(spans, name, &expected);
    assert!(
        matches!(span.status, Status::Error { .. }),
        "a failure has the status error"
    );
}

/// Asserts that exactly one span was exported: this operation, cancelled, with exactly these other attributes.
///
/// # Panics
///
/// If the spans differ.
#[track_caller]
pub fn assert_cancelled(spans: &[SpanData], name: &str, expected: &[(&str, &str)]) {
    assert_failed(spans, name, "cancelled", expected);
}

#[track_caller]
fn only<'a>(spans: &'a [SpanData], name: &str, expected: &[(&str, &str)]) -> &'a SpanData {
    let names: Vec<&str> = spans.iter().map(|span| &*span.name).collect();
    assert_eq!(names, [name], "exactly one span");
    let pair = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    let mut expected: Vec<_> = expected.iter().map(pair).collect();
    expected.sort();
    assert_eq!(attributes(&spans[0]), expected);
    &spans[0]
}
