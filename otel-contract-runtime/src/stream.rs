//! Operations that cover a stream: they stay open until the stream ends or is dropped.

// Method lookup selects by the type of the receiver, which holds no data.
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
    /// A stream inside the operation of the function that returned it. Every poll and the drop of the stream attach the
    /// context of the operation.
    ///
    /// If the last item was an `Err`, the operation fails when the stream ends or is dropped. Otherwise the operation
    /// succeeds when the stream ends, and is cancelled when the stream is dropped before its end.
    #[must_use = "streams do nothing unless polled"]
    pub struct OperationStream<S, J, C> {
        #[pin]
        stream: Option<S>,
        operation: ActiveOperation,
        items: u64,
        failure: Option<Failure>,
        classify_item: J,
        end: Option<C>,
    }

    impl<S, J, C> PinnedDrop for OperationStream<S, J, C> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.stream.is_some() {
                let guard = this.operation.attach();
                this.stream.set(None);
                drop(guard);
                if let Some(failure) = this.failure.take() && !std::thread::panicking() {
                    this.operation.fail(failure);
                }
            }
        }
    }
}

// As for futures, the inner stream decides whether it can be used after a panic.
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
        let guard = this.operation.attach();
        let polled = stream.poll_next(cx);
        match &polled {
            Poll::Pending => {}
            Poll::Ready(Some(item)) => {
                *this.items += 1;
                *this.failure = (this.classify_item)(item);
            }
            Poll::Ready(None) => {
                // The stream is dropped while the context of its operation is attached.
                this.stream.set(None);
                drop(guard);
                match (this.failure.take(), this.end.take()) {
                    (Some(failure), _) => this.operation.fail(failure),
                    (None, Some(end)) => end(this.operation, this.items),
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

/// A value that is a stream, alone or in a `Result`. No type implements this trait.
#[diagnostic::on_unimplemented(
    message = "this function does not return a stream that can be instrumented",
    label = "the option `stream` supports `impl Stream`, `Pin<Box<dyn Stream + Send>>`, or a `Result` of one of them",
    note = "put the attribute on the function that creates the stream, or remove the option `stream`"
)]
pub trait ReturnsStream {}

/// The type of a returned stream that the signature names. A boxed stream is boxed again.
#[derive(Debug)]
pub struct StreamShape<T>(Returned<T>);

/// The type of a returned stream that the signature hides. Any stream is wrapped.
#[derive(Debug)]
pub struct OpaqueStreamShape<T>(Returned<T>);

impl<S: Stream> OpaqueStreamShape<S> {
    /// Selects the operation of the stream.
    #[must_use]
    pub const fn __choose(self) -> AsStream {
        AsStream
    }
}

/// Selects the operation of a stream in a `Result`.
pub trait ViaFallible {
    /// Selects the operation of the stream in the `Result`.
    fn __choose(self) -> AsFallibleStream;
}

impl<S: Stream, E> ViaFallible for OpaqueStreamShape<Result<S, E>> {
    fn __choose(self) -> AsFallibleStream {
        AsFallibleStream
    }
}

/// Rejects a stream of a named type, which cannot be wrapped, and a value that is not a stream: the bound is never met.
pub trait ViaNoStream<T> {
    /// Never compiles.
    fn __choose(self) -> AsNoStream
    where
        T: ReturnsStream;
}

/// Implementations that both kinds of stream types share.
macro_rules! shared {
    ($($shape:ident),*) => {$(
        impl<T> $shape<T> {
            /// Creates the marker for the type of a value.
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

shared!(StreamShape, OpaqueStreamShape);

/// The operation covers the returned stream.
#[derive(Clone, Copy, Debug)]
pub struct AsStream;

/// The operation covers the stream in the returned `Result`.
#[derive(Clone, Copy, Debug)]
pub struct AsFallibleStream;

/// The return type is rejected. The methods still compile, to avoid follow-up errors.
#[derive(Clone, Copy, Debug)]
pub struct AsNoStream;

impl AsStream {
    /// Keeps the operation open. `classify_item` returns the failure of an item; `end` ends the operation and receives the
    /// number of items.
    pub fn keep_open<S, J, D, C>(
        self,
        operation: &mut ActiveOperation,
        stream: S,
        classify_item: J,
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
            operation: operation.take(),
            items: 0,
            failure: None,
            classify_item,
            end: Some(end),
        }
    }
}

impl AsFallibleStream {
    /// Keeps the operation open for a stream. For an error, ends the operation with the result of `classify`.
    ///
    /// # Errors
    ///
    /// Returns the error of the function.
    pub fn keep_open<S, E, J, D, C>(
        self,
        operation: &mut ActiveOperation,
        stream: Result<S, E>,
        classify_item: J,
        classify: D,
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
                let classify = |never: &Infallible| match *never {};
                Ok(AsStream.keep_open(operation, stream, classify_item, classify, end))
            }
            Err(error) => {
                match classify(&error) {
                    Some(failure) => operation.fail(failure),
                    None => operation.succeed(),
                }
                Err(error)
            }
        }
    }
}

impl AsNoStream {
    /// Returns the value unchanged.
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

/// Implementations for boxed streams, for each combination of auto traits of the box.
macro_rules! boxed {
    ($($shape:ident $fallible:ident [$($auto:tt)*];)*) => {$(
        #[doc = concat!("The operation covers the returned `Pin<Box<dyn Stream", stringify!($($auto)*), ">>`.")]
        #[derive(Clone, Copy, Debug)]
        pub struct $shape;

        #[doc = concat!("The operation covers the `Pin<Box<dyn Stream", stringify!($($auto)*), ">>` in the returned `Result`.")]
        #[derive(Clone, Copy, Debug)]
        pub struct $fallible;

        impl<'a, I> StreamShape<Pin<Box<dyn Stream<Item = I> $($auto)* + 'a>>> {
            /// Selects the operation of the stream, which is boxed again in the same type.
            pub const fn __choose(self) -> $shape {
                $shape
            }
        }

        impl<'a, I, E> StreamShape<Result<Pin<Box<dyn Stream<Item = I> $($auto)* + 'a>>, E>> {
            /// Selects the operation of the stream in the `Result`, which is boxed again in the same type.
            pub const fn __choose(self) -> $fallible {
                $fallible
            }
        }

        impl $shape {
            /// Keeps the operation open.
            pub fn keep_open<'a, I: 'a, J, D, C>(
                self,
                operation: &mut ActiveOperation,
                stream: Pin<Box<dyn Stream<Item = I> $($auto)* + 'a>>,
                classify_item: J,
                classify: D,
                end: C,
            ) -> Pin<Box<dyn Stream<Item = I> $($auto)* + 'a>>
            where
                J: FnMut(&I) -> Option<Failure> $($auto)* + 'a,
                D: FnOnce(&Infallible) -> Option<Failure>,
                C: FnOnce(&mut ActiveOperation, &u64) $($auto)* + 'a,
                // A bound on the caller, as for boxed futures: rustc already knows the auto traits there.
                OperationStream<Pin<Box<dyn Stream<Item = I> $($auto)* + 'a>>, J, C>: Sized $($auto)*,
            {
                Box::pin(AsStream.keep_open(operation, stream, classify_item, classify, end))
            }
        }

        impl $fallible {
            /// Keeps the operation open for a stream. For an error, ends the operation with the result of `classify`.
            ///
            /// # Errors
            ///
            /// Returns the error of the function.
            pub fn keep_open<'a, I: 'a, E, J, D, C>(
                self,
                operation: &mut ActiveOperation,
                stream: Result<Pin<Box<dyn Stream<Item = I> $($auto)* + 'a>>, E>,
                classify_item: J,
                classify: D,
                end: C,
            ) -> Result<Pin<Box<dyn Stream<Item = I> $($auto)* + 'a>>, E>
            where
                J: FnMut(&I) -> Option<Failure> $($auto)* + 'a,
                D: FnOnce(&E) -> Option<Failure>,
                C: FnOnce(&mut ActiveOperation, &u64) $($auto)* + 'a,
                OperationStream<Pin<Box<dyn Stream<Item = I> $($auto)* + 'a>>, J, C>: Sized $($auto)*,
            {
                let stream = AsFallibleStream.keep_open(operation, stream, classify_item, classify, end)?;
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
