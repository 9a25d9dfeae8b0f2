//! Everything at once: providers are replaced under 64 threads that record with several contracts, with callbacks that use
//! them, a layer that records whatever OpenTelemetry logs, and readers that collect all the time.

use crate::support::{Exported, Made, carried, carry, count_a_job, invoice, job, plain_callback};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use test_vocabulary::caps;
use test_vocabulary::measures::metrics;
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, SubscriberExt as _};

/// How many threads record.
const THREADS: usize = 64;

/// How often each of them does.
const ROUNDS: usize = 300;

/// Records with a contract whatever is logged, and counts what OpenTelemetry logs.
struct Recording;

static LOGGED: AtomicU64 = AtomicU64::new(0);

impl<S: Subscriber> Layer<S> for Recording {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target().starts_with("opentelemetry") {
            LOGGED.fetch_add(1, Ordering::Relaxed);
        }
        count_a_job();
        carried();
    }
}

/// Callbacks of two contracts, each of which uses the other one.
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

/// Uses everything, in another order on each thread.
fn record(number: usize) {
    let all: [fn(); 5] = [job, carry, count_a_job, carried, invoice];
    for round in 0..ROUNDS {
        all[(number + round) % all.len()]();
        tracing::debug!(round, "something of the service's own");
        if round % 100 == number {
            drop(metrics::worked().observe(|worked| worked.observe(1.0, metrics::Worked)));
        }
    }
}

/// Replaces what is installed until the threads are done, now by providers and now by a set-up.
fn replace(done: &AtomicBool) {
    while !done.load(Ordering::Relaxed) {
        let made = Made::installed();
        plain_callback(&made.meters.provider, carry);
        let _ = made.meters.text();
        // The SDK cannot make its processors while another thread collects for ever: then it is refused.
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
        // Afterwards everything works, and callbacks are asked once.
        let exported = Exported::default();
        let guard = exported.setup().install().expect("nothing is wrong");
        for _ in 0..100 {
            job();
            carry();
        }
        let report = guard.shutdown();
        assert_eq!(report.spans.lost(), 0, "{report}");
        assert_eq!(exported.named("job.run"), 100);
        assert_eq!(exported.counted("job.run.duration"), 100);
        assert_eq!(exported.counted("carry.place.duration"), 100);
    }
}
