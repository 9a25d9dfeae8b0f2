//! The span pipeline of a set-up, shared by the tracers of its contracts and by the SDK's tracers.

use super::limits::Limits;
use super::processors::Processors;
use super::unique::remove_duplicates;
use opentelemetry::trace::{Link, SpanContext, SpanKind, TraceId};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    SamplingResult, SdkTracerProvider, ShouldSample, Span, SpanData, SpanLimits, SpanProcessor,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A sampler, and processors of ended spans.
#[derive(Debug)]
pub(crate) struct Pipeline {
    sampler: Box<dyn ShouldSample>,
    is_predictable: bool,
    limits: Limits,
    /// A span with at most this many attributes, without links and additions, needs no check of the limits. 0 if the
    /// length of values is limited, because then every value must be checked.
    max_plain_attributes: usize,
    processors: Processors,
    shut_down: AtomicBool,
    /// Whether duplicate keys are removed from SDK spans. A test scope keeps them: it shows the spans as another provider
    /// would export them.
    has_distinct_keys: bool,
    /// Called for every span that records, when it is opened.
    #[cfg(feature = "testing")]
    watch: std::sync::OnceLock<Watch>,
}

#[cfg(feature = "testing")]
struct Watch(Box<dyn Fn(opentelemetry::SpanId, &'static str) + Send + Sync>);

#[cfg(feature = "testing")]
impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watch")
    }
}

impl Pipeline {
    /// Creates a pipeline with the default limits of the specification. If there is no processor, operations record
    /// nothing, but have span contexts with the `sampled` flag, which are propagated. `is_predictable`: the reason reported
    /// by the sampler fully determines its decision.
    pub(crate) fn new(
        sampler: Box<dyn ShouldSample>,
        is_predictable: bool,
        mut processors: Processors,
        resource: &Resource,
    ) -> Arc<Self> {
        processors.set_resource(resource);
        Arc::new(Self {
            sampler,
            is_predictable,
            max_plain_attributes: Limits::default().max_plain_attributes(),
            limits: Limits::default(),
            processors,
            shut_down: AtomicBool::new(false),
            has_distinct_keys: false,
            #[cfg(feature = "testing")]
            watch: std::sync::OnceLock::new(),
        })
    }

    /// Keeps only the last value of each key on the spans of other instrumentation too. The SDK exports a key as often
    /// as it was set. Has no effect once the pipeline is shared.
    #[cfg(feature = "setup")]
    pub(crate) fn with_distinct_keys(mut self: Arc<Self>) -> Arc<Self> {
        if let Some(this) = Arc::get_mut(&mut self) {
            this.has_distinct_keys = true;
        }
        self
    }

    /// Calls `watch` for every span that is opened from now on.
    #[cfg(feature = "testing")]
    pub(crate) fn watch(
        &self,
        watch: impl Fn(opentelemetry::SpanId, &'static str) + Send + Sync + 'static,
    ) {
        let _ = self.watch.set(Watch(Box::new(watch)));
    }

    /// Notifies the watcher, if any, that a span that records was opened.
    #[cfg_attr(not(feature = "testing"), allow(clippy::unused_self))]
    #[inline]
    pub(super) fn notify_opened(&self, span: &SpanContext, name: &'static str) {
        #[cfg(feature = "testing")]
        if let Some(Watch(watch)) = self.watch.get() {
            watch(span.span_id(), name);
        }
        let _ = (span, name);
    }

    /// Replaces the limits. Has no effect once the pipeline is shared.
    #[cfg(feature = "setup")]
    pub(crate) fn with_limits(mut self: Arc<Self>, limits: Limits) -> Arc<Self> {
        if let Some(this) = Arc::get_mut(&mut self) {
            this.max_plain_attributes = limits.max_plain_attributes();
            this.limits = limits;
        }
        self
    }

    /// Returns an SDK provider in front of the same sampler and processors: for other instrumentation, and to flush and
    /// shut down the processors.
    pub(crate) fn provider(self: &Arc<Self>, resource: Resource) -> SdkTracerProvider {
        SdkTracerProvider::builder()
            .with_sampler(Shared(self.clone()))
            .with_span_limits(self.limits.counts)
            .with_resource(resource)
            .with_span_processor(Shared(self.clone()))
            .build()
    }

    pub(super) fn sampler(&self) -> &dyn ShouldSample {
        &*self.sampler
    }

    pub(super) fn is_predictable(&self) -> bool {
        self.is_predictable
    }

    /// Whether every span that is predicted to be sampled records.
    #[inline]
    pub(super) fn records_predictably(&self) -> bool {
        self.is_predictable() && !self.has_no_processor()
    }

    pub(super) fn limits(&self) -> &SpanLimits {
        &self.limits.counts
    }

    pub(super) fn all_limits(&self) -> &Limits {
        &self.limits
    }

    #[inline]
    pub(super) fn max_plain_attributes(&self) -> usize {
        self.max_plain_attributes
    }

    /// Whether there is no processor, so that no span needs to record.
    #[inline]
    pub(super) fn has_no_processor(&self) -> bool {
        self.processors.is_empty()
    }

    pub(super) fn is_shut_down(&self) -> bool {
        self.shut_down.load(Ordering::Relaxed)
    }

    #[inline]
    pub(super) fn processors(&self) -> &Processors {
        &self.processors
    }
}

/// The pipeline as the sampler and the processor of an SDK provider.
#[derive(Clone, Debug)]
struct Shared(Arc<Pipeline>);

impl ShouldSample for Shared {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let sampler = &self.0.sampler;
        sampler.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}

impl SpanProcessor for Shared {
    fn on_start(&self, span: &mut Span, context: &Context) {
        self.0.processors.on_start(span, context);
    }

    fn on_end(&self, mut span: SpanData) {
        if self.0.has_distinct_keys {
            remove_duplicates(&mut span);
        }
        self.0.limits.shorten(&mut span);
        self.0.processors.on_end(|| span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        let processors = &self.0.processors;
        processors.call_all(|processor| processor.force_flush())
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shut_down.store(true, Ordering::Relaxed);
        let processors = &self.0.processors;
        processors.call_all(|processor| processor.shutdown_with_timeout(timeout))
    }
}
