//! Queue of the parts of a contract's telemetry that are to be created.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Part of a contract's telemetry that a provider creates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The logger.
    #[cfg(feature = "logs")]
    Logger,
    /// The observable instruments, each with its callback.
    Observables,
    /// The instruments of the operation with this index.
    Operation(usize),
    /// The instrument of the metric with this index.
    Metric(usize),
}

/// Limits on the time for which a caller waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct WaitLimits {
    /// Maximum time since the last part was created.
    idle: Duration,
    /// Maximum time in total.
    total: Duration,
}

impl WaitLimits {
    /// Limits while a service handles requests.
    pub(super) const SERVING: Self = Self::from_millis(100, 1_000);
    /// Limits for an installation.
    pub(super) const INSTALLING: Self = Self::from_millis(500, 10_000);
    /// Limits for a test, where a loss is worse than a delay.
    #[cfg(feature = "testing")]
    pub(super) const TESTING: Self = Self::from_millis(2_000, 10_000);

    const fn from_millis(idle: u64, total: u64) -> Self {
        Self {
            idle: Duration::from_millis(idle),
            total: Duration::from_millis(total),
        }
    }
}

/// Queue of the parts of one contract under one installation.
#[derive(Debug, Default)]
pub(super) struct CreationQueue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Part>,
    /// Whether a thread creates the waiting parts.
    under_way: bool,
    /// Time when the last part was created, or when the thread started.
    since: Option<Instant>,
    /// Whether a caller reached its limits. While this is set, callers return without waiting. The next created part
    /// resets it.
    stalled: bool,
    /// Time before which no thread is started, because the last attempt failed.
    not_before: Option<Instant>,
}

impl CreationQueue {
    // The lock is held for a few instructions, and no code of others runs under it.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds parts. Returns whether the caller must start their creation.
    pub(super) fn add(&self, parts: impl IntoIterator<Item = Part>) -> bool {
        let mut state = self.lock();
        if state.not_before.is_some_and(|time| Instant::now() < time) {
            return false;
        }
        for part in parts {
            if !state.waiting.contains(&part) {
                state.waiting.push_back(part);
            }
        }
        let is_first = !state.waiting.is_empty() && !std::mem::replace(&mut state.under_way, true);
        if is_first {
            state.since = Some(Instant::now());
        }
        is_first
    }

    /// Takes the next part. The creating thread ends when there is none.
    pub(super) fn next(&self) -> Option<Part> {
        let mut state = self.lock();
        let next = state.waiting.pop_front();
        state.under_way = next.is_some();
        if next.is_none() {
            self.changed.notify_all();
        }
        next
    }

    /// Notes that the creating thread has handled a part.
    pub(super) fn note_created(&self) {
        let mut state = self.lock();
        state.since = Some(Instant::now());
        state.stalled = false;
        self.changed.notify_all();
    }

    /// Notes that no thread could be started, and discards the waiting parts.
    pub(super) fn note_spawn_failed(&self) {
        const PAUSE: Duration = Duration::from_secs(1);
        let mut state = self.lock();
        state.under_way = false;
        state.waiting.clear();
        state.not_before = Instant::now().checked_add(PAUSE);
        self.changed.notify_all();
    }

    /// Waits until `is_done` returns `true`, or the limits are reached. Returns the last result of `is_done`.
    pub(super) fn wait(&self, limits: WaitLimits, is_done: impl Fn() -> bool) -> bool {
        let began = Instant::now();
        let mut state = self.lock();
        loop {
            if is_done() {
                return true;
            }
            if state.stalled || !state.under_way {
                return false;
            }
            let since = state.since.unwrap_or(began);
            let idle = limits.idle.saturating_sub(since.elapsed());
            let left = idle.min(limits.total.saturating_sub(began.elapsed()));
            if left.is_zero() {
                state.stalled = true;
                self.changed.notify_all();
                return false;
            }
            state = match self.changed.wait_timeout(state, left) {
                Ok((state, _)) => state,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }
}
