//! Where the spans of a set-up go, shared by the tracers of its contracts and by the SDK's.

use super::limits::Limits;
use super::processors::Processors;
use super::unique::make_distinct;
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

/// One sampler, and processors that look at spans which have ended.
#[derive(Debug)]
pub(crate) struct Pipeline {
    sampler: Box<dyn ShouldSample>,
    is_predictable: bool,
    limits: Limits,
    /// Number of attributes up to which a span without additions is within the limits.
    most_plain: usize,
    processors: Processors,
    shut_down: AtomicBool,
    /// Whether spans of the SDK get one value per key. A test scope shows them as another provider would export them.
    makes_distinct: bool,
    /// Told of every span that records, when it is opened.
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
    /// Has the limits of the specification. Without any processor its operations have identities that are sampled and
    /// passed on, and record nothing. `is_predictable`: what the sampler says of why it decided is all there is to
    /// its decision.
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
            most_plain: Limits::default().most_plain(),
            limits: Limits::default(),
            processors,
            shut_down: AtomicBool::new(false),
            makes_distinct: false,
            #[cfg(feature = "testing")]
            watch: std::sync::OnceLock::new(),
        })
    }

    /// With one value per key, the last one, on the spans of other instrumentation too: the SDK exports a key as often as
    /// it was set.
    #[cfg(feature = "setup")]
    pub(crate) fn with_distinct_keys(mut self: Arc<Self>) -> Arc<Self> {
        if let Some(this) = Arc::get_mut(&mut self) {
            this.makes_distinct = true;
        }
        self
    }

    /// Tells of every span that is opened from here on.
    #[cfg(feature = "testing")]
    pub(crate) fn watch(
        &self,
        watch: impl Fn(opentelemetry::SpanId, &'static str) + Send + Sync + 'static,
    ) {
        let _ = self.watch.set(Watch(Box::new(watch)));
    }

    /// A span that records was opened.
    #[cfg_attr(not(feature = "testing"), allow(clippy::unused_self))]
    #[inline]
    pub(super) fn opened(&self, span: &SpanContext, name: &'static str) {
        #[cfg(feature = "testing")]
        if let Some(Watch(watch)) = self.watch.get() {
            watch(span.span_id(), name);
        }
        let _ = (span, name);
    }

    /// With these limits instead, before it is shared.
    #[cfg(feature = "setup")]
    pub(crate) fn with_limits(mut self: Arc<Self>, limits: Limits) -> Arc<Self> {
        if let Some(this) = Arc::get_mut(&mut self) {
            this.most_plain = limits.most_plain();
            this.limits = limits;
        }
        self
    }

    /// The SDK's provider before the same sampler and processors: for other instrumentation, and to
    /// flush and end them.
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

    /// Whether a span that is predicted to be sampled records.
    #[inline]
    pub(super) fn records_predictably(&self) -> bool {
        self.is_predictable() && !self.is_unseen()
    }

    pub(super) fn limits(&self) -> &SpanLimits {
        &self.limits.counts
    }

    pub(super) fn all_limits(&self) -> &Limits {
        &self.limits
    }

    #[inline]
    pub(super) fn most_plain(&self) -> usize {
        self.most_plain
    }

    /// Whether there is no processor, so that spans need not record.
    #[inline]
    pub(super) fn is_unseen(&self) -> bool {
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

/// A part of a provider of the SDK.
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
        if self.0.makes_distinct {
            make_distinct(&mut span);
        }
        self.0.limits.shorten(&mut span);
        self.0.processors.on_end(|| span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.processors.tell(|one| one.force_flush())
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shut_down.store(true, Ordering::Relaxed);
        self.0
            .processors
            .tell(|one| one.shutdown_with_timeout(timeout))
    }
}
