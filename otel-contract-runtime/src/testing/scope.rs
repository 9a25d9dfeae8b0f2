//! Test scope: providers that only one test uses.

use super::collect::Collected;
use super::coverage::file;
use super::recording::{Attributes, OutsideStarts, Recording};
use super::sdk::any_value;
use crate::local::{self, Attached};
use crate::prediction::{SamplingReason, note_reason};
use crate::span::{Pipeline, Processors};
use crate::telemetry::{self, Scoped, Starts};
use opentelemetry::trace::{Link, SpanKind, TraceContextExt as _, TraceId};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::{Sampler, SamplingResult, SdkTracerProvider, ShouldSample};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

/// Separate providers and limits for one test, carried in the OpenTelemetry context.
///
/// The scope receives the telemetry that contracts record in this context: operations, metrics, events, and observable
/// metrics registered in the context. The context propagates like any OpenTelemetry context: into nested calls, into
/// futures run by [`run_async`](Self::run_async), and into tasks and threads that receive the context. `tokio::spawn`
/// and `thread::spawn` alone lose the scope, as they lose the current span.
///
/// Clones share the scope. A scope is never freed: it keeps some tens of kilobytes, and its series.
///
/// Code that calls the OpenTelemetry API itself records to the provider that it uses, not to the scope. To check that
/// telemetry too, configure the code with [`tracer_provider`](Self::tracer_provider),
/// [`meter_provider`](Self::meter_provider) or [`logger_provider`](Self::logger_provider).
#[derive(Clone, Debug)]
pub struct TestScope {
    telemetry: Scoped,
    recorder: Arc<Recorder>,
    tracers: SdkTracerProvider,
    meters: SdkMeterProvider,
    loggers: SdkLoggerProvider,
    resource: Option<Attributes>,
    /// Starts outside of all test scopes before this scope was created.
    outside_before: Arc<Starts>,
}

/// The recorded telemetry of a scope, which all clones of the scope share.
#[derive(Debug)]
struct Recorder {
    telemetry: Scoped,
    collected: Collected,
}

impl Recorder {
    fn recording(&self) -> Recording {
        self.collected.recording(self.telemetry)
    }
}

/// Collects the metrics of the scope for the coverage file. Spans and log records are in the file already.
impl Drop for Recorder {
    fn drop(&mut self) {
        // The callbacks of observable metrics may panic, which would abort a process that already panics.
        if file::is_enabled() && !std::thread::panicking() && !local::is_ending() {
            let _ = self.recording();
            file::check();
        }
    }
}

impl TestScope {
    /// Creates a scope with a resource, which [`assert_contract`](Recording::assert_contract) checks. The resource can be
    /// built from the struct of the contract: `billing::Resource { … }.into_attributes()`.
    ///
    /// # Panics
    ///
    /// Panics if `OTEL_CONTRACT_COVERAGE` is set and the coverage file of the process cannot be written.
    #[must_use]
    #[track_caller]
    pub fn with_resource(resource: impl IntoIterator<Item = KeyValue>) -> Self {
        Self::new(Some(resource.into_iter().collect()))
    }

    #[track_caller]
    pub(super) fn new(resource: Option<Vec<KeyValue>>) -> Self {
        file::begin();
        let collected = Collected::default();
        let resource_attributes = resource.as_ref().map(|pairs| {
            let pairs = pairs.iter();
            pairs
                .map(|pair| (pair.key.clone(), any_value(pair.value.clone())))
                .collect()
        });
        let resource = Resource::builder_empty()
            .with_attributes(resource.unwrap_or_default())
            .build();
        let processors = Processors::new(collected.span_processors(), |message| {
            panic!("a span processor {message}")
        });
        let spans = Pipeline::new(Box::new(SampleAll), true, processors, &resource);
        spans.watch(collected.watch());
        let tracers = spans.provider(resource.clone());
        let meters = SdkMeterProvider::builder()
            .with_resource(resource.clone())
            .with_view(telemetry::view_of_any)
            .with_reader(collected.reader())
            .build();
        let loggers = SdkLoggerProvider::builder()
            .with_resource(resource)
            .with_log_processor(collected.log_processor())
            .build();
        let telemetry = telemetry::scope(spans, meters.clone(), loggers.clone());
        let recorder = Recorder {
            telemetry,
            collected,
        };
        Self {
            telemetry,
            recorder: Arc::new(recorder),
            tracers,
            meters,
            loggers,
            resource: resource_attributes,
            outside_before: Arc::new(telemetry::watch()),
        }
    }

    /// Returns the current context with this scope, for use in another task or thread.
    #[must_use]
    pub fn context(&self) -> Context {
        local::current().with_value(self.telemetry)
    }

    /// Enters the scope on this thread until the guard is dropped. Do not hold the guard across an `await`: use
    /// [`run_async`](Self::run_async) there.
    #[must_use = "the scope is left when the guard is dropped"]
    pub fn attach(&self) -> Attached {
        Attached::new(self.context())
    }

    /// Runs a closure in the scope.
    pub fn run<R>(&self, body: impl FnOnce() -> R) -> R {
        let _guard = self.attach();
        body()
    }

    /// Runs a future in the scope. The future may run on other threads: `tokio::spawn(scope.run_async(…))`.
    pub fn run_async<F: Future>(&self, body: F) -> InScope<F> {
        InScope {
            context: self.context(),
            body: Some(body),
        }
    }

    /// Returns the provider of the scope's spans.
    #[must_use]
    pub fn tracer_provider(&self) -> SdkTracerProvider {
        self.tracers.clone()
    }

    /// Returns the provider of the scope's metrics.
    #[must_use]
    pub fn meter_provider(&self) -> SdkMeterProvider {
        self.meters.clone()
    }

    /// Returns the provider of the scope's log records.
    #[must_use]
    pub fn logger_provider(&self) -> SdkLoggerProvider {
        self.loggers.clone()
    }

    /// Returns the telemetry recorded so far. Calls the callbacks of observable metrics.
    ///
    /// # Panics
    ///
    /// Panics if `OTEL_CONTRACT_COVERAGE` is set and the coverage file of the process cannot be written.
    #[must_use]
    #[track_caller]
    pub fn recorded(&self) -> Recording {
        let mut recording = self.recorder.recording();
        file::check();
        recording.resources = self.resource.clone().into_iter().collect();
        recording.outside = self.started_outside();
        recording
    }

    /// Returns the operations that started outside of all test scopes since this scope was created.
    fn started_outside(&self) -> Vec<OutsideStarts> {
        let starts = telemetry::starts().into_iter();
        let since = starts.filter_map(|(key, count)| {
            let before = self.outside_before.get(&key).copied().unwrap_or_default();
            (count > before).then(|| OutsideStarts {
                contract: key.0.to_owned(),
                operation: key.1.to_owned(),
                count: count - before,
            })
        });
        since.collect()
    }
}

/// Sampler that samples every span, because tests assert on every span. Ignores the sampling variables.
#[derive(Clone, Debug)]
struct SampleAll;

impl ShouldSample for SampleAll {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        // As in `ContractSampler`, a noted reason allows the pipeline to predict later decisions. The reason is noted
        // for root spans only: this sampler ignores the parent, so a prediction from the parent would be wrong.
        if parent.is_none_or(|parent| !parent.span().span_context().is_valid()) {
            note_reason(SamplingReason::EveryRoot(true));
        }
        Sampler::AlwaysOn.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}

pin_project_lite::pin_project! {
    /// Future of [`TestScope::run_async`]. Enters the scope on every poll and during its drop.
    #[must_use = "futures do nothing unless polled"]
    #[derive(Debug)]
    pub struct InScope<F> {
        context: Context,
        #[pin]
        body: Option<F>,
    }

    impl<F> PinnedDrop for InScope<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let _guard = local::attach(this.context.clone());
            this.body.set(None);
        }
    }
}

impl<F: Future> Future for InScope<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let _guard = local::attach(this.context.clone());
        let body = this.body.as_mut().as_pin_mut();
        let polled = body.expect("polled after completion").poll(cx);
        if polled.is_ready() {
            this.body.set(None);
        }
        polled
    }
}
