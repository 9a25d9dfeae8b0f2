//! Safe access to the OpenTelemetry context of the thread, also while the thread ends.
//!
//! A thread that ends destroys its thread-locals one after the other, the last one registered first. The destructor of a
//! thread-local may call a traced function after OpenTelemetry's thread-local, the stack of contexts, is destroyed. Every
//! access to the stack then panics, and a panic in such a destructor aborts the process. OpenTelemetry has no function to
//! detect this state. This module therefore registers a thread-local after OpenTelemetry's: it is destroyed earlier, and
//! from then on the thread records nothing.

use opentelemetry::{Context, ContextGuard};
use std::cell::Cell;

/// Phases of a thread, as a set of bits. An empty set: everything is recorded.
type Phase = u8;

/// The thread has not been examined yet.
const UNKNOWN: Phase = 1;
/// The thread is ending, and its context is destroyed or about to be.
const ENDING: Phase = 1 << 1;
/// Code of a provider creates tracers or instruments. It may hold locks for which recording would wait.
const CREATING: Phase = 1 << 2;
/// A sampler or a span processor runs for an operation. Another operation would call it again, without end.
const IN_SPAN: Phase = 1 << 3;
/// A logger or a subscriber of `tracing` runs for an event or a failure. Another one would call it again, without end.
#[cfg(any(feature = "logs", feature = "tracing"))]
const IN_EVENT: Phase = 1 << 4;
/// An instrument of another crate runs for a measurement. Another measurement would call it again, without end.
const IN_METRIC: Phase = 1 << 5;

/// Value whose destructor notes that the thread's locals are being destroyed.
struct Witness;

impl Drop for Witness {
    fn drop(&mut self) {
        PHASE.set(ENDING);
        numbers::release(NUMBER.get());
    }
}

thread_local! {
    /// Phase of this thread. It has no destructor, so it is readable until the thread has ended.
    static PHASE: Cell<Phase> = const { Cell::new(UNKNOWN) };
    static WITNESS: Witness = const { Witness };
    static NUMBER: Cell<usize> = const { Cell::new(MAX_NUMBERED_THREADS) };
}

/// Whether this thread is ending and no longer has a context.
#[inline]
pub(crate) fn is_ending() -> bool {
    is_in(ENDING)
}

/// Whether no operation may start on this thread: it is ending, or it runs a sampler, a span processor, or code of a
/// provider that creates tracers or instruments.
#[inline]
pub(crate) fn blocks_operations() -> bool {
    is_in(ENDING | CREATING | IN_SPAN)
}

/// Whether a provider is creating a tracer, an instrument or a logger on this thread.
pub(crate) fn is_creating() -> bool {
    is_in(CREATING)
}

/// Whether a logger or a subscriber of `tracing` is called for an event or a failure on this thread.
#[cfg(any(feature = "logs", feature = "tracing"))]
pub(crate) fn is_in_event() -> bool {
    is_in(IN_EVENT)
}

/// Whether the thread is in any of these phases. Examines the thread on the first call.
#[inline]
fn is_in(phases: Phase) -> bool {
    let now = PHASE.get();
    now & (phases | UNKNOWN) != 0 && (now & UNKNOWN == 0 || detect() & phases != 0)
}

#[cold]
fn detect() -> Phase {
    // OpenTelemetry's thread-local has to be registered first. It may be destroyed already if this thread used
    // OpenTelemetry before it used this crate. An access that may panic is the only way to find out, once per thread.
    let has_context = std::panic::catch_unwind(|| Context::map_current(|_| ())).is_ok();
    let registered = has_context && WITNESS.try_with(|_| ()).is_ok();
    if registered {
        NUMBER.set(numbers::acquire());
    }
    let ending = if registered { 0 } else { ENDING };
    let phase = PHASE.get() & !UNKNOWN | ending;
    PHASE.set(phase);
    phase
}

/// Guard that puts this thread into a phase until it is dropped.
pub(crate) struct PhaseGuard(Phase);

impl PhaseGuard {
    #[inline]
    fn new(phase: Phase) -> Self {
        let before = PHASE.with(|now| now.replace(now.get() | phase));
        Self(phase & !before)
    }

    /// Phase in which code of a provider creates tracers or instruments. The thread records nothing.
    pub(crate) fn creating() -> Self {
        Self::new(CREATING)
    }

    /// Phase in which a sampler or a span processor is called for an operation.
    #[inline]
    pub(crate) fn span() -> Self {
        Self::new(IN_SPAN)
    }

    /// Phase in which a logger or a subscriber of `tracing` is called for an event or a failure.
    #[cfg(any(feature = "logs", feature = "tracing"))]
    pub(crate) fn event() -> Self {
        Self::new(IN_EVENT)
    }

    /// Phase in which an instrument that is not bound is called for a measurement.
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

/// Maximum number of threads that have a number at the same time.
pub(crate) const MAX_NUMBERED_THREADS: usize = 127;

/// Returns the number of this thread, which is below [`MAX_NUMBERED_THREADS`] and unique among running threads; or
/// [`MAX_NUMBERED_THREADS`] if all numbers are in use.
#[inline]
pub(crate) fn thread_number() -> usize {
    NUMBER.get()
}

/// Allocation of thread numbers. A number is reused after its thread has ended.
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

/// Returns the current context, or an empty context if the thread is ending.
#[doc(hidden)]
#[must_use]
pub fn current() -> Context {
    if is_ending() {
        return Context::new();
    }
    Context::current()
}

/// Calls a function with the current context; `None` if the thread is ending.
#[inline]
pub(crate) fn map_current<R>(call: impl FnOnce(&Context) -> R) -> Option<R> {
    (!is_ending()).then(|| Context::map_current(call))
}

/// Whether this thread must not record anything: telemetry is suppressed, the thread is ending, or it runs code of a
/// provider that may hold locks.
#[inline]
pub(crate) fn is_suppressed() -> bool {
    is_in(ENDING | CREATING) || Context::map_current(Context::is_telemetry_suppressed)
}

/// Whether this thread must not record measurements.
#[inline]
pub(crate) fn blocks_measurements() -> bool {
    is_in(ENDING | CREATING | IN_METRIC) || Context::map_current(Context::is_telemetry_suppressed)
}

/// Attaches a context until the guard is dropped, unless the thread is ending.
#[inline]
pub(crate) fn attach(context: Context) -> Option<ContextGuard> {
    (!is_ending()).then(|| context.attach())
}

/// Guard that attaches a context to this thread until it is dropped. The destructor of a thread-local may drop it, too,
/// while the thread ends.
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
            // The destructor would access the stack of contexts, which is gone.
            std::mem::forget(self.0.take());
        }
    }
}
