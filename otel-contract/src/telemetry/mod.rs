//! Where telemetry goes: the providers that are installed, and for each contract what was resolved
//! with them.
//!
//! An installation is never freed: operations and handles refer to it without counting, and one that
//! is replaced still ends the operations that started under it.

mod contract;
mod limiter;
mod limits;
mod providers;
mod scoped;
mod series;
mod table;
#[cfg(feature = "sdk")]
mod view;

pub(crate) use contract::{ContractTelemetry, MetricSeries, OperationInstruments};
pub(crate) use limits::Limits;
pub use providers::Providers;
pub(crate) use scoped::{Home, keep_scope, under};
#[cfg(feature = "testing")]
pub(crate) use scoped::{Scoped, scope, view_of_any};
pub(crate) use series::Slices;
#[cfg(feature = "testing")]
pub(crate) use series::attributes;
#[cfg(feature = "sdk")]
pub use view::view;

use crate::definition::ContractDefinition;
use opentelemetry::global::{self, GlobalTracerProvider};
use opentelemetry::metrics::MeterProvider;
use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, Weak};
use table::Table;

/// Providers, and the tables of every contract that recorded with them.
#[derive(Debug)]
pub(crate) struct Telemetry {
    /// `None`: the global one, asked at every operation, since it may be replaced unnoticed.
    tracers: Option<GlobalTracerProvider>,
    meters: Meters,
    contracts: Table<ContractTelemetry>,
    /// Where spans go instead, in a test scope.
    #[cfg(feature = "testing")]
    scope: Option<opentelemetry_sdk::trace::SdkTracerProvider>,
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
    fn leak(tracers: Option<GlobalTracerProvider>, meters: Meters) -> &'static Self {
        Box::leak(Box::new(Self {
            tracers,
            meters,
            contracts: Table::new(MOST_CONTRACTS),
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
        let mut last = GLOBAL.write().unwrap_or_else(PoisonError::into_inner);
        let telemetry = same(*last).unwrap_or_else(|| {
            let meters = if providers::does_nothing(&provider) {
                // Its address must not be used again, or the provider after it would pass for it.
                std::mem::forget(Arc::downgrade(&provider));
                Meters::None
            } else {
                Meters::Global(Arc::downgrade(&provider))
            };
            Self::leak(None, meters)
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
    seen(contract).or_else(|| look(contract))
}

/// What a contract records with now, if this thread used it last.
#[inline]
pub(crate) fn last(contract: &'static ContractDefinition) -> Option<&'static ContractTelemetry> {
    #[cfg(feature = "testing")]
    if let Some(scoped) = Scoped::current() {
        return scoped.contract(contract);
    }
    seen(contract)
}

#[inline]
fn seen(contract: &'static ContractDefinition) -> Option<&'static ContractTelemetry> {
    let (generation, telemetry) = LAST.get()?;
    let same = generation == GENERATION.load(Ordering::Acquire) && telemetry.is_of(contract);
    same.then_some(telemetry)
}

#[cold]
fn look(contract: &'static ContractDefinition) -> Option<&'static ContractTelemetry> {
    let generation = GENERATION.load(Ordering::Acquire);
    let installed = *INSTALLED.read().unwrap_or_else(PoisonError::into_inner);
    let Some(telemetry) = installed else {
        return Telemetry::global().contract(contract);
    };
    let telemetry = telemetry.contract(contract)?;
    LAST.set(Some((generation, telemetry)));
    Some(telemetry)
}

/// Rises with every installation, so that a thread knows whether what it saw last still holds.
static GENERATION: AtomicU64 = AtomicU64::new(0);
static INSTALLED: RwLock<Option<&'static Telemetry>> = RwLock::new(None);
static GLOBAL: RwLock<(usize, Option<&'static Telemetry>)> = RwLock::new((0, None));

thread_local! {
    /// What this thread used last, and the installation that was in force.
    static LAST: Cell<Option<(u64, &'static ContractTelemetry)>> = const { Cell::new(None) };
    /// The address of the global provider this thread used last.
    static GLOBAL_SEEN: Cell<(usize, Option<&'static Telemetry>)> = const { Cell::new((0, None)) };
}
