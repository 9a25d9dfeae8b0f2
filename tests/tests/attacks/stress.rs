//! All attacks combined: 64 threads record with several contracts while providers are replaced. At the same time,
//! callbacks use these contracts, a layer uses contracts for every log record, including the log records of
//! OpenTelemetry's crates, and readers collect continuously.

use crate::support::{
    Exported, TestProviders, carry, count_a_job, emit_carried_event, job, plain_callback,
    run_invoice,
};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use test_vocabulary::caps;
use test_vocabulary::measures::metrics;
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, SubscriberExt as _};

/// Number of recording threads.
const THREADS: usize = 64;

/// Number of rounds of each thread.
const ROUNDS: usize = 300;

/// Uses contracts for every log record, and counts the log records of OpenTelemetry's crates.
struct Recording;

static LOGGED: AtomicU64 = AtomicU64::new(0);

impl<S: Subscriber> Layer<S> for Recording {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target().starts_with("opentelemetry") {
            LOGGED.fetch_add(1, Ordering::Relaxed);
        }
        count_a_job();
        emit_carried_event();
    }
}

/// Registers callbacks of two contracts; each callback uses the other contract.
fn observe() {
    metrics::workers()
        .observe(|workers| {
            carry();
            workers.observe(1, ());
        })
        .forever();
    caps::metrics::carry_delay()
        .observe(|delay| {
            job();
            drop(metrics::worked().observe(|worked| worked.observe(1.0, metrics::Worked)));
            delay.observe(1.0, caps::metrics::CarryDelay {});
        })
        .forever();
}

/// Records every kind of signal, in a different order on each thread.
fn record(number: usize) {
    let all: [fn(); 5] = [job, carry, count_a_job, emit_carried_event, run_invoice];
    for round in 0..ROUNDS {
        all[(number + round) % all.len()]();
        tracing::debug!(round, "a log record of the service");
        if round % 100 == number {
            drop(metrics::worked().observe(|worked| worked.observe(1.0, metrics::Worked)));
        }
    }
}

/// Replaces the installed providers, alternately by providers and by a set-up, until the threads are done.
fn replace(done: &AtomicBool) {
    while !done.load(Ordering::Relaxed) {
        let providers = TestProviders::installed();
        plain_callback(&providers.meters.provider, carry);
        let _ = providers.meters.text();
        // The SDK cannot make its processors while another thread collects without end; the installation then fails.
        if let Ok(guard) = Exported::default().setup().install() {
            guard.flush();
            let _ = guard.shutdown();
        }
    }
}

attacks! {
    fn providers_are_replaced_under_threads_that_record() {
        let subscriber = tracing_subscriber::registry().with(Recording.with_filter(LevelFilter::DEBUG));
        tracing::subscriber::set_global_default(subscriber).expect("the only one of this process");
        observe();
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            let replacing: Vec<_> = (0..2).map(|_| scope.spawn(|| replace(&done))).collect();
            let recording: Vec<_> = (0..THREADS).map(|number| scope.spawn(move || record(number))).collect();
            for thread in recording {
                thread.join().expect("no panic");
            }
            done.store(true, Ordering::Relaxed);
            for thread in replacing {
                thread.join().expect("no panic");
            }
        });
        assert!(LOGGED.load(Ordering::Relaxed) > 0, "`internal-logs` is on");
        // Afterwards all signals work, and each callback is called once.
        let exported = Exported::default();
        let guard = exported.setup().install().expect("a valid set-up");
        for _ in 0..100 {
            job();
            carry();
        }
        let report = guard.shutdown();
        assert_eq!(report.spans.undelivered(), 0, "{report}");
        assert_eq!(exported.named("job.run"), 100);
        assert_eq!(exported.counted("job.run.duration"), 100);
        assert_eq!(exported.counted("carry.place.duration"), 100);
    }
}
