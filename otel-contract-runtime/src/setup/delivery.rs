//! What became of spans, points and records: counted where they pass.

use super::Signal;
use crate::telemetry::Unfinished;
use opentelemetry_sdk::error::OTelSdkResult;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What became of one signal's spans, points or records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// Taken by the collector.
    pub delivered: u64,
    /// Handed to the exporter, which could not deliver them.
    pub failed: u64,
    /// Not even queued: the queue was full, or telemetry was shut down.
    pub dropped: u64,
    /// Still queued or under way.
    pub waiting: u64,
}

impl Delivery {
    /// Those that did not arrive, as far as is known.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.failed + self.dropped + self.waiting
    }

    pub(super) fn sum(self, other: Self) -> Self {
        Self {
            delivered: self.delivered + other.delivered,
            failed: self.failed + other.failed,
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
    delivered: AtomicU64,
    failed: AtomicU64,
    dropped: AtomicU64,
    last_failure: Mutex<Option<String>>,
}

impl Counts {
    pub(super) fn new(capacity: usize) -> Arc<Self> {
        Arc::new(Self {
            capacity: capacity as u64,
            queued: AtomicU64::new(0),
            exporting: AtomicU64::new(0),
            delivered: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
            last_failure: Mutex::new(None),
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
            Ok(()) => &self.delivered,
            Err(_) => &self.failed,
        }
        .fetch_add(count, Ordering::Relaxed);
        drop(under_way);
        if let Err(error) = &result {
            let mut last = self
                .last_failure
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            *last = Some(error.to_string());
        }
        result
    }

    pub(super) fn delivery(&self) -> Delivery {
        // What moves meanwhile is counted twice rather than not at all.
        let waiting = self.queued.load(Ordering::Relaxed) + self.exporting.load(Ordering::Relaxed);
        Delivery {
            waiting,
            delivered: self.delivered.load(Ordering::Relaxed),
            failed: self.failed.load(Ordering::Relaxed),
            dropped: self.dropped.load(Ordering::Relaxed),
        }
    }

    fn last_failure(&self) -> Option<String> {
        let last = self.last_failure.lock();
        last.unwrap_or_else(PoisonError::into_inner).clone()
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
    /// Operations that run; set once it is known what the set-up delivers.
    pub(super) unfinished: Option<Arc<Unfinished>>,
}

impl Deliveries {
    /// Telemetry is about to be shut down.
    pub(super) fn close(&self) {
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

    pub(super) fn report(&self, in_time: bool) -> Report {
        let failures = self
            .all()
            .into_iter()
            .filter_map(|(signal, counts)| counts.last_failure().map(|failure| (signal, failure)));
        Report {
            spans: self.spans.delivery(),
            points: self.points.delivery(),
            records: self.records.delivery(),
            unfinished: self.unfinished(),
            not_ready: self.not_ready(),
            in_time,
            failures: failures.collect(),
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
                    let Delivery {
                        failed, dropped, ..
                    } = counts.delivery();
                    for (reason, count) in [("export_failed", failed), ("queue_full", dropped)] {
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

/// What became of everything a set-up was to deliver. Displays as one line per signal.
///
/// Points are counted each time they are exported. With cumulative temporality, the default, a
/// point that failed arrives with the next export of its series, unless there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Spans.
    pub spans: Delivery,
    /// Points of metrics.
    pub points: Delivery,
    /// Log records.
    pub records: Delivery,
    /// Operations that had not ended when telemetry was shut down: their spans and durations are lost. None before.
    pub unfinished: u64,
    /// Operations, measurements and events whose instruments or loggers were not ready: the provider was blocked when they
    /// were first used. The span of such an operation is recorded, its measurements are not.
    pub not_ready: u64,
    /// Whether everything came to its end within the bound.
    pub in_time: bool,
    failures: Vec<(Signal, String)>,
}

impl Report {
    /// Whether nothing was lost.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let all = self.spans.sum(self.points).sum(self.records);
        self.in_time && all.lost() == 0 && self.unfinished == 0 && self.not_ready == 0
    }

    /// What the exporter said last, of those signals where an export failed.
    pub fn failures(&self) -> impl Iterator<Item = (Signal, &str)> {
        self.failures
            .iter()
            .map(|(signal, failure)| (*signal, failure.as_str()))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signals = [
            (Signal::Traces, self.spans),
            (Signal::Metrics, self.points),
            (Signal::Logs, self.records),
        ];
        for (position, (signal, delivery)) in signals.into_iter().enumerate() {
            let Delivery {
                delivered,
                failed,
                dropped,
                waiting,
            } = delivery;
            let separator = if position == 0 { "" } else { "\n" };
            let items = signal.items();
            write!(f, "{separator}{items}: {delivered} delivered")?;
            for (count, fate) in [
                (failed, "failed"),
                (dropped, "dropped"),
                (waiting, "left waiting"),
            ] {
                if count > 0 {
                    write!(f, ", {count} {fate}")?;
                }
            }
            if let Some((_, failure)) = self.failures.iter().find(|(of, _)| *of == signal) {
                write!(f, " (last: {failure})")?;
            }
        }
        if self.unfinished > 0 {
            write!(f, "\noperations: {} had not ended", self.unfinished)?;
        }
        if self.not_ready > 0 {
            write!(
                f,
                "\noperations, measurements and events: {} came before their instruments were ready",
                self.not_ready
            )?;
        }
        if !self.in_time {
            f.write_str("\nshutting down took longer than its bound")?;
        }
        Ok(())
    }
}
