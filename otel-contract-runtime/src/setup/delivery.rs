//! What became of spans, points and records: counted where they pass.

use super::shown::{reason, shown};
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
pub(super) struct Messages {
    pub(super) failure: Option<String>,
    /// Of a collector that took everything.
    pub(super) warning: Option<String>,
    /// Of flushing and shutting down.
    pub(super) error: Option<String>,
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
    pub(super) fn wait_for_end(&self, longest: Duration) -> bool {
        let (ended, told) = &self.ended;
        let ended = ended.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = told.wait_timeout_while(ended, longest, |ended| !*ended);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    pub(super) fn messages(&self) -> MutexGuard<'_, Messages> {
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
