//! Everything one contract records with.

use super::instruments::{MetricSeries, OperationInstruments};
use super::limits::Limits;
#[cfg(feature = "logs")]
use super::logs::ContractLogger;
use super::making::{Making, Part};
use super::source::Source;
use super::{Meters, Telemetry};
use crate::definition::{Admitted, ContractDefinition, OperationDefinition, Recorded};
use crate::prediction::SamplingPrediction;
use crate::span::ContractTracer;
use opentelemetry::metrics::Meter;
use opentelemetry::trace::SpanBuilder;
use opentelemetry::{Context, KeyValue};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// The tracer, the instruments and the limiters of a contract, under one installed telemetry.
#[derive(Debug)]
pub(crate) struct ContractTelemetry {
    pub(super) contract: &'static ContractDefinition,
    /// What is installed.
    pub(super) telemetry: &'static Telemetry,
    pub(super) tracer: Source,
    #[cfg(feature = "logs")]
    pub(super) logger: OnceLock<ContractLogger>,
    pub(super) limits: Arc<Limits>,
    pub(super) meter: OnceLock<Meter>,
    pub(super) operations: Box<[PerOperation]>,
    pub(super) metrics: Box<[PerMetric]>,
    /// Whether the instruments with callbacks were made: made twice, each would be asked twice.
    pub(super) observables: AtomicBool,
    pub(super) making: Making,
}

/// What is kept of one operation.
#[derive(Debug, Default)]
pub(super) struct PerOperation {
    pub(super) instruments: OnceLock<OperationInstruments>,
    pub(super) prediction: SamplingPrediction,
    /// Its instruments cannot be made.
    pub(super) given_up: AtomicBool,
}

/// What is kept of one metric.
#[derive(Debug, Default)]
pub(super) struct PerMetric {
    pub(super) instrument: OnceLock<MetricSeries>,
    /// It cannot be made.
    pub(super) given_up: AtomicBool,
}

impl ContractTelemetry {
    /// Makes the tracer, with code of its provider. Instruments and the logger are made later, on another thread: the
    /// SDK makes an instrument for each logger.
    pub(super) fn new(
        contract: &'static ContractDefinition,
        telemetry: &'static Telemetry,
    ) -> Self {
        let (operations, metrics) = (contract.operations.iter(), contract.metrics.iter());
        Self {
            contract,
            telemetry,
            tracer: Source::of(&telemetry.tracers, contract),
            #[cfg(feature = "logs")]
            logger: OnceLock::new(),
            limits: Arc::new(Limits::new(contract)),
            meter: OnceLock::new(),
            operations: operations.map(|_| PerOperation::default()).collect(),
            metrics: metrics.map(|_| PerMetric::default()).collect(),
            observables: AtomicBool::new(false),
            making: Making::default(),
        }
    }

    /// An operation begins. Whether it counts as running from here on.
    #[inline]
    pub(crate) fn begin(&self, records: bool, measures: bool) -> bool {
        let unfinished = self.telemetry.unfinished.as_ref();
        unfinished.is_some_and(|it| it.begin(records, measures))
    }

    /// An operation that counted as running has ended; `was_delivered`: its span is on its way.
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
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The logger, where there is one and it is ready.
    #[cfg(feature = "logs")]
    pub(crate) fn logger(&'static self) -> Option<&'static ContractLogger> {
        let made = self.logger.get();
        made.or_else(|| self.logger_later())
    }

    #[cfg(feature = "logs")]
    #[cold]
    fn logger_later(&'static self) -> Option<&'static ContractLogger> {
        if !self.telemetry.logs.is_given() {
            return None;
        }
        self.have_made(Part::Logger, false, || self.logger.get())
    }

    /// A value of an operation's attribute, as it may be recorded.
    #[inline]
    pub(crate) fn admit(
        &self,
        definition: &OperationDefinition,
        index: usize,
        value: Recorded<'_>,
    ) -> Admitted {
        self.limits
            .admit(definition.attributes[index].attribute, value)
    }

    /// What the span shows of an admitted value.
    #[inline]
    pub(crate) fn shown(
        &self,
        definition: &OperationDefinition,
        index: usize,
        value: Admitted,
    ) -> Option<KeyValue> {
        self.limits
            .shown(definition.attributes[index].attribute, value)
    }

    /// Starts a span: the context of what happens within, and whether the span records; `None` where the tracer does
    /// nothing.
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

    /// The tracer of a set-up, if the contract records with one.
    #[inline]
    pub(crate) fn contract_tracer(&self) -> Option<&ContractTracer> {
        match &self.tracer {
            #[cfg(any(feature = "setup", feature = "testing"))]
            Source::Own(tracer) => Some(tracer),
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

    /// The instruments of an operation, where something measures and they are ready.
    #[inline]
    pub(crate) fn operation(
        &'static self,
        definition: &'static OperationDefinition,
    ) -> Option<&'static OperationInstruments> {
        let made = self.operations[definition.index].instruments.get();
        made.or_else(|| self.operation_later(definition))
    }

    #[cold]
    fn operation_later(
        &'static self,
        definition: &'static OperationDefinition,
    ) -> Option<&'static OperationInstruments> {
        let slot = &self.operations[definition.index];
        let is_measured = definition.duration.is_some() || definition.active.is_some();
        if self.is_unmeasured() || !is_measured {
            return None;
        }
        let is_given_up = slot.given_up.load(Ordering::Relaxed);
        self.have_made(Part::Operation(definition.index), is_given_up, || {
            slot.instruments.get()
        })
    }

    /// The instrument of a metric, where something measures and it is ready.
    pub(crate) fn metric(&'static self, index: usize) -> Option<&'static MetricSeries> {
        let made = self.metrics.get(index)?.instrument.get();
        made.or_else(|| self.metric_later(index))
    }

    #[cold]
    fn metric_later(&'static self, index: usize) -> Option<&'static MetricSeries> {
        if self.is_unmeasured() {
            return None;
        }
        let slot = &self.metrics[index];
        let is_given_up = slot.given_up.load(Ordering::Relaxed);
        self.have_made(Part::Metric(index), is_given_up, || slot.instrument.get())
    }
}
