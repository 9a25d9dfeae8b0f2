//! Everything one contract records with.

use super::limits::Limits;
use super::logs::ContractLogger;
use super::series::{Instrument, Series, SeriesHandles};
use super::{Meters, Telemetry, Tracers, Unfinished};
use crate::definition::{
    Admitted, ContractDefinition, ContractMetric, InstrumentKind, MetricDefinition, NumberType,
    OperationDefinition, Recorded,
};
use crate::foresight::Foresight;
use crate::metric::Observed;
use crate::span::ContractTracer;
use opentelemetry::global::{self, BoxedTracer};
use opentelemetry::metrics::{Counter, Gauge, Histogram, Meter, UpDownCounter};
use opentelemetry::trace::{Span, SpanBuilder, TraceContextExt as _, Tracer, TracerProvider as _};
use opentelemetry::{Context, InstrumentationScope, KeyValue};
use std::sync::{Arc, OnceLock};

/// The tracer, the instruments and the limiters of a contract, under one installed telemetry.
#[derive(Debug)]
pub(crate) struct ContractTelemetry {
    contract: &'static ContractDefinition,
    tracer: Source,
    /// `None`: nothing is measured.
    meter: Option<(Meter, bool)>,
    #[cfg_attr(
        not(feature = "logs"),
        expect(dead_code, reason = "events are not recorded")
    )]
    logger: ContractLogger,
    limits: Arc<Limits>,
    operations: Box<[PerOperation]>,
    metrics: Box<[OnceLock<MetricSeries>]>,
    /// Of a set-up.
    unfinished: Option<Arc<Unfinished>>,
}

/// Where a contract's spans come from.
#[derive(Debug)]
enum Source {
    /// OpenTelemetry's global provider, asked each time.
    Global,
    /// The SDK's own: its spans need no box.
    #[cfg(feature = "sdk")]
    Sdk(opentelemetry_sdk::trace::SdkTracer),
    Boxed(BoxedTracer),
    /// Of a set-up, or of a test scope.
    #[cfg(any(feature = "setup", feature = "testing"))]
    Own(ContractTracer),
}

/// Starts a span, and learns of its sampler.
#[inline]
fn foreseen<T: Tracer>(
    foresight: &Foresight,
    tracer: &T,
    builder: SpanBuilder,
    parent: &Context,
) -> Option<(Context, bool)>
where
    T::Span: Send + Sync + 'static,
{
    let before = foresight.before(parent, parent.span().span_context());
    let span = tracer.build_with_context(builder, parent);
    let recording = span.is_recording();
    foresight.after(before, parent.span().span_context(), recording);
    if recording {
        return Some((parent.with_span(span), true));
    }
    within(span, parent)
}

/// The context of what happens within a span, and whether the span records. It moves there at once: it
/// is large, and every move copies it.
#[inline]
fn within<S: Span + Send + Sync + 'static>(span: S, parent: &Context) -> Option<(Context, bool)> {
    // A no-op tracer hands the parent's span context back, an SDK always makes a new one.
    let own = span.span_context();
    if !own.is_valid() || own == parent.span().span_context() {
        return None;
    }
    let recording = span.is_recording();
    let context = if recording {
        parent.with_span(span)
    } else {
        // Nothing but its identity is of use, and that takes no box.
        parent.with_remote_span_context(own.clone())
    };
    Some((context, recording))
}

/// What is kept of one operation.
#[derive(Debug, Default)]
struct PerOperation {
    instruments: OnceLock<OperationInstruments>,
    foresight: Foresight,
}

/// The instruments of one operation.
#[derive(Debug)]
pub(crate) struct OperationInstruments {
    pub(crate) duration: Option<Series<Histogram<f64>>>,
    pub(crate) active: Option<Series<UpDownCounter<i64>>>,
}

/// The instrument of one metric of the contract.
#[derive(Debug)]
pub(crate) enum MetricSeries {
    CounterU64(Series<Counter<u64>>),
    CounterF64(Series<Counter<f64>>),
    UpDownCounterI64(Series<UpDownCounter<i64>>),
    UpDownCounterF64(Series<UpDownCounter<f64>>),
    HistogramU64(Series<Histogram<u64>>),
    HistogramF64(Series<Histogram<f64>>),
    GaugeI64(Series<Gauge<i64>>),
    GaugeF64(Series<Gauge<f64>>),
    /// Asked by the SDK, never recorded into.
    Observable,
}

/// The handles of one metric of the contract.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Handles {
    CounterU64(SeriesHandles<Counter<u64>>),
    CounterF64(SeriesHandles<Counter<f64>>),
    UpDownCounterI64(SeriesHandles<UpDownCounter<i64>>),
    UpDownCounterF64(SeriesHandles<UpDownCounter<f64>>),
    HistogramU64(SeriesHandles<Histogram<u64>>),
    HistogramF64(SeriesHandles<Histogram<f64>>),
    GaugeI64(SeriesHandles<Gauge<i64>>),
    GaugeF64(SeriesHandles<Gauge<f64>>),
    Observable,
}

impl ContractTelemetry {
    pub(super) fn new(contract: &'static ContractDefinition, telemetry: &Telemetry) -> Self {
        let meter = match &telemetry.meters {
            Meters::None => None,
            Meters::Installed { provider, binds } => {
                Some((provider.meter_with_scope(scope(contract)), *binds))
            }
            Meters::Global(provider) => {
                let provider = provider.upgrade();
                provider.map(|provider| (provider.meter_with_scope(scope(contract)), false))
            }
        };
        let limits = Arc::new(Limits::new(contract));
        if let Some((meter, _)) = &meter {
            limited(contract, meter, &limits);
            for metric in contract.metrics {
                Observed::instrument(metric, meter, &limits, telemetry.home());
            }
        }
        Self {
            contract,
            tracer: Source::of(&telemetry.tracers, contract),
            meter,
            logger: telemetry.logs.of(contract),
            limits,
            operations: contract
                .operations
                .iter()
                .map(|_| PerOperation::default())
                .collect(),
            metrics: contract.metrics.iter().map(|_| OnceLock::new()).collect(),
            unfinished: telemetry.unfinished.clone(),
        }
    }

    /// An operation begins. Whether it counts as running from here on.
    #[inline]
    pub(crate) fn begin(&self, records: bool, measures: bool) -> bool {
        let unfinished = self.unfinished.as_ref();
        unfinished.is_some_and(|it| it.begin(records, measures))
    }

    /// An operation that counted as running has ended; `handed_on`: its span is on its way.
    #[inline]
    pub(crate) fn end(&self, handed_on: bool) {
        if let Some(unfinished) = &self.unfinished {
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

    #[cfg(feature = "logs")]
    pub(crate) fn logger(&self) -> &ContractLogger {
        &self.logger
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

    /// Starts a span. Not through `Tracer::start`: that samples while the thread's context is
    /// borrowed, and a sampler or processor that attaches one would panic.
    ///
    /// The context of what happens within, and whether the span records; `None` where the tracer does
    /// nothing.
    #[inline]
    pub(crate) fn start(
        &self,
        definition: &OperationDefinition,
        builder: SpanBuilder,
        parent: &Context,
    ) -> Option<(Context, bool)> {
        let foresight = self.foresight(definition);
        match &self.tracer {
            #[cfg(feature = "sdk")]
            Source::Sdk(tracer) => foreseen(foresight, tracer, builder, parent),
            Source::Boxed(tracer) => foreseen(foresight, tracer, builder, parent),
            // Its spans are opened, not started.
            #[cfg(any(feature = "setup", feature = "testing"))]
            Source::Own(_) => None,
            // It may be another one next time: nothing is learned of it.
            Source::Global => {
                let tracer = global::tracer_with_scope(scope(self.contract));
                within(tracer.build_with_context(builder, parent), parent)
            }
        }
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
        self.meter.is_none()
    }

    /// The instruments of an operation, if they were made.
    #[inline]
    pub(crate) fn made(&self, definition: &OperationDefinition) -> Option<&OperationInstruments> {
        self.operations[definition.index].instruments.get()
    }

    /// The instruments of an operation, where something measures.
    #[inline]
    pub(crate) fn operation(
        &self,
        definition: &'static OperationDefinition,
    ) -> Option<&OperationInstruments> {
        let slot = &self.operations[definition.index].instruments;
        slot.get().or_else(|| self.make_operation(definition))
    }

    #[cold]
    fn make_operation(
        &self,
        definition: &'static OperationDefinition,
    ) -> Option<&OperationInstruments> {
        let (meter, binds) = self.meter.as_ref()?;
        if definition.duration.is_none() && definition.active.is_none() {
            return None;
        }
        let duration = definition.duration.as_ref();
        let active = definition.active.as_ref();
        let make = || OperationInstruments {
            duration: duration.map(|one| f64_histogram(meter, one, *binds)),
            active: active.map(|one| i64_up_down_counter(meter, one, *binds)),
        };
        Some(
            self.operations[definition.index]
                .instruments
                .get_or_init(make),
        )
    }

    /// The instrument of a metric, where something measures.
    pub(crate) fn metric(&self, index: usize) -> Option<&MetricSeries> {
        let made = self.metrics.get(index)?.get();
        made.or_else(|| self.make_metric(index))
    }

    #[cold]
    fn make_metric(&self, index: usize) -> Option<&MetricSeries> {
        let (meter, binds) = self.meter.as_ref()?;
        let metric = &self.contract.metrics[index];
        let make = || MetricSeries::new(meter, metric, *binds);
        Some(self.metrics[index].get_or_init(make))
    }
}

impl Source {
    fn of(tracers: &Tracers, contract: &ContractDefinition) -> Self {
        match tracers {
            Tracers::Global => Self::Global,
            #[cfg(feature = "sdk")]
            Tracers::Sdk(provider) => Self::Sdk(provider.tracer_with_scope(scope(contract))),
            Tracers::Boxed(provider) => Self::Boxed(provider.tracer_with_scope(scope(contract))),
            #[cfg(any(feature = "setup", feature = "testing"))]
            Tracers::Own(pipeline) => {
                Self::Own(ContractTracer::new(pipeline.clone(), scope(contract)))
            }
        }
    }
}

impl MetricSeries {
    /// What is recorded through, without a way to it.
    pub(crate) fn handles(&'static self) -> Handles {
        macro_rules! handles {
            ($($variant:ident)*) => {
                match self {
                    $(Self::$variant(series) => Handles::$variant(series.handles()),)*
                    Self::Observable => Handles::Observable,
                }
            };
        }
        handles! {
            CounterU64 CounterF64 UpDownCounterI64 UpDownCounterF64
            HistogramU64 HistogramF64 GaugeI64 GaugeF64
        }
    }

    fn new(meter: &Meter, metric: &'static ContractMetric, binds: bool) -> Self {
        let one = &metric.definition;
        match (metric.instrument, metric.number) {
            (InstrumentKind::Counter, NumberType::Int) => {
                Self::CounterU64(u64_counter(meter, one, binds))
            }
            (InstrumentKind::Counter, NumberType::Double) => {
                Self::CounterF64(f64_counter(meter, one, binds))
            }
            (InstrumentKind::UpDownCounter, NumberType::Int) => {
                Self::UpDownCounterI64(i64_up_down_counter(meter, one, binds))
            }
            (InstrumentKind::UpDownCounter, NumberType::Double) => {
                Self::UpDownCounterF64(f64_up_down_counter(meter, one, binds))
            }
            (InstrumentKind::Histogram, NumberType::Int) => {
                Self::HistogramU64(u64_histogram(meter, one, binds))
            }
            (InstrumentKind::Histogram, NumberType::Double) => {
                Self::HistogramF64(f64_histogram(meter, one, binds))
            }
            (InstrumentKind::Gauge, NumberType::Int) => {
                Self::GaugeI64(i64_gauge(meter, one, binds))
            }
            (InstrumentKind::Gauge, NumberType::Double) => {
                Self::GaugeF64(f64_gauge(meter, one, binds))
            }
            (
                InstrumentKind::ObservableCounter
                | InstrumentKind::ObservableUpDownCounter
                | InstrumentKind::ObservableGauge,
                _,
            ) => Self::Observable,
        }
    }
}

/// Name, version and schema URL of a contract, as telemetry carries them.
pub(super) fn scope(contract: &ContractDefinition) -> InstrumentationScope {
    let scope = InstrumentationScope::builder(contract.name).with_version(contract.version);
    match contract.schema_url {
        Some(url) => scope.with_schema_url(url).build(),
        None => scope.build(),
    }
}

/// How often values of bounded attributes were recorded as `_OTHER` for want of a place.
fn limited(contract: &'static ContractDefinition, meter: &Meter, limits: &Arc<Limits>) {
    let Some(definition) = &contract.limited else {
        return;
    };
    let limits = limits.clone();
    let _observable = meter
        .u64_observable_counter(definition.name)
        .with_description(definition.brief)
        .with_unit(definition.unit)
        .with_callback(move |observer| {
            for (key, refused) in limits.refused() {
                observer.observe(refused, &[KeyValue::new(LIMITED_ATTRIBUTE, key)]);
            }
        })
        .build();
}

/// The dimension of `otel_contract.limited`: the key of the attribute.
const LIMITED_ATTRIBUTE: &str = "otel_contract.attribute";

fn series<I: Instrument>(
    definition: &'static MetricDefinition,
    binds: bool,
    make: impl FnOnce() -> I,
) -> Series<I> {
    #[cfg(feature = "sdk")]
    let (instrument, exact) = super::view::watched(make);
    #[cfg(not(feature = "sdk"))]
    let (instrument, exact) = (make(), false);
    Series::new(definition, instrument, binds && exact)
}

macro_rules! instruments {
    ($($make:ident: $instrument:ident<$number:ty>;)*) => {$(
        fn $make(
            meter: &Meter,
            definition: &'static MetricDefinition,
            binds: bool,
        ) -> Series<$instrument<$number>> {
            series(definition, binds, || {
                let builder = meter
                    .$make(definition.name)
                    .with_description(definition.brief)
                    .with_unit(definition.unit);
                builder.build()
            })
        }
    )*};
}

macro_rules! histograms {
    ($($make:ident: $number:ty;)*) => {$(
        fn $make(
            meter: &Meter,
            definition: &'static MetricDefinition,
            binds: bool,
        ) -> Series<Histogram<$number>> {
            series(definition, binds, || {
                let mut builder = meter
                    .$make(definition.name)
                    .with_description(definition.brief)
                    .with_unit(definition.unit);
                if let Some(boundaries) = definition.boundaries {
                    builder = builder.with_boundaries(boundaries.to_vec());
                }
                builder.build()
            })
        }
    )*};
}

instruments! {
    u64_counter: Counter<u64>;
    f64_counter: Counter<f64>;
    i64_up_down_counter: UpDownCounter<i64>;
    f64_up_down_counter: UpDownCounter<f64>;
    i64_gauge: Gauge<i64>;
    f64_gauge: Gauge<f64>;
}

histograms! {
    u64_histogram: u64;
    f64_histogram: f64;
}
