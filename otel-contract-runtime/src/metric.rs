//! The typed instruments of a contract's metrics.

use crate::attribute::Attribute;
use crate::capped::CappedText;
use crate::definition::{
    ContractDefinition, ContractMetric, InstrumentKind, MetricDefinition, NumberType,
};
use crate::local;
use crate::panics;
use crate::telemetry::{self, ContractTelemetry, Handles, Home, Limits, MetricSeries, Slices};
use opentelemetry::Context;
use opentelemetry::metrics::{AsyncInstrument, Meter};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
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

/// Turns values into the number of a series.
#[derive(Clone, Copy, Debug)]
pub struct Codes<'a> {
    pub(crate) definition: &'static MetricDefinition,
    pub(crate) limits: &'a Limits,
}

impl Codes<'_> {
    /// What one dimension adds to the number of the series. `stride` and `absent` are those of its
    /// definition: of a closed dimension everything is known when this is compiled.
    #[doc(hidden)]
    #[inline]
    #[must_use]
    pub fn part<A: Attribute>(
        &self,
        dimension: usize,
        stride: u64,
        absent: bool,
        value: Option<&A>,
    ) -> u64 {
        let Some(value) = value else { return 0 };
        let code = value.code();
        let code = code.unwrap_or_else(|| self.bounded(dimension, value.capped()));
        (code + u64::from(absent)) * stride
    }

    fn bounded(&self, dimension: usize, text: Option<&CappedText>) -> u64 {
        let attribute = self.definition.dimensions[dimension].attribute;
        match (attribute, text) {
            (Some(attribute), Some(text)) => self.limits.code_of_capped(attribute, text),
            _ => 0,
        }
    }
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
                    && !local::measures_nothing()
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
                if local::measures_nothing() {
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
        let observed = contract.metrics[index].observed;
        let ask: Callback = Arc::new(move |asking: &Asking<'_>| {
            callback(&Observer {
                asking,
                metric: PhantomData,
            });
        });
        let home = Home::current();
        let observed = observed.map(|observed| (observed, observed.add(home, ask)));
        telemetry::observe(contract);
        Observing(observed)
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
pub struct Observing(Option<(&'static Observed, u64)>);

impl Observing {
    /// Asks for as long as the process runs.
    pub fn forever(self) {
        std::mem::forget(self);
    }
}

impl Drop for Observing {
    fn drop(&mut self) {
        if let Some((observed, own)) = self.0 {
            drop(observed.take(own));
        }
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

/// A value on its way through callbacks that do not know its type.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum Measured {
    U64(u64),
    I64(i64),
    F64(f64),
}

impl Measured {
    /// The sum of two values of one metric, which have one type.
    fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::U64(one), Self::U64(other)) => Self::U64(one.saturating_add(other)),
            (Self::I64(one), Self::I64(other)) => Self::I64(one.saturating_add(other)),
            (Self::F64(one), Self::F64(other)) => Self::F64(one + other),
            (_, other) => other,
        }
    }
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

/// One collection of one observable metric.
struct Asking<'a> {
    codes: Codes<'a>,
    take: &'a dyn Fn(u64, Measured),
}

type Callback = Arc<dyn Fn(&Asking<'_>) + Send + Sync>;

/// The callbacks of an observable metric: they belong to the process, or to the test scope they were
/// given in, not to a provider.
#[derive(Default)]
pub struct Observed(Mutex<Vec<(u64, Home, Callback)>>);

impl fmt::Debug for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Observed").field(&self.lock().len()).finish()
    }
}

impl Observed {
    /// No callback yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(u64, Home, Callback)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, home: Home, callback: Callback) -> u64 {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        self.lock().push((id, home, callback));
        id
    }

    fn get(&self, own: u64) -> Option<Callback> {
        let callbacks = self.lock();
        let known = callbacks.iter().find(|(id, ..)| *id == own);
        known.map(|(.., callback)| callback.clone())
    }

    /// Takes a callback out, to be dropped once the lock is gone: it may hold what keeps another.
    fn take(&self, own: u64) -> Option<Callback> {
        let mut callbacks = self.lock();
        let position = callbacks.iter().position(|(id, ..)| *id == own)?;
        Some(callbacks.remove(position).2)
    }

    /// Those that were given at this home.
    fn ids(&self, home: Home) -> Vec<u64> {
        let callbacks = self.lock();
        let own = callbacks.iter().filter(|(_, of, _)| *of == home);
        own.map(|(id, ..)| *id).collect()
    }

    /// Makes the instrument of a metric, if it is observable.
    pub(crate) fn instrument(
        metric: &'static ContractMetric,
        meter: &Meter,
        limits: &Arc<Limits>,
        home: Home,
    ) {
        let definition = &metric.definition;
        macro_rules! observable {
            ($make:ident $variant:ident) => {{
                let (limits, slices) = (limits.clone(), Slices::new(definition));
                let _observable = meter
                    .$make(definition.name)
                    .with_description(definition.brief)
                    .with_unit(definition.unit)
                    .with_callback(move |observer| {
                        metric.ask(home, &limits, &slices, |value, attributes| {
                            if let Measured::$variant(value) = value {
                                AsyncInstrument::observe(observer, value, attributes);
                            }
                        });
                    })
                    .build();
            }};
        }
        match (metric.instrument, metric.number) {
            (InstrumentKind::ObservableCounter, NumberType::Int) => {
                observable!(u64_observable_counter U64);
            }
            (InstrumentKind::ObservableCounter, NumberType::Double) => {
                observable!(f64_observable_counter F64);
            }
            (InstrumentKind::ObservableUpDownCounter, NumberType::Int) => {
                observable!(i64_observable_up_down_counter I64);
            }
            (InstrumentKind::ObservableUpDownCounter, NumberType::Double) => {
                observable!(f64_observable_up_down_counter F64);
            }
            (InstrumentKind::ObservableGauge, NumberType::Int) => {
                observable!(i64_observable_gauge I64);
            }
            (InstrumentKind::ObservableGauge, NumberType::Double) => {
                observable!(f64_observable_gauge F64);
            }
            (
                InstrumentKind::Counter
                | InstrumentKind::UpDownCounter
                | InstrumentKind::Histogram
                | InstrumentKind::Gauge,
                _,
            ) => {}
        }
    }
}

impl ContractMetric {
    fn ask(
        &'static self,
        home: Home,
        limits: &Limits,
        slices: &Slices,
        take: impl Fn(Measured, &[opentelemetry::KeyValue]),
    ) {
        let definition = &self.definition;
        // Values past a limit meet in one series; of a sum that has to be the sum of them, and an SDK
        // keeps only the last.
        let adds = self.instrument != InstrumentKind::ObservableGauge;
        let given = RefCell::new(BTreeMap::new());
        let asking = Asking {
            codes: Codes { definition, limits },
            take: &|series, value: Measured| {
                let mut given = given.borrow_mut();
                let known = given.entry(series).or_insert(None::<Measured>);
                *known = Some(match *known {
                    Some(known) if adds => known.plus(value),
                    _ => value,
                });
            },
        };
        let Some(observed) = self.observed else {
            return;
        };
        // The SDK asks while its instruments are locked: were one made in here, for the first
        // measurement of something else, it would wait for ever.
        if local::is_ending() {
            return;
        }
        let _suppressed = Context::enter_telemetry_suppressed_scope();
        // Not under our own lock: a callback may drop what keeps another, which is then not asked.
        for id in observed.ids(home) {
            if let Some(callback) = observed.get(id) {
                // A panic would end the SDK's reader and poison its locks: no other metric would be collected.
                panics::note(|| callback(&asking));
            }
        }
        for (series, value) in given.take() {
            slices.with(definition, series, limits, |attributes| {
                value.into_iter().for_each(|value| take(value, attributes));
            });
        }
    }
}
