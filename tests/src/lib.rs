//! What the tests of the workspace share: spans and points as the SDK exports them.

pub mod everything;
pub mod foreign;
pub mod points;
pub mod roads;

pub mod signals;

pub mod kit;
pub mod raw;

use opentelemetry::trace::Status;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use std::future::Future;
use std::sync::{Mutex, PoisonError};

use test_vocabulary::measures;

#[doc(hidden)]
pub use {test_inert, test_vocabulary};

/// The same items twice: in `ours` instrumented, in `twin` with an attribute of that name that does
/// nothing. What `ours` gives is compared with what `twin` gives.
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

/// Runs something under a provider of its own; gives the result and every exported span, in the
/// order they ended.
///
/// # Panics
///
/// When the exporter is broken.
pub fn record<R>(body: impl FnOnce() -> R) -> (R, Vec<SpanData>) {
    // The provider is the process's: tests of one binary take turns.
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
/// When no runtime can be made.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime on one thread").block_on(future)
}

/// The attributes of a span, sorted, as text.
#[must_use]
pub fn attributes(span: &SpanData) -> Vec<(String, String)> {
    let pair = |one: &opentelemetry::KeyValue| (one.key.to_string(), one.value.to_string());
    let mut attributes: Vec<_> = span.attributes.iter().map(pair).collect();
    attributes.sort();
    attributes
}

/// Exactly one span was exported: this operation, succeeded, with these attributes and no others.
///
/// # Panics
///
/// When that is not so.
#[track_caller]
pub fn succeeded(spans: &[SpanData], name: &str, expected: &[(&str, &str)]) {
    let span = only(spans, name, expected);
    assert_eq!(
        span.status,
        Status::Unset,
        "a success leaves the status unset"
    );
}

/// Exactly one span was exported: this operation, failed with this class, and otherwise as
/// [`succeeded`].
///
/// # Panics
///
/// When that is not so.
#[track_caller]
pub fn failed(spans: &[SpanData], name: &str, class: &str, expected: &[(&str, &str)]) {
    let mut expected = expected.to_vec();
    expected.push(("error.type", class));
    let span = only(spans, name, &expected);
    assert!(
        matches!(span.status, Status::Error { .. }),
        "a failure has the status error"
    );
}

/// As [`failed`], for an operation whose future was dropped.
///
/// # Panics
///
/// When that is not so.
#[track_caller]
pub fn cancelled(spans: &[SpanData], name: &str, expected: &[(&str, &str)]) {
    failed(spans, name, "cancelled", expected);
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
