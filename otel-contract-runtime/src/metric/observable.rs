//! Metrics whose values are asked for.

use super::{Dimensions, Metric, name};
use crate::telemetry::{self, Asking, Callback, Measured};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// A metric whose value is asked for when metrics are collected.
pub struct Observable<M, N> {
    metric: PhantomData<fn() -> (M, N)>,
}

impl<M, N> Observable<M, N> {
    #[doc(hidden)]
    #[must_use]
    pub const fn __new() -> Self {
        Self {
            metric: PhantomData,
        }
    }
}

impl<M, N> Clone for Observable<M, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, N> Copy for Observable<M, N> {}

impl<M: Metric, N> fmt::Debug for Observable<M, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Observable").field(&name::<M>()).finish()
    }
}

impl<M: Metric, N: Number> Observable<M, N> {
    /// Asks this callback for the value whenever metrics are collected, under this provider and any
    /// that replaces it, for as long as the returned [`Observing`] lives. A provider set through
    /// OpenTelemetry's globals asks once anything of the contract was recorded under it.
    ///
    /// What the callback does is not recorded itself: operations and measurements in it are
    /// suppressed, under any reader. A callback may register and drop other callbacks, and install providers. It should not
    /// block: the SDK collects under a lock, and makes no instrument meanwhile. A callback that panics has observed what it
    /// observed before; the others of the provider are asked all the same, and under a set-up the panic is counted as a
    /// point that failed.
    pub fn observe(
        self,
        callback: impl Fn(&Observer<'_, M, N>) + Send + Sync + 'static,
    ) -> Observing {
        let (contract, index) = M::definition();
        let ask: Callback = Arc::new(move |asking: &Asking<'_>| {
            callback(&Observer {
                asking,
                metric: PhantomData,
            });
        });
        let own = telemetry::add_callback(&contract.metrics[index], ask);
        telemetry::observe(contract);
        Observing(own)
    }
}

/// Takes the values of an observable metric.
pub struct Observer<'a, M, N> {
    asking: &'a Asking<'a>,
    metric: PhantomData<fn() -> (M, N)>,
}

impl<M: Metric, N: Number> Observer<'_, M, N> {
    /// The value now, with these dimensions. Values of one series given in one collection add up, as
    /// those past the limit of a bounded dimension do; of a gauge the last one counts.
    pub fn observe(&self, value: N, dimensions: impl Dimensions<M>) {
        let series = dimensions.series(&self.asking.codes);
        (self.asking.take)(series, value.measured());
    }
}

impl<M: Metric, N> fmt::Debug for Observer<'_, M, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Observer").field(&name::<M>()).finish()
    }
}

/// Keeps the callback of an observable metric; dropped, the callback is not asked any more.
#[must_use = "the callback is forgotten when this is dropped: keep it, or say `forever()`"]
#[derive(Debug)]
pub struct Observing(u64);

impl Observing {
    /// Asks for as long as the process runs.
    pub fn forever(self) {
        std::mem::forget(self);
    }
}

impl Drop for Observing {
    fn drop(&mut self) {
        drop(telemetry::take_callback(self.0));
    }
}

/// A type of values: `u64`, `i64` or `f64`, by instrument.
pub trait Number: Copy + sealed::Sealed {
    #[doc(hidden)]
    fn measured(self) -> Measured;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! numbers {
    ($($number:ident $variant:ident),*) => {$(
        impl sealed::Sealed for $number {}

        impl Number for $number {
            fn measured(self) -> Measured {
                Measured::$variant(self)
            }
        }
    )*};
}

numbers!(u64 U64, i64 I64, f64 F64);
