//! The clocks of spans and durations.
//!
//! Durations are measured by the monotonic clock. A span is placed in time by the wall clock, which is read when the
//! operation starts; its end is the start plus the duration, so that a step of the wall clock in between cannot put the
//! end before the start, and span and histogram agree.
//!
//! An operation inside another one of the same thread that read the wall clock less than [`SHARED`] ago uses that
//! reading, so that both are on one scale and the child lies within its parent, also across a step. All others read the
//! clock for themselves, unless the thread has done so less than [`FRESH`] ago: reading two clocks for each of many short
//! operations would be a tenth of their cost.

use opentelemetry::trace::{SpanContext, SpanId};
use std::cell::Cell;
use std::time::{Duration, Instant, SystemTime};

/// For how long the children of a span are placed by its reading of the wall clock.
const SHARED: Duration = Duration::from_secs(1);

/// For how long a thread places any span by its last reading of the wall clock.
const FRESH: Duration = Duration::from_millis(1);

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
        Self::now().since(self).unwrap_or(Elapsed(Duration::ZERO))
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
        Some(Elapsed(since))
    }
}

/// How long something took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elapsed(Duration);

impl Elapsed {
    /// In seconds. `Duration::as_secs_f64` divides, which takes longer.
    #[inline]
    #[allow(clippy::cast_precision_loss)] // Beyond millions of years.
    pub(crate) fn as_secs_f64(self) -> f64 {
        self.0.as_secs() as f64 + f64::from(self.0.subsec_nanos()) * 1e-9
    }

    #[inline]
    pub(crate) fn as_duration(self) -> Duration {
        self.0
    }
}

/// The start of a span.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    pub(crate) moment: Moment,
    /// The same on the wall clock.
    pub(crate) wall: SystemTime,
    /// What placed it there.
    pub(crate) reading: Reading,
}

/// What both clocks showed at one moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    moment: Moment,
    wall: SystemTime,
}

impl Reading {
    /// Now, placed by the reading of its parent, by the last one of the thread or by a new one.
    ///
    /// The wall clock is read first. A thread that has to wait between the two readings then places its span too early,
    /// not with an end in the future.
    #[inline]
    pub(crate) fn start(parent: &SpanContext) -> Start {
        let moment = Moment::now();
        let known = Self::of_span(parent).and_then(|reading| reading.place(moment, SHARED));
        let fresh = || {
            LAST.with(Cell::get)
                .and_then(|last| last.place(moment, FRESH))
        };
        known.or_else(fresh).unwrap_or_else(Self::read)
    }

    #[cold]
    fn read() -> Start {
        let wall = system_time();
        let moment = Moment::now();
        let reading = Self { moment, wall };
        LAST.set(Some(reading));
        Start {
            moment,
            wall,
            reading,
        }
    }

    /// What places a span that started before code of others ran.
    pub(crate) fn start_at(parent: &SpanContext, moment: Moment) -> Start {
        let known = Self::of_span(parent).and_then(|reading| reading.place(moment, SHARED));
        known.unwrap_or_else(|| {
            let wall = system_time();
            let since = moment.elapsed().as_duration();
            let wall = wall.checked_sub(since).unwrap_or(wall);
            let reading = Self { moment, wall };
            Start {
                moment,
                wall,
                reading,
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

    /// Places a start, unless this was read longer than `limit` before, or after it.
    #[inline]
    fn place(self, moment: Moment, limit: Duration) -> Option<Start> {
        let age = moment.since(self.moment)?.as_duration();
        (age < limit).then(|| Start {
            moment,
            wall: self.wall + age,
            reading: self,
        })
    }

    /// Keeps the reading for the children of a span that it has placed.
    #[inline]
    pub(crate) fn share(self, span: SpanId) {
        RECENT.with(|recent| recent[slot(span)].set(Some((span, self))));
    }
}

/// How many spans of a thread have their reading kept. A span whose entry was overwritten has children that read the
/// clock for themselves.
const MOST_RECENT: usize = 16;

thread_local! {
    /// The thread's last reading.
    static LAST: Cell<Option<Reading>> = const { Cell::new(None) };

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
            super::LAST.set(None);
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
