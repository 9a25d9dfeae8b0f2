//! One reading of the clock where a span and a duration would take two each.

use std::cell::Cell;
use std::time::{Duration, Instant, SystemTime};

/// How long the wall clock is taken to run as the monotonic one does before it is read again. It is
/// set by NTP in steps far below what a second of the best clocks drifts.
const TRUSTED: Duration = Duration::from_secs(1);

thread_local! {
    /// Both clocks, read together.
    static ANCHOR: Cell<Option<(Instant, SystemTime)>> = const { Cell::new(None) };
}

/// What the wall clock showed at a moment of the monotonic clock that has just been read. Durations
/// are measured by the monotonic clock, and spans show the wall clock; which is read once a second.
pub(crate) fn wall(now: Instant) -> SystemTime {
    if let Some((monotonic, wall)) = ANCHOR.get()
        && let Some(since) = now.checked_duration_since(monotonic)
        && since < TRUSTED
    {
        return wall + since;
    }
    read()
}

#[cold]
fn read() -> SystemTime {
    let wall = SystemTime::now();
    ANCHOR.set(Some((Instant::now(), wall)));
    wall
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_clock_follows_the_monotonic_one() {
        let walls: Vec<SystemTime> = (0..1_000).map(|_| wall(Instant::now())).collect();
        // Read anew it may be a little off, and never more than the time of a few calls.
        assert!(walls.windows(2).filter(|pair| pair[0] > pair[1]).count() <= 1);
    }

    #[test]
    fn an_old_reading_is_not_trusted() {
        let (now, past) = (Instant::now(), SystemTime::UNIX_EPOCH);
        let Some(monotonic) = now.checked_sub(TRUSTED) else {
            return; // The machine has not run for a second.
        };
        ANCHOR.set(Some((monotonic, past)));
        assert!(wall(Instant::now()) > past + TRUSTED * 2);
        ANCHOR.set(Some((Instant::now(), past)));
        assert!(wall(Instant::now()) < past + TRUSTED * 2);
    }
}
