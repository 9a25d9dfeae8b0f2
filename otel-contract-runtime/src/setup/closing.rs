//! The end of telemetry, which exporters must not outlast with their retries.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Whether telemetry is being shut down, and until when exporters may still try. Shared by the guard and the exporters.
#[derive(Debug, Default)]
pub(super) struct Closing {
    deadline: Mutex<Option<Instant>>,
    began: Condvar,
}

/// The part of the bound that is kept for the report, so that a failed export is counted before the bound ends.
const RESERVE: Duration = Duration::from_millis(200);

impl Closing {
    /// Telemetry is shut down within this bound. Wakes every exporter that waits for its next attempt.
    pub(super) fn begin(&self, bound: Duration) {
        let left = bound.saturating_sub(RESERVE.min(bound / 10));
        *self.lock() = Some(after(left));
        self.began.notify_all();
    }

    /// The time an exporter has left until its own deadline, or until the end of telemetry if that is earlier.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    pub(super) fn left(&self, own: Instant) -> Duration {
        let deadline = self.lock().map_or(own, |deadline| deadline.min(own));
        deadline.saturating_duration_since(Instant::now())
    }

    /// Whether telemetry is being shut down.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    pub(super) fn has_begun(&self) -> bool {
        self.lock().is_some()
    }

    /// Waits this long. Ends early when telemetry began to shut down since the caller asked whether it `had_begun`: the
    /// next attempt is made at once.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    pub(super) fn wait(&self, pause: Duration, had_begun: bool) {
        let unchanged = |deadline: &mut Option<Instant>| deadline.is_some() == had_begun;
        drop(self.began.wait_timeout_while(self.lock(), pause, unchanged));
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.deadline.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The moment after this time; a time beyond the clock's range counts as a year.
pub(super) fn after(time: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    let now = Instant::now();
    now.checked_add(time).unwrap_or_else(|| now + YEAR)
}
