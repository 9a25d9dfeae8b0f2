//! The instruments of observable metrics, and the callbacks that give their values.

use super::codes::Codes;
use super::home::Home;
use super::limits::Limits;
use super::series::Slices;
use crate::definition::{ContractMetric, InstrumentKind, NumberType};
use crate::local;
use crate::panics;
use opentelemetry::Context;
use opentelemetry::metrics::{AsyncInstrument, Meter};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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

/// One collection of one observable metric.
pub(crate) struct Asking<'a> {
    pub(crate) codes: Codes<'a>,
    pub(crate) take: &'a dyn Fn(u64, Measured),
}

/// Gives the values of a metric.
pub(crate) type Callback = Arc<dyn Fn(&Asking<'_>) + Send + Sync>;

/// A callback that was given. It belongs to the process, or to a test scope, not to a provider.
struct Given {
    id: u64,
    metric: &'static ContractMetric,
    home: Home,
    callback: Callback,
}

static ALL: Mutex<Vec<Given>> = Mutex::new(Vec::new());

fn lock() -> MutexGuard<'static, Vec<Given>> {
    ALL.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Adds a callback of a metric. Returns what [`take_callback`] takes it out by.
pub(crate) fn add_callback(metric: &'static ContractMetric, callback: Callback) -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    let home = Home::current();
    lock().push(Given {
        id,
        metric,
        home,
        callback,
    });
    id
}

/// Takes a callback out, to be dropped once the lock is gone: it may hold what keeps another.
pub(crate) fn take_callback(id: u64) -> Option<Callback> {
    let mut all = lock();
    let position = all.iter().position(|given| given.id == id)?;
    Some(all.remove(position).callback)
}

fn callback(id: u64) -> Option<Callback> {
    let all = lock();
    let given = all.iter().find(|given| given.id == id);
    given.map(|given| given.callback.clone())
}

/// The callbacks of a metric that were given at this home.
fn callbacks_of(metric: &'static ContractMetric, home: Home) -> Vec<u64> {
    let all = lock();
    let of_metric = all
        .iter()
        .filter(|given| std::ptr::eq(given.metric, metric) && given.home == home);
    of_metric.map(|given| given.id).collect()
}

/// Makes the instrument of a metric, if it is observable.
pub(super) fn instrument(
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
                    ask(metric, home, &limits, &slices, |value, attributes| {
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

fn ask(
    metric: &'static ContractMetric,
    home: Home,
    limits: &Limits,
    slices: &Slices,
    take: impl Fn(Measured, &[opentelemetry::KeyValue]),
) {
    let definition = &metric.definition;
    // Values past a limit meet in one series; of a sum that has to be the sum of them, and an SDK
    // keeps only the last.
    let adds = metric.instrument != InstrumentKind::ObservableGauge;
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
    // The SDK asks while its instruments are locked: were one made in here, for the first
    // measurement of something else, it would wait for ever.
    if local::is_ending() {
        return;
    }
    let _suppressed = Context::enter_telemetry_suppressed_scope();
    // Not under our own lock: a callback may drop what keeps another, which is then not asked.
    for id in callbacks_of(metric, home) {
        if let Some(callback) = callback(id) {
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
