//! Views that use contracts, install providers or panic. The SDK calls views while it makes an instrument.

use crate::support::{Exported, TestProviders, carry, count_a_job, job, run_invoice};
use opentelemetry_sdk::metrics::{Instrument, SdkMeterProvider, Stream};
use otel_contract_tests::points::Meters;
use std::sync::atomic::{AtomicBool, Ordering};
use test_vocabulary::measures;

/// Checks that a set-up with this view still records.
fn attack(view: impl Fn(&Instrument) -> Option<Stream> + Send + Sync + 'static) {
    let exported = Exported::default();
    let setup = exported.setup().with_view(view);
    let guard = setup.install().expect("a valid set-up");
    job();
    // The view may block for longer than a caller waits: operations before the instruments are ready are not measured.
    while exported.counted("carry.tally") == 0 || exported.counted("job.run.duration") == 0 {
        carry();
        job();
        guard.flush();
    }
    let report = guard.shutdown();
    // At least the operation above is exported. Operations that the view starts are not measured, since their instruments are
    // not ready yet.
    assert_eq!(report.spans.undelivered(), 0, "{report}");
    assert!(exported.named("job.run") >= 1);
}

/// View that starts operations under the global providers, where instruments are made at the first use.
fn reentrant(_: &Instrument) -> Option<Stream> {
    job();
    carry();
    count_a_job();
    None
}

attacks! {
    fn a_view_starts_operations() {
        attack(|_| {
            job();
            run_invoice();
            None
        });
    }

    fn a_view_uses_an_unknown_contract() {
        attack(|_| {
            carry();
            count_a_job();
            None
        });
    }

    fn a_view_waits_for_a_thread_that_starts_operations() {
        attack(|_| {
            std::thread::spawn(|| {
                job();
                carry();
            })
            .join()
            .expect("no panic");
            None
        });
    }

    fn a_view_installs() {
        static INSTALLED: AtomicBool = AtomicBool::new(false);
        let meters = Meters::new(opentelemetry_sdk::metrics::Temporality::Cumulative, &[|_| {
            if !INSTALLED.swap(true, Ordering::Relaxed) {
                measures::Providers::new()
                    .with_meter_provider(SdkMeterProvider::default())
                    .install();
            }
            None
        }]);
        TestProviders::with(meters).install();
        job();
    }

    fn a_view_panics() {
        let meters = Meters::new(
            opentelemetry_sdk::metrics::Temporality::Cumulative,
            &[|instrument| {
                assert!(instrument.name() != "job.run.duration", "a view that panics");
                None
            }],
        );
        let providers = TestProviders::with(meters);
        providers.install();
        job();
        // Other instruments are made after the panic was printed.
        providers.repeat_until_recorded("jobs", count_a_job);
        assert_eq!(providers.lines("job.run"), [""; 0]);
        assert_eq!(providers.spans.named("job.run"), 1);
    }

    fn a_view_starts_operations_under_the_globals() {
        let meters = Meters::new(opentelemetry_sdk::metrics::Temporality::Cumulative, &[reentrant]);
        opentelemetry::global::set_meter_provider(meters.provider.clone());
        while !meters.text().iter().any(|line| line.starts_with("carry.tally{")) {
            job();
            carry();
        }
    }
}
