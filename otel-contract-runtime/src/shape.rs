//! How a function that is not `async` becomes an operation: by the type of what it returns.
//!
//! A future that the function may return in another type (`impl Future`) or box again (`Pin<Box<dyn Future>>`) is the
//! operation, from its first poll. Any other function is the operation while it runs. The compiler chooses by the type
//! of the returned value, by method lookup as in [`probe`](crate::probe).

// Method lookup needs a receiver, which has nothing in it.
#![allow(clippy::unused_self)]

use crate::active_operation::ActiveOperation;
use crate::definition::Recorded;
use crate::entry::Entry;
use crate::future::{OperationFuture, Prepared};
use crate::probe::{FutureEndsAtReturn, Returned, StreamEndsAtReturn};
use crate::slots::Handle;
use futures_core::Stream;
use opentelemetry::ContextGuard;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// An operation as the body of its function sees it: running, or prepared for a future that starts it.
#[derive(Debug)]
pub struct Frame<'a>(State<'a>);

#[derive(Debug)]
enum State<'a> {
    Running {
        running: &'a mut ActiveOperation,
        guard: Option<ContextGuard>,
    },
    Prepared(Prepared),
}

impl Frame<'_> {
    /// Starts the operation under its parent, with what the sampler sees.
    pub fn start_from(&mut self, entry: Entry, deferred: bool, most: usize) {
        match &mut self.0 {
            State::Running { running, .. } => entry.start(running, deferred, most),
            State::Prepared(prepared) => {
                prepared.entry = entry;
                (prepared.deferred, prepared.most) = (deferred, most);
            }
        }
    }

    /// Starts the operation under the current context.
    pub fn start(&mut self, deferred: bool, most: usize) {
        match &mut self.0 {
            State::Running { running, .. } => running.start(deferred, most),
            State::Prepared(prepared) => (prepared.deferred, prepared.most) = (deferred, most),
        }
    }

    /// Whether attributes are to be evaluated for the span.
    #[must_use]
    pub fn is_recording(&self) -> bool {
        match &self.0 {
            State::Running { running, .. } => running.is_recording(),
            State::Prepared(_) => true,
        }
    }

    /// Whether an attribute is to be evaluated, for the span or as a dimension.
    #[must_use]
    pub fn wants(&self, index: usize) -> bool {
        match &self.0 {
            State::Running { running, .. } => running.wants(index),
            State::Prepared(_) => true,
        }
    }

    /// Sets an attribute.
    pub fn set(&mut self, index: usize, value: Option<Recorded<'_>>) {
        match &mut self.0 {
            State::Running { running, .. } => running.set(index, value),
            State::Prepared(prepared) => prepared.entry.set(index, value),
        }
    }

    /// Sets attributes from here on, also before a future has started the operation.
    #[must_use]
    pub fn handle(&mut self) -> Handle {
        match &mut self.0 {
            State::Running { running, .. } => running.handle(),
            State::Prepared(prepared) => {
                let unstarted = prepared.handle.get_or_insert_default();
                Handle::unstarted(Arc::clone(unstarted))
            }
        }
    }

    /// Attaches the context of the operation, until the function returns.
    pub fn enter(&mut self) {
        if let State::Running { running, guard } = &mut self.0 {
            running.begin();
            *guard = running.attach();
        }
    }
}

/// The body of a function, before it runs.
pub struct Body<'a, F, T> {
    running: &'a mut ActiveOperation,
    work: F,
    returned: Returned<T>,
}

impl<'a, F, T> Body<'a, F, T>
where
    F: FnOnce(&mut Frame<'_>) -> T,
{
    /// The closure is `FnOnce` by this signature: inferred from its body it might be `FnMut`, and a reference
    /// returned out of `&mut self` would not live long enough.
    pub fn new(running: &'a mut ActiveOperation, returned: Returned<T>, work: F) -> Self {
        Self {
            running,
            work,
            returned,
        }
    }

    /// The type it returns, where the signature names it.
    #[must_use]
    pub fn shape(&self) -> Shape<T> {
        Shape(self.returned)
    }

    /// The type it returns, where the signature says `impl Trait`.
    #[must_use]
    pub fn opaque_shape(&self) -> OpaqueShape<T> {
        OpaqueShape(self.returned)
    }

    fn run_now(self) -> (&'a mut ActiveOperation, T) {
        let mut frame = Frame(State::Running {
            running: self.running,
            guard: None,
        });
        let value = (self.work)(&mut frame);
        let State::Running { running, guard } = frame.0 else {
            unreachable!("a running operation stays one");
        };
        drop(guard);
        (running, value)
    }

    fn prepare(self) -> (Prepared, T) {
        let mut frame = Frame(State::Prepared(Prepared::new(self.running.definition)));
        self.running.leave_to_future();
        let value = (self.work)(&mut frame);
        let State::Prepared(prepared) = frame.0 else {
            unreachable!("a prepared operation stays one");
        };
        (prepared, value)
    }
}

/// The type of a returned value that a signature names: a boxed future is boxed again.
#[derive(Debug)]
pub struct Shape<T>(Returned<T>);

/// The type of a returned value that a signature hides: any future is wrapped.
#[derive(Debug)]
pub struct OpaqueShape<T>(Returned<T>);

impl<F: Future> OpaqueShape<F> {
    /// The future is the operation.
    pub const fn __choose(self) -> AsFuture {
        AsFuture
    }
}

/// For a future of a named type, which cannot be wrapped: refused by the bound.
pub trait ViaNamedFuture<F> {
    /// Never compiles.
    fn __choose(self) -> AsRefused
    where
        F: FutureEndsAtReturn;
}

impl<F: Future> ViaNamedFuture<F> for Shape<F> {
    fn __choose(self) -> AsRefused
    where
        F: FutureEndsAtReturn,
    {
        AsRefused
    }
}

/// For a stream, which would not be timed: refused by the bound.
pub trait ViaUntimedStream<S> {
    /// Never compiles.
    fn __choose(self) -> AsRefused
    where
        S: StreamEndsAtReturn;
}

/// For any other type: the function is the operation.
pub trait ViaPlain {
    /// Not a future.
    fn __choose(self) -> AsValue;
}

macro_rules! others {
    ($($shape:ident),*) => {$(
        impl<S: Stream> ViaUntimedStream<S> for $shape<S> {
            fn __choose(self) -> AsRefused
            where
                S: StreamEndsAtReturn,
            {
                AsRefused
            }
        }

        impl<T> ViaPlain for &$shape<T> {
            fn __choose(self) -> AsValue {
                AsValue
            }
        }
    )*};
}

others!(Shape, OpaqueShape);

/// The function is the operation, from its start to its return.
#[derive(Clone, Copy, Debug)]
pub struct AsValue;

/// The returned future is the operation.
#[derive(Clone, Copy, Debug)]
pub struct AsFuture;

impl AsValue {
    /// Runs the body inside the operation.
    #[inline]
    pub fn run<F, T>(self, body: Body<'_, F, T>) -> ValueRun<'_, T>
    where
        F: FnOnce(&mut Frame<'_>) -> T,
    {
        let (running, value) = body.run_now();
        ValueRun { running, value }
    }
}

/// A function that has returned.
#[derive(Debug)]
pub struct ValueRun<'a, T> {
    running: &'a mut ActiveOperation,
    value: T,
}

impl<T> ValueRun<'_, T> {
    /// The type of what the annotated function returns.
    #[must_use]
    pub const fn finished(&self) -> Returned<T> {
        Returned::new()
    }

    /// Ends the operation by this look at the value, and returns the value.
    #[inline]
    pub fn finish(self, end: impl FnOnce(&mut ActiveOperation, &T)) -> T {
        end(self.running, &self.value);
        self.value
    }
}

/// The value is refused; what follows from that is no further error.
#[derive(Clone, Copy, Debug)]
pub struct AsRefused;

/// The value of [`AsRefused`].
#[derive(Debug)]
pub struct RefusedRun<T>(T);

impl AsRefused {
    /// Runs the body.
    pub fn run<F, T>(self, body: Body<'_, F, T>) -> RefusedRun<T>
    where
        F: FnOnce(&mut Frame<'_>) -> T,
    {
        RefusedRun(body.run_now().1)
    }
}

impl<T> RefusedRun<T> {
    /// The type of what the annotated function returns.
    #[must_use]
    pub const fn finished(&self) -> Returned<T> {
        Returned::new()
    }

    /// The value.
    pub fn finish(self, _: impl FnOnce(&mut ActiveOperation, &())) -> T {
        self.0
    }
}

impl AsFuture {
    /// Makes the future.
    pub fn run<F, T>(self, body: Body<'_, F, T>) -> FutureRun<T>
    where
        F: FnOnce(&mut Frame<'_>) -> T,
    {
        let (prepared, future) = body.prepare();
        FutureRun { prepared, future }
    }
}

/// A future that is not instrumented yet.
#[derive(Debug)]
pub struct FutureRun<F> {
    prepared: Prepared,
    future: F,
}

impl<F: Future> FutureRun<F> {
    /// The type of what the annotated function returns.
    #[must_use]
    pub fn finished<C>(&self) -> Returned<OperationFuture<F, C>>
    where
        C: FnOnce(&mut ActiveOperation, &F::Output),
    {
        Returned::new()
    }

    /// The future as the operation, which ends by this look at its output.
    pub fn finish<C>(self, end: C) -> OperationFuture<F, C>
    where
        C: FnOnce(&mut ActiveOperation, &F::Output),
    {
        OperationFuture::new(self.prepared, self.future, end)
    }
}

/// Boxed futures, by what else the box promises, pinned or not.
macro_rules! boxed {
    ($($shape:ident $run:ident $unpinned:ident $unpinned_run:ident [$($auto:tt)*];)*) => {
        $(boxed! {@one $shape $run [$($auto)*] [Pin<Box<dyn Future<Output = O> $($auto)* + 'a>>] Box::pin})*
        $(boxed! {@one $unpinned $unpinned_run [$($auto)*] [Box<dyn Future<Output = O> $($auto)* + 'a>] Box::new})*
    };
    (@one $shape:ident $run:ident [$($auto:tt)*] [$boxed:ty] $make:expr) => {
        /// The returned future is the operation, in a box of the same type.
        #[derive(Clone, Copy, Debug)]
        pub struct $shape;

        /// A boxed future that is not instrumented yet.
        pub struct $run<'a, O> {
            prepared: Prepared,
            future: $boxed,
        }

        impl<'a, O> Shape<$boxed> {
            /// The future is the operation, in a box of the same type.
            pub const fn __choose(self) -> $shape {
                $shape
            }
        }

        impl $shape {
            /// Makes the future.
            pub fn run<'a, F, O>(self, body: Body<'_, F, $boxed>) -> $run<'a, O>
            where
                F: FnOnce(&mut Frame<'_>) -> $boxed,
            {
                let (prepared, future) = body.prepare();
                $run { prepared, future }
            }
        }

        impl<'a, O: 'a> $run<'a, O> {
            /// The type of what the annotated function returns.
            #[must_use]
            pub const fn finished(&self) -> Returned<$boxed> {
                Returned::new()
            }

            /// The future as the operation, which ends by this look at its output.
            pub fn finish<C>(self, end: C) -> $boxed
            where
                C: FnOnce(&mut ActiveOperation, &O) $($auto)* + 'a,
                // Asked of the caller, where it is known already: here it would mean another walk through the types of
                // everything an operation refers to, for each of these functions.
                OperationFuture<Pin<Box<dyn Future<Output = O> $($auto)* + 'a>>, C>: Sized $($auto)*,
            {
                $make(OperationFuture::new(self.prepared, Pin::from(self.future), end))
            }
        }
    };
}

boxed! {
    AsPinned PinnedRun AsBoxed BoxedRun [];
    AsPinnedSend PinnedSendRun AsBoxedSend BoxedSendRun [+ Send];
    AsPinnedSync PinnedSyncRun AsBoxedSync BoxedSyncRun [+ Send + Sync];
}
