//! Installing providers and dropping a guard in unusual places.

use crate::support::{
    Exported, Gate, TestProviders, carry, count_a_job, job, plain_callback, run_invoice,
};
use opentelemetry_sdk::metrics::{
    InMemoryMetricExporter, Instrument, PeriodicReader, SdkMeterProvider, Temporality,
};
use otel_contract_tests::points::Meters;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use test_vocabulary::billing::setup::SetupError;
use test_vocabulary::measures::{self, QueueName, metrics};

attacks! {
    fn a_guard_is_dropped_inside_an_operation() {
        let exported = Exported::default();
        let guard = exported.setup().install().expect("a valid set-up");
        let job = measures::JobRun { queue_name: QueueName::capped("mail") }.start();
        job.in_context(|| {
            let report = guard.shutdown();
            assert_eq!(report.unfinished, 1, "{report}");
            run_invoice();
        });
        job.succeed();
        let next = Exported::default();
        let guard = next.setup().install().expect("a valid set-up");
        run_invoice();
        let report = guard.shutdown();
        assert!(report.is_all_delivered(), "{report}");
        assert_eq!(next.named("invoice.create"), 1);
    }

    fn providers_are_installed_inside_an_operation() {
        let before = TestProviders::installed();
        let after = TestProviders::new();
        let job = measures::JobRun { queue_name: QueueName::capped("mail") }.start();
        job.in_context(|| after.install());
        job.succeed();
        count_a_job();
        assert_eq!(before.spans.named("job.run"), 1, "the operation ends under the providers of its start");
        assert_eq!(before.lines("job.run.duration").len(), 1);
        assert_eq!(after.meters.text(), ["jobs{account.tier=free,queue.name=mail} 1"]);
    }

    fn threads_install_concurrently() {
        thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    for _ in 0..8 {
                        TestProviders::installed();
                        job();
                        carry();
                    }
                });
            }
        });
        let providers = TestProviders::installed();
        job();
        assert_eq!(providers.spans.named("job.run"), 1, "the last installation is active");
        assert_eq!(providers.lines("job.run.duration").len(), 1);
    }

    fn a_callback_installs_other_providers() {
        let (providers, other) = (TestProviders::installed(), TestProviders::new());
        let installed = AtomicBool::new(false);
        let within = other.clone();
        metrics::workers().observe(move |workers| {
            if !installed.swap(true, Ordering::Relaxed) {
                within.install();
            }
            workers.observe(1, ());
        }).forever();
        assert_eq!(providers.lines("workers"), ["workers{} 1"]);
        job();
        assert_eq!(providers.lines("job.run.duration"), [""; 0]);
        assert_eq!(other.spans.named("job.run"), 1);
        assert_eq!(other.lines("job.run.duration").len(), 1);
    }

    fn a_callback_installs_its_own_provider_again() {
        let providers = TestProviders::installed();
        let within = providers.clone();
        let installed = AtomicBool::new(false);
        plain_callback(&providers.meters.provider, move || {
            if !installed.swap(true, Ordering::Relaxed) {
                within.install();
            }
        });
        assert_eq!(providers.lines("plain"), ["plain.gauge{} 1"]);
        providers.repeat_until_recorded("job.run.duration", job);
    }

    fn a_callback_replaces_the_provider_that_is_collecting() {
        let provider = SdkMeterProvider::builder()
            .with_reader(PeriodicReader::builder(InMemoryMetricExporter::default()).build())
            .build();
        let (ended_opener, ended_gate) = Gate::new();
        let (entered_opener, entered_gate) = Gate::new();
        let (opener, gate) = Gate::new();
        let (gate, providers) = (Mutex::new(gate), TestProviders::new());
        plain_callback(&provider, move || {
            entered_opener.open();
            gate.lock().expect("no panic").wait();
            // The installation drops the globals' handle of this provider. If that handle were the last one, dropping it
            // on this thread would wait for the reader, and the reader waits for this callback.
            providers.install();
            ended_opener.open();
        });
        opentelemetry::global::set_meter_provider(provider.clone());
        let flushing = thread::spawn(move || provider.force_flush());
        entered_gate.wait();
        opener.open();
        opener.open();
        ended_gate.wait();
        job();
        let _ = flushing.join();
    }

    fn a_callback_sets_telemetry_up() {
        // The SDK makes instruments for the processors of a set-up, with the provider that is collecting.
        let providers = TestProviders::installed();
        let (sender, receiver) = std::sync::mpsc::channel();
        plain_callback(&providers.meters.provider, move || {
            let _ = sender.send(Exported::default().setup().install());
        });
        let _ = providers.meters.text();
        let refused = receiver.recv().expect("the installation returns").expect_err("the SDK cannot make its processors");
        assert_eq!(refused.iter().collect::<Vec<_>>(), [&SetupError::Blocked]);
        job();
        assert_eq!(providers.spans.named("job.run"), 1, "nothing was installed");
    }

    fn the_instruments_of_a_contract_are_made_in_advance() {
        static MADE: AtomicBool = AtomicBool::new(false);
        fn view(instrument: &Instrument) -> Option<opentelemetry_sdk::metrics::Stream> {
            if instrument.name() == "jobs" {
                MADE.store(true, Ordering::Relaxed);
            }
            measures::view(instrument)
        }
        // The contract has recorded nothing yet, but its `Providers` know the contract.
        TestProviders::with(Meters::new(Temporality::Cumulative, &[view])).install();
        assert!(MADE.load(Ordering::Relaxed));
    }

    fn the_instruments_of_a_contract_that_was_used_before_are_made_in_advance() {
        static MADE: AtomicBool = AtomicBool::new(false);
        count_a_job();
        let meters = Meters::new(Temporality::Cumulative, &[|instrument| {
            if instrument.name() == "job.run.duration" {
                MADE.store(true, Ordering::Relaxed);
            }
            None
        }]);
        otel_contract::Providers::new().with_meter_provider(meters.provider.clone()).install();
        assert!(MADE.load(Ordering::Relaxed));
    }

    fn an_operation_starts_in_the_destructor_of_a_callback() {
        struct Dropped;
        impl Drop for Dropped {
            fn drop(&mut self) {
                carry();
                job();
            }
        }
        let providers = TestProviders::installed();
        let dropped = Dropped;
        let observing = metrics::workers().observe(move |workers| {
            let _dropped = &dropped;
            workers.observe(1, ());
        });
        assert_eq!(providers.meters.text(), ["workers{} 1"]);
        drop(observing);
        assert_eq!(providers.spans.named("carry.place"), 1);
    }
}
