//! Everything that a contract uses to record telemetry.

use super::creation_queue::{CreationQueue, Part};
use super::instruments::{MetricSeries, OperationInstruments};
use super::limiters::Limiters;
#[cfg(feature = "logs")]
use super::logs::ContractLogger;
use super::source::SpanSource;
use super::{Meters, Telemetry};
use crate::definition::{Admitted, ContractDefinition, InputValue, OperationDefinition};
use crate::prediction::SamplingPrediction;
use crate::span::ContractTracer;
use opentelemetry::metrics::Meter;
use opentelemetry::trace::SpanBuilder;
use opentelemetry::{Context, KeyValue};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// The tracer, the instruments, the logger and the limiters of a contract under one installation.
#[derive(Debug)]
pub(crate) struct ContractTelemetry {
    pub(super) contract: &'static ContractDefinition,
    /// The installation.
    pub(super) telemetry: &'static Telemetry,
    pub(super) tracer: SpanSource,
    #[cfg(feature = "logs")]
    pub(super) logger: OnceLock<ContractLogger>,
    pub(super) limiters: Arc<Limiters>,
    pub(super) meter: OnceLock<Meter>,
    pub(super) operations: Box<[PerOperation]>,
    pub(super) metrics: Box<[PerMetric]>,
    /// Whether the observable instruments were created or given up. A second creation would call every callback twice.
    pub(super) observables: AtomicBool,
    pub(super) queue: CreationQueue,
}

/// State of one operation.
#[derive(Debug, Default)]
pub(super) struct PerOperation {
    pub(super) instruments: OnceLock<OperationInstruments>,
    pub(super) prediction: SamplingPrediction,
    /// The instruments cannot be created.
    pub(super) given_up: AtomicBool,
}

/// State of one metric.
#[derive(Debug, Default)]
pub(super) struct PerMetric {
    pub(super) instrument: OnceLock<MetricSeries>,
    /// The instrument cannot be created.
    pub(super) given_up: AtomicBool,
}

impl ContractTelemetry {
    /// Creates the tracer, which runs code of its provider. Instruments and the logger are created later, on another
    /// thread: the SDK creates an instrument for each logger, too.
    pub(super) fn new(
        contract: &'static ContractDefinition,
        telemetry: &'static Telemetry,
    ) -> Self {
        let (operations, metrics) = (contract.operations.iter(), contract.metrics.iter());
        Self {
            contract,
            telemetry,
            tracer: SpanSource::new(&telemetry.tracers, contract),
            #[cfg(feature = "logs")]
            logger: OnceLock::new(),
            limiters: Arc::new(Limiters::new(contract)),
            meter: OnceLock::new(),
            operations: operations.map(|_| PerOperation::default()).collect(),
            metrics: metrics.map(|_| PerMetric::default()).collect(),
            observables: AtomicBool::new(false),
            queue: CreationQueue::default(),
        }
    }

    /// Counts an operation that begins as unfinished, if the set-up delivers a span or a point of the operation. Returns
    /// whether it was counted.
    #[inline]
    pub(crate) fn begin(&self, records: bool, measures: bool) -> bool {
        let unfinished = self.telemetry.unfinished.as_ref();
        unfinished.is_some_and(|unfinished| unfinished.begin(records, measures))
    }

    /// Ends an operation that was counted as unfinished. `was_delivered`: its span was passed to the processors.
    #[inline]
    pub(crate) fn end(&self, was_delivered: bool) {
        if let Some(unfinished) = &self.telemetry.unfinished {
            unfinished.end(was_delivered);
        }
    }

    #[inline]
    pub(crate) fn is_of(&self, contract: &'static ContractDefinition) -> bool {
        std::ptr::eq(self.contract, contract)
    }

    #[inline]
    pub(crate) fn limiters(&self) -> &Limiters {
        &self.limiters
    }

    /// Returns the logger, if there is a logger provider and the logger is ready.
    #[cfg(feature = "logs")]
    pub(crate) fn logger(&'static self) -> Option<&'static ContractLogger> {
        let ready = self.logger.get();
        ready.or_else(|| self.create_logger())
    }

    #[cfg(feature = "logs")]
    #[cold]
    fn create_logger(&'static self) -> Option<&'static ContractLogger> {
        if !self.telemetry.logs.has_provider() {
            return None;
        }
        self.create_and_wait(Part::Logger, false, || self.logger.get())
    }

    /// Applies the limit of the attribute, if it is bounded, to a value of an operation's attribute.
    #[inline]
    pub(crate) fn admit(
        &self,
        definition: &OperationDefinition,
        index: usize,
        value: InputValue<'_>,
    ) -> Admitted {
        self.limiters
            .admit(definition.attributes[index].attribute, value)
    }

    /// Returns the span attribute for an admitted value.
    #[inline]
    pub(crate) fn key_value(
        &self,
        definition: &OperationDefinition,
        index: usize,
        value: Admitted,
    ) -> Option<KeyValue> {
        self.limiters
            .key_value(definition.attributes[index].attribute, value)
    }

    /// Starts a span. Returns the context of the body, and whether the span records; `None` if the tracer is a no-op.
    #[inline]
    pub(crate) fn start(
        &self,
        definition: &OperationDefinition,
        builder: SpanBuilder,
        parent: &Context,
    ) -> Option<(Context, bool)> {
        let prediction = self.prediction(definition);
        self.tracer
            .start(self.contract, prediction, builder, parent)
    }

    /// Returns the tracer of a set-up or of a test scope, if the contract records with it.
    #[inline]
    pub(crate) fn contract_tracer(&self) -> Option<&ContractTracer> {
        match &self.tracer {
            #[cfg(any(feature = "setup", feature = "testing"))]
            SpanSource::Contract(tracer) => Some(tracer),
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn prediction(&self, definition: &OperationDefinition) -> &SamplingPrediction {
        &self.operations[definition.index].prediction
    }

    /// Whether nothing is measured.
    pub(crate) fn is_unmeasured(&self) -> bool {
        matches!(self.telemetry.meters, Meters::None)
    }

    /// Returns the instruments of an operation, if there is a meter provider and they are ready.
    #[inline]
    pub(crate) fn operation(
        &'static self,
        definition: &'static OperationDefinition,
    ) -> Option<&'static OperationInstruments> {
        let ready = self.operations[definition.index].instruments.get();
        ready.or_else(|| self.create_operation(definition))
    }

    #[cold]
    fn create_operation(
        &'static self,
        definition: &'static OperationDefinition,
    ) -> Option<&'static OperationInstruments> {
        let slot = &self.operations[definition.index];
        let is_measured = definition.duration.is_some() || definition.active.is_some();
        if self.is_unmeasured() || !is_measured {
            return None;
        }
        let is_given_up = slot.given_up.load(Ordering::Relaxed);
        self.create_and_wait(Part::Operation(definition.index), is_given_up, || {
            slot.instruments.get()
        })
    }

    /// Returns the instrument of a metric, if there is a meter provider and the instrument is ready.
    pub(crate) fn metric(&'static self, index: usize) -> Option<&'static MetricSeries> {
        let ready = self.metrics.get(index)?.instrument.get();
        ready.or_else(|| self.create_metric(index))
    }

    #[cold]
    fn create_metric(&'static self, index: usize) -> Option<&'static MetricSeries> {
        if self.is_unmeasured() {
            return None;
        }
        let slot = &self.metrics[index];
        let is_given_up = slot.given_up.load(Ordering::Relaxed);
        self.create_and_wait(Part::Metric(index), is_given_up, || slot.instrument.get())
    }
}
