//! The series of one metric: each resolved once, then found by its number.

use super::codes::Codes;
use super::limits::Limits;
use super::table::Table;
use crate::definition::{Dimension, MetricDefinition};
use crate::local;
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Gauge, Histogram, UpDownCounter};
use std::collections::HashMap;
#[cfg(feature = "bound-metrics")]
use std::sync::OnceLock;
use std::sync::{Arc, PoisonError, RwLock};

/// Metrics with more series than this get no table of handles. A handle is 32 bytes, the SDK's own
/// state of a series some 300: up to here the table is a tenth of what the series cost anyway, and
/// its list of pages, which is there from the start, is at most 16 KiB.
pub(crate) const MOST_HANDLES: u64 = 65_536;

/// The instruments of the API, as one.
pub(crate) trait Instrument: std::fmt::Debug + Send + Sync + 'static {
    /// `u64`, `i64` or `f64`.
    type Number: Copy + Send + Sync + 'static;
    /// The instrument bound to one series.
    #[cfg(feature = "bound-metrics")]
    type Bound: std::fmt::Debug + Send + Sync + 'static;

    fn measure(&self, value: Self::Number, attributes: &[KeyValue]);
    #[cfg(feature = "bound-metrics")]
    fn bind(&self, attributes: &[KeyValue]) -> Self::Bound;
    #[cfg(feature = "bound-metrics")]
    fn measure_bound(bound: &Self::Bound, value: Self::Number);
}

macro_rules! instruments {
    ($($instrument:ident $bound:ident $measure:ident: $($number:ty),+;)*) => {$($(
        impl Instrument for $instrument<$number> {
            type Number = $number;
            #[cfg(feature = "bound-metrics")]
            type Bound = opentelemetry::metrics::$bound<$number>;

            #[inline]
            fn measure(&self, value: $number, attributes: &[KeyValue]) {
                self.$measure(value, attributes);
            }

            #[cfg(feature = "bound-metrics")]
            fn bind(&self, attributes: &[KeyValue]) -> Self::Bound {
                $instrument::bind(self, attributes)
            }

            #[cfg(feature = "bound-metrics")]
            #[inline]
            fn measure_bound(bound: &Self::Bound, value: $number) {
                bound.$measure(value);
            }
        }
    )+)*};
}

instruments! {
    Counter BoundCounter add: u64, f64;
    UpDownCounter BoundUpDownCounter add: i64, f64;
    Histogram BoundHistogram record: u64, f64;
    Gauge BoundGauge record: i64, f64;
}

/// An instrument with every series it has recorded.
#[derive(Debug)]
pub(crate) struct Series<I: Instrument> {
    definition: &'static MetricDefinition,
    instrument: I,
    resolved: Resolved<I>,
}

#[derive(Debug)]
enum Resolved<I: Instrument> {
    /// Handles of the SDK.
    #[cfg(feature = "bound-metrics")]
    Bound(Table<I::Bound>),
    /// The attributes of a series, for providers that cannot bind.
    Slices(Slices, std::marker::PhantomData<I>),
}

impl<I: Instrument> Series<I> {
    /// `binds`: the instrument belongs to a provider known to implement binding, under a limit that
    /// is no less than the bound.
    pub(crate) fn new(definition: &'static MetricDefinition, instrument: I, binds: bool) -> Self {
        #[cfg(not(feature = "bound-metrics"))]
        let _ = binds;
        let resolved = match definition.series {
            #[cfg(feature = "bound-metrics")]
            length @ ..=MOST_HANDLES if binds => Resolved::Bound(Table::new(length)),
            _ => Resolved::Slices(Slices::new(definition), std::marker::PhantomData),
        };
        Self {
            definition,
            instrument,
            resolved,
        }
    }

    /// What turns dimensions into the number of a series.
    #[inline]
    pub(crate) fn codes<'a>(&self, limits: &'a Limits) -> Codes<'a> {
        Codes {
            definition: self.definition,
            limits,
        }
    }

    /// Records into the series with this number.
    #[inline]
    pub(crate) fn record(&self, series: u64, value: I::Number, limits: &Limits) {
        match &self.resolved {
            #[cfg(feature = "bound-metrics")]
            Resolved::Bound(table) => match table.get(series) {
                Some(bound) => I::measure_bound(bound, value),
                None => self.record_first(table, series, value, limits),
            },
            Resolved::Slices(slices, _) => {
                slices.with(self.definition, series, limits, |attributes| {
                    let _phase = local::PhaseGuard::metric();
                    self.instrument.measure(value, attributes);
                });
            }
        }
    }

    /// The handles: none where there is no table of them, or a long one.
    pub(crate) fn handles(&'static self) -> SeriesHandles<I> {
        match &self.resolved {
            #[cfg(feature = "bound-metrics")]
            Resolved::Bound(table) => SeriesHandles(table.flat()),
            Resolved::Slices(..) => SeriesHandles::NONE,
        }
    }

    #[cfg(feature = "bound-metrics")]
    #[cold]
    fn record_first(
        &self,
        table: &Table<I::Bound>,
        series: u64,
        value: I::Number,
        limits: &Limits,
    ) {
        let attributes = attributes(self.definition, series, limits);
        let _phase = local::PhaseGuard::metric();
        leave_lines();
        let bound = self.instrument.bind(&attributes);
        leave_lines();
        // Of two threads that bind the same series one drops its handle, which counts with the other.
        I::measure_bound(&bound, value);
        let _ = table.set(series, bound);
    }
}

/// Keeps what the SDK allocates for one series off the cache lines of the next, which processors fetch in
/// pairs: two threads that record into different ones would wait for each other. Like the series it is never
/// freed.
#[cfg(feature = "bound-metrics")]
fn leave_lines() {
    const LINES: usize = 128;
    std::hint::black_box(Box::leak(Box::new([0_u8; LINES])));
}

/// The handles of one metric by the number of the series, as far as they were made.
#[derive(Debug)]
pub(crate) struct SeriesHandles<I: Instrument>(
    #[cfg(feature = "bound-metrics")] &'static [OnceLock<I::Bound>],
    #[cfg(not(feature = "bound-metrics"))] std::marker::PhantomData<fn(I)>,
);

impl<I: Instrument> Clone for SeriesHandles<I> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I: Instrument> Copy for SeriesHandles<I> {}

impl<I: Instrument> SeriesHandles<I> {
    #[cfg(feature = "bound-metrics")]
    const NONE: Self = Self(&[]);
    #[cfg(not(feature = "bound-metrics"))]
    const NONE: Self = Self(std::marker::PhantomData);

    /// Records into the series with this number, if there is a handle for it; tells whether.
    #[allow(clippy::inline_always)] // A load less before the SDK's own chain of them.
    #[inline(always)]
    pub(crate) fn record(self, series: u64, value: I::Number) -> bool {
        #[cfg(feature = "bound-metrics")]
        if let Ok(series) = usize::try_from(series)
            && let Some(handle) = self.0.get(series).and_then(OnceLock::get)
        {
            I::measure_bound(handle, value);
            return true;
        }
        let _ = (self.0, series, value);
        false
    }
}

/// The attributes of every series a metric has recorded, sorted as the SDK wants them: given in
/// another order they would be sorted anew at every measurement.
#[derive(Debug)]
pub(crate) enum Slices {
    Table(Table<Box<[KeyValue]>>),
    Map(RwLock<HashMap<u64, Arc<[KeyValue]>>>),
}

impl Slices {
    pub(crate) fn new(definition: &MetricDefinition) -> Self {
        match definition.series {
            length @ ..=MOST_HANDLES => Self::Table(Table::new(length)),
            _ => Self::Map(RwLock::default()),
        }
    }

    #[inline]
    pub(crate) fn with(
        &self,
        definition: &MetricDefinition,
        series: u64,
        limits: &Limits,
        measure: impl FnOnce(&[KeyValue]),
    ) {
        match self {
            Self::Table(table) => {
                let make = || attributes(definition, series, limits);
                if let Some(slice) = table.get_or_init(series, make) {
                    measure(slice);
                }
            }
            Self::Map(map) => {
                // Let go of before it is written.
                let known = {
                    let map = map.read().unwrap_or_else(PoisonError::into_inner);
                    map.get(&series).cloned()
                };
                let slice = known.unwrap_or_else(|| {
                    let made = Arc::from(attributes(definition, series, limits));
                    let mut map = map.write().unwrap_or_else(PoisonError::into_inner);
                    map.entry(series).or_insert(made).clone()
                });
                measure(&slice);
            }
        }
    }
}

/// The attributes of the series with this number, sorted by key.
pub(crate) fn attributes(
    definition: &MetricDefinition,
    series: u64,
    limits: &Limits,
) -> Box<[KeyValue]> {
    let pair = |dimension: &Dimension| {
        let code = dimension.code(series)?;
        Some(KeyValue::new(dimension.key, limits.value(dimension, code)?))
    };
    let mut attributes: Vec<KeyValue> = definition.dimensions.iter().filter_map(pair).collect();
    // Two keys with one value: as many series as with one.
    limits.contract().add_other_keys(&mut attributes);
    attributes.sort_by(|one, other| one.key.cmp(&other.key));
    attributes.into_boxed_slice()
}
