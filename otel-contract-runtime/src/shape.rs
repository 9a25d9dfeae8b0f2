//! Operations of functions that are not `async`: the return type decides what the operation covers.
//!
//! If the function returns a future that can be wrapped (`impl Future`) or boxed again (`Pin<Box<dyn Future>>`), the
//! operation covers the future from its first poll. Any other future and any stream are rejected. For all other types,
//! the operation covers the call of the function. rustc selects the implementation by the type of the returned value,
//! through method lookup as in [`probe`](crate::probe).

// Method lookup selects by the type of the receiver, which holds no data.
#![allow(clippy::unused_self)]

mod body;
mod boxed;

pub use body::{Body, Frame};

use crate::active_operation::ActiveOperation;
use crate::future::{OperationFuture, PreparedFuture};
use crate::probe::{FutureEndsAtReturn, Returned, StreamEndsAtReturn};
use futures_core::Stream;
use std::future::Future;

impl<F, T> Body<'_, F, T>
where
    F: FnOnce(&mut Frame<'_>) -> T,
{
    /// Returns the return type of a function whose signature names the type.
    #[must_use]
    pub fn shape(&self) -> Shape<T> {
        Shape(self.returned)
    }

    /// Returns the return type of a function whose signature contains `impl Trait`.
    #[must_use]
    pub fn opaque_shape(&self) -> OpaqueShape<T> {
        OpaqueShape(self.returned)
    }
}

/// A return type that the signature names. A boxed future is boxed again.
#[derive(Debug)]
pub struct Shape<T>(Returned<T>);

/// A return type that the signature hides. Any future is wrapped.
#[derive(Debug)]
pub struct OpaqueShape<T>(Returned<T>);

impl<F: Future> OpaqueShape<F> {
    /// Selects the operation of the future.
    pub const fn __choose(self) -> AsFuture {
        AsFuture
    }
}

/// Rejects a future of a named type, which cannot be wrapped: the bound is never met.
pub trait ViaNamedFuture<F> {
    /// Never compiles.
    fn __choose(self) -> AsRejected
    where
        F: FutureEndsAtReturn;
}

impl<F: Future> ViaNamedFuture<F> for Shape<F> {
    fn __choose(self) -> AsRejected
    where
        F: FutureEndsAtReturn,
    {
        AsRejected
    }
}

/// Rejects a stream, because the operation would not cover its items: the bound is never met.
pub trait ViaUntimedStream<S> {
    /// Never compiles.
    fn __choose(self) -> AsRejected
    where
        S: StreamEndsAtReturn;
}

/// Selects the operation of the call, for any other type.
pub trait ViaPlain {
    /// Selects the operation of the call.
    fn __choose(self) -> AsValue;
}

/// Implementations that both kinds of return types share.
macro_rules! shared {
    ($($shape:ident),*) => {$(
        impl<S: Stream> ViaUntimedStream<S> for $shape<S> {
            fn __choose(self) -> AsRejected
            where
                S: StreamEndsAtReturn,
            {
                AsRejected
            }
        }

        impl<T> ViaPlain for &$shape<T> {
            fn __choose(self) -> AsValue {
                AsValue
            }
        }
    )*};
}

shared!(Shape, OpaqueShape);

/// The operation covers the call of the function.
#[derive(Clone, Copy, Debug)]
pub struct AsValue;

/// The operation covers the returned future.
#[derive(Clone, Copy, Debug)]
pub struct AsFuture;

impl AsValue {
    /// Runs the body inside the operation.
    #[inline]
    pub fn run<F, T>(self, body: Body<'_, F, T>) -> ValueRun<'_, T>
    where
        F: FnOnce(&mut Frame<'_>) -> T,
    {
        let (operation, value) = body.run_now();
        ValueRun { operation, value }
    }
}

/// The returned value and its operation, which has not ended yet.
#[derive(Debug)]
pub struct ValueRun<'a, T> {
    operation: &'a mut ActiveOperation,
    value: T,
}

impl<T> ValueRun<'_, T> {
    /// Returns the return type of the annotated function.
    #[must_use]
    pub const fn return_type(&self) -> Returned<T> {
        Returned::new()
    }

    /// Ends the operation with `end`, which inspects the value, and returns the value.
    #[inline]
    pub fn finish(self, end: impl FnOnce(&mut ActiveOperation, &T)) -> T {
        end(self.operation, &self.value);
        self.value
    }
}

/// The return type is rejected. The methods still compile, to avoid follow-up errors.
#[derive(Clone, Copy, Debug)]
pub struct AsRejected;

/// The returned value of a rejected type.
#[derive(Debug)]
pub struct RejectedRun<T>(T);

impl AsRejected {
    /// Runs the body.
    pub fn run<F, T>(self, body: Body<'_, F, T>) -> RejectedRun<T>
    where
        F: FnOnce(&mut Frame<'_>) -> T,
    {
        RejectedRun(body.run_now().1)
    }
}

impl<T> RejectedRun<T> {
    /// Returns the return type of the annotated function.
    #[must_use]
    pub const fn return_type(&self) -> Returned<T> {
        Returned::new()
    }

    /// Returns the value.
    pub fn finish(self, _: impl FnOnce(&mut ActiveOperation, &())) -> T {
        self.0
    }
}

impl AsFuture {
    /// Runs the body, which returns the future.
    pub fn run<F, T>(self, body: Body<'_, F, T>) -> FutureRun<T>
    where
        F: FnOnce(&mut Frame<'_>) -> T,
    {
        let (prepared, future) = body.prepare();
        FutureRun { prepared, future }
    }
}

/// A returned future and its prepared operation.
#[derive(Debug)]
pub struct FutureRun<F> {
    prepared: PreparedFuture,
    future: F,
}

impl<F: Future> FutureRun<F> {
    /// Returns the return type of the annotated function.
    #[must_use]
    pub fn return_type<C>(&self) -> Returned<OperationFuture<F, C>>
    where
        C: FnOnce(&mut ActiveOperation, &F::Output),
    {
        Returned::new()
    }

    /// Returns the future with its operation. `end` inspects the output and ends the operation.
    pub fn finish<C>(self, end: C) -> OperationFuture<F, C>
    where
        C: FnOnce(&mut ActiveOperation, &F::Output),
    {
        OperationFuture::new(self.prepared, self.future, end)
    }
}
