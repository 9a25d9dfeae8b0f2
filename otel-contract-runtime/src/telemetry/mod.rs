//! Where telemetry goes: the providers that are installed, and for each contract what was resolved
//! with them.
//!
//! An installation is never freed: operations and handles refer to it without counting, and one that
//! is replaced still ends the operations that started under it.

mod codes;
mod contract;
mod home;
mod install;
mod instruments;
mod known;
mod limiter;
mod limits;
#[cfg(feature = "logs")]
mod logger;
mod logs;
mod make;
mod making;
mod observed;
mod providers;
mod scoped;
mod series;
mod source;
mod table;
mod unfinished;
#[cfg(feature = "sdk")]
mod view;

pub use codes::Codes;
pub(crate) use contract::ContractTelemetry;
pub(crate) use instruments::{Handles, MetricSeries, OperationInstruments};
pub(crate) use known::remember;
pub(crate) use limits::{Limits, push_static, push_text};
#[cfg(feature = "logs")]
pub(crate) use logger::LogEvent;
pub(crate) use logs::Logs;
pub(crate) use observed::{Asking, Callback, Measured, add_callback, take_callback};
pub use providers::{AnyContract, ContractProviders, KnownContract, Providers};
#[cfg(all(test, feature = "setup", feature = "testing"))]
pub(crate) use scoped::scope_of;
#[cfg(feature = "testing")]
pub(crate) use scoped::{Scoped, scope, view_of_any};
pub(crate) use scoped::{for_parent, keep_scope};
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
    #[cfg_attr(
        not(feature = "logs"),
        expect(dead_code, reason = "events are not recorded")
    )]
    logs: Logs,
    // Boxed: a page of the table is small while few contracts are used.
    contracts: Table<Box<ContractTelemetry>>,
    /// What runs under a set-up.
    unfinished: Option<Arc<Unfinished>>,
    /// Of a test scope.
    #[cfg(feature = "testing")]
    scope: Option<scoped::Collecting>,
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
            scope: None,
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
        let last = *GLOBAL.read().unwrap_or_else(PoisonError::into_inner);
        let telemetry = same(last).unwrap_or_else(|| Self::of_global(&provider, address));
        GLOBAL_SEEN.set((address, Some(telemetry)));
        telemetry
    }

    #[cold]
    fn of_global(provider: &Arc<dyn MeterProvider + Send + Sync>, address: usize) -> &'static Self {
        // Asked before the lock is taken: this may be code of others.
        let does_nothing = source::guarded(|| providers::does_nothing(provider)) == Some(true);
        let mut last = GLOBAL.write().unwrap_or_else(PoisonError::into_inner);
        if let (seen, Some(telemetry)) = *last
            && seen == address
        {
            return telemetry;
        }
        let meters = if does_nothing {
            // Its address must not be used again, or the provider after it would pass for it.
            std::mem::forget(Arc::downgrade(provider));
            Meters::None
        } else {
            Meters::Global(Arc::downgrade(provider))
        };
        let telemetry = Self::leak(Tracers::Global, meters, Logs::default(), None);
        *last = (address, Some(telemetry));
        telemetry
    }

    /// Everything of one contract; `None` where a process uses thousands of them, or where telemetry is suppressed and it
    /// is not there yet.
    fn contract(
        &'static self,
        contract: &'static ContractDefinition,
    ) -> Option<&'static ContractTelemetry> {
        let known = self.contracts.get(contract.number.get() as u64);
        match known {
            Some(known) => Some(known),
            None if local::is_suppressed() => None,
            None => self.add(contract),
        }
    }

    /// Adds a contract, unless this thread makes something already: what it makes may be this.
    #[cold]
    fn add(
        &'static self,
        contract: &'static ContractDefinition,
    ) -> Option<&'static ContractTelemetry> {
        known::remember(contract);
        let number = contract.number.get() as u64;
        if local::is_creating() || number >= MOST_CONTRACTS {
            return None;
        }
        // Made first and published then. Of two threads one drops what it made, outside of any lock.
        let made = Box::new(ContractTelemetry::new(contract, self));
        if let Err(made) = self.contracts.set(number, made) {
            source::guarded(|| drop(made));
        }
        let added = self.contracts.get(number)?;
        added.request_observables();
        Some(added)
    }

    /// Something was lost, since its instrument or its logger was not ready.
    fn count_not_ready(&self) {
        if let Some(unfinished) = &self.unfinished {
            unfinished.count_not_ready();
        }
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

/// What is installed; OpenTelemetry's global providers where nothing is.
fn in_force() -> &'static Telemetry {
    let installed = *INSTALLED.read().unwrap_or_else(PoisonError::into_inner);
    installed.map_or_else(Telemetry::global, |(_, telemetry)| telemetry)
}

#[cold]
fn look(contract: &'static ContractDefinition) -> Option<&'static ContractTelemetry> {
    let generation = generation();
    let installed = *INSTALLED.read().unwrap_or_else(PoisonError::into_inner);
    let Some((_, telemetry)) = installed else {
        return Telemetry::global().contract(contract);
    };
    let telemetry = telemetry.contract(contract)?;
    LAST.set(Some((generation, telemetry)));
    Some(telemetry)
}

/// Makes sure that the callbacks of a contract are asked, also where telemetry is suppressed: a callback may register
/// another one. In a test scope, those of the scope.
pub(crate) fn observe(contract: &'static ContractDefinition) {
    remember(contract);
    // The thread may hold the lock of OpenTelemetry's globals: what is installed next will ask.
    if local::is_creating() {
        return;
    }
    #[cfg(feature = "testing")]
    let telemetry = Scoped::current().map_or_else(in_force, Scoped::telemetry);
    #[cfg(not(feature = "testing"))]
    let telemetry = in_force();
    let known = telemetry.contracts.get(contract.number.get() as u64);
    if let Some(known) = known
        .map(|known| &**known)
        .or_else(|| telemetry.add(contract))
    {
        known.request_observables();
        known.await_observables();
    }
}

/// Whether this thread need not look: nothing was installed the last thousand times, or no operation starts on it.
#[inline]
pub(crate) fn is_idle() -> bool {
    if local::blocks_operations() {
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
pub(crate) fn note_lookup(found: bool) {
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
/// The last installation, with its place among all of them.
static INSTALLED: RwLock<Option<(u64, &'static Telemetry)>> = RwLock::new(None);
static GLOBAL: RwLock<(usize, Option<&'static Telemetry>)> = RwLock::new((0, None));

thread_local! {
    /// What this thread used last, and the installation that was in force.
    static LAST: Cell<Option<(u64, &'static ContractTelemetry)>> = const { Cell::new(None) };
    static IDLE: Cell<Idle> = const { Cell::new(Idle { generation: 0, vain: 0, skip: 0 }) };
    /// The address of the global provider this thread used last.
    static GLOBAL_SEEN: Cell<(usize, Option<&'static Telemetry>)> = const { Cell::new((0, None)) };
}
