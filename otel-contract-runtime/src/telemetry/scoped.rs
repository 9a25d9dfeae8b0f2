//! Telemetry of a test scope: carried in the context, so that tests of one process run side by side.

use super::ContractTelemetry;
use crate::definition::ContractDefinition;
use opentelemetry::Context;

#[cfg(all(test, feature = "setup", feature = "testing"))]
pub(crate) use scope::scope_of;
#[cfg(feature = "testing")]
pub(crate) use scope::{Scoped, scope, view_of_any};

/// Whose a callback is: the process's, or that of the test scope it was given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Home(#[cfg(feature = "testing")] Option<usize>);

impl Home {
    pub(crate) const PROCESS: Self = Self(
        #[cfg(feature = "testing")]
        None,
    );
}

#[cfg(not(feature = "testing"))]
impl Home {
    pub(crate) fn current() -> Self {
        Self::PROCESS
    }
}

#[cfg(not(feature = "testing"))]
impl super::Telemetry {
    #[allow(clippy::unused_self)] // Of a scope it is asked.
    pub(super) fn home(&self) -> Home {
        Home::PROCESS
    }
}

/// What a contract records with under this parent, or in the current context.
#[inline]
pub(crate) fn under(
    parent: Option<&Context>,
    contract: &'static ContractDefinition,
) -> Option<&'static ContractTelemetry> {
    #[cfg(feature = "testing")]
    if let Some(scoped) = parent.and_then(Context::get::<Scoped>) {
        return scoped.contract(contract);
    }
    let _ = parent;
    super::current(contract)
}

/// A parent given explicitly, in the scope of the current context unless it brings its own.
#[inline]
pub(crate) fn keep_scope(parent: Option<Context>) -> Option<Context> {
    #[cfg(feature = "testing")]
    if let Some(parent) = &parent
        && parent.get::<Scoped>().is_none()
        && let Some(scoped) = Scoped::current()
    {
        return Some(parent.with_value(scoped));
    }
    parent
}

#[cfg(feature = "testing")]
mod scope {
    use super::{ContractDefinition, ContractTelemetry, Home};
    use crate::local;
    use crate::span::Pipeline;
    use crate::telemetry::view::view;
    use crate::telemetry::{Logs, MOST_CONTRACTS, Meters, Table, Telemetry, Tracers};
    use opentelemetry_sdk::logs::SdkLoggerProvider;
    use opentelemetry_sdk::metrics::{Instrument, SdkMeterProvider, Stream};
    use std::sync::{Arc, PoisonError, RwLock};

    /// The telemetry of a test scope, as a value of the context.
    #[derive(Clone, Copy, Debug)]
    pub(crate) struct Scoped(&'static Telemetry);

    impl Scoped {
        /// That of the thread's context.
        #[inline]
        pub(crate) fn current() -> Option<Self> {
            local::map_current(|context| context.get::<Self>().copied()).flatten()
        }

        /// Everything of one contract in this scope.
        #[inline]
        pub(crate) fn contract(
            self,
            contract: &'static ContractDefinition,
        ) -> Option<&'static ContractTelemetry> {
            let known = self.0.contracts.get(contract.number.get() as u64);
            known.or_else(|| {
                know(contract);
                self.0.contract(contract)
            })
        }
    }

    impl Home {
        pub(crate) fn current() -> Self {
            Self(Scoped::current().map(|scoped| std::ptr::from_ref(scoped.0).addr()))
        }
    }

    impl Telemetry {
        pub(in crate::telemetry) fn home(&self) -> Home {
            Home(self.scope.then(|| std::ptr::from_ref(self).addr()))
        }
    }

    /// Telemetry of its own, never freed as any other.
    pub(crate) fn scope(
        spans: Arc<Pipeline>,
        meters: SdkMeterProvider,
        loggers: SdkLoggerProvider,
    ) -> Scoped {
        Scoped(Box::leak(Box::new(Telemetry {
            tracers: Tracers::Own(spans),
            meters: Meters::Installed {
                provider: Arc::new(meters),
                binds: cfg!(feature = "bound-metrics"),
            },
            logs: Logs::to(loggers),
            contracts: Table::new(MOST_CONTRACTS),
            unfinished: None,
            scope: true,
        })))
    }

    /// With a provider of the SDK, which makes the spans.
    #[cfg(all(test, feature = "setup"))]
    pub(crate) fn scope_of(provider: opentelemetry_sdk::trace::SdkTracerProvider) -> Scoped {
        Scoped(Box::leak(Box::new(Telemetry {
            tracers: Tracers::Sdk(provider),
            meters: Meters::None,
            logs: Logs::default(),
            contracts: Table::new(MOST_CONTRACTS),
            unfinished: None,
            scope: true,
        })))
    }

    /// The contracts recorded in any scope. A scope is made before it is known which will be.
    static KNOWN: RwLock<Vec<&'static ContractDefinition>> = RwLock::new(Vec::new());

    fn know(contract: &'static ContractDefinition) {
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        if !known.iter().any(|one| std::ptr::eq(*one, contract)) {
            known.push(contract);
        }
    }

    /// The view of whichever contract an instrument belongs to.
    pub(crate) fn view_of_any(instrument: &Instrument) -> Option<Stream> {
        let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().find_map(|contract| view(contract, instrument))
    }
}
