//! Installing providers: no code of others runs under a lock of ours, and nothing waits without a bound.

use super::providers::{ContractProviders, KnownContract, does_nothing};
use super::source::guarded;
use super::{GENERATION, INSTALLED, Logs, Meters, Telemetry, Tracers, known};
use crate::definition::ContractDefinition;
use crate::local;
use opentelemetry::global::{self, GlobalTracerProvider};
use opentelemetry::metrics::MeterProvider;
use std::mem::ManuallyDrop;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

impl<C: KnownContract> ContractProviders<C> {
    /// Makes them those of the process: of every contract, and of OpenTelemetry's globals, so that
    /// other instrumentation meets the same ones. A signal without a provider here keeps the global
    /// provider it has now; events keep the one that was installed before.
    ///
    /// From then on contracts do not look at the globals any more. Installing again replaces both
    /// signals for every operation that starts later; those that run end where they started. It counts the values of
    /// bounded attributes anew: a provider installed twice may get more series than its limit.
    ///
    /// Each installation stays allocated: 2 KiB, and 4 KiB for each measured operation of a contract whose view the
    /// provider has (500 of them: 1.9 MiB, made in 6 ms), beside the series that are recorded. Without the view the SDK
    /// reserves 2,000 series for each instrument, 266 KiB for an operation, of which 27 KiB are resident.
    ///
    /// The instruments of this contract, and of every other one that has recorded something, are made here, on other
    /// threads, so that nothing is made while the service runs. Where a provider blocks meanwhile (the SDK does while it
    /// collects, for as long as a callback takes) this returns half a second after the last instrument was made. What
    /// is recorded before the others are ready has no measurements, which the report of a set-up counts.
    ///
    /// It may be called anywhere, also by a callback. Only where it is called by what it calls itself, such as a
    /// `tracing` layer that is told of it, or where another installation blocks for five seconds, it does nothing.
    pub fn install(self) {
        let Some(turn) = Turn::take() else {
            return;
        };
        let contracts = self.contracts.clone();
        let making = local::PhaseGuard::creating();
        let (number, telemetry, before) = self.set(&turn);
        drop((making, turn));
        let contracts: Vec<_> = contracts.into_iter().chain(known::contracts()).collect();
        telemetry.prepare(contracts);
        publish(number, telemetry);
        // Those that were first used meanwhile.
        telemetry.prepare(known::contracts());
        retire(before);
    }

    /// Sets the globals. The place of this installation among all of them, and what the globals were before: kept, since
    /// they would be shut down under the lock of the globals.
    fn set(self, turn: &Turn) -> (u64, &'static Telemetry, Before) {
        let before = Before {
            _tracers: global::tracer_provider(),
            _meters: global::meter_provider(),
        };
        let tracers = match self.tracers {
            Some(set) => set(),
            None => Tracers::Boxed(global::tracer_provider()),
        };
        let given = self.meters.map(|(set, binds)| {
            set();
            binds
        });
        let provider = global::meter_provider();
        let meters = match given {
            Some(binds) => Meters::Installed { provider, binds },
            None if does_nothing(&provider) => Meters::None,
            None => Meters::Installed {
                provider,
                binds: false,
            },
        };
        let (number, logs) = turn.place(self.logs);
        let telemetry = Telemetry::leak(tracers, meters, logs, self.unfinished);
        (number, telemetry, before)
    }
}

impl Telemetry {
    /// Makes the tracers and instruments of these contracts, and waits for them as long as some become ready.
    fn prepare(&'static self, contracts: Vec<&'static ContractDefinition>) {
        let of = |contract: &'static ContractDefinition| {
            let known = self.contracts.get(contract.number.get() as u64);
            known.map(|known| &**known).or_else(|| self.add(contract))
        };
        let contracts: Vec<_> = contracts.into_iter().filter_map(of).collect();
        for contract in &contracts {
            contract.request_all();
        }
        for contract in contracts {
            contract.await_all();
        }
    }
}

/// Puts an installation into force, unless a later one is.
fn publish(number: u64, telemetry: &'static Telemetry) {
    let mut installed = INSTALLED.write().unwrap_or_else(PoisonError::into_inner);
    if installed.is_none_or(|(last, _)| last < number) {
        *installed = Some((number, telemetry));
        GENERATION.fetch_add(1, Ordering::Release);
    }
}

/// The providers the globals had before.
struct Before {
    _tracers: GlobalTracerProvider,
    _meters: Arc<dyn MeterProvider + Send + Sync>,
}

/// Drops providers on a thread of ours: they may be shut down by that, which waits for a reader that may be on this one.
fn retire(before: Before) {
    /// As long as the SDK's own shutdown.
    const BOUND: Duration = Duration::from_secs(5);
    let is_reader = opentelemetry::Context::is_current_telemetry_suppressed();
    let (dropped, is_dropped) = mpsc::channel();
    let thread = thread::Builder::new().name("otel-contract-drop".to_owned());
    let retired = ManuallyDrop::new(before);
    let spawned = thread.spawn(move || {
        guarded(|| drop(ManuallyDrop::into_inner(retired)));
        let _ = dropped.send(());
    });
    if spawned.is_ok() && !is_reader {
        let _ = is_dropped.recv_timeout(BOUND);
    }
}

/// One installation sets the globals at a time.
struct Turn;

/// Who has the turn, and what was set last.
struct Turns {
    thread: Option<ThreadId>,
    number: u64,
    logs: Option<Logs>,
}

static TURNS: Mutex<Turns> = Mutex::new(Turns {
    thread: None,
    number: 0,
    logs: None,
});
static ENDED: Condvar = Condvar::new();

impl Turn {
    /// `None` where this thread has the turn already, or another one does not end its own in time.
    fn take() -> Option<Self> {
        const BOUND: Duration = Duration::from_secs(5);
        let began = Instant::now();
        let own = thread::current().id();
        let mut turns = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(thread) = turns.thread {
            let left = BOUND.saturating_sub(began.elapsed());
            if thread == own || left.is_zero() {
                return None;
            }
            turns = match ENDED.wait_timeout(turns, left) {
                Ok((turns, _)) => turns,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
        turns.thread = Some(own);
        Some(Self)
    }

    /// The number of this installation, and the logger provider: the one before where none is given.
    #[allow(clippy::unused_self)] // Whoever has the turn may ask.
    fn place(&self, given: Option<Logs>) -> (u64, Logs) {
        let mut turns = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
        turns.number += 1;
        let logs = given.or_else(|| turns.logs.clone()).unwrap_or_default();
        turns.logs = Some(logs.clone());
        (turns.number, logs)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut turns = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
        turns.thread = None;
        ENDED.notify_all();
    }
}
