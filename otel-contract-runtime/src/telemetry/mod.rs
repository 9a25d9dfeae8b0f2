//! Where telemetry goes: the providers that are installed, and for each contract what was resolved
//! with them.
//!
//! An installation is never freed: operations and handles refer to it without counting, and one that
//! is replaced still ends the operations that started under it.

mod contract;
mod limiter;
mod limits;
#[cfg(feature = "logs")]
mod logger;
mod logs;
mod providers;
mod scoped;
mod series;
mod table;
mod unfinished;
#[cfg(feature = "sdk")]
mod view;

pub(crate) use contract::{ContractTelemetry, Handles, MetricSeries, OperationInstruments};
pub(crate) use limits::{Limits, push_static, push_text};
#[cfg(feature = "logs")]
pub(crate) use logger::LogEvent;
pub(crate) use logs::Logs;
pub use providers::Providers;
pub(crate) use scoped::{Home, keep_scope, under};
#[cfg(feature = "testing")]
pub(crate) use scoped::{Scoped, scope, view_of_any};
pub(crate) use series::Slices;
#[cfg(feature = "testing")]
pub(crate) use series::attributes;
pub(crate) use unfinished::Unfinished;
#[cfg(feature = "sdk")]
pub use view::view;
#[cfg(feature = "setup")]
pub(crate) use view::{EXPONENTIAL, exponential_view};

use crate::definition::ContractDefinition;
use crate::local;
use opentelemetry::global::{self, GlobalTracerProvider};
use opentelemetry::metrics::MeterProvider;
use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, Weak};
use table::Table;

/// Providers, and the tables of every contract that recorded with them.
#[derive(Debug)]
pub(crate) struct Telemetry {
    tracers: Tracers,
    meters: Meters,
    logs: Logs,
    contracts: Table<ContractTelemetry>,
    /// What runs under a set-up.
    unfinished: Option<Arc<Unfinished>>,
    /// Whether it is that of a test scope.
    #[cfg(feature = "testing")]
    scope: bool,
}

/// Where spans come from.
#[derive(Debug)]
enum Tracers {
    /// OpenTelemetry's global provider, asked at every operation, since it may be replaced unnoticed.
    Global,
    /// Handed to us.
    #[cfg(feature = "sdk")]
    Sdk(opentelemetry_sdk::trace::SdkTracerProvider),
    Boxed(GlobalTracerProvider),
    /// That of a set-up, or of a test scope.
    #[cfg(any(feature = "setup", feature = "testing"))]
    Own(Arc<crate::span::Pipeline>),
}

enum Meters {
    /// No provider, or one that does nothing: dimensions are not even evaluated.
    None,
    /// Handed to us. `binds`: it is the SDK's own, with binding compiled in.
    Installed {
        provider: Arc<dyn MeterProvider + Send + Sync>,
        binds: bool,
    },
    /// OpenTelemetry's global one. Not kept alive by us, only told from the one that replaces it.
    Global(Weak<dyn MeterProvider + Send + Sync>),
}

impl std::fmt::Debug for Meters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Installed { binds: true, .. } => "Installed, binds",
            Self::Installed { binds: false, .. } => "Installed",
            Self::Global(_) => "Global",
        })
    }
}

/// Contracts a process may use.
const MOST_CONTRACTS: u64 = 4_096;

impl Telemetry {
    fn leak(
        tracers: Tracers,
        meters: Meters,
        logs: Logs,
        unfinished: Option<Arc<Unfinished>>,
    ) -> &'static Self {
        Box::leak(Box::new(Self {
            tracers,
            meters,
            logs,
            contracts: Table::new(MOST_CONTRACTS),
            unfinished,
            #[cfg(feature = "testing")]
            scope: false,
        }))
    }

    /// Before anything is installed: OpenTelemetry's global providers.
    fn global() -> &'static Self {
        let provider = global::meter_provider();
        let address = Arc::as_ptr(&provider).addr();
        let same = |(seen, telemetry): (usize, Option<&'static Self>)| {
            telemetry.filter(|_| seen == address)
        };
        if let Some(telemetry) = same(GLOBAL_SEEN.get()) {
            return telemetry;
        }
        let mut last = GLOBAL.write().unwrap_or_else(PoisonError::into_inner);
        let telemetry = same(*last).unwrap_or_else(|| {
            let meters = if providers::does_nothing(&provider) {
                // Its address must not be used again, or the provider after it would pass for it.
                std::mem::forget(Arc::downgrade(&provider));
                Meters::None
            } else {
                Meters::Global(Arc::downgrade(&provider))
            };
            Self::leak(Tracers::Global, meters, Logs::default(), None)
        });
        *last = (address, Some(telemetry));
        GLOBAL_SEEN.set(*last);
        telemetry
    }

    /// Everything of one contract; `None` where a process uses thousands of them.
    fn contract(
        &'static self,
        contract: &'static ContractDefinition,
    ) -> Option<&'static ContractTelemetry> {
        let number = contract.number.get() as u64;
        let make = || ContractTelemetry::new(contract, self);
        self.contracts.get_or_init(number, make)
    }
}

/// What a contract records with now.
#[inline]
pub(crate) fn current(contract: &'static ContractDefinition) -> Option<&'static ContractTelemetry> {
    #[cfg(feature = "testing")]
    if let Some(scoped) = Scoped::current() {
        return scoped.contract(contract);
    }
    installed(contract)
}

/// What a contract records with outside of any test scope.
#[inline]
pub(crate) fn installed(
    contract: &'static ContractDefinition,
) -> Option<&'static ContractTelemetry> {
    match LAST.get() {
        Some((seen, last)) if seen == generation() && last.is_of(contract) => Some(last),
        _ => look(contract),
    }
}

/// The number of the installation that is in force.
#[inline]
pub(crate) fn generation() -> u64 {
    GENERATION.load(Ordering::Acquire)
}

/// Whether this telemetry is that of an installation, and of which: OpenTelemetry's global providers
/// may be replaced unnoticed, so they have to be asked each time.
pub(crate) fn installation(telemetry: &ContractTelemetry) -> Option<u64> {
    let (generation, last) = LAST.get()?;
    std::ptr::eq(last, telemetry).then_some(generation)
}

#[cold]
fn look(contract: &'static ContractDefinition) -> Option<&'static ContractTelemetry> {
    let generation = generation();
    let installed = *INSTALLED.read().unwrap_or_else(PoisonError::into_inner);
    let Some(telemetry) = installed else {
        return Telemetry::global().contract(contract);
    };
    let telemetry = telemetry.contract(contract)?;
    LAST.set(Some((generation, telemetry)));
    Some(telemetry)
}

/// Whether this thread need not look: nothing was installed the last thousand times, or the thread is ending.
#[inline]
pub(crate) fn is_idle() -> bool {
    if local::is_ending() {
        return true;
    }
    #[cfg(feature = "testing")]
    if Scoped::current().is_some() {
        return false;
    }
    let idle = IDLE.get();
    let resting = idle.skip > 0 && idle.generation == generation();
    if resting {
        IDLE.set(Idle {
            skip: idle.skip - 1,
            ..idle
        });
    }
    resting
}

/// An operation looked, and whether it found anything to record with.
///
/// Whether OpenTelemetry's global tracer provider is the one that does nothing can only be told by
/// starting a span, which allocates. So after a thousand operations in vain a thread looks again only
/// now and then: of a provider that is set globally so late, the first operations go by. One that is
/// installed through [`Providers`] is noticed at once.
pub(crate) fn looked(found: bool) {
    const PATIENCE: u32 = 1_024;
    const LONGEST_REST: u32 = 1_023;
    let idle = IDLE.get();
    let generation = generation();
    let vain = if found || generation != idle.generation {
        u32::from(!found)
    } else {
        idle.vain.saturating_add(1)
    };
    let skip = if vain < PATIENCE {
        0
    } else {
        (vain - PATIENCE + 1).saturating_mul(64).min(LONGEST_REST)
    };
    IDLE.set(Idle {
        generation,
        vain,
        skip,
    });
}

/// What a thread knows of nothing being installed.
#[derive(Clone, Copy, Debug)]
struct Idle {
    generation: u64,
    /// How many operations in a row found nothing.
    vain: u32,
    /// How many more do not look.
    skip: u32,
}

/// Rises with every installation, so that a thread knows whether what it saw last still holds.
static GENERATION: AtomicU64 = AtomicU64::new(0);
static INSTALLED: RwLock<Option<&'static Telemetry>> = RwLock::new(None);
static GLOBAL: RwLock<(usize, Option<&'static Telemetry>)> = RwLock::new((0, None));

thread_local! {
    /// What this thread used last, and the installation that was in force.
    static LAST: Cell<Option<(u64, &'static ContractTelemetry)>> = const { Cell::new(None) };
    static IDLE: Cell<Idle> = const { Cell::new(Idle { generation: 0, vain: 0, skip: 0 }) };
    /// The address of the global provider this thread used last.
    static GLOBAL_SEEN: Cell<(usize, Option<&'static Telemetry>)> = const { Cell::new((0, None)) };
}
