//! Counter of the unfinished operations under a set-up, for its report.

use crate::local;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

/// Number of started operations minus the number of ended operations. Each thread has its own counter, because an
/// uncontended counter costs almost nothing.
#[derive(Debug)]
pub(crate) struct Unfinished {
    threads: Box<[Count]>,
    /// Whether the set-up delivers spans.
    spans: bool,
    /// Whether the set-up delivers points.
    points: bool,
    /// Whether telemetry is being shut down. Operations that end later may not be delivered.
    closed: AtomicBool,
    /// Number of operations, measurements and events that found no instrument or logger that was ready.
    not_ready: AtomicU64,
}

/// Counter of a thread, on its own cache line. It may be negative, because an operation may begin on one thread and end on
/// another.
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

    /// Counts an operation that begins, if the set-up delivers its span or its points. Returns whether it was counted.
    #[inline]
    pub(super) fn begin(&self, records: bool, measures: bool) -> bool {
        let counts = (records && self.spans) || (measures && self.points);
        if counts {
            self.add(1);
        }
        counts
    }

    /// Ends an operation that was counted. `was_delivered`: its span was passed to the processors, which account for it.
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
            // Threads without a number share this counter.
            count.fetch_add(change, Ordering::Relaxed);
        } else {
            count.store(count.load(Ordering::Relaxed) + change, Ordering::Relaxed);
        }
    }

    /// Counts an operation, a measurement or an event that found no instrument or logger that was ready.
    pub(super) fn count_not_ready(&self) {
        self.not_ready.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns the number of operations, measurements and events that found no instrument or logger that was ready.
    #[cfg(feature = "setup")]
    pub(crate) fn not_ready_count(&self) -> u64 {
        self.not_ready.load(Ordering::Relaxed)
    }

    /// Marks the shutdown. An operation that ends later counts as unfinished, unless its span was delivered.
    #[cfg(feature = "setup")]
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }

    /// Returns the number of operations that were unfinished when telemetry was shut down; 0 before the shutdown.
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
        // Operations that begin or end during the sum, on different threads, make it wrong. It is repeated until two sums
        // agree.
        let mut last = sum();
        for _ in 0..8 {
            let next = sum();
            if next == last {
                break;
            }
            last = next;
        }
        u64::try_from(last).unwrap_or_default()
    }
}
