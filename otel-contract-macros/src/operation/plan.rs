//! The arguments of `#[instrumented_operation]` after the check, ready to be expanded.

use super::args::{ErrMapping, Parameter};
use otel_contract_definition::Definition;
use proc_macro2::{Ident, Span, TokenStream};
use syn::Expr;

pub(crate) struct Plan {
    pub(crate) handle: Option<Ident>,
    pub(crate) parent: Option<Expr>,
    pub(crate) links: Vec<Expr>,
    /// Values set when the operation starts.
    pub(crate) entry: Vec<Recorded>,
    /// Values set on success.
    pub(crate) ok: Option<(Parameter, Vec<Recorded>)>,
    pub(crate) err: Option<ErrMapping>,
    /// Whether attribute values are stored until the end of the operation, because an attribute may be set again.
    pub(crate) deferred: bool,
    pub(crate) ends: Ends,
    /// Whether a value set at entry contains a macro call.
    pub(crate) has_macros: bool,
    /// The warning for an operation with `errors` whose function does not show whether it failed.
    pub(crate) hidden_outcome: Option<String>,
}

/// When the operation ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ends {
    /// When the function returns, or when the future that it returns is done.
    ByType,
    /// When the function returns, regardless of the returned value.
    AtReturn,
    /// When the returned stream ends.
    WithStream,
}

impl Plan {
    /// Returns the number of attributes that the span has if all attributes are set.
    pub(crate) fn max_attributes(&self, definition: &Definition) -> usize {
        if self.deferred {
            return definition.attributes.len();
        }
        let on_success = self.ok.as_ref();
        count(&self.entry) + on_success.map_or(0, |(_, values)| count(values))
    }
}

/// Returns the number of attributes that are recorded.
fn count(recorded: &[Recorded]) -> usize {
    let mut count = 0;
    for value in recorded {
        count += match value {
            Recorded::Attribute { .. } => 1,
            Recorded::Group { indices, .. } => indices.len(),
        };
    }
    count
}

/// An attribute or group to record.
pub(crate) enum Recorded {
    Attribute {
        /// Index among the attributes of the operation.
        index: usize,
        sampling_relevant: bool,
        value: Value,
    },
    Group {
        snake: String,
        /// Indices among the attributes of the operation, in the order of the group's attributes.
        indices: Vec<usize>,
        /// For each index, whether the sampler reads the attribute.
        sampling_relevant: Vec<bool>,
        value: Box<Expr>,
    },
}

/// The value of an attribute.
pub(crate) enum Value {
    /// An expression that is passed through the setter of the attribute, so that rustc checks its type.
    Expression {
        snake: String,
        required: bool,
        /// The deprecation constant, if the key is an old name of the attribute.
        deprecation: Option<Ident>,
        /// The span of the key, for the name of the setter.
        key: Span,
        expression: Box<Expr>,
    },
    /// A literal that was found to be a value of the attribute.
    Literal {
        recorded: TokenStream,
        /// The deprecation constant, if the attribute, its name or this value is deprecated.
        deprecation: Option<Ident>,
    },
}
