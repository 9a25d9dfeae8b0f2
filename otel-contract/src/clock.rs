//! One reading of the clock where a span and a duration would take two each.

use std::cell::Cell;
use std::time::{Duration, Instant, SystemTime};

/// When an operation started: on the monotonic clock, which durations are measured by, and on the
/// wall clock, which spans show.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    monotonic: Instant,
    wall: SystemTime,
}

/// How long the wall clock is taken to run as the monotonic one does before it is read again. It is
/// set by NTP in steps far below what a second of the best clocks drifts.
const TRUSTED: Duration = Duration::from_secs(1);

thread_local! {
    /// Both clocks, read together.
    static ANCHOR: Cell<Option<Moment>> = const { Cell::new(None) };
}

impl Moment {
    /// Reads the monotonic clock; the wall clock only once a second.
    pub(crate) fn now() -> Self {
        let monotonic = Instant::now();
        if let Some(anchor) = ANCHOR.get() {
            let since = monotonic.saturating_duration_since(anchor.monotonic);
            if since < TRUSTED {
                return Self {
                    monotonic,
                    wall: anchor.wall + since,
                };
            }
        }
        Self::read_both()
    }

    #[cold]
    fn read_both() -> Self {
        let both = Self {
            monotonic: Instant::now(),
            wall: SystemTime::now(),
        };
        ANCHOR.set(Some(both));
        both
    }

    /// How long ago it was.
    pub(crate) fn elapsed(self) -> Duration {
        self.monotonic.elapsed()
    }

    /// When it was, for a span.
    pub(crate) fn wall(self) -> SystemTime {
        self.wall
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_follow_each_other_on_both_clocks() {
        let moments: Vec<Moment> = (0..1_000).map(|_| Moment::now()).collect();
        for pair in moments.windows(2) {
            assert!(pair[0].monotonic <= pair[1].monotonic);
            assert!(pair[0].wall <= pair[1].wall);
        }
    }

    #[test]
    fn an_old_anchor_is_read_again() {
        let (now, past) = (Instant::now(), SystemTime::UNIX_EPOCH);
        let Some(monotonic) = now.checked_sub(TRUSTED) else {
            return; // The machine has not run for a second.
        };
        ANCHOR.set(Some(Moment {
            monotonic,
            wall: past,
        }));
        assert!(Moment::now().wall > past + TRUSTED);
        // And one that is fresh is not.
        ANCHOR.set(Some(Moment {
            monotonic: Instant::now(),
            wall: past,
        }));
        assert!(Moment::now().wall < past + TRUSTED);
    }
}
