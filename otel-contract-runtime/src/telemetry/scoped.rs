//! Telemetry of a test scope. It is a value of the context, so that tests of one process can run in parallel.

use super::ContractTelemetry;
use crate::definition::ContractDefinition;
use opentelemetry::Context;

#[cfg(feature = "testing")]
pub(super) use scope::ScopeActivity;
#[cfg(all(test, feature = "setup", feature = "testing"))]
pub(crate) use scope::scope_of;
#[cfg(feature = "testing")]
pub(crate) use scope::{Scoped, scope, view_of_any};

/// Returns the telemetry of a contract for this parent, or for the current context.
#[inline]
pub(crate) fn for_parent(
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

/// Adds the test scope of the current context to an explicit parent, unless the parent has a scope.
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
    use super::{ContractDefinition, ContractTelemetry};
    use crate::definition::OperationDefinition;
    use crate::local;
    use crate::span::Pipeline;
    use crate::telemetry::view::view;
    use crate::telemetry::{Logs, MAX_CONTRACTS, Meters, Table, Telemetry, Tracers, known};
    use opentelemetry_sdk::logs::SdkLoggerProvider;
    use opentelemetry_sdk::metrics::{Instrument, SdkMeterProvider, Stream};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex, PoisonError};
    use std::time::{Duration, Instant};

    /// The telemetry of a test scope, as a value of the context.
    #[derive(Clone, Copy, Debug)]
    pub(crate) struct Scoped(&'static Telemetry);

    impl Scoped {
        /// Returns the test scope of the thread's context.
        #[inline]
        pub(crate) fn current() -> Option<Self> {
            local::map_current(|context| context.get::<Self>().copied()).flatten()
        }

        /// Returns the telemetry of a contract in this scope.
        #[inline]
        pub(crate) fn contract(
            self,
            contract: &'static ContractDefinition,
        ) -> Option<&'static ContractTelemetry> {
            self.0.contract(contract)
        }

        /// Collects the metrics of the scope. Returns `None` if a running collection does not end in time. This happens if a
        /// callback of that collection calls this method, or waits for a thread that does.
        pub(crate) fn collect<R>(self, collect: impl FnOnce() -> R) -> Option<R> {
            let _collecting = self.0.scope.as_ref()?.begin_collection()?;
            Some(collect())
        }

        /// Returns the attribute values that were set after their operations had ended.
        pub(crate) fn lost(self) -> Vec<LostValue> {
            let lost = self.0.scope.as_ref().map(|scope| &scope.lost);
            lost.map(|lost| lost.lock().unwrap_or_else(PoisonError::into_inner).clone())
                .unwrap_or_default()
        }

        pub(in crate::telemetry) fn telemetry(self) -> &'static Telemetry {
            self.0
        }
    }

    /// Collections and creations of instruments in a test scope, and the attribute values that were lost in it.
    ///
    /// The SDK holds a lock while the scope collects. While no collection runs, that lock cannot block the creation of an
    /// instrument, so the instrument is created on the calling thread. A thread for each instrument would slow tests down
    /// on a busy machine.
    #[derive(Debug, Default)]
    pub(in crate::telemetry) struct ScopeActivity {
        collecting: AtomicUsize,
        creating: AtomicUsize,
        lost: Mutex<Vec<LostValue>>,
    }

    /// An attribute value that was set after its operation had ended.
    #[derive(Clone, Copy, Debug)]
    pub(crate) struct LostValue {
        pub(crate) operation: &'static OperationDefinition,
        pub(crate) key: &'static str,
    }

    impl ContractTelemetry {
        /// Notes a lost value, if this is the telemetry of a test scope.
        pub(crate) fn note_lost(&self, operation: &'static OperationDefinition, index: usize) {
            if let Some(scope) = &self.telemetry.scope {
                let key = operation.attributes[index].key;
                let mut lost = scope.lost.lock().unwrap_or_else(PoisonError::into_inner);
                lost.push(LostValue { operation, key });
            }
        }
    }

    impl ScopeActivity {
        /// Calls `create` unless the scope is collecting. Returns whether it called `create`.
        pub(in crate::telemetry) fn create_unless_collecting(&self, create: impl FnOnce()) -> bool {
            self.creating.fetch_add(1, Ordering::SeqCst);
            let creating = Counted(&self.creating);
            let is_free = self.collecting.load(Ordering::SeqCst) == 0;
            if is_free {
                create();
            }
            drop(creating);
            is_free
        }

        /// Begins a collection, after other collections and creations have ended. Both waits have a bound: `None` if
        /// another collection does not end in time.
        fn begin_collection(&self) -> Option<Counted<'_>> {
            const BOUND: Duration = Duration::from_secs(2);
            let began = Instant::now();
            let wait = |is_over: &dyn Fn() -> bool| loop {
                if is_over() {
                    return true;
                }
                if began.elapsed() > BOUND {
                    return false;
                }
                std::thread::yield_now();
            };
            let begin = || {
                let order = Ordering::SeqCst;
                self.collecting.compare_exchange(0, 1, order, order).is_ok()
            };
            if !wait(&begin) {
                return None;
            }
            let collecting = Counted(&self.collecting);
            wait(&|| self.creating.load(Ordering::SeqCst) == 0);
            Some(collecting)
        }
    }

    /// Guard that decrements a counter when it is dropped.
    struct Counted<'a>(&'a AtomicUsize);

    impl Drop for Counted<'_> {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::SeqCst);
        }
    }

    /// Creates the telemetry of a test scope. Like any installation, it is never freed.
    pub(crate) fn scope(
        spans: Arc<Pipeline>,
        meters: SdkMeterProvider,
        loggers: SdkLoggerProvider,
    ) -> Scoped {
        Scoped(Box::leak(Box::new(Telemetry {
            tracers: Tracers::Pipeline(spans),
            meters: Meters::Installed {
                provider: Arc::new(meters),
                binds: cfg!(feature = "bound-metrics"),
            },
            logs: Logs::to(loggers),
            contracts: Table::new(MAX_CONTRACTS),
            unfinished: None,
            scope: Some(ScopeActivity::default()),
        })))
    }

    /// Creates a test scope whose spans are SDK spans of this provider.
    #[cfg(all(test, feature = "setup"))]
    pub(crate) fn scope_of(provider: opentelemetry_sdk::trace::SdkTracerProvider) -> Scoped {
        Scoped(Box::leak(Box::new(Telemetry {
            tracers: Tracers::Sdk(provider),
            meters: Meters::None,
            logs: Logs::default(),
            contracts: Table::new(MAX_CONTRACTS),
            unfinished: None,
            scope: Some(ScopeActivity::default()),
        })))
    }

    /// Returns the view of the contract to which an instrument belongs. A scope is created before it is known which
    /// contracts record in it.
    pub(crate) fn view_of_any(instrument: &Instrument) -> Option<Stream> {
        let contracts = known::contracts();
        let mut contracts = contracts.into_iter();
        contracts.find_map(|contract| view(contract, instrument))
    }
}
