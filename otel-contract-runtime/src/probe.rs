//! Detects the type of a returned value: a `Result`, a future, a stream or another type.
//!
//! The detection uses method lookup, so it also works for type aliases. rustc prefers an inherent method of [`Probe`] to
//! methods of traits for `Probe`, and these to methods of traits for `&Probe`. The names of the methods start with `__`, to
//! avoid conflicts with traits of the user.

// Method lookup selects by the type of the receiver, which may hold no data.
#![allow(clippy::unused_self)]

use futures_core::Stream;
use std::convert::Infallible;
use std::future::Future;
use std::marker::PhantomData;
use std::process::ExitCode;
use std::task::Poll;

/// The return type of a function, without a value.
pub struct Returned<T>(PhantomData<fn() -> T>);

impl<T> Returned<T> {
    /// Creates the marker of a type that rustc infers.
    #[must_use]
    #[allow(clippy::new_without_default)] // `Default` has no use for an inferred type.
    pub const fn new() -> Self {
        Self(PhantomData)
    }

    /// Ties the type to the return type of a block, through a `return` that never runs.
    ///
    /// # Panics
    ///
    /// Always. Generated code calls this only in dead code.
    #[must_use]
    pub fn value(self) -> T {
        unreachable!("this `return` only ties a type and never runs")
    }

    /// Returns the value, so that rustc checks its expression against the type.
    pub fn of(self, value: T) -> T {
        value
    }
}

impl<F: Future> Returned<F> {
    /// Returns the output type of the future.
    #[must_use]
    pub const fn output(self) -> Returned<F::Output> {
        Returned::new()
    }
}

impl<T> Clone for Returned<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Returned<T> {}

impl<T> std::fmt::Debug for Returned<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(std::any::type_name::<T>())
    }
}

/// A value whose operation ends when the function returns. No type implements this trait.
#[diagnostic::on_unimplemented(
    message = "this function returns a future that is not part of its operation",
    label = "the operation would end when the function returns, not when the future completes",
    note = "make the function `async` and await the future in it, or return `impl Future` or `Pin<Box<dyn Future + Send>>` itself",
    note = "if the operation covers only the call, add the option `ends_at_return`"
)]
pub trait FutureEndsAtReturn {}

/// A value whose operation ends when the function returns. No type implements this trait.
#[diagnostic::on_unimplemented(
    message = "this function returns a stream that is not part of its operation",
    label = "the operation would end when the function returns, not when the stream ends",
    note = "to keep the operation open until the stream ends, add the option `stream`",
    note = "if the operation covers only the call, add the option `ends_at_return`"
)]
pub trait StreamEndsAtReturn {}

/// A type that shows whether the operation failed. No type implements this trait.
#[diagnostic::on_unimplemented(
    message = "cannot determine whether `{R}` means that the operation failed",
    label = "may or may not be a failure",
    note = "decide it with `err(|value| …)`: the closure receives the returned value, and returns `Some(class)` for a failure and `None` for success"
)]
pub trait OutcomeIsKnown<R: ?Sized> {}

/// A type that may represent a failure, but does not show whether it does.
pub trait HasUnknownOutcome {}

impl HasUnknownOutcome for ExitCode {}

/// Probe of a returned value.
#[derive(Debug)]
pub struct Probe<'a, R>(pub &'a R);

/// Probe of a value under `ends_at_return`: the operation ends at the return, even for a future or a stream.
#[derive(Debug)]
pub struct ProbeReturned<'a, R>(pub &'a R);

/// Probe of the value inside a returned value. `err(…)` has already decided the outcome of the returned value.
#[derive(Debug)]
pub struct ProbeInner<'a, R>(pub &'a R);

/// Implementations for `Result`, also inside `Option` or `Poll`: the failure is the error in `Some(Err(…))` or
/// `Ready(Err(…))`.
macro_rules! results {
    ($($probe:ident),*) => {$(
        impl<R> Clone for $probe<'_, R> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<R> Copy for $probe<'_, R> {}

        impl<'a, T, E> $probe<'a, Result<T, E>> {
            /// Returns the value or the error.
            pub const fn __split(self) -> Result<&'a T, &'a E> {
                self.0.as_ref()
            }

            /// Returns the value or the error as a pair, for `err(…)`.
            pub const fn __judge(self) -> (Option<&'a T>, Option<&'a E>) {
                match self.0 {
                    Ok(value) => (Some(value), None),
                    Err(error) => (None, Some(error)),
                }
            }
        }

        results! {@in $probe:
            Option<Result<T, E>>, Some(Err(error)) => error;
            Poll<Result<T, E>>, Poll::Ready(Err(error)) => error;
            Poll<Option<Result<T, E>>>, Poll::Ready(Some(Err(error))) => error;
        }

        impl<'a, R> ViaValue<'a> for &$probe<'a, R> {
            type Returned = R;

            fn __split(self) -> Result<&'a R, &'a Infallible> {
                Ok(self.0)
            }

            fn __judge(self) -> (Option<&'a R>, Option<&'a R>) {
                (Some(self.0), Some(self.0))
            }
        }
    )*};
    (@in $probe:ident: $($holder:ty, $failed:pat => $error:ident;)*) => {$(
        impl<'a, T, E> ViaHolder<'a, E> for $probe<'a, $holder> {
            type Holder = $holder;

            fn __split(self) -> Result<&'a $holder, &'a E> {
                match self.0 {
                    $failed => Err($error),
                    value => Ok(value),
                }
            }

            fn __judge(self) -> (Option<&'a $holder>, Option<&'a E>) {
                match self.0 {
                    $failed => (None, Some($error)),
                    value => (Some(value), None),
                }
            }
        }
    )*};
}

results!(Probe, ProbeReturned, ProbeInner);

macro_rules! unknown {
    ($($probe:ident),*) => {$(
        impl<'a, R: HasUnknownOutcome> ViaUnknown<'a, R> for $probe<'a, R> {
            fn __split(self) -> Result<&'a R, &'a Infallible>
            where
                (): OutcomeIsKnown<R>,
            {
                Ok(self.0)
            }
        }
    )*};
}

unknown!(Probe, ProbeReturned);

/// Probe of a type that contains a `Result`.
pub trait ViaHolder<'a, E> {
    /// Type of the returned value.
    type Holder;

    /// Returns the whole value, or the error in it.
    fn __split(self) -> Result<&'a Self::Holder, &'a E>;

    /// Returns the whole value, or the error in it, as a pair for `err(…)`.
    fn __judge(self) -> (Option<&'a Self::Holder>, Option<&'a E>);
}

/// Rejects a value that does not show its outcome. The bound is never met, but method lookup ignores bounds of methods.
pub trait ViaUnknown<'a, R> {
    /// Never compiles.
    fn __split(self) -> Result<&'a R, &'a Infallible>
    where
        (): OutcomeIsKnown<R>;
}

/// Rejects a future, because the operation would not cover it: the bound is never met.
pub trait ViaFuture<'a, R> {
    /// Never compiles.
    fn __split(self) -> Result<&'a R, &'a Infallible>
    where
        R: FutureEndsAtReturn;

    /// Never compiles.
    fn __judge(self) -> (Option<&'a R>, Option<&'a Infallible>)
    where
        R: FutureEndsAtReturn;
}

impl<'a, F: Future> ViaFuture<'a, F> for Probe<'a, F> {
    fn __split(self) -> Result<&'a F, &'a Infallible>
    where
        F: FutureEndsAtReturn,
    {
        Ok(self.0)
    }

    fn __judge(self) -> (Option<&'a F>, Option<&'a Infallible>)
    where
        F: FutureEndsAtReturn,
    {
        (Some(self.0), None)
    }
}

/// Rejects an optional future: the bound is never met.
pub trait ViaOption<'a, R> {
    /// Never compiles.
    fn __split(self) -> Result<&'a Option<R>, &'a Infallible>
    where
        R: FutureEndsAtReturn;
}

impl<'a, F: Future> ViaOption<'a, F> for Probe<'a, Option<F>> {
    fn __split(self) -> Result<&'a Option<F>, &'a Infallible>
    where
        F: FutureEndsAtReturn,
    {
        Ok(self.0)
    }
}

/// Rejects a stream, because the operation would not cover it: the bound is never met.
pub trait ViaStream<'a, R> {
    /// Never compiles.
    fn __split(self) -> Result<&'a R, &'a Infallible>
    where
        R: StreamEndsAtReturn;

    /// Never compiles.
    fn __judge(self) -> (Option<&'a R>, Option<&'a Infallible>)
    where
        R: StreamEndsAtReturn;
}

impl<'a, S: Stream> ViaStream<'a, S> for Probe<'a, S> {
    fn __split(self) -> Result<&'a S, &'a Infallible>
    where
        S: StreamEndsAtReturn,
    {
        Ok(self.0)
    }

    fn __judge(self) -> (Option<&'a S>, Option<&'a Infallible>)
    where
        S: StreamEndsAtReturn,
    {
        (Some(self.0), None)
    }
}

/// Probe of any other value: the operation succeeded, unless `err(…)` returns a failure.
pub trait ViaValue<'a> {
    /// Type of the returned value.
    type Returned;

    /// Returns the value.
    fn __split(self) -> Result<&'a Self::Returned, &'a Infallible>;

    /// Returns the value both as success and as failure, because `err(…)` decides.
    fn __judge(self) -> (Option<&'a Self::Returned>, Option<&'a Self::Returned>);
}

/// Checks that a type shows its outcome. A type parameter does not, because it may or may not be a `Result`.
#[derive(Debug)]
pub struct Known<R>(pub Returned<R>);

// Apart from futures, which have their own message, concrete return types are `Unpin`. A type parameter or an associated
// type is `Unpin` only with a bound.
impl<R: Unpin> Known<R> {
    /// Accepts a known type.
    pub const fn __check(self) {}
}

/// Rejects a type of which only the bounds are known: `err(…)` has to decide the outcome.
pub trait ViaParameter<R> {
    /// Never compiles.
    fn __check(self)
    where
        (): OutcomeIsKnown<R>;
}

impl<R> ViaParameter<R> for &Known<R> {
    fn __check(self)
    where
        (): OutcomeIsKnown<R>,
    {
    }
}
