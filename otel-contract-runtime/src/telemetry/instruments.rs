//! The instruments of a contract, created with the API.

use super::limiters::Limiters;
use super::series::{Instrument, Series, SeriesHandles};
use crate::definition::{
    ContractDefinition, ContractMetric, InstrumentKind, MetricDefinition, NumberType,
    OperationDefinition,
};
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Gauge, Histogram, Meter, UpDownCounter};
use std::sync::Arc;

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
    /// Read by callbacks of the SDK, never recorded into.
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

impl OperationInstruments {
    /// Creates the instruments. `binds`: the provider of the meter is known to support bound instruments.
    pub(super) fn new(
        meter: &Meter,
        definition: &'static OperationDefinition,
        binds: bool,
    ) -> Self {
        let duration = definition.duration.as_ref();
        let active = definition.active.as_ref();
        Self {
            duration: duration.map(|metric| f64_histogram(meter, metric, binds)),
            active: active.map(|metric| i64_up_down_counter(meter, metric, binds)),
        }
    }
}

impl MetricSeries {
    /// Returns the handles of the metric, which callers can cache.
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

    pub(super) fn new(meter: &Meter, metric: &'static ContractMetric, binds: bool) -> Self {
        let definition = &metric.definition;
        match (metric.instrument, metric.number) {
            (InstrumentKind::Counter, NumberType::Int) => {
                Self::CounterU64(u64_counter(meter, definition, binds))
            }
            (InstrumentKind::Counter, NumberType::Double) => {
                Self::CounterF64(f64_counter(meter, definition, binds))
            }
            (InstrumentKind::UpDownCounter, NumberType::Int) => {
                Self::UpDownCounterI64(i64_up_down_counter(meter, definition, binds))
            }
            (InstrumentKind::UpDownCounter, NumberType::Double) => {
                Self::UpDownCounterF64(f64_up_down_counter(meter, definition, binds))
            }
            (InstrumentKind::Histogram, NumberType::Int) => {
                Self::HistogramU64(u64_histogram(meter, definition, binds))
            }
            (InstrumentKind::Histogram, NumberType::Double) => {
                Self::HistogramF64(f64_histogram(meter, definition, binds))
            }
            (InstrumentKind::Gauge, NumberType::Int) => {
                Self::GaugeI64(i64_gauge(meter, definition, binds))
            }
            (InstrumentKind::Gauge, NumberType::Double) => {
                Self::GaugeF64(f64_gauge(meter, definition, binds))
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

/// Creates the metric that counts how often values of bounded attributes were recorded as `_OTHER` because the limit was
/// reached.
pub(super) fn create_limited(
    contract: &'static ContractDefinition,
    meter: &Meter,
    limiters: &Arc<Limiters>,
) {
    let Some(definition) = &contract.limited else {
        return;
    };
    let limiters = limiters.clone();
    let _observable = meter
        .u64_observable_counter(definition.name)
        .with_description(definition.brief)
        .with_unit(definition.unit)
        .with_callback(move |observer| {
            for (key, rejected) in limiters.rejected() {
                observer.observe(rejected, &[KeyValue::new(LIMITED_ATTRIBUTE, key)]);
            }
        })
        .build();
}

/// The dimension of `otel_contract.limited`: the key of the attribute.
const LIMITED_ATTRIBUTE: &str = "otel_contract.attribute";

fn series<I: Instrument>(
    definition: &'static MetricDefinition,
    binds: bool,
    create: impl FnOnce() -> I,
) -> Series<I> {
    #[cfg(feature = "sdk")]
    let (instrument, has_our_limit) = super::view::create_watched(create);
    #[cfg(not(feature = "sdk"))]
    let (instrument, has_our_limit) = (create(), false);
    Series::new(definition, instrument, binds && has_our_limit)
}

macro_rules! instruments {
    ($($create:ident: $instrument:ident<$number:ty>;)*) => {$(
        fn $create(
            meter: &Meter,
            definition: &'static MetricDefinition,
            binds: bool,
        ) -> Series<$instrument<$number>> {
            series(definition, binds, || {
                let builder = meter
                    .$create(definition.name)
                    .with_description(definition.brief)
                    .with_unit(definition.unit);
                builder.build()
            })
        }
    )*};
}

macro_rules! histograms {
    ($($create:ident: $number:ty;)*) => {$(
        fn $create(
            meter: &Meter,
            definition: &'static MetricDefinition,
            binds: bool,
        ) -> Series<Histogram<$number>> {
            series(definition, binds, || {
                let mut builder = meter
                    .$create(definition.name)
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
