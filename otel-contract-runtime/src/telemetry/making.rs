//! What is still to be made for a contract, and who makes it.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Something that is made by a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The logger.
    #[cfg(feature = "logs")]
    Logger,
    /// The instruments whose values are asked for, each with its callback.
    Observables,
    /// The instruments of the operation with this index.
    Operation(usize),
    /// The instrument of the metric with this index.
    Metric(usize),
}

/// How long a caller waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// As long as nothing becomes ready.
    idle: Duration,
    /// In all.
    total: Duration,
}

impl Patience {
    /// Of a service that is serving.
    pub(super) const SERVING: Self = Self::of(100, 1_000);
    /// Of an installation.
    pub(super) const INSTALLING: Self = Self::of(500, 10_000);
    /// Of a test, where a loss is worse than a delay.
    #[cfg(feature = "testing")]
    pub(super) const TESTING: Self = Self::of(2_000, 10_000);

    const fn of(idle: u64, total: u64) -> Self {
        Self {
            idle: Duration::from_millis(idle),
            total: Duration::from_millis(total),
        }
    }
}

/// What one contract has made under one installation, and who makes it.
#[derive(Debug, Default)]
pub(super) struct Making {
    work: Mutex<Work>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Work {
    waiting: VecDeque<Part>,
    /// A thread makes what waits.
    under_way: bool,
    /// When the last part was made, or the thread started.
    since: Option<Instant>,
    /// A caller has waited in vain: nobody waits until another part is made.
    stalled: bool,
    /// No thread could be started: nobody tries again before this time.
    not_before: Option<Instant>,
}

impl Making {
    // Held for a few instructions: no code of others runs under it.
    fn lock(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds parts. Whether the caller has to see to it that they are made.
    pub(super) fn add(&self, parts: impl IntoIterator<Item = Part>) -> bool {
        let mut work = self.lock();
        if work.not_before.is_some_and(|time| Instant::now() < time) {
            return false;
        }
        for part in parts {
            if !work.waiting.contains(&part) {
                work.waiting.push_back(part);
            }
        }
        let is_first = !work.waiting.is_empty() && !std::mem::replace(&mut work.under_way, true);
        if is_first {
            work.since = Some(Instant::now());
        }
        is_first
    }

    /// The next part; `None` ends the thread.
    pub(super) fn next(&self) -> Option<Part> {
        let mut work = self.lock();
        let next = work.waiting.pop_front();
        work.under_way = next.is_some();
        if next.is_none() {
            self.changed.notify_all();
        }
        next
    }

    pub(super) fn made(&self) {
        let mut work = self.lock();
        work.since = Some(Instant::now());
        work.stalled = false;
        self.changed.notify_all();
    }

    pub(super) fn not_started(&self) {
        const PAUSE: Duration = Duration::from_secs(1);
        let mut work = self.lock();
        work.under_way = false;
        work.waiting.clear();
        work.not_before = Instant::now().checked_add(PAUSE);
        self.changed.notify_all();
    }

    /// Waits until something is done, or patience ends. Whether it is done.
    pub(super) fn wait(&self, patience: Patience, is_done: impl Fn() -> bool) -> bool {
        let began = Instant::now();
        let mut work = self.lock();
        loop {
            if is_done() {
                return true;
            }
            if work.stalled || !work.under_way {
                return false;
            }
            let since = work.since.unwrap_or(began);
            let idle = patience.idle.saturating_sub(since.elapsed());
            let left = idle.min(patience.total.saturating_sub(began.elapsed()));
            if left.is_zero() {
                work.stalled = true;
                self.changed.notify_all();
                return false;
            }
            work = match self.changed.wait_timeout(work, left) {
                Ok((work, _)) => work,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }
}
