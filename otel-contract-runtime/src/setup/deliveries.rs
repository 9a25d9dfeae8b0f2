//! What became of everything a set-up was to deliver.

use super::Signal;
use super::closing::Closing;
use super::delivery::Counts;
use super::report::{Ended, Report};
use crate::telemetry::Unfinished;
use std::sync::Arc;
use std::time::Duration;

/// The counts of every signal.
#[derive(Clone, Debug)]
pub(super) struct Deliveries {
    pub(super) spans: Arc<Counts>,
    pub(super) points: Arc<Counts>,
    pub(super) records: Arc<Counts>,
    pub(super) closing: Arc<Closing>,
    /// Operations that run; set once it is known what the set-up delivers.
    pub(super) unfinished: Option<Arc<Unfinished>>,
}

impl Deliveries {
    /// Telemetry is shut down within this bound.
    pub(super) fn close(&self, bound: Duration) {
        self.closing.begin(bound);
        if let Some(unfinished) = &self.unfinished {
            unfinished.close();
        }
    }

    fn unfinished(&self) -> u64 {
        let unfinished = self.unfinished.as_ref();
        unfinished.map_or(0, |it| it.count_at_shutdown())
    }

    fn all(&self) -> [(Signal, &Counts); 3] {
        [
            (Signal::Traces, &self.spans),
            (Signal::Metrics, &self.points),
            (Signal::Logs, &self.records),
        ]
    }

    fn not_ready(&self) -> u64 {
        let unfinished = self.unfinished.as_ref();
        unfinished.map_or(0, |it| it.not_ready_count())
    }

    /// How much has failed so far, by signal.
    pub(super) fn failed(&self) -> [u64; 3] {
        self.all().map(|(_, counts)| counts.delivery().failed)
    }

    /// Leaves out errors that repeat the failure of an export, which is counted since `before`.
    pub(super) fn without_counted(&self, mut ended: Ended, before: [u64; 3]) -> Ended {
        let counted: Vec<Signal> = (self.all().into_iter().zip(before))
            .filter(|((_, counts), before)| counts.delivery().failed > *before)
            .map(|((signal, _), _)| signal)
            .collect();
        ended.errors.retain(|(signal, _)| !counted.contains(signal));
        ended
    }

    /// Waits for the exporter of a signal for which the SDK did not wait.
    pub(super) fn wait_for_end(&self, signal: Signal, longest: Duration) -> bool {
        let counts = self.all().into_iter().find(|(of, _)| *of == signal);
        counts.is_some_and(|(_, counts)| counts.wait_for_end(longest))
    }

    pub(super) fn report(&self, ended: Ended) -> Report {
        let mut failures = Vec::new();
        let mut errors = ended.errors;
        for (signal, counts) in self.all() {
            let messages = counts.messages();
            let last = messages.failure.as_ref().or(messages.warning.as_ref());
            failures.extend(last.map(|message| (signal, message.clone())));
            errors.extend(messages.error.clone().map(|message| (signal, message)));
        }
        Report {
            spans: self.spans.delivery(),
            points: self.points.delivery(),
            records: self.records.delivery(),
            unfinished: self.unfinished(),
            not_ready: self.not_ready(),
            in_time: ended.in_time,
            failures,
            errors,
        }
    }

    /// `otel_contract.lost`: what did not arrive, by signal and reason. Under the scope of this
    /// crate, since it is no word of the contract.
    pub(super) fn measure(&self, provider: &opentelemetry_sdk::metrics::SdkMeterProvider) {
        use opentelemetry::metrics::MeterProvider as _;
        use opentelemetry::{InstrumentationScope, KeyValue};
        let scope = InstrumentationScope::builder("otel_contract")
            .with_version(env!("CARGO_PKG_VERSION"))
            .build();
        let deliveries = self.clone();
        let _observable = provider
            .meter_with_scope(scope)
            .u64_observable_counter("otel_contract.lost")
            .with_unit("{item}")
            .with_description("Spans, points, log records and operations that were not delivered.")
            .with_callback(move |observer| {
                for (signal, counts) in deliveries.all() {
                    let delivery = counts.delivery();
                    for (reason, count) in [
                        ("export_failed", delivery.failed),
                        ("rejected", delivery.rejected),
                        ("queue_full", delivery.dropped),
                    ] {
                        let attributes = [
                            KeyValue::new("otel_contract.signal", signal.items()),
                            KeyValue::new("otel_contract.reason", reason),
                        ];
                        observer.observe(count, &attributes);
                    }
                }
                // The first is known with the last export alone.
                for (reason, count) in [
                    ("unfinished", deliveries.unfinished()),
                    ("not_ready", deliveries.not_ready()),
                ] {
                    if count > 0 {
                        let attributes = [
                            KeyValue::new("otel_contract.signal", "operations"),
                            KeyValue::new("otel_contract.reason", reason),
                        ];
                        observer.observe(count, &attributes);
                    }
                }
            })
            .build();
    }
}
