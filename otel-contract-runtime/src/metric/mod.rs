//! Typed instruments for the metrics of a contract.

mod observable;

pub use crate::telemetry::SeriesEncoder;
pub use observable::{CallbackRegistration, Number, Observable, Observer};

use crate::definition::ContractDefinition;
use crate::local;
use crate::telemetry::{self, ContractTelemetry, Handles, MetricSeries};
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::thread::LocalKey;

/// A metric of a contract. `contract!` implements the trait for the struct of the metric's dimensions.
pub trait Metric: Sized + 'static {
    /// Maximum number of series: the product of the sizes of the dimensions. The size of a dimension is the number of its
    /// values, plus one if it can be `_OTHER`, and plus one if it may be absent.
    const SERIES: u64;

    /// Returns the contract, and the index of the metric in it.
    #[doc(hidden)]
    fn definition() -> (&'static ContractDefinition, usize);

    /// Returns the description of the contract.
    #[doc(hidden)]
    fn contract() -> &'static crate::description::Contract;

    /// Returns the thread's cache of the resolved metric.
    #[doc(hidden)]
    fn recent() -> &'static LocalKey<Recent>;
}

/// Cache of the resolved metric that a thread used last. It avoids lookups in tables.
#[derive(Debug)]
pub struct Recent(Cell<Option<ResolvedMetric>>);

#[derive(Clone, Copy, Debug)]
struct ResolvedMetric {
    /// Number of the installation of the metric's instrument.
    generation: u64,
    encoder: SeriesEncoder<'static>,
    metric: &'static MetricSeries,
    handles: Handles,
}

impl Recent {
    /// Creates an empty cache.
    #[must_use]
    pub const fn none() -> Self {
        Self(Cell::new(None))
    }

    /// Returns the cached metric, unless other providers have been installed since.
    #[inline]
    fn get(&self) -> Option<ResolvedMetric> {
        #[cfg(feature = "testing")]
        if telemetry::Scoped::current().is_some() {
            return None;
        }
        self.0
            .get()
            .filter(|resolved| resolved.generation == telemetry::generation())
    }

    fn set(
        &self,
        telemetry: &'static ContractTelemetry,
        metric: &'static MetricSeries,
        encoder: SeriesEncoder<'static>,
    ) {
        if let Some(generation) = telemetry::installation(telemetry) {
            let handles = metric.handles();
            self.0.set(Some(ResolvedMetric {
                generation,
                encoder,
                metric,
                handles,
            }));
        }
    }
}

/// The dimensions of one measurement of metric `M`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not contain the dimensions of `{M}`",
    label = "expected `{M}`, or the return value of its setters",
    note = "each metric has its own dimensions: fill in the struct `{M}`, or pass `()` if it has no dimensions"
)]
pub trait Dimensions<M> {
    /// Returns the series number.
    #[doc(hidden)]
    fn series(&self, encoder: &SeriesEncoder<'_>) -> u64;
}

macro_rules! instruments {
    ($(
        $(#[$doc:meta])*
        $name:ident $method:ident: $($number:ty => $variant:ident $(if $guard:expr)?),+;
    )*) => {$(
        $(#[$doc])*
        pub struct $name<M, N> {
            metric: PhantomData<fn() -> (M, N)>,
        }

        impl<M, N> $name<M, N> {
            #[doc(hidden)]
            #[must_use]
            pub const fn __new() -> Self {
                Self { metric: PhantomData }
            }
        }

        impl<M, N> Clone for $name<M, N> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<M, N> Copy for $name<M, N> {}

        impl<M: Metric, N> fmt::Debug for $name<M, N> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&name::<M>()).finish()
            }
        }

        $(impl<M: Metric> $name<M, $number> {
            /// Records a measurement with these dimensions.
            #[allow(clippy::inline_always)] // The caller knows the dimensions at compile time.
            #[inline(always)]
            pub fn $method(self, value: $number, dimensions: impl Dimensions<M>) {
                $(if !$guard(value) { return; })?
                if let Some(resolved) = M::recent().with(Recent::get)
                    && let Handles::$variant(handles) = resolved.handles
                    && !local::blocks_measurements()
                {
                    // Computed only once, because the limiter of a bounded dimension counts rejected values.
                    let series = dimensions.series(&resolved.encoder);
                    if !handles.record(series, value) {
                        Self::record_without_handle(resolved, series, value);
                    }
                    return;
                }
                Self::record_unresolved(value, dimensions);
            }

            /// Records into a series without a handle: a new series, or a series of a metric that has too many series
            /// for handles.
            fn record_without_handle(resolved: ResolvedMetric, series: u64, value: $number) {
                if let MetricSeries::$variant(metric) = resolved.metric {
                    metric.record(series, value, resolved.encoder.limiters);
                }
            }

            /// Resolves the metric, which is not in the cache of this thread, and records the measurement.
            #[cold]
            fn record_unresolved(value: $number, dimensions: impl Dimensions<M>) {
                let (contract, index) = M::definition();
                if local::blocks_measurements() {
                    return;
                }
                let telemetry = telemetry::current(contract);
                let resolved =
                    telemetry.and_then(|telemetry| Some((telemetry, telemetry.metric(index)?)));
                if let Some((telemetry, instrument @ MetricSeries::$variant(metric))) = resolved {
                    let encoder = metric.encoder(telemetry.limiters());
                    M::recent().with(|recent| recent.set(telemetry, instrument, encoder));
                    let series = dimensions.series(&encoder);
                    metric.record(series, value, telemetry.limiters());
                }
            }
        })+
    )*};
}

instruments! {
    /// A sum that only grows: calls, bytes, failures. A negative amount is ignored.
    Counter add: u64 => CounterU64, f64 => CounterF64 if |value: f64| value >= 0.0;
    /// A sum that goes up and down: jobs in flight.
    UpDownCounter add: i64 => UpDownCounterI64, f64 => UpDownCounterF64;
    /// A distribution: sizes, waiting times.
    Histogram record: u64 => HistogramU64, f64 => HistogramF64;
    /// The last value: a temperature, a length.
    Gauge record: i64 => GaugeI64, f64 => GaugeF64;
}

fn name<M: Metric>() -> &'static str {
    let (contract, index) = M::definition();
    contract.metrics[index].definition.name
}
