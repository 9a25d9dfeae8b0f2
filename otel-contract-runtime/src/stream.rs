//! A stream as an operation: open until the stream ends or is dropped.

// Method lookup needs a receiver, which has nothing in it.
#![allow(clippy::unused_self)]

use crate::active_operation::ActiveOperation;
use crate::outcome::Failure;
use crate::probe::Returned;
use futures_core::Stream;
use std::convert::Infallible;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::task::{Context, Poll};

pin_project_lite::pin_project! {
    /// A stream inside the operation that returned it. The context of the operation is attached on every poll, and
    /// while the stream is dropped.
    ///
    /// The operation fails if the last item was an `Err`, whether the stream ends then or is dropped by a caller that
    /// gives up; it succeeds at the end of the stream, and is cancelled when the stream is dropped before.
    #[must_use = "streams do nothing unless polled"]
    pub struct OperationStream<S, J, C> {
        #[pin]
        stream: Option<S>,
        running: ActiveOperation,
        items: u64,
        failure: Option<Failure>,
        judge: J,
        end: Option<C>,
    }

    impl<S, J, C> PinnedDrop for OperationStream<S, J, C> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.stream.is_some() {
                let guard = this.running.attach();
                this.stream.set(None);
                drop(guard);
                if let Some(failure) = this.failure.take() && !std::thread::panicking() {
                    this.running.fail(failure);
                }
            }
        }
    }
}

// As for futures: whether a stream may be used after a panic is up to the stream.
impl<S: UnwindSafe, J, C> UnwindSafe for OperationStream<S, J, C> {}
impl<S: RefUnwindSafe, J, C> RefUnwindSafe for OperationStream<S, J, C> {}

impl<S, J, C> Stream for OperationStream<S, J, C>
where
    S: Stream,
    J: FnMut(&S::Item) -> Option<Failure>,
    C: FnOnce(&mut ActiveOperation, &u64),
{
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let mut this = self.project();
        let Some(stream) = this.stream.as_mut().as_pin_mut() else {
            return Poll::Ready(None);
        };
        let guard = this.running.attach();
        let polled = stream.poll_next(cx);
        match &polled {
            Poll::Pending => {}
            Poll::Ready(Some(item)) => {
                *this.items += 1;
                *this.failure = (this.judge)(item);
            }
            Poll::Ready(None) => {
                // What the stream still holds is dropped while its context is attached.
                this.stream.set(None);
                drop(guard);
                match (this.failure.take(), this.end.take()) {
                    (Some(failure), _) => this.running.fail(failure),
                    (None, Some(end)) => end(this.running, this.items),
                    (None, None) => {}
                }
            }
        }
        polled
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let stream = self.stream.as_ref();
        stream.map_or((0, Some(0)), Stream::size_hint)
    }
}

/// A value that is a stream, alone or in a `Result`; implemented by nothing.
#[diagnostic::on_unimplemented(
    message = "this function does not return a stream that can be instrumented",
    label = "the option `stream` takes `impl Stream`, `Pin<Box<dyn Stream + Send>>`, or a `Result` of one of them",
    note = "put the attribute on the function that makes the stream, or leave the option `stream` out"
)]
pub trait ReturnsStream {}

/// The type of a returned stream: a boxed one is boxed again.
#[derive(Debug)]
pub struct StreamShape<T>(Returned<T>);

/// The type of a returned stream that a signature hides: any stream is wrapped.
#[derive(Debug)]
pub struct OpaqueStreamShape<T>(Returned<T>);

impl<S: Stream> OpaqueStreamShape<S> {
    /// The stream is part of the operation.
    #[must_use]
    pub const fn __choose(self) -> AsStream {
        AsStream
    }
}

/// For a `Result` of a stream, which is part of the operation if there is one.
pub trait ViaFallible {
    /// A `Result` of a stream.
    fn __choose(self) -> AsFallibleStream;
}

impl<S: Stream, E> ViaFallible for OpaqueStreamShape<Result<S, E>> {
    fn __choose(self) -> AsFallibleStream {
        AsFallibleStream
    }
}

/// For a stream of a named type, which cannot be wrapped, and for a value that is no stream: refused by the bound.
pub trait ViaNoStream<T> {
    /// Never compiles.
    fn __choose(self) -> AsNoStream
    where
        T: ReturnsStream;
}

macro_rules! others {
    ($($shape:ident),*) => {$(
        impl<T> $shape<T> {
            /// The type of this value.
            #[must_use]
            pub const fn new(_: &T) -> Self {
                Self(Returned::new())
            }
        }

        impl<T> ViaNoStream<T> for &$shape<T> {
            fn __choose(self) -> AsNoStream
            where
                T: ReturnsStream,
            {
                AsNoStream
            }
        }
    )*};
}

others!(StreamShape, OpaqueStreamShape);

/// The returned stream is part of the operation.
#[derive(Clone, Copy, Debug)]
pub struct AsStream;

/// The stream in the returned `Result` is part of the operation.
#[derive(Clone, Copy, Debug)]
pub struct AsFallibleStream;

/// The value is refused; what follows from that is no further error.
#[derive(Clone, Copy, Debug)]
pub struct AsNoStream;

impl AsStream {
    /// Keeps the operation open. `judge` tells whether an item is a failure, `end` ends the operation after so many
    /// items.
    pub fn keep_open<S, J, D, C>(
        self,
        running: &mut ActiveOperation,
        stream: S,
        judge: J,
        _: D,
        end: C,
    ) -> OperationStream<S, J, C>
    where
        S: Stream,
        J: FnMut(&S::Item) -> Option<Failure>,
        D: FnOnce(&Infallible) -> Option<Failure>,
        C: FnOnce(&mut ActiveOperation, &u64),
    {
        OperationStream {
            stream: Some(stream),
            running: running.take(),
            items: 0,
            failure: None,
            judge,
            end: Some(end),
        }
    }
}

impl AsFallibleStream {
    /// Keeps the operation open if there is a stream, and ends it by `denied` if there is none.
    ///
    /// # Errors
    ///
    /// The error of the function.
    pub fn keep_open<S, E, J, D, C>(
        self,
        running: &mut ActiveOperation,
        stream: Result<S, E>,
        judge: J,
        denied: D,
        end: C,
    ) -> Result<OperationStream<S, J, C>, E>
    where
        S: Stream,
        J: FnMut(&S::Item) -> Option<Failure>,
        D: FnOnce(&E) -> Option<Failure>,
        C: FnOnce(&mut ActiveOperation, &u64),
    {
        match stream {
            Ok(stream) => {
                let denied = |never: &Infallible| match *never {};
                Ok(AsStream.keep_open(running, stream, judge, denied, end))
            }
            Err(error) => {
                match denied(&error) {
                    Some(failure) => running.fail(failure),
                    None => running.succeed(),
                }
                Err(error)
            }
        }
    }
}

impl AsNoStream {
    /// The value as it is.
    pub fn keep_open<T>(
        self,
        _: &mut ActiveOperation,
        value: T,
        _: impl FnMut(&()) -> Option<Failure>,
        _: impl FnOnce(&Infallible) -> Option<Failure>,
        _: impl FnOnce(&mut ActiveOperation, &u64),
    ) -> T {
        value
    }
}

/// Boxed streams, by what else the box promises.
macro_rules! boxed {
    ($($shape:ident $fallible:ident [$($auto:tt)*];)*) => {$(
        #[doc = concat!("The returned `Pin<Box<dyn Stream", stringify!($($auto)*), ">>` is part of the operation.")]
        #[derive(Clone, Copy, Debug)]
        pub struct $shape;

        #[doc = concat!("The `Pin<Box<dyn Stream", stringify!($($auto)*), ">>` in the returned `Result` is.")]
        #[derive(Clone, Copy, Debug)]
        pub struct $fallible;

        impl<'a, I> StreamShape<Pin<Box<dyn Stream<Item = I> $($auto)* + 'a>>> {
            /// The stream is part of the operation, in a box of the same type.
            pub const fn __choose(self) -> $shape {
                $shape
            }
        }

        impl<'a, I, E> StreamShape<Result<Pin<Box<dyn Stream<Item = I> $($auto)* + 'a>>, E>> {
            /// The stream is part of the operation, if there is one, in a box of the same type.
            pub const fn __choose(self) -> $fallible {
                $fallible
            }
        }

        impl $shape {
            /// Keeps the operation open.
            pub fn keep_open<'a, I: 'a, J, D, C>(
                self,
                running: &mut ActiveOperation,
                stream: Pin<Box<dyn Stream<Item = I> $($auto)* + 'a>>,
                judge: J,
                denied: D,
                end: C,
            ) -> Pin<Box<dyn Stream<Item = I> $($auto)* + 'a>>
            where
                J: FnMut(&I) -> Option<Failure> $($auto)* + 'a,
                D: FnOnce(&Infallible) -> Option<Failure>,
                C: FnOnce(&mut ActiveOperation, &u64) $($auto)* + 'a,
                // Asked of the caller, as for futures.
                OperationStream<Pin<Box<dyn Stream<Item = I> $($auto)* + 'a>>, J, C>: Sized $($auto)*,
            {
                Box::pin(AsStream.keep_open(running, stream, judge, denied, end))
            }
        }

        impl $fallible {
            /// Keeps the operation open if there is a stream, and ends it by `denied` if there is none.
            ///
            /// # Errors
            ///
            /// The error of the function.
            pub fn keep_open<'a, I: 'a, E, J, D, C>(
                self,
                running: &mut ActiveOperation,
                stream: Result<Pin<Box<dyn Stream<Item = I> $($auto)* + 'a>>, E>,
                judge: J,
                denied: D,
                end: C,
            ) -> Result<Pin<Box<dyn Stream<Item = I> $($auto)* + 'a>>, E>
            where
                J: FnMut(&I) -> Option<Failure> $($auto)* + 'a,
                D: FnOnce(&E) -> Option<Failure>,
                C: FnOnce(&mut ActiveOperation, &u64) $($auto)* + 'a,
                OperationStream<Pin<Box<dyn Stream<Item = I> $($auto)* + 'a>>, J, C>: Sized $($auto)*,
            {
                let stream = AsFallibleStream.keep_open(running, stream, judge, denied, end)?;
                Ok(Box::pin(stream))
            }
        }
    )*};
}

boxed! {
    AsBoxedStream AsFallibleBoxedStream [];
    AsBoxedSendStream AsFallibleBoxedSendStream [+ Send];
    AsBoxedSyncStream AsFallibleBoxedSyncStream [+ Send + Sync];
}
