//! Installs providers. No code of others runs under a lock of this crate, and every wait has a bound.

use super::providers::{ContractProviders, KnownContract, is_noop};
use super::source::guarded;
use super::{GENERATION, INSTALLED, Logs, Meters, Telemetry, Tracers, known};
use crate::definition::ContractDefinition;
use crate::local;
use opentelemetry::global::{self, GlobalTracerProvider};
use opentelemetry::metrics::MeterProvider;
use std::mem::ManuallyDrop;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

impl<C: KnownContract> ContractProviders<C> {
    /// Installs the providers for the process: for every contract, and in OpenTelemetry's globals, so that other
    /// instrumentation uses them, too. A signal without a provider here keeps its current global provider. Events keep
    /// the provider that was installed before.
    ///
    /// After the installation, contracts no longer read the globals. Another installation replaces the providers of spans
    /// and metrics for every operation that starts later. An active operation ends with the providers with which it
    /// started. Another installation starts to count the values of bounded attributes from zero: a provider that is
    /// installed twice may get more series than its limit.
    ///
    /// An installation is never freed. It takes 2 KiB, plus 4 KiB for each measured operation if the provider was built
    /// with the view of the operation's contract (500 operations: 1.9 MiB, created in 6 ms). The memory of the recorded
    /// series is not included. Without the view, the SDK reserves 2,000 series for each instrument, 266 KiB for an
    /// operation, of which 27 KiB are resident.
    ///
    /// The installation creates the instruments of this contract, and of every contract that has recorded something, on
    /// other threads, so that none is created while the service runs. If a provider blocks meanwhile (the SDK does while
    /// it collects, for as long as a callback takes), this method returns half a second after the last instrument was
    /// created. Operations that start before their instruments are ready have no measurements. The report of a set-up
    /// counts them.
    ///
    /// This method may be called anywhere, even in a callback. It does nothing in two cases: if it is called recursively,
    /// by code that the installation runs, such as a `tracing` layer that gets an event of the installation, or if
    /// another installation blocks for five seconds.
    pub fn install(self) {
        let Some(turn) = Turn::take() else {
            return;
        };
        let contracts = self.contracts.clone();
        let phase = local::PhaseGuard::creating();
        let (number, telemetry, replaced) = self.set(&turn);
        drop((phase, turn));
        let contracts: Vec<_> = contracts.into_iter().chain(known::contracts()).collect();
        telemetry.prepare(contracts);
        publish(number, telemetry);
        // Contracts that were first used meanwhile.
        telemetry.prepare(known::contracts());
        retire(replaced);
    }

    /// Sets the globals. Returns the number of this installation, its telemetry, and the replaced global providers: dropping
    /// them here could shut them down under the lock of the globals.
    fn set(self, turn: &Turn) -> (u64, &'static Telemetry, Replaced) {
        let replaced = Replaced {
            _tracers: global::tracer_provider(),
            _meters: global::meter_provider(),
        };
        let tracers = match self.tracers {
            Some(set) => set(),
            None => Tracers::Boxed(global::tracer_provider()),
        };
        let binds = self.meters.map(|(set, binds)| {
            set();
            binds
        });
        let provider = global::meter_provider();
        let meters = match binds {
            Some(binds) => Meters::Installed { provider, binds },
            None if is_noop(&provider) => Meters::None,
            None => Meters::Installed {
                provider,
                binds: false,
            },
        };
        let (number, logs) = turn.register(self.logs);
        let telemetry = Telemetry::leak(tracers, meters, logs, self.unfinished);
        (number, telemetry, replaced)
    }
}

impl Telemetry {
    /// Creates the tracers, instruments and loggers of these contracts, and waits for them within the limits of an
    /// installation.
    fn prepare(&'static self, contracts: Vec<&'static ContractDefinition>) {
        let get_or_add = |contract: &'static ContractDefinition| {
            let present = self.contracts.get(contract.index.get() as u64);
            present
                .map(|present| &**present)
                .or_else(|| self.add(contract))
        };
        let contracts: Vec<_> = contracts.into_iter().filter_map(get_or_add).collect();
        for contract in &contracts {
            contract.request_all();
        }
        for contract in contracts {
            contract.await_all();
        }
    }
}

/// Publishes an installation, unless a later one is published already.
fn publish(number: u64, telemetry: &'static Telemetry) {
    let mut installed = INSTALLED.write().unwrap_or_else(PoisonError::into_inner);
    if installed.is_none_or(|(last, _)| last < number) {
        *installed = Some((number, telemetry));
        GENERATION.fetch_add(1, Ordering::Release);
    }
}

/// The global providers that an installation replaces.
struct Replaced {
    _tracers: GlobalTracerProvider,
    _meters: Arc<dyn MeterProvider + Send + Sync>,
}

/// Drops providers on a separate thread. Dropping them may shut them down, which waits for the SDK's reader, and the reader
/// may run on this thread.
fn retire(replaced: Replaced) {
    /// Same bound as the SDK's own shutdown.
    const BOUND: Duration = Duration::from_secs(5);
    let is_reader = opentelemetry::Context::is_current_telemetry_suppressed();
    // Not a channel, because the code of `mpsc` takes longer to compile than this whole module.
    let dropped = Arc::new((Mutex::new(false), Condvar::new()));
    let waiting = dropped.clone();
    let thread = thread::Builder::new().name("otel-contract-drop".to_owned());
    let replaced = ManuallyDrop::new(replaced);
    let spawned = thread.spawn(move || {
        guarded(|| drop(ManuallyDrop::into_inner(replaced)));
        let (dropped, changed) = &*dropped;
        *dropped.lock().unwrap_or_else(PoisonError::into_inner) = true;
        changed.notify_one();
    });
    if spawned.is_ok() && !is_reader {
        let (dropped, changed) = &*waiting;
        let dropped = dropped.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = changed.wait_timeout_while(dropped, BOUND, |dropped| !*dropped);
    }
}

/// Exclusive right to set the globals, which one installation has at a time.
struct Turn;

/// The thread that has the turn, and the last installation.
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
    /// Waits for the turn. `None` if this thread has it already, or if another thread keeps it for five seconds.
    fn take() -> Option<Self> {
        const BOUND: Duration = Duration::from_secs(5);
        let began = Instant::now();
        let this_thread = thread::current().id();
        let mut turns = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(thread) = turns.thread {
            let left = BOUND.saturating_sub(began.elapsed());
            if thread == this_thread || left.is_zero() {
                return None;
            }
            turns = match ENDED.wait_timeout(turns, left) {
                Ok((turns, _)) => turns,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
        turns.thread = Some(this_thread);
        Some(Self)
    }

    /// Registers an installation. Returns its number and its logger provider, which defaults to the provider of the last
    /// installation.
    #[allow(clippy::unused_self)] // Requires the turn.
    fn register(&self, logs: Option<Logs>) -> (u64, Logs) {
        let mut turns = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
        turns.number += 1;
        let logs = logs.or_else(|| turns.logs.clone()).unwrap_or_default();
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
