//! Telemetry of its own for one test.

use super::collect::Collected;
use super::recording::{Attributes, Recording};
use super::sdk::any;
use crate::local::{self, Attached};
use crate::prediction::{SamplingReason, note_reason};
use crate::span::{Pipeline, Processors};
use crate::telemetry::{self, Scoped};
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

/// Providers and limiters of its own, carried in the OpenTelemetry context.
///
/// What a contract records in that context comes here and nowhere else: operations, metrics,
/// observable metrics registered in it. The context goes where OpenTelemetry's goes: into nested
/// calls, into futures run by [`run_async`](Self::run_async), and into tasks and threads that are
/// given it. A raw `tokio::spawn` or `thread::spawn` loses it, as it loses the current span.
///
/// Clones are the same scope. Each scope stays allocated: some tens of kilobytes, and its series.
///
/// What records with OpenTelemetry's API directly goes to the provider it was told to use; hand it
/// [`tracer_provider`](Self::tracer_provider), [`meter_provider`](Self::meter_provider) or
/// [`logger_provider`](Self::logger_provider) to have that checked too.
#[derive(Clone, Debug)]
pub struct Scope {
    scoped: Scoped,
    collected: Arc<Collected>,
    tracers: SdkTracerProvider,
    meters: SdkMeterProvider,
    loggers: SdkLoggerProvider,
    resource: Option<Attributes>,
}

impl Scope {
    /// With this resource, which [`assert_contract`](Recording::assert_contract) then checks; the
    /// contract's own struct does: `billing::Resource { … }.into_attributes()`.
    #[must_use]
    pub fn with_resource(resource: impl IntoIterator<Item = KeyValue>) -> Self {
        Self::new(Some(resource.into_iter().collect()))
    }

    pub(super) fn new(resource: Option<Vec<KeyValue>>) -> Self {
        let collected = Arc::new(Collected::default());
        let given = resource.as_ref().map(|pairs| {
            let pairs = pairs.iter();
            pairs
                .map(|pair| (pair.key.clone(), any(pair.value.clone())))
                .collect()
        });
        let resource = Resource::builder_empty()
            .with_attributes(resource.unwrap_or_default())
            .build();
        let processors = Processors::new(collected.span_processors(), |message| {
            panic!("a span processor {message}")
        });
        let spans = Pipeline::new(Box::new(Everything), true, processors, &resource);
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
        Self {
            scoped: telemetry::scope(spans, meters.clone(), loggers.clone()),
            collected,
            tracers,
            meters,
            loggers,
            resource: given,
        }
    }

    /// The current context with this scope, to attach elsewhere.
    #[must_use]
    pub fn context(&self) -> Context {
        local::current().with_value(self.scoped)
    }

    /// Enters the scope on this thread until the guard goes. Not across an `await`: there
    /// [`run_async`](Self::run_async) is right.
    #[must_use = "the scope is left when the guard is dropped"]
    pub fn attach(&self) -> Attached {
        Attached::new(self.context())
    }

    /// Runs something in the scope.
    pub fn run<R>(&self, body: impl FnOnce() -> R) -> R {
        let _guard = self.attach();
        body()
    }

    /// Runs a future in the scope, also on other threads: `tokio::spawn(scope.run_async(…))`.
    pub fn run_async<F: Future>(&self, body: F) -> InScope<F> {
        InScope {
            context: self.context(),
            body: Some(body),
        }
    }

    /// Where the scope's spans go.
    #[must_use]
    pub fn tracer_provider(&self) -> SdkTracerProvider {
        self.tracers.clone()
    }

    /// Where the scope's measurements go.
    #[must_use]
    pub fn meter_provider(&self) -> SdkMeterProvider {
        self.meters.clone()
    }

    /// Where the scope's log records go.
    #[must_use]
    pub fn logger_provider(&self) -> SdkLoggerProvider {
        self.loggers.clone()
    }

    /// Everything recorded so far. Observable metrics are asked now.
    #[must_use]
    pub fn recorded(&self) -> Recording {
        let mut recording = self.collected.recording(self.scoped);
        recording.resources = self.resource.clone().into_iter().collect();
        recording
    }
}

/// Whatever the environment says of sampling: a test asserts on every span.
#[derive(Clone, Debug)]
struct Everything;

impl ShouldSample for Everything {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        // As that of a contract does. With a parent it is asked again: one that is not sampled does not count.
        if parent.is_none_or(|parent| !parent.span().span_context().is_valid()) {
            note_reason(SamplingReason::EveryRoot(true));
        }
        Sampler::AlwaysOn.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}

pin_project_lite::pin_project! {
    /// Future of [`Scope::run_async`]: in the scope on every poll, and while it is dropped.
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
