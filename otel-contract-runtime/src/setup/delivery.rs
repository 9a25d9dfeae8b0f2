//! Counts of delivered and lost spans, points and log records.

use super::outage::Outage;
use super::printable::{printable, reason};
use opentelemetry_sdk::error::OTelSdkResult;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Number of spans, points or log records of one signal, by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// Accepted by the collector.
    pub delivered: u64,
    /// Items whose export failed. Each panic of a metric callback counts as a point.
    pub failed: u64,
    /// Rejected by the collector, which accepted the other items of the same export: a partial success.
    pub rejected: u64,
    /// Not queued: the queue was full, or telemetry was shut down.
    pub dropped: u64,
    /// Still queued, or being exported.
    pub waiting: u64,
}

impl Delivery {
    /// Returns the number of items that were not delivered, including waiting items, as far as is known.
    #[must_use]
    pub fn undelivered(&self) -> u64 {
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

/// Counts of one signal, shared by its processor and its exporter.
#[derive(Debug)]
pub(super) struct Counts {
    /// Maximum number of queued items. The processor queues no more items than that. Otherwise the SDK would drop items
    /// itself, without counting them.
    capacity: u64,
    queued: AtomicU64,
    exporting: AtomicU64,
    /// Items of successful exports, including rejected items.
    succeeded: AtomicU64,
    rejected: AtomicU64,
    failed: AtomicU64,
    dropped: AtomicU64,
    messages: Mutex<Messages>,
    /// Whether the exporter was shut down, after which the SDK does not call it again.
    ended: (Mutex<bool>, Condvar),
    /// Reports the first failure of an export and the recovery.
    outage: Option<Outage>,
}

/// The last message of each kind, as a report shows it.
#[derive(Debug, Default)]
pub(super) struct Messages {
    /// Failure of an export, or reason of a rejection.
    pub(super) failure: Option<String>,
    /// Warning of a collector that accepted all items.
    pub(super) warning: Option<String>,
    /// Error outside of exports: of flushing or shutting down, or a panic of a processor or an exporter.
    pub(super) error: Option<String>,
}

impl Counts {
    /// Creates the counts of a signal whose exports are observed.
    pub(super) fn observed(capacity: usize, outage: Outage) -> Arc<Self> {
        Self::make(capacity, Some(outage))
    }

    #[cfg(test)]
    pub(super) fn new(capacity: usize) -> Arc<Self> {
        Self::make(capacity, None)
    }

    fn make(capacity: usize, outage: Option<Outage>) -> Arc<Self> {
        Arc::new(Self {
            capacity: capacity as u64,
            queued: AtomicU64::new(0),
            exporting: AtomicU64::new(0),
            succeeded: AtomicU64::new(0),
            rejected: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
            messages: Mutex::default(),
            ended: <(Mutex<bool>, Condvar)>::default(),
            outage,
        })
    }

    /// Counts an item as queued if the queue has room, otherwise as dropped. Returns whether it is queued.
    pub(super) fn try_queue(&self) -> bool {
        let has_room = self.queued.fetch_add(1, Ordering::Relaxed) < self.capacity;
        if !has_room {
            self.queued.fetch_sub(1, Ordering::Relaxed);
            self.count_dropped();
        }
        has_room
    }

    /// Counts an item as dropped.
    pub(super) fn count_dropped(&self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }

    /// Runs an export of `count` items that were queued.
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

    /// Runs an export of `count` items, and counts its outcome.
    pub(super) async fn export<F>(&self, count: u64, export: F) -> OTelSdkResult
    where
        F: Future<Output = OTelSdkResult>,
    {
        self.exporting.fetch_add(count, Ordering::Relaxed);
        let exporting = Exporting(self, count);
        let result = export.await;
        match &result {
            Ok(()) => {
                self.succeeded.fetch_add(count, Ordering::Relaxed);
            }
            Err(error) => self.count_failed(count, &reason(error)),
        }
        drop(exporting);
        match (&self.outage, &result) {
            (Some(outage), Ok(())) => outage.note_success(),
            (Some(outage), Err(error)) => outage.note_failure(&printable(&reason(error))),
            (None, _) => {}
        }
        result
    }

    /// Counts items as failed.
    pub(super) fn count_failed(&self, count: u64, message: &str) {
        self.failed.fetch_add(count, Ordering::Relaxed);
        self.messages().failure = Some(printable(message));
    }

    /// Counts the items that the collector rejected in a successful export. If it rejected none, its message is a warning.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    pub(super) fn count_rejected(&self, rejected: u64, message: Option<String>) {
        self.rejected.fetch_add(rejected, Ordering::Relaxed);
        let Some(message) = message else { return };
        let mut messages = self.messages();
        let last = match rejected {
            0 => &mut messages.warning,
            _ => &mut messages.failure,
        };
        *last = Some(printable(&message));
    }

    /// Records an error outside of exports. Its losses, if any, cannot be counted.
    pub(super) fn record_error(&self, message: &str) {
        self.messages().error = Some(printable(message));
    }

    pub(super) fn delivery(&self) -> Delivery {
        // An item that changes its state during these reads is counted twice rather than missed.
        let waiting = self.queued.load(Ordering::Relaxed) + self.exporting.load(Ordering::Relaxed);
        let rejected = self.rejected.load(Ordering::Relaxed);
        let succeeded = self.succeeded.load(Ordering::Relaxed);
        Delivery {
            waiting,
            delivered: succeeded.saturating_sub(rejected),
            failed: self.failed.load(Ordering::Relaxed),
            rejected,
            dropped: self.dropped.load(Ordering::Relaxed),
        }
    }

    /// Notes that the exporter was shut down. No export follows.
    pub(super) fn mark_ended(&self) {
        let (ended, changed) = &self.ended;
        *ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
        changed.notify_all();
    }

    /// Waits until the exporter is shut down, at most for `longest`. Returns whether it is.
    pub(super) fn wait_for_end(&self, longest: Duration) -> bool {
        let (ended, changed) = &self.ended;
        let ended = ended.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = changed.wait_timeout_while(ended, longest, |ended| !*ended);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    pub(super) fn messages(&self) -> MutexGuard<'_, Messages> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Subtracts its items from `Counts::exporting` when it is dropped, even if the export panics.
struct Exporting<'a>(&'a Counts, u64);

impl Drop for Exporting<'_> {
    fn drop(&mut self) {
        self.0.exporting.fetch_sub(self.1, Ordering::Relaxed);
    }
}
