//! Views that use contracts, install or panic: the SDK asks them while an instrument is made.

use crate::support::{Exported, Made, carry, count_a_job, invoice, job};
use opentelemetry_sdk::metrics::{Instrument, SdkMeterProvider, Stream};
use otel_contract_tests::points::Meters;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use test_vocabulary::measures;

/// A set-up with this view; it records all the same.
fn attack(view: impl Fn(&Instrument) -> Option<Stream> + Send + Sync + 'static) {
    let exported = Exported::default();
    let setup = exported.setup().with_view(view);
    let guard = setup.install().expect("nothing is wrong");
    job();
    // A view that blocks for longer than a caller waits: what comes before its instruments are ready is not measured.
    while exported.counted("carry.tally") == 0 || exported.counted("job.run.duration") == 0 {
        carry();
        job();
        guard.flush();
    }
    let report = guard.shutdown();
    // Once, and by threads that the view starts; theirs come before the instrument they wait for.
    assert_eq!(report.spans.lost(), 0, "{report}");
    assert!(exported.named("job.run") >= 1);
}

/// A view that starts an operation under the globals, where instruments are made at the first use.
fn reentrant(_: &Instrument) -> Option<Stream> {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    ASKED.fetch_add(1, Ordering::Relaxed);
    job();
    carry();
    count_a_job();
    None
}

attacks! {
    fn a_view_starts_operations() {
        attack(|_| {
            job();
            invoice();
            None
        });
    }

    fn a_view_uses_a_contract_that_is_not_known() {
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
        Made::with(meters).install();
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
        let made = Made::with(meters);
        made.install();
        job();
        // The instruments of other parts are made, once the panic was printed.
        made.until("jobs", count_a_job);
        assert_eq!(made.lines("job.run"), [""; 0]);
        assert_eq!(made.spans.named("job.run"), 1);
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
