//! The typed instruments of a contract's metrics.

mod observable;

pub use crate::telemetry::Codes;
pub use observable::{Number, Observable, Observer, Observing};

use crate::definition::ContractDefinition;
use crate::local;
use crate::telemetry::{self, ContractTelemetry, Handles, MetricSeries};
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::thread::LocalKey;

/// A metric of a contract; implemented by the struct `contract!` generates for its dimensions.
pub trait Metric: Sized + 'static {
    /// How many series it can have: the product of the sizes of its dimensions. A dimension counts
    /// its values, one more for `_OTHER` and one more where it may be absent.
    const SERIES: u64;

    /// Where it is defined.
    #[doc(hidden)]
    fn definition() -> (&'static ContractDefinition, usize);

    /// The whole contract.
    #[doc(hidden)]
    fn contract() -> &'static crate::description::Contract;

    /// What this thread recorded it with last.
    #[doc(hidden)]
    fn recent() -> &'static LocalKey<Recent>;
}

/// What a thread recorded a metric with last: found without a way through tables.
#[derive(Debug)]
pub struct Recent(Cell<Option<Known>>);

#[derive(Clone, Copy, Debug)]
struct Known {
    /// The installation it belongs to.
    generation: u64,
    codes: Codes<'static>,
    metric: &'static MetricSeries,
    handles: Handles,
}

impl Recent {
    /// Nothing was recorded yet.
    #[must_use]
    pub const fn none() -> Self {
        Self(Cell::new(None))
    }

    /// It, if no providers were installed since.
    #[inline]
    fn get(&self) -> Option<Known> {
        #[cfg(feature = "testing")]
        if telemetry::Scoped::current().is_some() {
            return None;
        }
        self.0
            .get()
            .filter(|known| known.generation == telemetry::generation())
    }

    fn set(
        &self,
        telemetry: &'static ContractTelemetry,
        metric: &'static MetricSeries,
        codes: Codes<'static>,
    ) {
        if let Some(generation) = telemetry::installation(telemetry) {
            let handles = metric.handles();
            self.0.set(Some(Known {
                generation,
                codes,
                metric,
                handles,
            }));
        }
    }
}

/// The dimensions of one measurement of metric `M`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not give the dimensions of `{M}`",
    label = "expected `{M}`, or what its setters return",
    note = "each metric takes its own dimensions: fill in the struct `{M}`"
)]
pub trait Dimensions<M> {
    /// The number of the series.
    #[doc(hidden)]
    fn series(&self, codes: &Codes<'_>) -> u64;
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
            #[allow(clippy::inline_always)] // What is known of the dimensions is known to the caller.
            #[inline(always)]
            pub fn $method(self, value: $number, dimensions: impl Dimensions<M>) {
                $(if !$guard(value) { return; })?
                if let Some(known) = M::recent().with(Recent::get)
                    && let Handles::$variant(handles) = known.handles
                    && !local::blocks_measurements()
                {
                    // Once: the limiter of a bounded dimension counts what it refuses.
                    let series = dimensions.series(&known.codes);
                    if !handles.record(series, value) {
                        Self::without_handle(known, series, value);
                    }
                    return;
                }
                Self::first(value, dimensions);
            }

            /// A series that is new, or one of many.
            fn without_handle(known: Known, series: u64, value: $number) {
                if let MetricSeries::$variant(metric) = known.metric {
                    metric.record(series, value, known.codes.limits);
                }
            }

            /// Whatever this thread did not record before under the same telemetry.
            #[cold]
            fn first(value: $number, dimensions: impl Dimensions<M>) {
                let (contract, index) = M::definition();
                if local::blocks_measurements() {
                    return;
                }
                let telemetry = telemetry::current(contract);
                let metric = telemetry.and_then(|it| Some((it, it.metric(index)?)));
                if let Some((telemetry, found @ MetricSeries::$variant(metric))) = metric {
                    let codes = metric.codes(telemetry.limits());
                    M::recent().with(|recent| recent.set(telemetry, found, codes));
                    let series = dimensions.series(&codes);
                    metric.record(series, value, telemetry.limits());
                }
            }
        })+
    )*};
}

instruments! {
    /// A sum that only grows: calls, bytes, failures. A negative amount is not counted.
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
