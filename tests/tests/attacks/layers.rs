//! `tracing` layers that use contracts for every log record, including the log records of OpenTelemetry's crates. The
//! feature `internal-logs` is on here: OpenTelemetry's crates log while they hold their locks.

use crate::support::{
    Exported, TestProviders, carry, count_a_job, emit_carried_event, job, run_invoice,
};
use otel_contract_tests::points::Meters;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use test_vocabulary::caps;
use test_vocabulary::measures;
use test_vocabulary::outcomes;
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt as _};

/// Action that a layer runs for every log record.
type React = Box<dyn Fn() + Send + Sync>;

/// Runs an action for every log record, and counts the log records of OpenTelemetry's crates.
struct Reacting {
    react: React,
    internal: Arc<AtomicUsize>,
}

impl<S: Subscriber> Layer<S> for Reacting {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target().starts_with("opentelemetry") {
            self.internal.fetch_add(1, Ordering::Relaxed);
        }
        (self.react)();
    }
}

/// Installs the layer and returns its counter of the log records of OpenTelemetry's crates.
fn react(level: LevelFilter, react: impl Fn() + Send + Sync + 'static) -> Arc<AtomicUsize> {
    let internal = Arc::new(AtomicUsize::new(0));
    let layer = Reacting {
        react: Box::new(react),
        internal: internal.clone(),
    };
    let subscriber = tracing_subscriber::registry().with(layer.with_filter(level));
    tracing::subscriber::set_global_default(subscriber).expect("the only one of this process");
    internal
}

#[derive(Debug, outcomes::ErrorClass)]
#[error_class(outcomes, broken)]
struct Broken;

/// The failure is a log record, for which a layer is called.
#[outcomes::instrumented_operation(outcomes::InnerRun)]
fn fails() -> Result<(), Broken> {
    Err(Broken)
}

/// Records every kind of signal, with contracts that the set-up knows and with an unknown contract.
fn everything() {
    count_a_job();
    job();
    carry();
    emit_carried_event();
    run_invoice();
    assert!(fails().is_err());
}

/// Installs the layer at this level, then sets up telemetry, records and shuts down.
fn attack_a_set_up(level: LevelFilter, layer: fn()) {
    let internal = react(level, layer);
    let exported = Exported::default();
    let guard = exported.setup().install().expect("a valid set-up");
    assert!(
        internal.load(Ordering::Relaxed) > 0,
        "`internal-logs` is on"
    );
    everything();
    tracing::info!("a log record of the service");
    everything();
    guard.flush();
    let _ = guard.shutdown();
    everything();
    assert!(exported.named("job.run") >= 2);
    assert!(exported.counted("jobs") >= 2);
}

attacks! {
    fn a_layer_measures_at_info() {
        attack_a_set_up(LevelFilter::INFO, count_a_job);
    }

    fn a_layer_measures_at_debug() {
        attack_a_set_up(LevelFilter::DEBUG, count_a_job);
    }

    fn a_layer_measures_with_an_unknown_contract_at_trace() {
        attack_a_set_up(LevelFilter::TRACE, || caps::metrics::carry_tally().add(1, caps::metrics::CarryTally {
            queue_name: caps::QueueName::capped("mail"),
        }));
    }

    fn a_layer_starts_operations() {
        attack_a_set_up(LevelFilter::TRACE, || {
            job();
            carry();
        });
    }

    fn a_layer_emits_events() {
        attack_a_set_up(LevelFilter::TRACE, emit_carried_event);
    }

    fn a_layer_runs_an_operation_that_fails() {
        attack_a_set_up(LevelFilter::TRACE, || assert!(fails().is_err()));
    }

    fn a_layer_does_everything() {
        attack_a_set_up(LevelFilter::TRACE, everything);
    }

    fn a_layer_waits_for_a_thread_that_does_everything() {
        attack_a_set_up(LevelFilter::DEBUG, || {
            thread_local! {
                static INSIDE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
            }
            // Once on each thread, or the layer would start threads for the log records of its own threads.
            if !INSIDE.replace(true) && thread::current().name().is_none_or(|name| name != "layer") {
                let thread = thread::Builder::new().name("layer".to_owned());
                let thread = thread.spawn(everything).expect("a thread");
                thread.join().expect("no panic");
            }
        });
    }

    fn a_layer_registers_callbacks() {
        attack_a_set_up(LevelFilter::DEBUG, || {
            let delay = caps::metrics::carry_delay();
            drop(delay.observe(|delay| delay.observe(1.0, caps::metrics::CarryDelay {})));
        });
    }

    fn a_layer_installs() {
        // Installing writes log records, so the layer installs inside an installation. That inner installation is rejected;
        // otherwise it would recurse without end.
        let (providers, other) = (TestProviders::new(), TestProviders::new());
        let within = other.clone();
        react(LevelFilter::DEBUG, move || within.install());
        providers.install();
        everything();
        // The layer still installs for log records at other times.
        assert_eq!(providers.spans.named("job.run") + other.spans.named("job.run"), 1);
    }

    fn a_layer_panics() {
        let providers = TestProviders::installed();
        react(LevelFilter::DEBUG, || panic!("a layer that panics"));
        // The instruments of the first call exist already; those of the second call are made on another thread, which catches
        // the panic.
        count_a_job();
        carry();
        assert_eq!(providers.spans.named("carry.place"), 1);
    }

    fn a_layer_measures_under_the_globals() {
        let internal = react(LevelFilter::DEBUG, || {
            // Records nothing while OpenTelemetry may hold the lock of its globals: recording reads the globals, and
            // would deadlock.
            if opentelemetry_is_set() {
                everything();
            }
        });
        let meters = Meters::with_view(measures::view);
        opentelemetry::global::set_meter_provider(meters.provider.clone());
        SET.store(1, Ordering::Relaxed);
        everything();
        assert!(internal.load(Ordering::Relaxed) > 0, "`internal-logs` is on");
        assert!(meters.text().iter().any(|line| line.starts_with("jobs{")));
    }
}

static SET: AtomicUsize = AtomicUsize::new(0);

/// Whether the globals were set.
fn opentelemetry_is_set() -> bool {
    SET.load(Ordering::Relaxed) > 0
}
