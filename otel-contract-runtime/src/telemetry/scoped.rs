//! Telemetry of a test scope: carried in the context, so that tests of one process run side by side.

use super::ContractTelemetry;
use crate::definition::ContractDefinition;
use opentelemetry::Context;

#[cfg(feature = "testing")]
pub(super) use scope::Collecting;
#[cfg(all(test, feature = "setup", feature = "testing"))]
pub(crate) use scope::scope_of;
#[cfg(feature = "testing")]
pub(crate) use scope::{Scoped, scope, view_of_any};

/// What a contract records with under this parent, or in the current context.
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
    use super::{ContractDefinition, ContractTelemetry};
    use crate::local;
    use crate::span::Pipeline;
    use crate::telemetry::view::view;
    use crate::telemetry::{Logs, MOST_CONTRACTS, Meters, Table, Telemetry, Tracers, known};
    use opentelemetry_sdk::logs::SdkLoggerProvider;
    use opentelemetry_sdk::metrics::{Instrument, SdkMeterProvider, Stream};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

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
            self.0.contract(contract)
        }

        /// Collects what the scope measured; `None` where that is collected already, and does not end: this is called by
        /// a callback, or by what a callback waits for.
        pub(crate) fn collect<R>(self, collect: impl FnOnce() -> R) -> Option<R> {
            let _phase = self.0.scope.as_ref()?.begin()?;
            Some(collect())
        }

        pub(in crate::telemetry) fn telemetry(self) -> &'static Telemetry {
            self.0
        }
    }

    /// Whether a scope collects. Nobody else holds the lock under which the SDK collects, so while it does not,
    /// instruments are made in place: a test that starts a thread for each would take longer on a busy machine.
    #[derive(Debug, Default)]
    pub(in crate::telemetry) struct Collecting {
        collecting: AtomicUsize,
        making: AtomicUsize,
    }

    impl Collecting {
        /// Makes something unless the scope is collecting. Whether it did.
        pub(in crate::telemetry) fn unless(&self, make: impl FnOnce()) -> bool {
            self.making.fetch_add(1, Ordering::SeqCst);
            let making = Counted(&self.making);
            let is_free = self.collecting.load(Ordering::SeqCst) == 0;
            if is_free {
                make();
            }
            drop(making);
            is_free
        }

        /// The scope collects, once nobody else does and nothing is being made. Neither is waited for without a bound.
        fn begin(&self) -> Option<Counted<'_>> {
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
            wait(&|| self.making.load(Ordering::SeqCst) == 0);
            Some(collecting)
        }
    }

    /// Counts one less when it is dropped.
    struct Counted<'a>(&'a AtomicUsize);

    impl Drop for Counted<'_> {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::SeqCst);
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
            scope: Some(Collecting::default()),
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
            scope: Some(Collecting::default()),
        })))
    }

    /// The view of whichever contract an instrument belongs to: a scope is made before it is known which contracts
    /// record in it.
    pub(crate) fn view_of_any(instrument: &Instrument) -> Option<Stream> {
        let contracts = known::contracts();
        let mut contracts = contracts.into_iter();
        contracts.find_map(|contract| view(contract, instrument))
    }
}
