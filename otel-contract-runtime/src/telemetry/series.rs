//! The series of a metric. Each series is resolved once, and then found by its number.

use super::limiters::Limiters;
use super::series_encoder::SeriesEncoder;
use super::table::Table;
use crate::definition::{Dimension, MetricDefinition};
use crate::local;
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Gauge, Histogram, UpDownCounter};
use std::collections::HashMap;
#[cfg(feature = "bound-metrics")]
use std::sync::OnceLock;
use std::sync::{Arc, PoisonError, RwLock};

/// Maximum number of series of a metric with a table of handles. A handle takes 32 bytes, and the SDK's state of a series
/// about 300. Up to this limit the table takes a tenth of the memory of the series, and its list of pages, which is
/// allocated from the start, at most 16 KiB.
pub(crate) const MAX_HANDLES: u64 = 65_536;

/// Common interface of the instruments of the API.
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

/// An instrument with the series that it has recorded.
#[derive(Debug)]
pub(crate) struct Series<I: Instrument> {
    definition: &'static MetricDefinition,
    instrument: I,
    resolved: Resolved<I>,
}

#[derive(Debug)]
enum Resolved<I: Instrument> {
    /// Handles of the SDK, by series.
    #[cfg(feature = "bound-metrics")]
    Bound(Table<I::Bound>),
    /// Attributes by series, for providers that cannot bind.
    Attributes(SeriesAttributes, std::marker::PhantomData<I>),
}

impl<I: Instrument> Series<I> {
    /// Creates the series of an instrument. `binds`: the provider of the instrument supports bound instruments, and its
    /// cardinality limit is at least the bound of the metric.
    pub(crate) fn new(definition: &'static MetricDefinition, instrument: I, binds: bool) -> Self {
        #[cfg(not(feature = "bound-metrics"))]
        let _ = binds;
        let resolved = match definition.series {
            #[cfg(feature = "bound-metrics")]
            length @ ..=MAX_HANDLES if binds => Resolved::Bound(Table::new(length)),
            _ => Resolved::Attributes(SeriesAttributes::new(definition), std::marker::PhantomData),
        };
        Self {
            definition,
            instrument,
            resolved,
        }
    }

    /// Returns the encoder of dimension values as series numbers.
    #[inline]
    pub(crate) fn encoder<'a>(&self, limiters: &'a Limiters) -> SeriesEncoder<'a> {
        SeriesEncoder {
            definition: self.definition,
            limiters,
        }
    }

    /// Records into the series with this number.
    #[inline]
    pub(crate) fn record(&self, series: u64, value: I::Number, limiters: &Limiters) {
        match &self.resolved {
            #[cfg(feature = "bound-metrics")]
            Resolved::Bound(table) => match table.get(series) {
                Some(bound) => I::measure_bound(bound, value),
                None => self.record_first(table, series, value, limiters),
            },
            Resolved::Attributes(series_attributes, _) => {
                series_attributes.with(self.definition, series, limiters, |attributes| {
                    let _phase = local::PhaseGuard::metric();
                    self.instrument.measure(value, attributes);
                });
            }
        }
    }

    /// Returns the handles by series number. The slice is empty if the metric has no table of handles, or a
    /// table of more than 512 entries, which is stored in pages.
    pub(crate) fn handles(&'static self) -> SeriesHandles<I> {
        match &self.resolved {
            #[cfg(feature = "bound-metrics")]
            Resolved::Bound(table) => SeriesHandles(table.flat()),
            Resolved::Attributes(..) => SeriesHandles::NONE,
        }
    }

    #[cfg(feature = "bound-metrics")]
    #[cold]
    fn record_first(
        &self,
        table: &Table<I::Bound>,
        series: u64,
        value: I::Number,
        limiters: &Limiters,
    ) {
        let attributes = attributes(self.definition, series, limiters);
        let _phase = local::PhaseGuard::metric();
        leak_padding();
        let bound = self.instrument.bind(&attributes);
        leak_padding();
        // If two threads bind the same series, one drops its handle after recording. Both handles record into the series.
        I::measure_bound(&bound, value);
        let _ = table.set(series, bound);
    }
}

/// Leaks an allocation that separates the SDK's state of one series from the state of the next. Processors fetch cache
/// lines in pairs: threads that record into series on the same pair would wait for each other. Like the series, the
/// allocation is never freed.
#[cfg(feature = "bound-metrics")]
fn leak_padding() {
    const CACHE_LINE_PAIR: usize = 128;
    std::hint::black_box(Box::leak(Box::new([0_u8; CACHE_LINE_PAIR])));
}

/// The handles of a metric, by series number. A series that has not been recorded has no handle.
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

    /// Records into the series with this number, if it has a handle. Returns whether it does.
    #[allow(clippy::inline_always)] // Saves a load before the SDK's own chain of loads.
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

/// The attributes of every series that a metric has recorded, in the order that the SDK requires: in another order the SDK
/// would sort them at every measurement.
#[derive(Debug)]
pub(crate) enum SeriesAttributes {
    Table(Table<Box<[KeyValue]>>),
    Map(RwLock<HashMap<u64, Arc<[KeyValue]>>>),
}

impl SeriesAttributes {
    pub(crate) fn new(definition: &MetricDefinition) -> Self {
        match definition.series {
            length @ ..=MAX_HANDLES => Self::Table(Table::new(length)),
            _ => Self::Map(RwLock::default()),
        }
    }

    /// Calls a function with the attributes of the series with this number.
    #[inline]
    pub(crate) fn with(
        &self,
        definition: &MetricDefinition,
        series: u64,
        limiters: &Limiters,
        measure: impl FnOnce(&[KeyValue]),
    ) {
        match self {
            Self::Table(table) => {
                let make = || attributes(definition, series, limiters);
                if let Some(slice) = table.get_or_init(series, make) {
                    measure(slice);
                }
            }
            Self::Map(map) => {
                // The read lock is released before the write lock is taken.
                let present = {
                    let map = map.read().unwrap_or_else(PoisonError::into_inner);
                    map.get(&series).cloned()
                };
                let slice = present.unwrap_or_else(|| {
                    let new = Arc::from(attributes(definition, series, limiters));
                    let mut map = map.write().unwrap_or_else(PoisonError::into_inner);
                    map.entry(series).or_insert(new).clone()
                });
                measure(&slice);
            }
        }
    }
}

/// Returns the attributes of the series with this number, sorted by key.
pub(crate) fn attributes(
    definition: &MetricDefinition,
    series: u64,
    limiters: &Limiters,
) -> Box<[KeyValue]> {
    let pair = |dimension: &Dimension| {
        let code = dimension.code(series)?;
        Some(KeyValue::new(
            dimension.key,
            limiters.value(dimension, code)?,
        ))
    };
    let mut attributes: Vec<KeyValue> = definition.dimensions.iter().filter_map(pair).collect();
    // The other keys have the same values, so they do not change the number of series.
    limiters.contract().add_other_keys(&mut attributes);
    attributes.sort_by(|first, second| first.key.cmp(&second.key));
    attributes.into_boxed_slice()
}
