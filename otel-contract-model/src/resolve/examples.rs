//! Checks that examples are values of their attribute.

use std::fmt;

use crate::codes;
use crate::contract::{Domain, Element, Type};
use crate::read::Located;
use crate::spec::{Attribute, Example, Scalar};

use super::Resolver;

impl Resolver<'_> {
    /// Reports examples that are not values of the attribute.
    pub(super) fn check_examples(
        &mut self,
        name: &Located<String>,
        written: &Attribute,
        domain: &Domain,
    ) {
        for written_example in written.examples.items() {
            let (span, example) = (&written_example.span, &written_example.value);
            let wrong = match (domain, example) {
                // Examples of a secret are not checked.
                (Domain::Secret, _) => None,
                (Domain::Unbounded(Type::Array(element)), Example::Array(items)) => {
                    let scalar = scalar_type(*element);
                    let fits = items.iter().all(|item| is_of(&item.value, scalar));
                    (!fits).then_some(Expectation::Type(Type::Array(*element)))
                }
                (domain, Example::One(value)) => mismatch(domain, value),
                (domain, Example::Array(_)) => Some(Expectation::of(domain)),
            };
            if let Some(expected) = wrong {
                let quoted = Example::quoted(written_example);
                let diag = codes::BAD_EXAMPLE.at(*span, [&quoted, &name.value, &expected]);
                self.diagnostics.push(match (example, expected) {
                    (Example::One(_), Expectation::Type(Type::String)) => {
                        diag.help(format!("write `\"{quoted}\"`"))
                    }
                    (Example::One(value), Expectation::Type(Type::Int))
                        if is_beyond(value, written_example) =>
                    {
                        codes::BEYOND_INTEGERS.at(*span, [&quoted])
                    }
                    _ => diag,
                });
            }
        }
    }
}

/// Returns whether an example is an integer that does not fit in 64 bits.
fn is_beyond(value: &Scalar, written_example: &Located<Example>) -> bool {
    let written = written_example.written.as_deref();
    matches!(value, Scalar::Float(_)) && written.is_some_and(crate::yaml::is_integer)
}

/// Returns the expectation that an example violates. Returns `None` for a valid example.
fn mismatch(domain: &Domain, example: &Scalar) -> Option<Expectation> {
    let fits = match (domain, example) {
        (Domain::Strings { values, other }, Scalar::Text(text)) => {
            *other || values.iter().any(|value| value.value == *text)
        }
        (Domain::Ints { values }, Scalar::Int(int)) => {
            values.iter().any(|value| value.value == *int)
        }
        (Domain::Range { min, max }, Scalar::Int(int)) => (min..=max).contains(&int),
        (Domain::Boolean, Scalar::Bool(_)) | (Domain::Limited { .. }, Scalar::Text(_)) => true,
        (Domain::Unbounded(value_type), example) => is_of(example, *value_type),
        _ => false,
    };
    (!fits).then(|| Expectation::of(domain))
}

/// A requirement on an example. Displays as in messages: `an integer`.
#[derive(Clone, Copy)]
enum Expectation {
    OneOfValues,
    Range(i64, i64),
    Type(Type),
}

impl Expectation {
    fn of(domain: &Domain) -> Expectation {
        match domain {
            Domain::Strings { .. } | Domain::Ints { .. } => Expectation::OneOfValues,
            Domain::Range { min, max } => Expectation::Range(*min, *max),
            Domain::Boolean => Expectation::Type(Type::Boolean),
            Domain::Limited { .. } | Domain::Secret => Expectation::Type(Type::String),
            Domain::Unbounded(value_type) => Expectation::Type(*value_type),
        }
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expectation::OneOfValues => f.write_str("one of its values"),
            Expectation::Range(min, max) => write!(f, "an integer from {min} to {max}"),
            Expectation::Type(value_type) => f.write_str(type_phrase(*value_type)),
        }
    }
}

fn is_of(value: &Scalar, value_type: Type) -> bool {
    match value_type {
        Type::String => matches!(value, Scalar::Text(_)),
        Type::Int => matches!(value, Scalar::Int(_)),
        Type::Double => matches!(value, Scalar::Int(_) | Scalar::Float(_)),
        Type::Boolean => matches!(value, Scalar::Bool(_)),
        Type::Array(_) => false,
    }
}

fn scalar_type(element: Element) -> Type {
    match element {
        Element::String => Type::String,
        Element::Int => Type::Int,
        Element::Double => Type::Double,
        Element::Boolean => Type::Boolean,
    }
}

pub(super) fn type_phrase(value_type: Type) -> &'static str {
    match value_type {
        Type::String => "a string",
        Type::Int => "an integer",
        Type::Double => "a number",
        Type::Boolean => "a boolean",
        Type::Array(Element::String) => "a list of strings",
        Type::Array(Element::Int) => "a list of integers",
        Type::Array(Element::Double) => "a list of numbers",
        Type::Array(Element::Boolean) => "a list of booleans",
    }
}
