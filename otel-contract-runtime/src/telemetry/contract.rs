//! Everything one contract records with.

use super::instruments::{self, MetricSeries, OperationInstruments};
use super::limits::Limits;
#[cfg(feature = "logs")]
use super::logs::ContractLogger;
use super::making::{Making, Part, Patience};
use super::source::{Source, guarded};
use super::{Meters, Telemetry};
use crate::definition::{
    Admitted, ContractDefinition, InstrumentKind, OperationDefinition, Recorded,
};
use crate::foresight::Foresight;
use crate::local;
use crate::metric::Observed;
use crate::span::ContractTracer;
use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry::trace::SpanBuilder;
use opentelemetry::{Context, KeyValue};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// The tracer, the instruments and the limiters of a contract, under one installed telemetry.
#[derive(Debug)]
pub(crate) struct ContractTelemetry {
    contract: &'static ContractDefinition,
    /// What is installed.
    telemetry: &'static Telemetry,
    tracer: Source,
    #[cfg(feature = "logs")]
    logger: OnceLock<ContractLogger>,
    limits: Arc<Limits>,
    meter: OnceLock<Meter>,
    operations: Box<[PerOperation]>,
    metrics: Box<[PerMetric]>,
    /// Whether the instruments with callbacks were made: made twice, each would be asked twice.
    observables: AtomicBool,
    making: Making,
}

/// What is kept of one operation.
#[derive(Debug, Default)]
struct PerOperation {
    instruments: OnceLock<OperationInstruments>,
    foresight: Foresight,
    /// Its instruments cannot be made.
    given_up: AtomicBool,
}

/// What is kept of one metric.
#[derive(Debug, Default)]
struct PerMetric {
    instrument: OnceLock<MetricSeries>,
    /// It cannot be made.
    given_up: AtomicBool,
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

    /// An operation that counted as running has ended; `handed_on`: its span is on its way.
    #[inline]
    pub(crate) fn end(&self, handed_on: bool) {
        if let Some(unfinished) = &self.telemetry.unfinished {
            unfinished.end(handed_on);
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
        let foresight = self.foresight(definition);
        self.tracer.start(self.contract, foresight, builder, parent)
    }

    /// The tracer of a set-up, if the contract records with one.
    #[inline]
    pub(crate) fn own_tracer(&self) -> Option<&ContractTracer> {
        match &self.tracer {
            #[cfg(any(feature = "setup", feature = "testing"))]
            Source::Own(tracer) => Some(tracer),
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn foresight(&self, definition: &OperationDefinition) -> &Foresight {
        &self.operations[definition.index].foresight
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

    /// Has a part made by another thread, and waits for it for a bound. Where telemetry is suppressed nothing is made:
    /// this thread may be collecting, under the lock that the other one would wait for.
    fn have_made<T>(
        &'static self,
        part: Part,
        is_given_up: bool,
        get: impl Fn() -> Option<&'static T>,
    ) -> Option<&'static T> {
        if local::is_suppressed() {
            return None;
        }
        if !is_given_up {
            self.request([part]);
            self.making.wait(self.patience(), || get().is_some());
        }
        let made = get();
        if made.is_none() {
            self.telemetry.not_ready();
        }
        made
    }

    fn patience(&self) -> Patience {
        #[cfg(feature = "testing")]
        if self.telemetry.scope.is_some() {
            return Patience::TESTING;
        }
        Patience::SERVING
    }

    /// Makes what waits on this thread, where that is known not to wait for a lock. Whether it did.
    pub(super) fn make_here(&'static self) -> bool {
        #[cfg(feature = "testing")]
        if let Some(collecting) = &self.telemetry.scope {
            return collecting.unless(|| self.make_all(self.provider()));
        }
        // Where there are no threads, no other one can hold a lock.
        if cfg!(target_family = "wasm") {
            self.make_all(self.provider());
        }
        cfg!(target_family = "wasm")
    }

    pub(super) fn making(&self) -> &Making {
        &self.making
    }

    /// Has the instruments with callbacks made, without waiting for them.
    pub(super) fn request_observables(&'static self) {
        if self.has_observables() && !self.observables.load(Ordering::Relaxed) {
            self.request([Part::Observables]);
        }
    }

    /// Waits for the instruments with callbacks, so that the next collection asks them.
    pub(crate) fn await_observables(&'static self) {
        if self.has_observables() && !local::is_suppressed() {
            let is_made = || self.observables.load(Ordering::Acquire);
            self.making.wait(self.patience(), is_made);
        }
    }

    fn has_observables(&self) -> bool {
        let observed = self.contract.metrics.iter();
        let has_any = self.contract.limited.is_some()
            || observed
                .into_iter()
                .any(|metric| is_observable(metric.instrument));
        has_any && !self.is_unmeasured()
    }

    /// Has everything made that is not there, without waiting for it.
    pub(super) fn request_all(&'static self) {
        #[cfg(feature = "logs")]
        if self.telemetry.logs.is_given() && !self.is_settled(Part::Logger) {
            self.request([Part::Logger]);
        }
        if self.is_unmeasured() {
            return;
        }
        self.request_observables();
        let operations = self.contract.operations.iter();
        let operations = operations
            .filter(|one| one.duration.is_some() || one.active.is_some())
            .map(|one| Part::Operation(one.index));
        let metrics = self.contract.metrics.iter().enumerate();
        let metrics = metrics
            .filter(|(_, metric)| !is_observable(metric.instrument))
            .map(|(index, _)| Part::Metric(index));
        let parts = operations.chain(metrics);
        self.request(parts.filter(|part| !self.is_settled(*part)));
    }

    /// Waits until everything is made, or nothing was for a while.
    pub(super) fn await_all(&'static self) {
        self.making.wait(Patience::INSTALLING, || false);
    }

    fn is_settled(&self, part: Part) -> bool {
        let is_given_up = |flag: &AtomicBool| flag.load(Ordering::Relaxed);
        match part {
            #[cfg(feature = "logs")]
            Part::Logger => self.logger.get().is_some(),
            Part::Observables => self.observables.load(Ordering::Relaxed),
            Part::Operation(index) => {
                let slot = &self.operations[index];
                slot.instruments.get().is_some() || is_given_up(&slot.given_up)
            }
            Part::Metric(index) => {
                let slot = &self.metrics[index];
                slot.instrument.get().is_some() || is_given_up(&slot.given_up)
            }
        }
    }

    /// Makes a part and then publishes it: nobody waits for a cell that is being filled. One thread at a time makes.
    pub(super) fn make(&'static self, part: Part, provider: Option<&AnyMeterProvider>) {
        if self.is_settled(part) {
            return;
        }
        #[cfg(feature = "logs")]
        if part == Part::Logger {
            let _ = self.logger.set(self.telemetry.logs.of(self.contract));
            return;
        }
        let Some(meter) = self.meter(provider) else {
            return self.give_up(part);
        };
        let binds = matches!(self.telemetry.meters, Meters::Installed { binds: true, .. });
        match part {
            #[cfg(feature = "logs")]
            Part::Logger => {}
            Part::Observables => {
                guarded(|| instruments::limited(self.contract, meter, &self.limits));
                for metric in self.contract.metrics {
                    let home = self.telemetry.home();
                    guarded(|| Observed::instrument(metric, meter, &self.limits, home));
                }
                self.observables.store(true, Ordering::Release);
            }
            Part::Operation(index) => {
                let definition = &self.contract.operations[index];
                let made = OperationInstruments::new(meter, definition, binds);
                let _ = self.operations[index].instruments.set(made);
            }
            Part::Metric(index) => {
                let made = MetricSeries::new(meter, &self.contract.metrics[index], binds);
                let _ = self.metrics[index].instrument.set(made);
            }
        }
    }

    /// A part cannot be made: nobody waits for it again.
    pub(super) fn give_up(&self, part: Part) {
        match part {
            #[cfg(feature = "logs")]
            Part::Logger => {
                let _ = self.logger.set(ContractLogger::default());
                return;
            }
            Part::Observables => &self.observables,
            Part::Operation(index) => &self.operations[index].given_up,
            Part::Metric(index) => &self.metrics[index].given_up,
        }
        .store(true, Ordering::Release);
    }

    /// The provider, to make something with. OpenTelemetry's global one is kept alive by whoever makes, since it may be
    /// replaced before its instruments are made.
    pub(super) fn provider(&self) -> Option<AnyMeterProvider> {
        match &self.telemetry.meters {
            Meters::None => None,
            Meters::Installed { provider, .. } => Some(provider.clone()),
            Meters::Global(provider) => provider.upgrade(),
        }
    }

    /// The meter, which goes on to make instruments where the provider was replaced.
    fn meter(&self, provider: Option<&AnyMeterProvider>) -> Option<&Meter> {
        if self.meter.get().is_none() {
            let _ = self
                .meter
                .set(provider?.meter_with_scope(self.contract.scope()));
        }
        self.meter.get()
    }
}

/// A meter provider of any type.
pub(super) type AnyMeterProvider = Arc<dyn MeterProvider + Send + Sync>;

fn is_observable(instrument: InstrumentKind) -> bool {
    matches!(
        instrument,
        InstrumentKind::ObservableCounter
            | InstrumentKind::ObservableUpDownCounter
            | InstrumentKind::ObservableGauge
    )
}
