//! Attempts with exponential back-off and jitter, until the timeout of an export.

use crate::setup::closing::{Closing, after};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::Duration;

/// Why an attempt failed. The message holds no header and no query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) message: String,
    pub(super) retry: Retry,
}

/// Whether an attempt may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Retry {
    /// The specification forbids it: the collector would fail again, or has taken the data.
    Never,
    Backoff,
    /// Not before the time the collector asks for.
    After(Duration),
}

impl Failure {
    pub(super) fn never(message: impl Into<String>) -> Self {
        let message = message.into();
        let retry = Retry::Never;
        Self { message, retry }
    }

    /// The collector cannot be reached, or the connection ended before its answer.
    pub(super) fn connection(message: impl Into<String>) -> Self {
        let message = message.into();
        let retry = Retry::Backoff;
        Self { message, retry }
    }

    /// No answer within the time of the attempt.
    pub(super) fn timeout() -> Self {
        Self::connection("the collector did not answer in time")
    }
}

/// The first pause, doubled after every attempt up to the longest: a collector that is back is noticed within that time.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// With less time than this no further attempt is made.
const SHORTEST_ATTEMPT: Duration = Duration::from_millis(10);

/// Attempts until one succeeds, the timeout is used up, or telemetry ends. An attempt is told how long it may take.
pub(super) fn until<T>(
    timeout: Duration,
    closing: &Closing,
    mut attempt: impl FnMut(Duration) -> Result<T, Failure>,
) -> Result<T, String> {
    let deadline = after(timeout);
    let mut longest = FIRST_PAUSE;
    let mut attempts = 1_u32;
    let mut left = closing.left(deadline);
    if left.is_zero() {
        return Err("no time was left for the export".to_owned());
    }
    loop {
        let failure = match attempt(left) {
            Ok(answer) => return Ok(answer),
            Err(failure) => failure,
        };
        // Asked before the pause is chosen: a pause that was chosen without the bound must not begin once there is one.
        let had_begun = closing.has_begun();
        let pause = pause(failure.retry, longest, closing.left(deadline));
        if let Some(pause) = pause {
            closing.wait(pause, had_begun);
        }
        left = closing.left(deadline);
        if pause.is_none() || left < SHORTEST_ATTEMPT {
            return Err(match attempts {
                1 => failure.message,
                attempts => format!("{}, after {attempts} attempts", failure.message),
            });
        }
        attempts += 1;
        longest = (longest * 2).min(LONGEST_PAUSE);
    }
}

/// The time until the next attempt; `None`: there is none.
fn pause(retry: Retry, longest: Duration, left: Duration) -> Option<Duration> {
    match retry {
        _ if left < SHORTEST_ATTEMPT => None,
        Retry::Never => None,
        // Half of what is left at most, so that time remains for the attempt itself.
        Retry::Backoff => Some(jittered(longest).min(left / 2)),
        Retry::After(least) => Some(least + jittered(FIRST_PAUSE)).filter(|pause| *pause < left),
    }
}

/// Between half and all of a pause: services that lost the same collector do not come back at the same moment.
fn jittered(pause: Duration) -> Duration {
    // The standard library seeds every hasher at random.
    let random = RandomState::new().build_hasher().finish();
    let half = pause / 2;
    let nanos = u64::try_from(half.as_nanos()).unwrap_or(u64::MAX);
    half + Duration::from_nanos(random % nanos.saturating_add(1))
}

#[cfg(test)]
#[path = "retry_tests.rs"]
mod tests;
