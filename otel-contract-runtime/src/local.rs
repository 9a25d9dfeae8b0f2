//! The thread's OpenTelemetry context, as long as there is one.
//!
//! A thread that ends destroys its thread-locals one after the other, the last one registered first. The destructor of one
//! may call a traced function when OpenTelemetry's own local, the stack of contexts, is already gone: every access to it
//! panics then, and a panic in such a destructor aborts the process. OpenTelemetry does not tell. So a local of ours is
//! registered after its local, hence destroyed before it, and from then on this thread records nothing.

use opentelemetry::{Context, ContextGuard};
use std::cell::Cell;

/// What happens on this thread, as bits; none of them: everything is recorded.
type Phase = u8;

/// Nothing is known of the thread yet.
const UNKNOWN: Phase = 1;
/// The thread ends, and its context is gone or about to go.
const ENDING: Phase = 1 << 1;
/// Code of a provider runs because tracers or instruments are made: it may hold locks that recording waits for.
const CREATING: Phase = 1 << 2;
/// A sampler or a span processor runs for an operation: another operation would call it again, without end.
const IN_SPAN: Phase = 1 << 3;
/// A logger runs for an event: another event would call it again, without end.
#[cfg(feature = "logs")]
const IN_EVENT: Phase = 1 << 4;
/// An instrument of another crate runs for a measurement: another measurement would call it again, without end.
const IN_METRIC: Phase = 1 << 5;

/// Sets the phase when the thread's locals are being destroyed.
struct Witness;

impl Drop for Witness {
    fn drop(&mut self) {
        PHASE.set(ENDING);
        numbers::release(NUMBER.get());
    }
}

thread_local! {
    /// Without a destructor, so it can be read until the very end.
    static PHASE: Cell<Phase> = const { Cell::new(UNKNOWN) };
    static WITNESS: Witness = const { Witness };
    static NUMBER: Cell<usize> = const { Cell::new(MAX_NUMBERED_THREADS) };
}

/// Whether this thread is ending, and has no context any more.
#[inline]
pub(crate) fn is_ending() -> bool {
    is_in(ENDING)
}

/// Whether no operation starts here: the thread is ending, or it runs code that recording has called.
#[inline]
pub(crate) fn blocks_operations() -> bool {
    is_in(ENDING | CREATING | IN_SPAN)
}

/// Whether code of a provider runs here because something is made with it.
pub(crate) fn is_creating() -> bool {
    is_in(CREATING)
}

/// Whether an event is being handed to a logger here.
#[cfg(feature = "logs")]
pub(crate) fn is_in_event() -> bool {
    is_in(IN_EVENT)
}

/// Whether the thread is in any of these phases, and finds out what is not known of it.
#[inline]
fn is_in(phases: Phase) -> bool {
    let now = PHASE.get();
    now & (phases | UNKNOWN) != 0 && (now & UNKNOWN == 0 || detect() & phases != 0)
}

#[cold]
fn detect() -> Phase {
    // OpenTelemetry's local has to be the first of the two. It may be gone already where this thread used OpenTelemetry
    // without us before; what cannot be asked can only be tried, once for the thread.
    let there = std::panic::catch_unwind(|| Context::map_current(|_| ())).is_ok();
    let registered = there && WITNESS.try_with(|_| ()).is_ok();
    if registered {
        NUMBER.set(numbers::acquire());
    }
    let ending = if registered { 0 } else { ENDING };
    let phase = PHASE.get() & !UNKNOWN | ending;
    PHASE.set(phase);
    phase
}

/// A phase of this thread, until this is dropped.
pub(crate) struct PhaseGuard(Phase);

impl PhaseGuard {
    #[inline]
    fn new(phase: Phase) -> Self {
        let before = PHASE.with(|now| now.replace(now.get() | phase));
        Self(phase & !before)
    }

    /// Code of a provider runs, since tracers or instruments are made: nothing is recorded on this thread.
    pub(crate) fn creating() -> Self {
        Self::new(CREATING)
    }

    /// A sampler or a span processor is called for an operation.
    #[inline]
    pub(crate) fn span() -> Self {
        Self::new(IN_SPAN)
    }

    /// A logger is called for an event.
    #[cfg(feature = "logs")]
    pub(crate) fn event() -> Self {
        Self::new(IN_EVENT)
    }

    /// An instrument that is not bound is called for a measurement.
    #[inline]
    pub(crate) fn metric() -> Self {
        Self::new(IN_METRIC)
    }
}

impl Drop for PhaseGuard {
    #[inline]
    fn drop(&mut self) {
        PHASE.with(|now| now.set(now.get() & !self.0));
    }
}

/// How many threads have a number at a time.
pub(crate) const MAX_NUMBERED_THREADS: usize = 127;

/// A number no other running thread has, below [`MAX_NUMBERED_THREADS`]; that itself where all are in_use.
#[inline]
pub(crate) fn thread_number() -> usize {
    NUMBER.get()
}

/// Numbers of threads, used again when their thread has ended.
mod numbers {
    use super::MAX_NUMBERED_THREADS;
    use std::sync::{Mutex, PoisonError};

    static IN_USE: Mutex<[bool; MAX_NUMBERED_THREADS]> = Mutex::new([false; MAX_NUMBERED_THREADS]);

    pub(super) fn acquire() -> usize {
        let mut in_use = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
        let free = in_use.iter().position(|in_use| !in_use);
        free.inspect(|number| in_use[*number] = true)
            .unwrap_or(MAX_NUMBERED_THREADS)
    }

    pub(super) fn release(number: usize) {
        let mut in_use = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(in_use) = in_use.get_mut(number) {
            *in_use = false;
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

/// Whether nothing is to be recorded here: telemetry is suppressed, the thread is ending, or it runs code of a provider
/// that may hold locks.
#[inline]
pub(crate) fn is_suppressed() -> bool {
    is_in(ENDING | CREATING) || Context::map_current(Context::is_telemetry_suppressed)
}

/// Whether no measurement is recorded here.
#[inline]
pub(crate) fn blocks_measurements() -> bool {
    is_in(ENDING | CREATING | IN_METRIC) || Context::map_current(Context::is_telemetry_suppressed)
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
            // It would look for the stack it was in_use from.
            std::mem::forget(self.0.take());
        }
    }
}
