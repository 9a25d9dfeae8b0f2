//! Callbacks of observable metrics that use contracts, or block, while the SDK collects under its lock.

use crate::support::{
    Exported, Gate, TestProviders, carry, count_a_job, emit_carried_event, job, plain_callback,
    run_invoice,
};
use opentelemetry_sdk::logs::{InMemoryLogExporter, SdkLoggerProvider};
use otel_contract_tests::points::Meters;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;
use test_vocabulary::caps;
use test_vocabulary::measures::{self, metrics};

/// Registers a callback of `measures` that blocks at its first call. Returns a gate that opens when the callback has
/// started, and an opener that lets the callback continue.
fn block() -> (Gate, crate::support::Opener) {
    let (entered_opener, entered_gate) = Gate::new();
    let (opener, gate) = Gate::new();
    let gate = Mutex::new(Some(gate));
    metrics::workers()
        .observe(move |workers| {
            let gate = gate.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(gate) = gate {
                entered_opener.open();
                gate.wait();
            }
            workers.observe(1, ());
        })
        .forever();
    (entered_gate, opener)
}

attacks! {
    fn a_callback_uses_another_contract_for_the_first_time() {
        let providers = TestProviders::installed();
        let calls = Arc::new(AtomicUsize::new(0));
        let counting = calls.clone();
        metrics::workers().observe(move |workers| {
            counting.fetch_add(1, Ordering::Relaxed);
            carry();
            workers.observe(1, ());
        }).forever();
        assert_eq!(providers.meters.text(), ["workers{} 1"], "telemetry of a callback is not recorded");
        assert_eq!(providers.spans.named("carry.place"), 0);
        assert_eq!(calls.load(Ordering::Relaxed), 1);
        providers.repeat_until_recorded("carry.tally", carry);
    }

    fn a_callback_under_a_periodic_reader_uses_another_contract_for_the_first_time() {
        let exported = Exported::default();
        let guard = exported.setup().install().expect("a valid set-up");
        metrics::workers().observe(|workers| {
            carry();
            workers.observe(1, ());
        }).forever();
        guard.flush();
        assert_eq!(guard.report().not_ready, 0, "operations in a callback do not count as lost");
        while exported.counted("carry.tally") == 0 {
            carry();
            guard.flush();
        }
        let report = guard.shutdown();
        assert_eq!(report.spans.undelivered(), 0, "{report}");
    }

    fn a_plain_callback_uses_another_contract_for_the_first_time() {
        let providers = TestProviders::installed();
        plain_callback(&providers.meters.provider, carry);
        assert_eq!(providers.lines("plain"), ["plain.gauge{} 1"], "the collection ends");
        assert_eq!(providers.spans.named("carry.place"), 1, "no contract suppresses telemetry in the callback");
        providers.repeat_until_recorded("carry.tally", carry);
    }

    fn a_plain_callback_uses_another_contract_for_the_first_time_under_the_globals() {
        let providers = TestProviders::new();
        opentelemetry::global::set_meter_provider(providers.meters.provider.clone());
        plain_callback(&providers.meters.provider, carry);
        assert_eq!(providers.lines("plain"), ["plain.gauge{} 1"]);
        providers.repeat_until_recorded("carry.tally", carry);
    }

    fn a_plain_callback_emits_an_event_for_the_first_time() {
        // The SDK makes an instrument for each logger, with the global provider, which is collecting.
        let providers = TestProviders::new();
        let records = InMemoryLogExporter::default();
        let loggers = SdkLoggerProvider::builder().with_simple_exporter(records.clone()).build();
        measures::Providers::new()
            .with_meter_provider(providers.meters.provider.clone())
            .with_logger_provider(loggers)
            .install();
        plain_callback(&providers.meters.provider, emit_carried_event);
        assert_eq!(providers.lines("plain"), ["plain.gauge{} 1"]);
        while records.get_emitted_logs().expect("records are in memory").is_empty() {
            emit_carried_event();
        }
    }

    fn a_plain_callback_uses_a_contract_in_a_test_scope() {
        let scope = otel_contract::testing::scope();
        let inner = scope.clone();
        plain_callback(&scope.meter_provider(), move || inner.run(carry));
        loop {
            let recorded = scope.recorded();
            let tally = recorded.metric::<caps::metrics::CarryTally>();
            if format!("{tally:?}").contains("mail") {
                break;
            }
        }
    }

    fn a_callback_looks_at_what_its_test_scope_recorded() {
        let scope = otel_contract::testing::scope();
        let inner = scope.clone();
        let _observing = scope.run(|| metrics::workers().observe(move |workers| {
            let other = inner.clone();
            let elsewhere = thread::spawn(move || drop(other.recorded()));
            drop(inner.recorded());
            elsewhere.join().expect("no panic");
            workers.observe(1, ());
        }));
        scope.run(job);
        let recorded = scope.recorded();
        recorded.operation::<measures::JobRun>().once();
        assert!(format!("{:?}", recorded.metric::<metrics::Workers>()).contains('1'));
    }

    fn concurrent_first_uses_start_one_thread() {
        let providers = TestProviders::installed();
        let (entered_gate, opener) = block();
        let collecting = {
            let meters = providers.meters.clone();
            thread::spawn(move || meters.text())
        };
        entered_gate.wait();
        thread::scope(|scope| {
            for _ in 0..64 {
                scope.spawn(|| {
                    for _ in 0..100 {
                        carry();
                    }
                });
            }
        });
        let tasks = std::fs::read_dir("/proc/self/task");
        let tasks = tasks.map(|tasks| tasks.flatten().collect::<Vec<_>>()).unwrap_or_default();
        let names = tasks.iter().filter_map(|task| std::fs::read_to_string(task.path().join("comm")).ok());
        // Only Linux lists threads here, with truncated names.
        assert!(names.filter(|name| name.starts_with("otel-contract-m")).count() <= 1);
        assert_eq!(providers.spans.named("carry.place"), 6_400);
        opener.open();
        collecting.join().expect("no panic");
        providers.repeat_until_recorded("carry.tally", carry);
    }

    fn a_callback_never_returns() {
        let exported = Exported::default();
        let setup = exported.setup().shutdown_within(Duration::from_millis(300));
        let guard = setup.install().expect("a valid set-up");
        let (entered_gate, opener) = block();
        let provider = guard.meter_provider().expect("a provider").clone();
        thread::spawn(move || provider.force_flush());
        entered_gate.wait();
        job();
        carry();
        count_a_job();
        let report = guard.shutdown();
        assert!(!report.in_time, "{report}");
        assert_eq!(exported.named("job.run") + exported.named("carry.place"), 2);
        // Other providers can be installed and work; the callback blocks only once.
        let providers = TestProviders::installed();
        providers.repeat_until_recorded("job.run.duration", job);
        std::mem::forget(opener);
    }

    fn telemetry_before_its_instrument_is_ready_is_in_the_report() {
        let exported = Exported::default();
        let guard = exported.setup().install().expect("a valid set-up");
        let (entered_gate, opener) = block();
        let provider = guard.meter_provider().expect("a provider").clone();
        let collecting = thread::spawn(move || provider.force_flush());
        entered_gate.wait();
        // The set-up does not know `caps`: its instruments would have to be made now.
        carry();
        carry();
        opener.open();
        collecting.join().expect("no panic").expect("flushed");
        let report = guard.shutdown();
        assert_eq!(report.not_ready, 4, "two operations and two measurements: {report}");
        assert!(!report.is_all_delivered());
        assert!(report.to_string().contains("4 came before their instruments were ready"), "{report}");
        assert_eq!(exported.named("carry.place"), 2, "spans are still recorded");
        assert_eq!(exported.lost("not_ready"), 4);
    }

    fn a_callback_waits_for_a_lock_whose_holder_uses_a_contract_for_the_first_time() {
        let providers = TestProviders::installed();
        let queue = Arc::new(Mutex::new(vec![0_u8; 3]));
        let (entered_opener, entered_gate) = Gate::new();
        let length = queue.clone();
        metrics::workers().observe(move |workers| {
            entered_opener.open();
            let queue = length.lock().unwrap_or_else(PoisonError::into_inner);
            workers.observe(i64::try_from(queue.len()).expect("few"), ());
        }).forever();
        let held = queue.lock().unwrap_or_else(PoisonError::into_inner);
        let collecting = {
            let meters = providers.meters.clone();
            thread::spawn(move || meters.text())
        };
        entered_gate.wait();
        carry();
        job();
        count_a_job();
        drop(held);
        let lines = collecting.join().expect("no panic");
        assert!(lines.contains(&"workers{} 3".to_owned()), "{lines:?}");
    }

    fn no_call_waits_for_a_callback_that_blocks() {
        let providers = TestProviders::installed();
        let other = TestProviders::new();
        let (entered_gate, opener) = block();
        let collecting = {
            let meters = providers.meters.clone();
            thread::spawn(move || meters.text())
        };
        entered_gate.wait();
        job();
        count_a_job();
        carry();
        // Installs the same provider again, then another provider.
        providers.install();
        job();
        other.install();
        job();
        other.repeat_until_recorded("job.run.duration", job);
        opener.open();
        let lines = collecting.join().expect("no panic");
        assert!(lines.contains(&"workers{} 1".to_owned()), "{lines:?}");
    }

    fn a_callback_registers_another_callback_of_its_contract() {
        let providers = TestProviders::installed();
        let kept = Mutex::new(Vec::new());
        metrics::workers().observe(move |workers| {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.is_empty() {
                kept.push(metrics::worked().observe(|worked| worked.observe(0.5, metrics::Worked)));
            }
            workers.observe(1, ());
        }).forever();
        let _ = providers.meters.text();
        assert_eq!(providers.meters.text(), ["worked{} 0.5", "workers{} 1"]);
    }

    fn a_callback_registers_a_callback_of_a_contract_that_was_never_used() {
        let providers = TestProviders::installed();
        let kept = Mutex::new(Vec::new());
        metrics::workers().observe(move |workers| {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.is_empty() {
                let delay = caps::metrics::carry_delay();
                kept.push(delay.observe(|delay| delay.observe(1.5, caps::metrics::CarryDelay {})));
            }
            workers.observe(1, ());
        }).forever();
        providers.repeat_until_recorded("carry.delay", || {});
        assert_eq!(providers.lines("carry.delay"), ["carry.delay{} 1.5"]);
    }

    fn a_callback_drops_others_and_waits_for_a_thread_that_uses_a_contract() {
        let providers = TestProviders::installed();
        let others = Mutex::new(vec![
            metrics::worked().observe(|worked| worked.observe(0.5, metrics::Worked)),
        ]);
        metrics::workers().observe(move |workers| {
            let others = std::mem::take(&mut *others.lock().unwrap_or_else(PoisonError::into_inner));
            let thread = thread::spawn(move || {
                drop(others);
                carry();
                count_a_job();
            });
            thread.join().expect("no panic");
            workers.observe(1, ());
        }).forever();
        assert_eq!(providers.lines("workers"), ["workers{} 1"]);
        assert_eq!(providers.lines("worked"), [""; 0]);
        providers.repeat_until_recorded("carry.tally", carry);
    }

    fn a_guard_is_dropped_by_a_callback() {
        static DROPPED: AtomicBool = AtomicBool::new(false);
        let exported = Exported::default();
        let setup = exported.setup().shutdown_within(Duration::from_millis(300));
        let setup = setup.on_report(|_| {
            run_invoice();
            DROPPED.store(true, Ordering::Relaxed);
        });
        let guard = setup.install().expect("a valid set-up");
        let provider = guard.meter_provider().expect("a provider").clone();
        let guard = Mutex::new(Some(guard));
        metrics::workers().observe(move |workers| {
            drop(guard.lock().unwrap_or_else(PoisonError::into_inner).take());
            workers.observe(1, ());
        }).forever();
        let _ = provider.force_flush();
        assert!(DROPPED.load(Ordering::Relaxed));
        job();
    }

    fn threads_that_use_a_contract_concurrently_register_its_callbacks_once() {
        let meters = Meters::with_view(measures::view);
        opentelemetry::global::set_meter_provider(meters.provider.clone());
        let calls = Arc::new(AtomicUsize::new(0));
        let counting = calls.clone();
        metrics::worked().observe(move |worked| {
            counting.fetch_add(1, Ordering::Relaxed);
            worked.observe(0.5, metrics::Worked);
        }).forever();
        thread::scope(|scope| {
            for _ in 0..32 {
                scope.spawn(|| {
                    job();
                    count_a_job();
                });
            }
        });
        let lines = meters.text();
        assert!(lines.contains(&"worked{} 0.5".to_owned()), "{lines:?}");
        assert_eq!(calls.load(Ordering::Relaxed), 1);
    }
}
