//! The clocks of spans and durations.
//!
//! The monotonic clock measures durations. The wall clock, read when the operation starts, is the start time of a span.
//! The end time is the start plus the duration: a step of the wall clock in between cannot move the end before the start,
//! and the span and the histogram agree.
//!
//! A child operation on the same thread reuses the reading of its parent if that is less than [`SHARED_FOR`] old. Both
//! then use one time scale, and the child lies within its parent, even if the wall clock steps in between. Any other
//! operation reads the wall clock, unless the thread read it less than [`FRESH_FOR`] ago: reading two clocks for each of
//! many short operations would be a tenth of their cost.

use opentelemetry::trace::{SpanContext, SpanId};
use std::cell::Cell;
use std::time::{Duration, Instant, SystemTime};

/// Maximum age at which children of a span reuse the clock reading of the span.
const SHARED_FOR: Duration = Duration::from_secs(1);

/// Maximum age at which any span reuses the last clock reading of its thread.
const FRESH_FOR: Duration = Duration::from_millis(1);

/// A point in time on a monotonic clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Reading of the system clock.
    System(Instant),
    /// Reading of the processor's time-stamp counter.
    #[cfg(feature = "tsc")]
    Counter(fastant::Instant),
    /// Reading of a test clock.
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

    /// Returns the time since an earlier moment; `None` if `earlier` is later.
    #[inline]
    fn since(self, earlier: Self) -> Option<Elapsed> {
        let duration = match (self, earlier) {
            (Self::System(now), Self::System(earlier)) => now.checked_duration_since(earlier)?,
            #[cfg(feature = "tsc")]
            (Self::Counter(now), Self::Counter(earlier)) => now.checked_duration_since(earlier)?,
            #[cfg(test)]
            (Self::Test(now), Self::Test(earlier)) => now.checked_sub(earlier)?,
            // A process never mixes clocks.
            #[cfg(any(feature = "tsc", test))]
            _ => return None,
        };
        Some(Elapsed(duration))
    }
}

/// An elapsed time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elapsed(Duration);

impl Elapsed {
    /// Returns the number of seconds. `Duration::as_secs_f64` divides, which takes longer.
    #[inline]
    #[allow(clippy::cast_precision_loss)] // Only beyond millions of years.
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
    /// The start on the wall clock.
    pub(crate) wall: SystemTime,
    /// The reading from which `wall` was computed.
    pub(crate) reading: Reading,
}

/// A simultaneous reading of both clocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    moment: Moment,
    wall: SystemTime,
}

impl Reading {
    /// Returns the start of a span that starts now, computed from the reading of its parent, from the last reading of the
    /// thread, or from a new reading.
    #[inline]
    pub(crate) fn start(parent: &SpanContext) -> Start {
        let moment = Moment::now();
        let of_parent =
            Self::of_span(parent).and_then(|reading| reading.start_of(moment, SHARED_FOR));
        let of_thread = || {
            LAST_READING
                .with(Cell::get)
                .and_then(|last| last.start_of(moment, FRESH_FOR))
        };
        of_parent.or_else(of_thread).unwrap_or_else(Self::read)
    }

    /// Reads both clocks, the wall clock first: a thread that is interrupted between the two readings computes a start
    /// that is too early, and never an end in the future.
    #[cold]
    fn read() -> Start {
        let wall = system_time();
        let moment = Moment::now();
        let reading = Self { moment, wall };
        LAST_READING.set(Some(reading));
        Start {
            moment,
            wall,
            reading,
        }
    }

    /// Returns the start of a span that started at this moment, before code of others ran.
    pub(crate) fn start_at(parent: &SpanContext, moment: Moment) -> Start {
        let of_parent =
            Self::of_span(parent).and_then(|reading| reading.start_of(moment, SHARED_FOR));
        of_parent.unwrap_or_else(|| {
            let now = system_time();
            let since = moment.elapsed().as_duration();
            let wall = now.checked_sub(since).unwrap_or(now);
            let reading = Self { moment, wall };
            Start {
                moment,
                wall,
                reading,
            }
        })
    }

    /// Returns the reading of a span of this thread, if it is stored.
    #[inline]
    fn of_span(span: &SpanContext) -> Option<Self> {
        if !span.is_valid() || span.is_remote() {
            return None;
        }
        let id = span.span_id();
        let stored = RECENT_READINGS.with(|recent| recent[slot(id)].get());
        stored
            .filter(|(stored_id, _)| *stored_id == id)
            .map(|(_, reading)| reading)
    }

    /// Returns the start of a span that started at this moment; `None` if the reading is later than the moment, or earlier
    /// by `max_age` or more.
    #[inline]
    fn start_of(self, moment: Moment, max_age: Duration) -> Option<Start> {
        let age = moment.since(self.moment)?.as_duration();
        (age < max_age).then(|| Start {
            moment,
            wall: self.wall + age,
            reading: self,
        })
    }

    /// Stores the reading for the children of this span.
    #[inline]
    pub(crate) fn share(self, span: SpanId) {
        RECENT_READINGS.with(|recent| recent[slot(span)].set(Some((span, self))));
    }
}

/// Number of stored readings per thread. Children of a span whose reading was overwritten read the clock themselves.
const RECENT_COUNT: usize = 16;

thread_local! {
    /// The last reading of the thread.
    static LAST_READING: Cell<Option<Reading>> = const { Cell::new(None) };

    /// Stored readings, indexed by the last bits of the span id.
    static RECENT_READINGS: [Cell<Option<(SpanId, Reading)>>; RECENT_COUNT] =
        const { [const { Cell::new(None) }; RECENT_COUNT] };
}

#[inline]
fn slot(span: SpanId) -> usize {
    usize::from(span.to_bytes()[7]) % RECENT_COUNT
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

    /// Whether the time-stamp counter is a reliable clock. It is if the kernel uses it as its own clock source, which
    /// excludes machines whose counters differ between processors or stop. The answer is cached.
    #[inline]
    pub(super) fn is_trusted() -> bool {
        static TRUSTED: OnceLock<bool> = OnceLock::new();
        *TRUSTED.get_or_init(detect)
    }

    #[cold]
    fn detect() -> bool {
        const CURRENT: &str = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
        let current = std::fs::read_to_string(CURRENT);
        current.is_ok_and(|current| current.trim() == "tsc") && fastant::is_tsc_available()
    }
}

/// Clocks that a test sets for its thread.
#[cfg(test)]
pub(crate) mod test_clock {
    use super::{Cell, Duration, SystemTime};

    thread_local! {
        static CLOCKS: Cell<Option<(Duration, SystemTime)>> = const { Cell::new(None) };
    }

    pub(super) fn read() -> Option<(Duration, SystemTime)> {
        CLOCKS.get()
    }

    /// Replaces the clocks of this thread until it is dropped.
    #[derive(Debug)]
    pub(crate) struct TestClock(());

    impl TestClock {
        pub(crate) fn start(wall: SystemTime) -> Self {
            CLOCKS.set(Some((Duration::from_secs(1_000), wall)));
            super::LAST_READING.set(None);
            Self(())
        }

        /// Advances both clocks.
        #[allow(clippy::unused_self)]
        pub(crate) fn advance(&self, time: Duration) {
            CLOCKS.set(
                CLOCKS
                    .get()
                    .map(|(monotonic, wall)| (monotonic + time, wall + time)),
            );
        }

        /// Sets only the wall clock. Such a step also occurs when a machine is suspended.
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
