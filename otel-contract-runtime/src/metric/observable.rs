//! Observable metrics, whose values are read by callbacks.

use super::{Dimensions, Metric, name};
use crate::telemetry::{self, Callback, Collection, Measured};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// A metric whose values are observed by callbacks when metrics are collected.
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
    /// Registers a callback that is called whenever metrics are collected, under this provider and any provider that
    /// replaces it, until the returned [`CallbackRegistration`] is dropped. A provider that is set through OpenTelemetry's
    /// globals calls it only after something of the contract has been recorded under that provider.
    ///
    /// Operations and measurements in the callback are suppressed, under any reader. A callback may register and drop
    /// other callbacks, and install providers. It should not block: the SDK collects under a lock, and creates no
    /// instrument meanwhile. If a callback panics, its earlier observations are kept and the other callbacks of the
    /// provider are called, too. Under a set-up the panic is counted as a failed point.
    pub fn observe(
        self,
        callback: impl Fn(&Observer<'_, M, N>) + Send + Sync + 'static,
    ) -> CallbackRegistration {
        let (contract, index) = M::definition();
        let callback: Callback = Arc::new(move |collection: &Collection<'_>| {
            callback(&Observer {
                collection,
                metric: PhantomData,
            });
        });
        let id = telemetry::register_callback(&contract.metrics[index], callback);
        telemetry::observe(contract);
        CallbackRegistration(id)
    }
}

/// Recorder of the values of an observable metric, which is passed to callbacks.
pub struct Observer<'a, M, N> {
    collection: &'a Collection<'a>,
    metric: PhantomData<fn() -> (M, N)>,
}

impl<M: Metric, N: Number> Observer<'_, M, N> {
    /// Observes the current value, with these dimensions. In one collection, the values of one series are summed; for a
    /// gauge, the last value is used. All values of a bounded dimension beyond its limit belong to one series.
    pub fn observe(&self, value: N, dimensions: impl Dimensions<M>) {
        let series = dimensions.series(&self.collection.encoder);
        (self.collection.observe)(series, value.measured());
    }
}

impl<M: Metric, N> fmt::Debug for Observer<'_, M, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Observer").field(&name::<M>()).finish()
    }
}

/// Registration of the callback of an observable metric. Dropping it unregisters the callback.
#[must_use = "dropping this unregisters the callback: keep it, or call `forever()`"]
#[derive(Debug)]
pub struct CallbackRegistration(u64);

impl CallbackRegistration {
    /// Keeps the callback registered until the process ends.
    pub fn forever(self) {
        std::mem::forget(self);
    }
}

impl Drop for CallbackRegistration {
    fn drop(&mut self) {
        drop(telemetry::unregister_callback(self.0));
    }
}

/// Type of measured values: `u64`, `i64` or `f64`, depending on the instrument.
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
