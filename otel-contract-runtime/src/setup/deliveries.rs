//! Counts of all items that a set-up delivers.

use super::Signal;
use super::delivery::Counts;
use super::report::{FlushOutcome, Report};
use super::shutdown::Shutdown;
use crate::telemetry::Unfinished;
use std::sync::Arc;
use std::time::Duration;

/// The counts of every signal.
#[derive(Clone, Debug)]
pub(super) struct Deliveries {
    pub(super) spans: Arc<Counts>,
    pub(super) points: Arc<Counts>,
    pub(super) records: Arc<Counts>,
    pub(super) shutdown: Arc<Shutdown>,
    /// Number of active operations; set when it is known whether the set-up delivers spans or points.
    pub(super) unfinished: Option<Arc<Unfinished>>,
}

impl Deliveries {
    /// Starts the shutdown, which ends within this time limit.
    pub(super) fn begin_shutdown(&self, time_limit: Duration) {
        self.shutdown.begin(time_limit);
        if let Some(unfinished) = &self.unfinished {
            unfinished.close();
        }
    }

    fn unfinished(&self) -> u64 {
        let unfinished = self.unfinished.as_ref();
        unfinished.map_or(0, |operations| operations.count_at_shutdown())
    }

    fn by_signal(&self) -> [(Signal, &Counts); 3] {
        [
            (Signal::Traces, &self.spans),
            (Signal::Metrics, &self.points),
            (Signal::Logs, &self.records),
        ]
    }

    fn not_ready(&self) -> u64 {
        let unfinished = self.unfinished.as_ref();
        unfinished.map_or(0, |operations| operations.not_ready_count())
    }

    /// Returns the number of failed items so far, by signal.
    pub(super) fn failed(&self) -> [u64; 3] {
        self.by_signal().map(|(_, counts)| counts.delivery().failed)
    }

    /// Removes the errors of each signal that has more failed items than `before`: the report already counts the failed
    /// export.
    pub(super) fn remove_duplicate_errors(
        &self,
        mut outcome: FlushOutcome,
        before: [u64; 3],
    ) -> FlushOutcome {
        let counted: Vec<Signal> = (self.by_signal().into_iter().zip(before))
            .filter(|((_, counts), before)| counts.delivery().failed > *before)
            .map(|((signal, _), _)| signal)
            .collect();
        outcome
            .errors
            .retain(|(signal, _)| !counted.contains(signal));
        outcome
    }

    /// Waits until the exporter of a signal is shut down, at most for `longest`. Used where the SDK did not wait.
    pub(super) fn wait_for_end(&self, signal: Signal, longest: Duration) -> bool {
        let counts = self
            .by_signal()
            .into_iter()
            .find(|(counted, _)| *counted == signal);
        counts.is_some_and(|(_, counts)| counts.wait_for_end(longest))
    }

    pub(super) fn report(&self, outcome: FlushOutcome) -> Report {
        let mut last_messages = Vec::new();
        let mut errors = outcome.errors;
        for (signal, counts) in self.by_signal() {
            let messages = counts.messages();
            let last = messages.failure.as_ref().or(messages.warning.as_ref());
            last_messages.extend(last.map(|message| (signal, message.clone())));
            errors.extend(messages.error.clone().map(|message| (signal, message)));
        }
        Report {
            spans: self.spans.delivery(),
            points: self.points.delivery(),
            records: self.records.delivery(),
            unfinished: self.unfinished(),
            not_ready: self.not_ready(),
            in_time: outcome.in_time,
            messages: last_messages,
            errors,
        }
    }

    /// Makes the counter `otel_contract.lost`: items that were not delivered, by signal and reason. Its instrumentation
    /// scope is this crate, because the counter is not part of the contract.
    pub(super) fn make_counter(&self, provider: &opentelemetry_sdk::metrics::SdkMeterProvider) {
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
                for (signal, counts) in deliveries.by_signal() {
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
                // The number of unfinished operations is known only at the last export.
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
