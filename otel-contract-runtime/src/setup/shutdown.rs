//! The deadline of a shutdown, which limits the retries of exporters.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// State of the shutdown: whether it has begun, and the deadline for exporters. Shared by the guard and the exporters.
#[derive(Debug, Default)]
pub(super) struct Shutdown {
    deadline: Mutex<Option<Instant>>,
    began: Condvar,
}

/// Part of the time limit that is reserved for the report, so that a failed export is counted before the limit is reached.
const RESERVE: Duration = Duration::from_millis(200);

impl Shutdown {
    /// Starts the shutdown, which ends within this time limit. Wakes every exporter that waits for its next attempt.
    pub(super) fn begin(&self, time_limit: Duration) {
        let left = time_limit.saturating_sub(RESERVE.min(time_limit / 10));
        *self.lock() = Some(instant_after(left));
        self.began.notify_all();
    }

    /// Returns the time until the deadline of an export, or until the deadline of the shutdown if that is earlier.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    pub(super) fn left(&self, own: Instant) -> Duration {
        let deadline = self.lock().map_or(own, |deadline| deadline.min(own));
        deadline.saturating_duration_since(Instant::now())
    }

    /// Whether telemetry is being shut down.
    pub(super) fn has_begun(&self) -> bool {
        self.lock().is_some()
    }

    /// Sleeps for `pause`. Returns early if the shutdown begins. `had_begun` is the value that `has_begun` returned
    /// before the caller computed the pause: a shutdown that began since then also ends the pause.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    pub(super) fn wait(&self, pause: Duration, had_begun: bool) {
        let unchanged = |deadline: &mut Option<Instant>| deadline.is_some() == had_begun;
        drop(self.began.wait_timeout_while(self.lock(), pause, unchanged));
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.deadline.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the instant that is `duration` from now. A duration that overflows the clock is replaced by one year.
pub(super) fn instant_after(duration: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    let now = Instant::now();
    now.checked_add(duration).unwrap_or_else(|| now + YEAR)
}
