//! How an operation ended, and how that is read off what its function returned.

use crate::definition::OperationDefinition;
use std::borrow::Cow;
use std::marker::PhantomData;

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

/// Error types that have a class of a contract; implemented by its hidden `__Attributes`.
pub trait Classify<E: ?Sized> {
    /// The class of this error.
    fn classify(error: &E) -> Failure;
}

/// The error of a `Result` in a `Result`, where `err(…)` classifies the outer one.
#[derive(Debug)]
pub struct Inner<'a, A, E>(&'a E, PhantomData<A>);

impl<'a, A, E> Inner<'a, A, E> {
    /// Looks at this error.
    pub const fn new(error: &'a E) -> Self {
        Self(error, PhantomData)
    }
}

impl<A: Classify<E>, E> Inner<'_, A, E> {
    /// The class that the error has.
    #[must_use]
    pub fn __class(self) -> Failure {
        A::classify(self.0)
    }
}

/// For an error without a class: the operation failed all the same.
pub trait ViaUnclassed {
    /// `_OTHER`.
    fn __class(self) -> Failure;
}

impl<A, E> ViaUnclassed for &Inner<'_, A, E> {
    fn __class(self) -> Failure {
        Failure::new("_OTHER")
    }
}
