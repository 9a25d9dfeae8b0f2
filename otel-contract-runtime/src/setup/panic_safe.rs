//! The global meter provider of a set-up, which wraps the SDK's provider and catches panics of callbacks.

use super::delivery::Counts;
use crate::panics;
use opentelemetry::InstrumentationScope;
use opentelemetry::metrics::{
    AsyncInstrument, AsyncInstrumentBuilder, Callback, Counter, Gauge, Histogram, HistogramBuilder,
    InstrumentBuilder, InstrumentProvider, Meter, MeterProvider, ObservableCounter,
    ObservableGauge, ObservableUpDownCounter, UpDownCounter,
};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use std::sync::Arc;

/// Meter provider that catches panics of callbacks. The SDK calls callbacks under its lock, on the thread of its reader: a
/// panic would end the thread and poison the lock. The instruments are the SDK's.
#[derive(Debug)]
pub(super) struct PanicSafeMeterProvider {
    provider: SdkMeterProvider,
    points: Arc<Counts>,
}

impl PanicSafeMeterProvider {
    pub(super) fn new(provider: SdkMeterProvider, points: Arc<Counts>) -> Self {
        Self { provider, points }
    }
}

impl MeterProvider for PanicSafeMeterProvider {
    fn meter_with_scope(&self, scope: InstrumentationScope) -> Meter {
        Meter::new(Arc::new(Instruments {
            meter: self.provider.meter_with_scope(scope),
            points: self.points.clone(),
        }))
    }
}

struct Instruments {
    meter: Meter,
    points: Arc<Counts>,
}

impl Instruments {
    fn catch_panics<T: 'static>(&self, name: &str, callback: Callback<T>) -> Callback<T> {
        let (points, name) = (self.points.clone(), name.to_owned());
        Box::new(move |observer: &dyn AsyncInstrument<T>| {
            for message in panics::noted(|| callback(observer)) {
                points.count_failed(1, &format!("the callback of `{name}` {message}"));
            }
        })
    }
}

macro_rules! rebuilt {
    ($meter:expr, $builder:ident, $make:ident) => {{
        let mut made = $meter.$make($builder.name);
        made.description = $builder.description;
        made.unit = $builder.unit;
        made
    }};
}

macro_rules! synchronous {
    ($($make:ident $instrument:ident<$number:ty>),+ $(,)?) => {$(
        fn $make(
            &self,
            builder: InstrumentBuilder<'_, $instrument<$number>>,
        ) -> $instrument<$number> {
            rebuilt!(self.meter, builder, $make).build()
        }
    )+};
}

macro_rules! histograms {
    ($($make:ident $number:ty),+ $(,)?) => {$(
        fn $make(
            &self,
            builder: HistogramBuilder<'_, Histogram<$number>>,
        ) -> Histogram<$number> {
            let mut made = rebuilt!(self.meter, builder, $make);
            made.boundaries = builder.boundaries;
            made.build()
        }
    )+};
}

macro_rules! observable {
    ($($make:ident $instrument:ident<$number:ty>),+ $(,)?) => {$(
        fn $make(
            &self,
            builder: AsyncInstrumentBuilder<'_, $instrument<$number>, $number>,
        ) -> $instrument<$number> {
            let panic_safe = |callback| self.catch_panics(&builder.name, callback);
            let callbacks = builder.callbacks.into_iter().map(panic_safe).collect();
            let mut made = rebuilt!(self.meter, builder, $make);
            made.callbacks = callbacks;
            made.build()
        }
    )+};
}

impl InstrumentProvider for Instruments {
    synchronous!(
        u64_counter Counter<u64>,
        f64_counter Counter<f64>,
        i64_up_down_counter UpDownCounter<i64>,
        f64_up_down_counter UpDownCounter<f64>,
        u64_gauge Gauge<u64>,
        i64_gauge Gauge<i64>,
        f64_gauge Gauge<f64>,
    );
    histograms!(u64_histogram u64, f64_histogram f64);
    observable!(
        u64_observable_counter ObservableCounter<u64>,
        f64_observable_counter ObservableCounter<f64>,
        i64_observable_up_down_counter ObservableUpDownCounter<i64>,
        f64_observable_up_down_counter ObservableUpDownCounter<f64>,
        u64_observable_gauge ObservableGauge<u64>,
        i64_observable_gauge ObservableGauge<i64>,
        f64_observable_gauge ObservableGauge<f64>,
    );
}
