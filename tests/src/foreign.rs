//! Providers other than the SDK's, which implement only the traits of the OpenTelemetry API.

use opentelemetry::metrics::{
    AsyncInstrument, AsyncInstrumentBuilder, Counter, Gauge, Histogram, HistogramBuilder,
    InstrumentBuilder, InstrumentProvider, Meter, MeterProvider, ObservableCounter,
    ObservableGauge, ObservableUpDownCounter, SyncInstrument, UpDownCounter,
};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};

/// The SDK's provider, wrapped in another type.
#[derive(Clone, Debug)]
pub struct Wrapper(pub SdkMeterProvider);

impl MeterProvider for Wrapper {
    fn meter_with_scope(&self, scope: InstrumentationScope) -> Meter {
        self.0.meter_with_scope(scope)
    }
}

/// Observes the values of one observable instrument.
type Callback = Arc<dyn Fn() + Send + Sync>;

/// Provider without the SDK that keeps every measurement as text, like `jobs{account.tier=pro} 3`.
#[derive(Clone, Default)]
pub struct HandWritten {
    lines: Arc<Mutex<Vec<String>>>,
    callbacks: Arc<Mutex<Vec<Callback>>>,
}

impl HandWritten {
    /// Takes the measurements so far, in the order of recording.
    #[must_use]
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.lines.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Calls every callback.
    pub fn collect(&self) {
        let callbacks = self
            .callbacks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        callbacks.iter().for_each(|callback| callback());
    }

    fn instrument(&self, name: &str) -> Arc<Instrument> {
        Arc::new(Instrument {
            name: name.to_owned(),
            lines: self.lines.clone(),
        })
    }
}

impl std::fmt::Debug for HandWritten {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HandWritten")
    }
}

impl MeterProvider for HandWritten {
    fn meter_with_scope(&self, _: InstrumentationScope) -> Meter {
        Meter::new(Arc::new(self.clone()))
    }
}

/// Instrument of any kind, without support for binding.
struct Instrument {
    name: String,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Instrument {
    fn keep(&self, value: impl Display, attributes: &[KeyValue]) {
        let pairs = attributes.iter();
        let pairs: Vec<String> = pairs
            .map(|attribute| format!("{}={}", attribute.key, attribute.value))
            .collect();
        let line = format!("{}{{{}}} {value}", self.name, pairs.join(","));
        self.lines
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line);
    }
}

impl<T: Display> SyncInstrument<T> for Instrument {
    fn measure(&self, value: T, attributes: &[KeyValue]) {
        self.keep(value, attributes);
    }
}

impl<T: Display> AsyncInstrument<T> for Instrument {
    fn observe(&self, value: T, attributes: &[KeyValue]) {
        self.keep(value, attributes);
    }
}

macro_rules! instruments {
    ($($make:ident $builder:ident $instrument:ident $number:ty;)*) => {$(
        fn $make(&self, builder: $builder<'_, $instrument<$number>>) -> $instrument<$number> {
            $instrument::new(self.instrument(&builder.name))
        }
    )*};
}

macro_rules! observables {
    ($($make:ident $instrument:ident $number:ty;)*) => {$(
        fn $make(
            &self,
            builder: AsyncInstrumentBuilder<'_, $instrument<$number>, $number>,
        ) -> $instrument<$number> {
            let instrument = self.instrument(&builder.name);
            let mut callbacks = self.callbacks.lock().unwrap_or_else(PoisonError::into_inner);
            for callback in builder.callbacks {
                let instrument = instrument.clone();
                callbacks.push(Arc::new(move || callback(&*instrument)));
            }
            $instrument::new()
        }
    )*};
}

impl InstrumentProvider for HandWritten {
    instruments! {
        u64_counter InstrumentBuilder Counter u64;
        f64_counter InstrumentBuilder Counter f64;
        i64_up_down_counter InstrumentBuilder UpDownCounter i64;
        f64_up_down_counter InstrumentBuilder UpDownCounter f64;
        i64_gauge InstrumentBuilder Gauge i64;
        f64_gauge InstrumentBuilder Gauge f64;
        u64_histogram HistogramBuilder Histogram u64;
        f64_histogram HistogramBuilder Histogram f64;
    }
    observables! {
        u64_observable_counter ObservableCounter u64;
        f64_observable_counter ObservableCounter f64;
        i64_observable_up_down_counter ObservableUpDownCounter i64;
        f64_observable_up_down_counter ObservableUpDownCounter f64;
        i64_observable_gauge ObservableGauge i64;
        f64_observable_gauge ObservableGauge f64;
    }
}
