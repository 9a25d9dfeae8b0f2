//! The clocks of spans and durations.
//!
//! Durations are measured by the monotonic clock. A span is placed in time by the wall clock, which is read when the
//! operation starts; its end is the start plus the duration, so that a step of the wall clock in between cannot put the
//! end before the start, and span and histogram agree.
//!
//! An operation inside another one of the same thread that read the wall clock less than [`SHARED`] ago uses that
//! reading, so that both are on one scale and the child lies within its parent, also across a step. All others read the
//! clock for themselves. So no span is placed by a reading that was made more than [`SHARED`] before, nor by a reading
//! for another operation than itself and its parents.

use opentelemetry::trace::{SpanContext, SpanId};
use std::cell::Cell;
use std::time::{Duration, Instant, SystemTime};

/// For how long the children of a span are placed by its reading of the wall clock.
const SHARED: Duration = Duration::from_secs(1);

/// A moment of a clock that never goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// The system was asked.
    System(Instant),
    /// The processor's time-stamp counter was read.
    #[cfg(feature = "tsc")]
    Counter(fastant::Instant),
    /// Time since a test began.
    #[cfg(test)]
    Test(Duration),
}

impl Moment {
    #[inline]
    pub(crate) fn now() -> Self {
        #[cfg(test)]
        if let Some((monotonic, _)) = test_clock::read() {
            return Self::Test(monotonic);
        }
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
            #[cfg(test)]
            (Self::Test(now), Self::Test(earlier)) => now.checked_sub(earlier)?,
            // A process decides once.
            #[cfg(any(feature = "tsc", test))]
            _ => return None,
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

/// What both clocks showed at one moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    moment: Moment,
    wall: SystemTime,
}

impl Reading {
    /// The start of a span: now, and the reading that places it, which is that of its parent or a new one.
    ///
    /// The wall clock is read first. A thread that has to wait between the two readings then places its span too early,
    /// not with an end in the future.
    #[inline]
    pub(crate) fn start(parent: &SpanContext) -> (Moment, Self) {
        if let Some(reading) = Self::of_span(parent) {
            let moment = Moment::now();
            if reading.is_recent(moment) {
                return (moment, reading);
            }
        }
        let wall = system_time();
        let moment = Moment::now();
        (moment, Self { moment, wall })
    }

    /// What places a span that started before code of others ran.
    pub(crate) fn of_earlier_start(parent: &SpanContext, start: Moment) -> Self {
        let shared = Self::of_span(parent);
        shared
            .filter(|reading| reading.is_recent(start))
            .unwrap_or_else(|| {
                let wall = system_time();
                let since = start.elapsed().as_duration();
                Self {
                    moment: start,
                    wall: wall.checked_sub(since).unwrap_or(wall),
                }
            })
    }

    /// The reading of a span in this process, if it is known.
    #[inline]
    fn of_span(span: &SpanContext) -> Option<Self> {
        if !span.is_valid() || span.is_remote() {
            return None;
        }
        let span = span.span_id();
        let known = RECENT.with(|recent| recent[slot(span)].get());
        known
            .filter(|(known, _)| *known == span)
            .map(|(_, reading)| reading)
    }

    /// Whether a span that starts at this moment may be placed by it.
    #[inline]
    fn is_recent(self, start: Moment) -> bool {
        let age = start.since(self.moment);
        age.is_some_and(|age| age.as_duration() < SHARED)
    }

    /// Keeps the reading for the children of a span that it has placed.
    #[inline]
    pub(crate) fn share(self, span: SpanId) {
        RECENT.with(|recent| recent[slot(span)].set(Some((span, self))));
    }

    /// The wall clock at a moment after the reading, were it not set in between.
    #[inline]
    pub(crate) fn wall_at(self, moment: Moment) -> SystemTime {
        // Most spans are placed by a reading of their own.
        if moment == self.moment {
            return self.wall;
        }
        match moment.since(self.moment) {
            Some(since) => self.wall + since.as_duration(),
            None => self.wall,
        }
    }
}

/// How many spans of a thread have their reading kept. A span whose entry was overwritten has children that read the
/// clock for themselves.
const MOST_RECENT: usize = 16;

thread_local! {
    /// Readings by the last bits of the span id.
    static RECENT: [Cell<Option<(SpanId, Reading)>>; MOST_RECENT] =
        const { [const { Cell::new(None) }; MOST_RECENT] };
}

#[inline]
fn slot(span: SpanId) -> usize {
    usize::from(span.to_bytes()[7]) % MOST_RECENT
}

#[inline]
fn system_time() -> SystemTime {
    #[cfg(test)]
    if let Some((_, wall)) = test_clock::read() {
        return wall;
    }
    SystemTime::now()
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

/// Clocks of one thread that a test sets.
#[cfg(test)]
pub(crate) mod test_clock {
    use super::{Cell, Duration, SystemTime};

    thread_local! {
        static CLOCKS: Cell<Option<(Duration, SystemTime)>> = const { Cell::new(None) };
    }

    pub(super) fn read() -> Option<(Duration, SystemTime)> {
        CLOCKS.get()
    }

    /// Puts a test clock in the place of those of the system, until it is dropped.
    #[derive(Debug)]
    pub(crate) struct TestClock(());

    impl TestClock {
        pub(crate) fn start(wall: SystemTime) -> Self {
            CLOCKS.set(Some((Duration::from_secs(1_000), wall)));
            Self(())
        }

        /// Time passes on both clocks.
        #[allow(clippy::unused_self)]
        pub(crate) fn pass(&self, time: Duration) {
            CLOCKS.set(
                CLOCKS
                    .get()
                    .map(|(monotonic, wall)| (monotonic + time, wall + time)),
            );
        }

        /// The wall clock is set; also what a machine shows that was suspended.
        #[allow(clippy::unused_self)]
        pub(crate) fn set_wall(&self, wall: SystemTime) {
            CLOCKS.set(CLOCKS.get().map(|(monotonic, _)| (monotonic, wall)));
        }

        #[allow(clippy::unused_self)]
        pub(crate) fn wall(&self) -> SystemTime {
            CLOCKS
                .get()
                .map_or(SystemTime::UNIX_EPOCH, |(_, wall)| wall)
        }
    }

    impl Drop for TestClock {
        fn drop(&mut self) {
            CLOCKS.set(None);
        }
    }
}

#[cfg(test)]
#[path = "clock_tests.rs"]
mod tests;
