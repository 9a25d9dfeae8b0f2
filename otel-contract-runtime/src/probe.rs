//! What the compiler knows of a returned value: whether it is a `Result`, a future, a stream or anything else.
//!
//! Method lookup answers, so aliases are seen through: a method of [`Probe`] itself comes before those of traits, and
//! traits of `Probe` come before those of `&Probe`. The methods have names that no trait of the user's has.

// Method lookup needs a receiver, which has nothing in it.
#![allow(clippy::unused_self)]

use futures_core::Stream;
use std::convert::Infallible;
use std::future::Future;
use std::marker::PhantomData;
use std::process::ExitCode;
use std::task::Poll;

/// The type that a function returns, before it has returned.
pub struct Returned<T>(PhantomData<fn() -> T>);

impl<T> Returned<T> {
    /// A type that is inferred.
    #[must_use]
    #[allow(clippy::new_without_default)] // A type that is still to be inferred has no default.
    pub const fn new() -> Self {
        Self(PhantomData)
    }

    /// Ties the type to what a block returns, by a `return` that never runs.
    ///
    /// # Panics
    ///
    /// Always: it is called in dead code alone.
    #[must_use]
    pub fn value(self) -> T {
        unreachable!("this `return` only tells the compiler a type")
    }

    /// Passes a value of the type on, so that its expression is checked against the type.
    pub fn of(self, value: T) -> T {
        value
    }
}

impl<F: Future> Returned<F> {
    /// The type of the future's output.
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

/// A value that ends its operation when the function returns it; implemented by nothing.
#[diagnostic::on_unimplemented(
    message = "this function returns a future that is not part of its operation",
    label = "the operation would end when the future is returned, not when it is done",
    note = "make the function `async`, or return `impl Future` or `Pin<Box<dyn Future + Send>>`, which are instrumented",
    note = "if the call alone is the operation, say so with the option `ends_at_return`"
)]
pub trait FutureEndsAtReturn {}

/// A value that ends its operation when the function returns it; implemented by nothing.
#[diagnostic::on_unimplemented(
    message = "this function returns a stream that is not part of its operation",
    label = "the operation would end when the stream is returned, not when it is done",
    note = "keep the operation open until the stream ends with the option `stream`",
    note = "if the call alone is the operation, say so with the option `ends_at_return`"
)]
pub trait StreamEndsAtReturn {}

/// A type that shows whether the operation failed; implemented by nothing.
#[diagnostic::on_unimplemented(
    message = "whether `{R}` means that the operation failed cannot be known here",
    label = "may be a failure or not",
    note = "decide it with `err(|value| …)`, which gets the returned value and gives `Some(class)` when it failed, `None` when not"
)]
pub trait OutcomeIsKnown<R: ?Sized> {}

/// A type that does not show whether it stands for a failure.
pub trait ShowsNoOutcome {}

impl ShowsNoOutcome for ExitCode {}

/// Looks at a returned value.
#[derive(Debug)]
pub struct Probe<'a, R>(pub &'a R);

/// Looks at a value that ends its operation even if it is a future or a stream.
#[derive(Debug)]
pub struct ProbeReturned<'a, R>(pub &'a R);

/// Looks into a value that `err(…)` has decided on.
#[derive(Debug)]
pub struct ProbeInner<'a, R>(pub &'a R);

/// What a `Result` says, also one in an `Option` or a `Poll`: what `Some(Err(…))` or `Ready(Err(…))` carries is the
/// failure.
macro_rules! results {
    ($($probe:ident),*) => {$(
        impl<R> Clone for $probe<'_, R> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<R> Copy for $probe<'_, R> {}

        impl<'a, T, E> $probe<'a, Result<T, E>> {
            /// The value or the error.
            pub const fn __split(self) -> Result<&'a T, &'a E> {
                self.0.as_ref()
            }

            /// The value or the error, for `err(…)`.
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
        impl<'a, R: ShowsNoOutcome> ViaUnknown<'a, R> for $probe<'a, R> {
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

/// For a type that holds a `Result`.
pub trait ViaHolder<'a, E> {
    /// What was returned.
    type Holder;

    /// The whole value, or the error in it.
    fn __split(self) -> Result<&'a Self::Holder, &'a E>;

    /// The whole value, or the error in it, for `err(…)`.
    fn __judge(self) -> (Option<&'a Self::Holder>, Option<&'a E>);
}

/// For a value that does not show its outcome: refused by the bound, which method lookup does not look at.
pub trait ViaUnknown<'a, R> {
    /// Never compiles.
    fn __split(self) -> Result<&'a R, &'a Infallible>
    where
        (): OutcomeIsKnown<R>;
}

/// For a future: refused by the bound, since it would not be timed.
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

/// For a future that may be there: refused by the bound.
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

/// For a stream: refused by the bound, since it would not be timed.
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

/// For any other value: the operation succeeded, unless `err(…)` says otherwise.
pub trait ViaValue<'a> {
    /// What was returned.
    type Returned;

    /// The value.
    fn __split(self) -> Result<&'a Self::Returned, &'a Infallible>;

    /// The value as both: `err(…)` decides.
    fn __judge(self) -> (Option<&'a Self::Returned>, Option<&'a Self::Returned>);
}

/// Asks whether a type shows the outcome: a type parameter may stand for a `Result` or not.
#[derive(Debug)]
pub struct Known<R>(pub Returned<R>);

// Every type that a function returns by value is `Unpin` but futures, which have their own message; a type parameter or
// an associated type is not, unless a bound says so.
impl<R: Unpin> Known<R> {
    /// The type is known.
    pub const fn __check(self) {}
}

/// For a type of which nothing is known but its bounds: refused, it has to be asked for.
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
