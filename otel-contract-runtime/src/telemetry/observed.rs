//! The instruments of observable metrics, and the callbacks that observe their values.

use super::callback_owner::CallbackOwner;
use super::limiters::Limiters;
use super::series::SeriesAttributes;
use super::series_encoder::SeriesEncoder;
use crate::definition::{ContractMetric, InstrumentKind, NumberType};
use crate::local;
use crate::panics;
use opentelemetry::Context;
use opentelemetry::metrics::{AsyncInstrument, Meter};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A measured value of any number type.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum Measured {
    U64(u64),
    I64(i64),
    F64(f64),
}

impl Measured {
    /// Returns the sum of two values of one metric, which have the same type.
    fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::U64(first), Self::U64(second)) => Self::U64(first.saturating_add(second)),
            (Self::I64(first), Self::I64(second)) => Self::I64(first.saturating_add(second)),
            (Self::F64(first), Self::F64(second)) => Self::F64(first + second),
            (_, other) => other,
        }
    }
}

/// One collection of one observable metric.
pub(crate) struct Collection<'a> {
    pub(crate) encoder: SeriesEncoder<'a>,
    /// Records the value of the series with this number.
    pub(crate) observe: &'a dyn Fn(u64, Measured),
}

/// Callback that observes the values of a metric.
pub(crate) type Callback = Arc<dyn Fn(&Collection<'_>) + Send + Sync>;

/// A registered callback. It belongs to the process or to a test scope, not to a provider.
struct Registration {
    id: u64,
    metric: &'static ContractMetric,
    owner: CallbackOwner,
    callback: Callback,
}

static REGISTRATIONS: Mutex<Vec<Registration>> = Mutex::new(Vec::new());

fn lock() -> MutexGuard<'static, Vec<Registration>> {
    let registrations = REGISTRATIONS.lock();
    registrations.unwrap_or_else(PoisonError::into_inner)
}

/// Registers a callback of a metric. Returns the id for [`unregister_callback`].
pub(crate) fn register_callback(metric: &'static ContractMetric, callback: Callback) -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    let owner = CallbackOwner::current();
    lock().push(Registration {
        id,
        metric,
        owner,
        callback,
    });
    id
}

/// Unregisters a callback. Returns it, so that it is dropped after the lock is released: it may own the registration of
/// another callback.
pub(crate) fn unregister_callback(id: u64) -> Option<Callback> {
    let mut registrations = lock();
    let index = registrations.iter().position(|known| known.id == id)?;
    Some(registrations.remove(index).callback)
}

/// Returns the callback with this id, if it is still registered.
fn callback(id: u64) -> Option<Callback> {
    let registrations = lock();
    let registration = registrations.iter().find(|known| known.id == id);
    registration.map(|registration| registration.callback.clone())
}

/// Returns the ids of the callbacks of a metric with this owner.
fn callbacks_of(metric: &'static ContractMetric, owner: CallbackOwner) -> Vec<u64> {
    let registrations = lock();
    let of_metric = registrations
        .iter()
        .filter(|known| std::ptr::eq(known.metric, metric) && known.owner == owner);
    of_metric.map(|known| known.id).collect()
}

/// Creates the instrument of a metric, if the metric is observable.
pub(super) fn create_instrument(
    metric: &'static ContractMetric,
    meter: &Meter,
    limiters: &Arc<Limiters>,
    owner: CallbackOwner,
) {
    let definition = &metric.definition;
    macro_rules! observable {
        ($create:ident $variant:ident) => {{
            let limiters = limiters.clone();
            let series_attributes = SeriesAttributes::new(definition);
            let _observable = meter
                .$create(definition.name)
                .with_description(definition.brief)
                .with_unit(definition.unit)
                .with_callback(move |observer| {
                    collect(
                        metric,
                        owner,
                        &limiters,
                        &series_attributes,
                        &|value, attributes| {
                            if let Measured::$variant(value) = value {
                                AsyncInstrument::observe(observer, value, attributes);
                            }
                        },
                    );
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

/// Calls the callbacks of a metric, and passes the values of its series to `observe`.
fn collect(
    metric: &'static ContractMetric,
    owner: CallbackOwner,
    limiters: &Limiters,
    series_attributes: &SeriesAttributes,
    observe: &dyn Fn(Measured, &[opentelemetry::KeyValue]),
) {
    let definition = &metric.definition;
    // Values beyond a limit share one series. For a sum, the value of that series must be the sum of these values, but
    // the SDK keeps only the last one.
    let adds = metric.instrument != InstrumentKind::ObservableGauge;
    let values = RefCell::new(BTreeMap::new());
    let collection = Collection {
        encoder: SeriesEncoder {
            definition,
            limiters,
        },
        observe: &|series, value: Measured| {
            let mut values = values.borrow_mut();
            let entry = values.entry(series).or_insert(None::<Measured>);
            *entry = Some(match *entry {
                Some(earlier) if adds => earlier.plus(value),
                _ => value,
            });
        },
    };
    // The SDK calls this while its instruments are locked. Creating an instrument here, for the first measurement of
    // another metric, would wait forever, so telemetry is suppressed.
    if local::is_ending() {
        return;
    }
    let _suppressed = Context::enter_telemetry_suppressed_scope();
    // Callbacks run without our lock, because a callback may unregister another one, which is then not called.
    for id in callbacks_of(metric, owner) {
        if let Some(callback) = callback(id) {
            // A panic would end the SDK's reader and poison its locks: no other metric would be collected.
            panics::catch_and_note(|| callback(&collection));
        }
    }
    for (series, value) in values.take() {
        series_attributes.with(definition, series, limiters, |attributes| {
            value
                .into_iter()
                .for_each(|value| observe(value, attributes));
        });
    }
}
