//! The thread's OpenTelemetry context, as long as there is one.
//!
//! A thread that ends destroys its thread-locals one after the other, the last one registered first. The destructor of one
//! may call a traced function when OpenTelemetry's own local, the stack of contexts, is already gone: every access to it
//! panics then, and a panic in such a destructor aborts the process. OpenTelemetry does not tell. So a local of ours is
//! registered after its local, hence destroyed before it, and from then on this thread records nothing.

use opentelemetry::{Context, ContextGuard};
use std::cell::Cell;

/// What is known of this thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing yet.
    Unknown,
    /// The context can be used.
    Running,
    /// The thread ends, and its context is gone or about to go.
    Ending,
}

/// Writes down that the thread's locals are being destroyed.
struct Witness;

impl Drop for Witness {
    fn drop(&mut self) {
        PHASE.set(Phase::Ending);
        numbers::give_back(NUMBER.get());
    }
}

thread_local! {
    /// Without a destructor, so it can be read until the very end.
    static PHASE: Cell<Phase> = const { Cell::new(Phase::Unknown) };
    static WITNESS: Witness = const { Witness };
    static NUMBER: Cell<usize> = const { Cell::new(MOST_NUMBERS) };
}

/// Whether this thread is ending, and has no context any more.
#[inline]
pub(crate) fn is_ending() -> bool {
    match PHASE.get() {
        Phase::Running => false,
        Phase::Ending => true,
        Phase::Unknown => look(),
    }
}

#[cold]
fn look() -> bool {
    // OpenTelemetry's local has to be the first of the two. It may be gone already where this thread used OpenTelemetry
    // without us before; what cannot be asked can only be tried, once for the thread.
    let there = std::panic::catch_unwind(|| Context::map_current(|_| ())).is_ok();
    let registered = there && WITNESS.try_with(|_| ()).is_ok();
    if registered {
        NUMBER.set(numbers::take());
    }
    PHASE.set(if registered {
        Phase::Running
    } else {
        Phase::Ending
    });
    !registered
}

/// How many threads have a number at a time.
pub(crate) const MOST_NUMBERS: usize = 127;

/// A number no other running thread has, below [`MOST_NUMBERS`]; that itself where all are taken.
#[inline]
pub(crate) fn number() -> usize {
    NUMBER.get()
}

/// Numbers of threads, used again when their thread has ended.
mod numbers {
    use super::MOST_NUMBERS;
    use std::sync::{Mutex, PoisonError};

    static TAKEN: Mutex<[bool; MOST_NUMBERS]> = Mutex::new([false; MOST_NUMBERS]);

    pub(super) fn take() -> usize {
        let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        let free = taken.iter().position(|taken| !taken);
        free.inspect(|number| taken[*number] = true)
            .unwrap_or(MOST_NUMBERS)
    }

    pub(super) fn give_back(number: usize) {
        let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = taken.get_mut(number) {
            *taken = false;
        }
    }
}

/// The current context; an empty one where the thread is ending.
#[doc(hidden)]
#[must_use]
pub fn current() -> Context {
    if is_ending() {
        return Context::new();
    }
    Context::current()
}

/// Looks at the current context; `None` where the thread is ending.
#[inline]
pub(crate) fn map_current<R>(look: impl FnOnce(&Context) -> R) -> Option<R> {
    (!is_ending()).then(|| Context::map_current(look))
}

/// Whether nothing is to be recorded here: telemetry is suppressed, or the thread is ending.
#[inline]
pub(crate) fn is_suppressed() -> bool {
    map_current(Context::is_telemetry_suppressed).unwrap_or(true)
}

/// Attaches a context until the guard goes, unless the thread is ending.
#[inline]
pub(crate) fn attach(context: Context) -> Option<ContextGuard> {
    (!is_ending()).then(|| context.attach())
}

/// A context that is attached to this thread until this is dropped. It may be dropped late, by the destructor of another
/// thread-local.
#[must_use = "the context is detached when this is dropped"]
#[derive(Debug)]
pub struct Attached(Option<ContextGuard>);

impl Attached {
    pub(crate) fn new(context: Context) -> Self {
        Self(attach(context))
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        if is_ending() {
            // It would look for the stack it was taken from.
            std::mem::forget(self.0.take());
        }
    }
}
