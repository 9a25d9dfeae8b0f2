//! The installed providers, and the tracers, instruments and loggers of each contract.
//!
//! An installation is never freed: operations and handles refer to it without reference counts, and a replaced
//! installation still ends the operations that started under it.

mod callback_owner;
mod contract;
mod create;
mod creation_queue;
mod install;
mod instruments;
mod known;
mod limiter;
mod limiters;
#[cfg(feature = "logs")]
mod logger;
mod logs;
mod observed;
mod outside;
mod providers;
mod scoped;
mod series;
mod series_encoder;
mod source;
mod table;
mod unfinished;
mod unrecorded;
#[cfg(feature = "sdk")]
mod view;

pub(crate) use contract::ContractTelemetry;
pub(crate) use instruments::{Handles, MetricSeries, OperationInstruments};
#[cfg(feature = "testing")]
pub(crate) use known::contracts as known_contracts;
pub(crate) use known::remember;
pub(crate) use limiters::{Limiters, push_static, push_text};
#[cfg(feature = "logs")]
pub(crate) use logger::LogEvent;
pub(crate) use logs::Logs;
pub(crate) use observed::{Callback, Collection, Measured, register_callback, unregister_callback};
pub(crate) use outside::note_start;
#[cfg(feature = "testing")]
pub(crate) use outside::{Starts, starts, watch};
pub use providers::{AnyContract, ContractProviders, KnownContract, Providers};
#[cfg(all(test, feature = "setup", feature = "testing"))]
pub(crate) use scoped::scope_of;
#[cfg(feature = "testing")]
pub(crate) use scoped::{Scoped, scope, view_of_any};
pub(crate) use scoped::{for_parent, keep_scope};
#[cfg(feature = "testing")]
pub(crate) use series::attributes;
pub use series_encoder::SeriesEncoder;
pub(crate) use unfinished::Unfinished;
pub(crate) use unrecorded::note_unrecorded;
pub use unrecorded::report_unrecorded_after;
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

/// An installation: providers, and the telemetry of every contract that recorded with them.
#[derive(Debug)]
pub(crate) struct Telemetry {
    tracers: Tracers,
    meters: Meters,
    #[cfg_attr(
        not(feature = "logs"),
        expect(dead_code, reason = "events are not recorded")
    )]
    logs: Logs,
    // Boxed, so that a page of the table is small while few contracts are used.
    contracts: Table<Box<ContractTelemetry>>,
    /// Counter of the unfinished operations under a set-up.
    unfinished: Option<Arc<Unfinished>>,
    /// State of a test scope.
    #[cfg(feature = "testing")]
    scope: Option<scoped::ScopeActivity>,
}

/// The source of spans.
#[derive(Debug)]
enum Tracers {
    /// OpenTelemetry's global provider. It is read at every operation, because it may be replaced at any time.
    Global,
    /// An installed provider of the SDK.
    #[cfg(feature = "sdk")]
    Sdk(opentelemetry_sdk::trace::SdkTracerProvider),
    /// Any other installed provider.
    Boxed(GlobalTracerProvider),
    /// The pipeline of a set-up or of a test scope.
    #[cfg(any(feature = "setup", feature = "testing"))]
    Pipeline(Arc<crate::span::Pipeline>),
}

/// The meter provider.
enum Meters {
    /// No provider, or a no-op provider: dimensions are not even evaluated.
    None,
    /// An installed provider. `binds`: it is the SDK's provider, with binding compiled in.
    Installed {
        provider: Arc<dyn MeterProvider + Send + Sync>,
        binds: bool,
    },
    /// OpenTelemetry's global provider. The reference does not keep the provider alive. It is followed to create instruments,
    /// and distinguishes the provider from a later global provider.
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

/// Maximum number of contracts in a process.
const MAX_CONTRACTS: u64 = 4_096;

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
            contracts: Table::new(MAX_CONTRACTS),
            unfinished,
            #[cfg(feature = "testing")]
            scope: None,
        }))
    }

    /// Returns the telemetry of OpenTelemetry's global providers, which is used until providers are installed.
    fn global() -> &'static Self {
        let provider = global::meter_provider();
        let address = Arc::as_ptr(&provider).addr();
        let if_same = |(cached, telemetry): (usize, Option<&'static Self>)| {
            telemetry.filter(|_| cached == address)
        };
        if let Some(telemetry) = if_same(LAST_GLOBAL.get()) {
            return telemetry;
        }
        let last = *GLOBAL.read().unwrap_or_else(PoisonError::into_inner);
        let telemetry = if_same(last).unwrap_or_else(|| Self::resolve_global(&provider, address));
        LAST_GLOBAL.set((address, Some(telemetry)));
        telemetry
    }

    #[cold]
    fn resolve_global(
        provider: &Arc<dyn MeterProvider + Send + Sync>,
        address: usize,
    ) -> &'static Self {
        // Called before the lock is taken, because it may run code of others.
        let is_noop = source::guarded(|| providers::is_noop(provider)) == Some(true);
        let mut last = GLOBAL.write().unwrap_or_else(PoisonError::into_inner);
        if let (cached, Some(telemetry)) = *last
            && cached == address
        {
            return telemetry;
        }
        let meters = if is_noop {
            // Leaks the reference, so that no later provider gets the same address: providers are compared by address.
            std::mem::forget(Arc::downgrade(provider));
            Meters::None
        } else {
            Meters::Global(Arc::downgrade(provider))
        };
        let telemetry = Self::leak(Tracers::Global, meters, Logs::default(), None);
        *last = (address, Some(telemetry));
        telemetry
    }

    /// Returns the telemetry of a contract, which is added on first use. `None` if the process uses more than
    /// [`MAX_CONTRACTS`] contracts, or if the contract is not added and telemetry is suppressed.
    fn contract(
        &'static self,
        contract: &'static ContractDefinition,
    ) -> Option<&'static ContractTelemetry> {
        let present = self.contracts.get(contract.index.get() as u64);
        match present {
            Some(present) => Some(present),
            None if local::is_suppressed() => None,
            None => self.add(contract),
        }
    }

    /// Adds a contract, unless code of a provider runs on this thread: it may be adding the same contract.
    #[cold]
    fn add(
        &'static self,
        contract: &'static ContractDefinition,
    ) -> Option<&'static ContractTelemetry> {
        known::remember(contract);
        let index = contract.index.get() as u64;
        if local::is_creating() || index >= MAX_CONTRACTS {
            return None;
        }
        // Created first and published afterwards. If two threads race, one drops its result, outside of any lock.
        let new = Box::new(ContractTelemetry::new(contract, self));
        if let Err(duplicate) = self.contracts.set(index, new) {
            source::guarded(|| drop(duplicate));
        }
        let added = self.contracts.get(index)?;
        added.request_observables();
        Some(added)
    }

    /// Counts a measurement or an event that was lost because its instrument or logger was not ready.
    fn count_not_ready(&self) {
        if let Some(unfinished) = &self.unfinished {
            unfinished.count_not_ready();
        }
    }
}

/// Returns the telemetry of a contract in the current context.
#[inline]
pub(crate) fn current(contract: &'static ContractDefinition) -> Option<&'static ContractTelemetry> {
    #[cfg(feature = "testing")]
    if let Some(scoped) = Scoped::current() {
        return scoped.contract(contract);
    }
    installed(contract)
}

/// Returns the telemetry of a contract outside of test scopes.
#[inline]
pub(crate) fn installed(
    contract: &'static ContractDefinition,
) -> Option<&'static ContractTelemetry> {
    match LAST.get() {
        Some((cached, last)) if cached == generation() && last.is_of(contract) => Some(last),
        _ => look_up(contract),
    }
}

/// Returns the number of the current installation.
#[inline]
pub(crate) fn generation() -> u64 {
    GENERATION.load(Ordering::Acquire)
}

/// Returns the number of the installation, if this is the telemetry that the thread looked up last under an installation.
/// `None` for test scopes and for OpenTelemetry's global providers, which may be replaced at any time, so that they have
/// to be read each time.
pub(crate) fn installation(telemetry: &ContractTelemetry) -> Option<u64> {
    let (generation, last) = LAST.get()?;
    std::ptr::eq(last, telemetry).then_some(generation)
}

/// Returns the current installation, or the telemetry of OpenTelemetry's global providers if there is none.
fn installed_or_global() -> &'static Telemetry {
    let installed = *INSTALLED.read().unwrap_or_else(PoisonError::into_inner);
    installed.map_or_else(Telemetry::global, |(_, telemetry)| telemetry)
}

#[cold]
fn look_up(contract: &'static ContractDefinition) -> Option<&'static ContractTelemetry> {
    let generation = generation();
    let installed = *INSTALLED.read().unwrap_or_else(PoisonError::into_inner);
    let Some((_, telemetry)) = installed else {
        return Telemetry::global().contract(contract);
    };
    let resolved = telemetry.contract(contract)?;
    LAST.set(Some((generation, resolved)));
    Some(resolved)
}

/// Creates the observable instruments of a contract, so that its callbacks are called. This also works if telemetry is
/// suppressed, because a callback may register another callback. In a test scope, the instruments of the scope are
/// created.
pub(crate) fn observe(contract: &'static ContractDefinition) {
    remember(contract);
    // The thread may hold the lock of OpenTelemetry's globals. The next installation creates the instruments.
    if local::is_creating() {
        return;
    }
    #[cfg(feature = "testing")]
    let telemetry = Scoped::current().map_or_else(installed_or_global, Scoped::telemetry);
    #[cfg(not(feature = "testing"))]
    let telemetry = installed_or_global();
    let present = telemetry.contracts.get(contract.index.get() as u64);
    if let Some(contract) = present
        .map(|present| &**present)
        .or_else(|| telemetry.add(contract))
    {
        contract.request_observables();
        contract.await_observables();
    }
}

/// Whether an operation can skip the lookup of its telemetry: this thread skips lookups after many misses, or no operation
/// may start on this thread.
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
    let skips = idle.skip > 0 && idle.generation == generation();
    if skips {
        IDLE.set(Idle {
            skip: idle.skip - 1,
            ..idle
        });
    }
    skips
}

/// Notes that an operation looked up its telemetry; `found`: whether a provider records the operation.
///
/// Only starting a span, which allocates, shows whether OpenTelemetry's global tracer provider is the no-op provider.
/// After about a thousand misses a thread therefore skips most lookups. If a global provider is set that late, the first
/// operations are not recorded. A provider installed through [`Providers`] is noticed at once.
pub(crate) fn note_lookup(found: bool) {
    const MISSES_BEFORE_SKIPPING: u32 = 1_024;
    const MAX_SKIP: u32 = 1_023;
    let idle = IDLE.get();
    let generation = generation();
    let misses = if found || generation != idle.generation {
        u32::from(!found)
    } else {
        idle.misses.saturating_add(1)
    };
    let skip = if misses < MISSES_BEFORE_SKIPPING {
        0
    } else {
        (misses - MISSES_BEFORE_SKIPPING + 1)
            .saturating_mul(64)
            .min(MAX_SKIP)
    };
    IDLE.set(Idle {
        generation,
        misses,
        skip,
    });
}

/// Lookups of a thread that found nothing.
#[derive(Clone, Copy, Debug)]
struct Idle {
    generation: u64,
    /// Number of consecutive operations that found nothing.
    misses: u32,
    /// Number of further operations that skip the lookup.
    skip: u32,
}

/// Number of the current installation. It increases with every installation, so that threads can detect that a cached value
/// is outdated.
static GENERATION: AtomicU64 = AtomicU64::new(0);
/// The current installation, with its number among all installations.
static INSTALLED: RwLock<Option<(u64, &'static Telemetry)>> = RwLock::new(None);
/// Address of the last global meter provider, with its telemetry.
static GLOBAL: RwLock<(usize, Option<&'static Telemetry>)> = RwLock::new((0, None));

thread_local! {
    /// The telemetry that this thread used last, with the number of the installation.
    static LAST: Cell<Option<(u64, &'static ContractTelemetry)>> = const { Cell::new(None) };
    static IDLE: Cell<Idle> = const { Cell::new(Idle { generation: 0, misses: 0, skip: 0 }) };
    /// The thread's copy of [`GLOBAL`].
    static LAST_GLOBAL: Cell<(usize, Option<&'static Telemetry>)> = const { Cell::new((0, None)) };
}
