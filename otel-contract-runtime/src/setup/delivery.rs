//! What became of spans, points and records: counted where they pass.

use super::Signal;
use super::report::{Ended, Report};
use super::shown::{reason, shown};
use super::transport::Closing;
use crate::telemetry::Unfinished;
use opentelemetry_sdk::error::OTelSdkResult;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What became of one signal's spans, points or records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// Taken by the collector.
    pub delivered: u64,
    /// Given to the exporter, which could not deliver them; callbacks of metrics that panicked count as a point each.
    pub failed: u64,
    /// Rejected by the collector, which took the others of the same export: a partial success.
    pub rejected: u64,
    /// Not even queued: the queue was full, or telemetry was shut down.
    pub dropped: u64,
    /// Still queued or under way.
    pub waiting: u64,
}

impl Delivery {
    /// Those that did not arrive, as far as is known.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.failed + self.rejected + self.dropped + self.waiting
    }

    pub(super) fn sum(self, other: Self) -> Self {
        Self {
            delivered: self.delivered + other.delivered,
            failed: self.failed + other.failed,
            rejected: self.rejected + other.rejected,
            dropped: self.dropped + other.dropped,
            waiting: self.waiting + other.waiting,
        }
    }
}

/// The counts of one signal, shared by its processor and its exporter.
#[derive(Debug)]
pub(super) struct Counts {
    /// How many may wait; what the processor queues is never more, so that the SDK, which drops
    /// without saying how many, never has to.
    capacity: u64,
    queued: AtomicU64,
    exporting: AtomicU64,
    /// Items of exports that the collector answered with success, those it rejected among them.
    answered: AtomicU64,
    rejected: AtomicU64,
    failed: AtomicU64,
    dropped: AtomicU64,
    messages: Mutex<Messages>,
    /// Whether the exporter was shut down, which is the last thing the SDK does with it.
    ended: (Mutex<bool>, Condvar),
}

/// What went wrong last, each as a report shows it.
#[derive(Debug, Default)]
struct Messages {
    failure: Option<String>,
    /// Of a collector that took everything.
    warning: Option<String>,
    /// Of flushing and shutting down.
    error: Option<String>,
}

impl Counts {
    pub(super) fn new(capacity: usize) -> Arc<Self> {
        Arc::new(Self {
            capacity: capacity as u64,
            queued: AtomicU64::new(0),
            exporting: AtomicU64::new(0),
            answered: AtomicU64::new(0),
            rejected: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
            messages: Mutex::default(),
            ended: <(Mutex<bool>, Condvar)>::default(),
        })
    }

    /// Whether there is room for one more; counts it as queued, or else as dropped.
    pub(super) fn admit(&self) -> bool {
        let room = self.queued.fetch_add(1, Ordering::Relaxed) < self.capacity;
        if !room {
            self.queued.fetch_sub(1, Ordering::Relaxed);
            self.refuse();
        }
        room
    }

    /// Counts one as dropped.
    pub(super) fn refuse(&self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }

    /// An export of so many that were queued before.
    pub(super) async fn export_queued<F>(&self, count: u64, export: F) -> OTelSdkResult
    where
        F: Future<Output = OTelSdkResult>,
    {
        let export = async {
            self.queued.fetch_sub(count, Ordering::Relaxed);
            export.await
        };
        self.export(count, export).await
    }

    /// An export of so many.
    pub(super) async fn export<F>(&self, count: u64, export: F) -> OTelSdkResult
    where
        F: Future<Output = OTelSdkResult>,
    {
        self.exporting.fetch_add(count, Ordering::Relaxed);
        let under_way = UnderWay(self, count);
        let result = export.await;
        match &result {
            Ok(()) => {
                self.answered.fetch_add(count, Ordering::Relaxed);
            }
            Err(error) => self.fail(count, &reason(error)),
        }
        drop(under_way);
        result
    }

    /// Counts items as failed.
    pub(super) fn fail(&self, count: u64, message: &str) {
        self.failed.fetch_add(count, Ordering::Relaxed);
        self.messages().failure = Some(shown(message));
    }

    /// The collector took an export, except for so many of its items. Without any its message is a warning.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    pub(super) fn answered(&self, rejected: u64, message: Option<String>) {
        self.rejected.fetch_add(rejected, Ordering::Relaxed);
        let Some(message) = message else { return };
        let mut messages = self.messages();
        let last = match rejected {
            0 => &mut messages.warning,
            _ => &mut messages.failure,
        };
        *last = Some(shown(&message));
    }

    /// Something other than an export failed: what it lost, if anything, cannot be counted.
    pub(super) fn broke(&self, message: &str) {
        self.messages().error = Some(shown(message));
    }

    pub(super) fn delivery(&self) -> Delivery {
        // What moves meanwhile is counted twice rather than not at all.
        let waiting = self.queued.load(Ordering::Relaxed) + self.exporting.load(Ordering::Relaxed);
        let rejected = self.rejected.load(Ordering::Relaxed);
        let answered = self.answered.load(Ordering::Relaxed);
        Delivery {
            waiting,
            delivered: answered.saturating_sub(rejected),
            failed: self.failed.load(Ordering::Relaxed),
            rejected,
            dropped: self.dropped.load(Ordering::Relaxed),
        }
    }

    /// The exporter was shut down: nothing is exported any more.
    pub(super) fn end(&self) {
        let (ended, told) = &self.ended;
        *ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
        told.notify_all();
    }

    /// Waits until the exporter was shut down, for so long at most.
    fn wait_for_end(&self, longest: Duration) -> bool {
        let (ended, told) = &self.ended;
        let ended = ended.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = told.wait_timeout_while(ended, longest, |ended| !*ended);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn messages(&self) -> MutexGuard<'_, Messages> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An export that ends in a panic is under way no more.
struct UnderWay<'a>(&'a Counts, u64);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.exporting.fetch_sub(self.1, Ordering::Relaxed);
    }
}

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
        unfinished.map_or(0, |it| it.at_the_end())
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
        unfinished.map_or(0, |it| it.all_not_ready())
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
