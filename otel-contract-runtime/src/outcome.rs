//! How an operation ended, and how that is read off what its function returned.

use crate::definition::OperationDefinition;
use std::borrow::Cow;
use std::convert::Infallible;
use std::future::Future;

/// That an operation failed, and with which class of its contract's closed set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub(crate) class: &'static str,
    pub(crate) description: Option<Cow<'static, str>>,
}

impl Failure {
    /// A failure of this class, without text: error messages may carry what must not be stored.
    #[must_use]
    pub const fn new(class: &'static str) -> Self {
        Self {
            class,
            description: None,
        }
    }

    /// Adds a text that is safe to store, for the span's status.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<Cow<'static, str>>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Held to what an operation may fail with: a class beyond that is `_OTHER`.
    pub(crate) fn held_to(mut self, definition: &OperationDefinition) -> Self {
        let listed = |classes: &[&str]| classes.contains(&self.class);
        if !definition.errors.is_none_or(listed) {
            self.class = "_OTHER";
        }
        self
    }

    /// The value of `error.type`.
    #[must_use]
    pub fn class(&self) -> &'static str {
        self.class
    }
}

/// The classes an error type may have: its own, and those of the errors it passes through.
#[derive(Debug)]
pub struct ErrorClasses<T: 'static> {
    /// Its own.
    pub own: &'static [T],
    /// Those of errors it is transparent for.
    pub through: &'static [&'static Self],
}

impl<T: Copy> ErrorClasses<T> {
    /// Every class, those of transparent errors included.
    #[must_use]
    pub fn all(&self) -> Vec<T> {
        let through = self.through.iter().flat_map(|inner| inner.all());
        self.own.iter().copied().chain(through).collect()
    }
}

/// What `err(|error| …)` may give: a class, or `None` for a value that is no failure.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a class of failure",
    label = "expected `{T}` or `Option<{T}>`",
    note = "give a class of the contract, or `None` where this is no failure"
)]
pub trait IntoClass<T> {
    /// The class, if any.
    fn into_class(self) -> Option<T>;
}

#[diagnostic::do_not_recommend]
impl<T> IntoClass<T> for T {
    fn into_class(self) -> Option<T> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoClass<T> for Option<T> {
    fn into_class(self) -> Option<T> {
        self
    }
}

/// Tells a `Result` from any other returned value, through aliases too: the method of `Probe` itself
/// goes before those of the traits, and [`ViaFuture`] before [`ViaValue`], which takes a reference.
/// It has a name that no trait of the user's has.
#[derive(Debug)]
pub struct Probe<'a, R>(pub &'a R);

impl<R> Clone for Probe<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Probe<'_, R> {}

impl<'a, T, E> Probe<'a, Result<T, E>> {
    /// The value or the error.
    pub fn __split(self) -> Result<&'a T, &'a E> {
        self.0.as_ref()
    }
}

/// For a function that returns a future without being `async`: chosen by method lookup, which does
/// not look at the bound of the method, and then refused by that bound.
pub trait ViaFuture<'a, F> {
    /// Never compiles.
    fn __split(self) -> Result<&'a F, &'a Infallible>
    where
        F: NotAFuture;
}

/// Implemented by nothing.
#[diagnostic::on_unimplemented(
    message = "this function returns a future that is built elsewhere than in its last expression",
    label = "only the making of the future would be timed, not the future",
    note = "make the function `async`, or end it with `async move {{ … }}` or `Box::pin(async move {{ … }})`"
)]
pub trait NotAFuture {}

impl<'a, F: Future> ViaFuture<'a, F> for Probe<'a, F> {
    fn __split(self) -> Result<&'a F, &'a Infallible>
    where
        F: NotAFuture,
    {
        Ok(self.0)
    }
}

/// For any other value: the operation succeeded.
pub trait ViaValue<'a> {
    /// What was returned.
    type Returned;
    /// The value.
    fn __split(self) -> Result<&'a Self::Returned, &'a Infallible>;
}

impl<'a, R> ViaValue<'a> for &Probe<'a, R> {
    type Returned = R;
    fn __split(self) -> Result<&'a R, &'a Infallible> {
        Ok(self.0)
    }
}
