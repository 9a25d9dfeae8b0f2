//! How many operations run under a set-up, so that its report can say how many of them had not ended.

use crate::local;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

/// What began less what ended, by thread: a count of one's own costs a thread next to nothing.
#[derive(Debug)]
pub(crate) struct Unfinished {
    threads: Box<[Count]>,
    /// Whether the set-up delivers spans, and points.
    spans: bool,
    points: bool,
    /// Telemetry is being shut down: what ends from here on may not be delivered.
    closed: AtomicBool,
    /// What was used while its instrument or its logger was not ready.
    not_ready: AtomicU64,
}

/// On a cache line of its own. An operation may begin on one thread and end on another, so it may be below zero.
#[derive(Debug, Default)]
#[repr(align(64))]
struct Count(AtomicI64);

impl Unfinished {
    #[cfg(feature = "setup")]
    pub(crate) fn new(spans: bool, points: bool) -> Self {
        Self {
            threads: (0..=local::MAX_NUMBERED_THREADS)
                .map(|_| Count::default())
                .collect(),
            spans,
            points,
            closed: AtomicBool::new(false),
            not_ready: AtomicU64::new(0),
        }
    }

    /// An operation begins, and is counted if the set-up is to deliver something of it.
    #[inline]
    pub(super) fn begin(&self, records: bool, measures: bool) -> bool {
        let counts = (records && self.spans) || (measures && self.points);
        if counts {
            self.add(1);
        }
        counts
    }

    /// An operation that was counted has ended. `was_delivered`: its span was, hence is accounted for.
    #[inline]
    pub(super) fn end(&self, was_delivered: bool) {
        if was_delivered || !self.closed.load(Ordering::Relaxed) {
            self.add(-1);
        }
    }

    #[inline]
    fn add(&self, change: i64) {
        let number = local::thread_number();
        let Some(Count(count)) = self.threads.get(number) else {
            return;
        };
        if number == local::MAX_NUMBERED_THREADS {
            // Shared by the threads that have no number of their own.
            count.fetch_add(change, Ordering::Relaxed);
        } else {
            count.store(count.load(Ordering::Relaxed) + change, Ordering::Relaxed);
        }
    }

    /// An operation, a measurement or an event found no instrument or logger that was ready.
    pub(super) fn count_not_ready(&self) {
        self.not_ready.fetch_add(1, Ordering::Relaxed);
    }

    /// How many of them did.
    #[cfg(feature = "setup")]
    pub(crate) fn not_ready_count(&self) -> u64 {
        self.not_ready.load(Ordering::Relaxed)
    }

    /// From here on, what ends without a span that was handed on counts as unfinished.
    #[cfg(feature = "setup")]
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }

    /// How many had not ended when telemetry was shut down; none before.
    #[cfg(feature = "setup")]
    pub(crate) fn count_at_shutdown(&self) -> u64 {
        if !self.closed.load(Ordering::Relaxed) {
            return 0;
        }
        let sum = || -> i64 {
            let counts = self.threads.iter();
            counts
                .map(|Count(count)| count.load(Ordering::Relaxed))
                .sum()
        };
        // One that moves from thread to thread meanwhile may be seen twice, or not at all.
        let mut seen = sum();
        for _ in 0..8 {
            let again = sum();
            if again == seen {
                break;
            }
            seen = again;
        }
        u64::try_from(seen).unwrap_or_default()
    }
}
