//! Retries with exponential back-off and jitter, until the timeout of an export.

use crate::setup::shutdown::{Shutdown, instant_after};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::Duration;

/// Failure of an attempt. The message contains no header value and no query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) message: String,
    pub(super) retry: Retry,
}

/// Whether and when an attempt may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Retry {
    /// No retry, as the specification requires: the collector would fail again, or has accepted the data.
    Never,
    /// A retry after a pause of the exporter.
    Backoff,
    /// A retry, at the earliest after the delay that the collector requests.
    After(Duration),
}

impl Failure {
    pub(super) fn never(message: impl Into<String>) -> Self {
        let message = message.into();
        let retry = Retry::Never;
        Self { message, retry }
    }

    /// Failure to reach the collector, or to receive its complete response.
    pub(super) fn connection(message: impl Into<String>) -> Self {
        let message = message.into();
        let retry = Retry::Backoff;
        Self { message, retry }
    }

    /// Failure of an attempt without a response in time.
    pub(super) fn timeout() -> Self {
        Self::connection("the collector did not respond in time")
    }
}

/// The first pause, which is doubled after every attempt.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// Maximum pause, and so the maximum time until the exporter notices that a collector has restarted.
const MAX_PAUSE: Duration = Duration::from_secs(2);
/// Minimum time for another attempt.
const MIN_ATTEMPT: Duration = Duration::from_millis(10);

/// Repeats an attempt until it succeeds, fails in a way that must not be retried, or no time is left for another attempt
/// before the timeout or the deadline of the shutdown. `attempt` receives the time that is left.
pub(super) fn until<T>(
    timeout: Duration,
    shutdown: &Shutdown,
    mut attempt: impl FnMut(Duration) -> Result<T, Failure>,
) -> Result<T, String> {
    let deadline = instant_after(timeout);
    let mut pause_limit = FIRST_PAUSE;
    let mut attempts = 1_u32;
    let mut left = shutdown.left(deadline);
    if left.is_zero() {
        return Err("no time was left for the export".to_owned());
    }
    loop {
        let failure = match attempt(left) {
            Ok(response) => return Ok(response),
            Err(failure) => failure,
        };
        // `had_begun` is read before the pause is computed. If the shutdown begins after that, the pause may be too long
        // for the deadline of the shutdown, but `wait` sees the change and returns at once.
        let had_begun = shutdown.has_begun();
        let pause = next_pause(failure.retry, pause_limit, shutdown.left(deadline));
        if let Some(pause) = pause {
            shutdown.wait(pause, had_begun);
        }
        left = shutdown.left(deadline);
        if pause.is_none() || left < MIN_ATTEMPT {
            return Err(match attempts {
                1 => failure.message,
                attempts => format!("{}, after {attempts} attempts", failure.message),
            });
        }
        attempts += 1;
        pause_limit = (pause_limit * 2).min(MAX_PAUSE);
    }
}

/// Returns the time until the next attempt; `None` if no attempt follows.
fn next_pause(retry: Retry, pause_limit: Duration, left: Duration) -> Option<Duration> {
    match retry {
        _ if left < MIN_ATTEMPT => None,
        Retry::Never => None,
        // At most half of the time that is left, to leave time for the attempt.
        Retry::Backoff => Some(jittered(pause_limit).min(left / 2)),
        Retry::After(least) => Some(least + jittered(FIRST_PAUSE)).filter(|pause| *pause < left),
    }
}

/// Returns a random time between half of a pause and the pause, so that services that lost the same collector do not
/// reconnect at the same moment.
fn jittered(pause: Duration) -> Duration {
    // The standard library seeds every hasher randomly.
    let random = RandomState::new().build_hasher().finish();
    let half = pause / 2;
    let nanos = u64::try_from(half.as_nanos()).unwrap_or(u64::MAX);
    half + Duration::from_nanos(random % nanos.saturating_add(1))
}

#[cfg(test)]
#[path = "retry_tests.rs"]
mod tests;
