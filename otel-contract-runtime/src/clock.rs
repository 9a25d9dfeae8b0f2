//! One reading of the clock where a span and a duration would take two each.

use std::cell::Cell;
use std::time::{Duration, Instant, SystemTime};

/// How long the wall clock is taken to run as the monotonic one does before it is read again. It is
/// set by NTP in steps far below what a second of the best clocks drifts.
const TRUSTED: Duration = Duration::from_secs(1);

thread_local! {
    /// Both clocks, read together.
    static ANCHOR: Cell<Option<(Moment, SystemTime)>> = const { Cell::new(None) };
}

/// A moment of a clock that never goes back.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Moment {
    /// The system was asked.
    System(Instant),
    /// The processor's time-stamp counter was read.
    #[cfg(feature = "tsc")]
    Counter(fastant::Instant),
}

impl Moment {
    #[inline]
    pub(crate) fn now() -> Self {
        #[cfg(feature = "tsc")]
        if tsc::is_trusted() {
            return Self::Counter(fastant::Instant::now());
        }
        Self::System(Instant::now())
    }

    #[inline]
    pub(crate) fn elapsed(self) -> Elapsed {
        Self::now().since(self).unwrap_or(Elapsed(0))
    }

    /// `None` for a moment that is yet to come.
    #[inline]
    fn since(self, earlier: Self) -> Option<Elapsed> {
        let since = match (self, earlier) {
            (Self::System(now), Self::System(earlier)) => now.checked_duration_since(earlier)?,
            #[cfg(feature = "tsc")]
            (Self::Counter(now), Self::Counter(earlier)) => now.checked_duration_since(earlier)?,
            // A process decides once.
            #[cfg(feature = "tsc")]
            (Self::System(_), Self::Counter(_)) | (Self::Counter(_), Self::System(_)) => {
                return None;
            }
        };
        // Enough for five centuries.
        Some(Elapsed(u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)))
    }
}

/// How long something took, in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elapsed(u64);

impl Elapsed {
    #[inline]
    #[allow(clippy::cast_precision_loss)] // Beyond some hundred days.
    pub(crate) fn as_secs_f64(self) -> f64 {
        self.0 as f64 * 1e-9
    }

    #[inline]
    pub(crate) fn as_duration(self) -> Duration {
        Duration::from_nanos(self.0)
    }
}

/// What the wall clock showed at a moment that has just been read. Durations are measured by the
/// monotonic clock, and spans show the wall clock; which is read once a second.
#[inline]
pub(crate) fn wall(now: Moment) -> SystemTime {
    if let Some((monotonic, wall)) = ANCHOR.get()
        && let Some(since) = now.since(monotonic)
        && since.as_duration() < TRUSTED
    {
        return wall + since.as_duration();
    }
    read()
}

#[cold]
fn read() -> SystemTime {
    let wall = SystemTime::now();
    ANCHOR.set(Some((Moment::now(), wall)));
    wall
}

#[cfg(feature = "tsc")]
mod tsc {
    use std::sync::OnceLock;

    /// Whether the time-stamp counter can be read as a clock: the kernel keeps its own time by it, which
    /// it does not where the counters of two processors differ, or one stands still. Asked once.
    #[inline]
    pub(super) fn is_trusted() -> bool {
        static TRUSTED: OnceLock<bool> = OnceLock::new();
        *TRUSTED.get_or_init(ask)
    }

    #[cold]
    fn ask() -> bool {
        const CURRENT: &str = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
        let current = std::fs::read_to_string(CURRENT);
        current.is_ok_and(|current| current.trim() == "tsc") && fastant::is_tsc_available()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_clock_follows_the_monotonic_one() {
        let walls: Vec<SystemTime> = (0..1_000).map(|_| wall(Moment::now())).collect();
        // Read anew it may be a little off, and never more than the time of a few calls.
        assert!(walls.windows(2).filter(|pair| pair[0] > pair[1]).count() <= 1);
    }

    #[test]
    fn an_old_reading_is_not_trusted() {
        let (anchor, past) = (Moment::now(), SystemTime::UNIX_EPOCH);
        ANCHOR.set(Some((anchor, past)));
        assert!(wall(Moment::now()) < past + TRUSTED);
        std::thread::sleep(TRUSTED + Duration::from_millis(1));
        assert!(wall(Moment::now()) > past + TRUSTED * 2);
    }

    #[test]
    fn a_moment_is_as_long_ago_as_the_system_says() {
        let (system, moment) = (Instant::now(), Moment::now());
        std::thread::sleep(Duration::from_millis(50));
        let (took, by_moment) = (system.elapsed(), moment.elapsed().as_duration());
        let differ = took.abs_diff(by_moment);
        assert!(
            differ < Duration::from_millis(5),
            "{took:?} and {by_moment:?}"
        );
    }
}
