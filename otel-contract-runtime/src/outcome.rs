//! Outcomes of operations, and their derivation from returned values.

use crate::definition::{OperationDefinition, Severity};
use std::borrow::Cow;
use std::marker::PhantomData;

/// Failure of an operation, with an error class of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub(crate) class: &'static str,
    pub(crate) description: Option<Cow<'static, str>>,
    pub(crate) severity: Severity,
    pub(crate) is_expected: bool,
}

impl Failure {
    /// Creates a failure of this class, without text: error messages may contain values that must not be stored.
    #[must_use]
    pub const fn new(class: &'static str) -> Self {
        Self {
            class,
            description: None,
            severity: Severity::Error,
            is_expected: false,
        }
    }

    /// Sets the severity of the log record of the failure, which is `error` by default.
    #[must_use]
    pub const fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Marks the failure as an expected outcome: the span keeps the status `Unset`, and the failure is not logged.
    #[must_use]
    pub const fn expected(mut self) -> Self {
        self.is_expected = true;
        self
    }

    /// Adds a text that is safe to store, for the span's status.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<Cow<'static, str>>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Replaces a class that the operation does not list by `_OTHER`, which is never an expected outcome.
    pub(crate) fn restricted_to(self, definition: &OperationDefinition) -> Self {
        let is_listed = |classes: &[&str]| classes.contains(&self.class);
        if definition.errors.is_none_or(is_listed) {
            return self;
        }
        Self {
            description: self.description,
            ..Self::new("_OTHER")
        }
    }

    /// Returns the value of `error.type`.
    #[must_use]
    pub fn class(&self) -> &'static str {
        self.class
    }
}

/// Error classes of an error type: its own classes, and the classes of the errors it wraps transparently.
#[derive(Debug)]
pub struct ErrorClasses<T: 'static> {
    /// Classes of the error type itself.
    pub own: &'static [T],
    /// Classes of the errors that it wraps transparently.
    pub wrapped: &'static [&'static Self],
}

impl<T: Copy> ErrorClasses<T> {
    /// Returns all classes, including the classes of wrapped errors.
    #[must_use]
    pub fn all(&self) -> Vec<T> {
        let wrapped = self.wrapped.iter().flat_map(|inner| inner.all());
        self.own.iter().copied().chain(wrapped).collect()
    }
}

/// Return values of `err(|error| …)`: an error class, or `None` for an error that is not a failure.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an error class",
    label = "expected `{T}` or `Option<{T}>`",
    note = "return an error class of the contract, or `None` for an error that is not a failure"
)]
pub trait IntoClass<T> {
    /// Returns the class, or `None` for an error that is not a failure.
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

/// Classification of the error type `E`. The hidden type `__Attributes` of a contract implements it for error types that
/// have a class of the contract.
pub trait Classify<E: ?Sized> {
    /// Returns the failure for this error.
    fn classify(error: &E) -> Failure;
}

/// The error of an inner `Result`, if `err(…)` classifies the error of the outer `Result`.
#[derive(Debug)]
pub struct Inner<'a, A, E>(&'a E, PhantomData<A>);

impl<'a, A, E> Inner<'a, A, E> {
    /// Wraps this error.
    pub const fn new(error: &'a E) -> Self {
        Self(error, PhantomData)
    }
}

impl<A: Classify<E>, E> Inner<'_, A, E> {
    /// Returns the failure for the error.
    #[must_use]
    pub fn __class(self) -> Failure {
        A::classify(self.0)
    }
}

/// Fallback for an error type without a class: the operation fails with `_OTHER`.
pub trait ViaUnclassed {
    /// Returns a failure of class `_OTHER`.
    fn __class(self) -> Failure;
}

impl<A, E> ViaUnclassed for &Inner<'_, A, E> {
    fn __class(self) -> Failure {
        Failure::new("_OTHER")
    }
}
