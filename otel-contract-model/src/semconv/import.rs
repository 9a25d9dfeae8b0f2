//! Converts a bundled attribute into the attribute of a contract.

use super::{Class, Convention, ConventionDeprecation, find};
use crate::contract::{Privacy, Type};
use crate::files::Span;
use crate::names::{self, ERROR_TYPE};
use crate::read::{Field, Located};
use crate::spec::{
    Attribute, CardinalityClass, Deprecated, PrivacyClass, Protection, Scalar, Value,
    Values as Listed,
};

/// The result of looking up a name in the bundled conventions.
pub(crate) enum Import {
    /// An attribute, or a key of a template.
    Attribute(Convention),
    /// A template, which cannot be imported itself.
    Template(Convention),
    /// An attribute without a fixed type, which a contract cannot check.
    AnyType,
    /// A name that SDKs record themselves, or that is part of every contract.
    Reserved,
    /// An unknown name.
    Unknown,
}

/// Looks up a name in the bundled conventions.
pub(crate) fn import(name: &str) -> Import {
    if let Some(template) = super::get(&format!("{name}.<key>")) {
        return Import::Template(template);
    }
    match find(name) {
        None => Import::Unknown,
        Some(found) if found.key == name && found.is_template() => Import::Template(found),
        Some(_) if name == ERROR_TYPE || names::is_reserved_namespace(name) => Import::Reserved,
        Some(found) if found.value_type.is_none() => Import::AnyType,
        Some(found) => Import::Attribute(found),
    }
}

impl Convention {
    /// Returns the attribute as a contract would declare it, with the location of the import. `known` returns whether
    /// the contract declares a given name.
    pub(crate) fn written(&self, at: Span, known: impl Fn(&str) -> bool) -> Attribute {
        let mut attribute = Attribute {
            brief: Field::implied(at, self.brief().into_owned()),
            ..Attribute::default()
        };
        attribute.life.stability = Field::implied(at, self.stability);
        if let Some(deprecation) = self.deprecation {
            attribute.life.deprecated = Field::implied(at, deprecated(deprecation, at, known));
        }
        let value_type = self.value_type.unwrap_or(Type::String);
        match self.cardinality {
            Class::Closed if value_type == Type::Boolean => {}
            Class::Closed => self.list_values(value_type, at, &mut attribute),
            Class::Range(min, max) => {
                let bounds = [min, max].map(|value| Located::new(at, value));
                attribute.rules.range = Field::implied(at, bounds.to_vec());
            }
            Class::Bounded(limit) => {
                attribute.rules.cardinality = Field::implied(at, CardinalityClass::Bounded);
                attribute.rules.limit = Field::implied(at, i64::from(limit));
            }
            Class::Unbounded => {
                attribute.rules.cardinality = Field::implied(at, CardinalityClass::Unbounded);
            }
        }
        attribute.value_type = Field::implied(at, value_type);
        let class = match self.privacy {
            Privacy::Public => PrivacyClass::Public,
            Privacy::Internal => PrivacyClass::Internal,
            Privacy::Personal(protect) => {
                attribute.rules.protect = Field::implied(at, Protection(protect));
                PrivacyClass::Personal
            }
            Privacy::Secret => PrivacyClass::Secret,
        };
        attribute.rules.privacy = Field::implied(at, class);
        attribute
    }

    /// Lists the values that are not deprecated.
    fn list_values(&self, value_type: Type, at: Span, attribute: &mut Attribute) {
        let values = self.values().filter(|listed| !listed.is_deprecated);
        let values = values.map(|listed| {
            let text = || Scalar::Text(listed.value.to_owned());
            let value = match value_type {
                Type::Int => listed.value.parse().map_or_else(|_| text(), Scalar::Int),
                _ => text(),
            };
            let rust_name = listed.rust_name.map(str::to_owned);
            Value {
                value: Field::implied(at, value),
                rust_name: rust_name.map_or_else(Field::default, |name| Field::implied(at, name)),
                ..Value::default()
            }
        });
        attribute.rules.values = Field::implied(at, Listed(values.collect()));
        if value_type == Type::String {
            attribute.rules.other = Field::implied(at, true);
        }
    }
}

/// Returns the deprecation. The new name becomes `replaced_by` if the contract has an attribute with this name;
/// otherwise the note names it.
fn deprecated(
    deprecation: ConventionDeprecation,
    at: Span,
    known: impl Fn(&str) -> bool,
) -> Deprecated {
    let mut deprecated = Deprecated::default();
    let note = match deprecation {
        ConventionDeprecation::Renamed(name) if known(name) => {
            deprecated.replaced_by = Field::implied(at, name.to_owned());
            return deprecated;
        }
        ConventionDeprecation::Renamed(name) => {
            format!("Renamed to `{name}` in the semantic conventions.")
        }
        ConventionDeprecation::Obsoleted => "Obsolete in the semantic conventions.".to_owned(),
        ConventionDeprecation::Uncategorized => {
            "Deprecated in the semantic conventions.".to_owned()
        }
    };
    deprecated.note = Field::implied(at, note);
    deprecated
}
