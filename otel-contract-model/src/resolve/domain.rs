//! Determines the domain of an attribute: its values, and so its cardinality class.

use std::collections::HashMap;

use crate::codes;
use crate::contract::{Domain, Element, Type, Value};
use crate::files::Span;
use crate::names;
use crate::read::Located;
use crate::spec::{Attribute, CardinalityClass, Scalar};
use crate::{spec, spec::Values};

use super::examples::type_phrase;
use super::{Resolver, Scope};

/// The value that is recorded for every value outside of a set with `other: true`.
const OTHER: &str = "_OTHER";

impl Resolver<'_> {
    /// Returns the domain of an attribute. Returns `None` after an error; the error is reported.
    pub(super) fn domain(&mut self, name: &Located<String>, written: &Attribute) -> Option<Domain> {
        let is_invalid = written.value_type.is_invalid()
            || written.rules.values.is_invalid()
            || written.rules.range.has_errors()
            || written.rules.cardinality.is_invalid()
            || written.rules.limit.is_invalid()
            || written.rules.other.is_invalid();
        if is_invalid {
            return None;
        }
        let listed = written.rules.values.located();
        let ranged = written.rules.range.located();
        if let (Some(_), Some(_), Some(at)) = (listed, ranged, written.rules.range.key) {
            self.diagnostics
                .push(codes::VALUES_AND_RANGE.at(at, [&name.value]));
            return None;
        }
        let strings_listed = listed.is_some() && written.value_type.get() != Some(&Type::Int);
        if let (Some(at), false, Some(true)) = (
            written.rules.other.key,
            strings_listed,
            written.rules.other.get(),
        ) {
            self.diagnostics
                .push(codes::OTHER_WITHOUT_STRINGS.at(at, []));
        }
        if let Some(values) = listed {
            let domain = self.closed_domain(name, written, values);
            self.check_class(name, written, "lists its values");
            // A set with an unreadable value is unknown.
            domain.filter(|_| !written.rules.values.has_errors())
        } else if let Some(range) = ranged {
            let domain = self.range_domain(name, written, range);
            self.check_class(name, written, "has a range");
            domain
        } else if written.value_type.get() == Some(&Type::Boolean) {
            self.check_class(name, written, "is a boolean");
            Some(Domain::Boolean)
        } else {
            self.open_domain(name, written)
        }
    }

    /// Checks that an attribute with known values is `closed` and has no `limit`.
    fn check_class(&mut self, name: &Located<String>, written: &Attribute, because: &str) {
        let class = written.rules.cardinality.located();
        match class.map(|class| class.value) {
            None | Some(CardinalityClass::Closed) => {
                let help = format!("remove the `limit`: `{}` {because}", name.value);
                self.reject_limit(name, written, &help);
            }
            Some(class) => {
                let word = match class {
                    CardinalityClass::Bounded => "bounded",
                    CardinalityClass::Unbounded | CardinalityClass::Closed => "unbounded",
                };
                let at = written
                    .rules
                    .cardinality
                    .located()
                    .map_or(name.span, |class| class.span);
                let diag = codes::CLASS_CONTRADICTS.at(at, [&name.value, &because, &word]);
                self.diagnostics.push(diag);
            }
        }
    }

    fn reject_limit(&mut self, name: &Located<String>, written: &Attribute, help: &str) {
        if let Some(at) = written.rules.limit.key {
            let diag = codes::LIMIT_WITHOUT_BOUNDED.at(at, [&name.value]);
            self.diagnostics.push(diag.help(help));
        }
    }

    /// Returns the domain of an attribute without listed values or range.
    fn open_domain(&mut self, name: &Located<String>, written: &Attribute) -> Option<Domain> {
        let value_type = written.value_type.cloned();
        let Some(class) = written.rules.cardinality.located() else {
            self.report_missing_class(name, written, value_type);
            return None;
        };
        match (class.value, value_type) {
            (CardinalityClass::Closed, _) => {
                let diag = codes::CLOSED_WITHOUT_VALUES.at(class.span, [&name.value]);
                self.diagnostics.push(diag.help(match value_type {
                    Some(Type::Int) => "add a `range`, or list the `values`",
                    Some(Type::Double | Type::Array(_)) => {
                        "use `cardinality: unbounded`: only strings and integers can be listed"
                    }
                    None | Some(Type::String | Type::Boolean) => {
                        "list the `values`, or use `type: int` with a `range`"
                    }
                }));
                None
            }
            (CardinalityClass::Bounded, None | Some(Type::String)) => {
                self.bounded_domain(name, written, class.span)
            }
            (CardinalityClass::Bounded, Some(other)) => {
                let diag =
                    codes::BOUNDED_NOT_STRING.at(class.span, [&name.value, &type_name(other)]);
                self.diagnostics.push(diag.help(match other {
                    Type::Int => "add a `range`, or use `cardinality: unbounded`",
                    _ => "use `cardinality: unbounded`",
                }));
                None
            }
            (CardinalityClass::Unbounded, None) => {
                self.diagnostics
                    .push(codes::MISSING_TYPE.at(name.span, [&name.value]));
                None
            }
            (CardinalityClass::Unbounded, Some(value_type)) => {
                let help = match value_type {
                    Type::String => "use `cardinality: bounded`, or remove the `limit`",
                    _ => "remove the `limit`",
                };
                self.reject_limit(name, written, help);
                Some(Domain::Unbounded(value_type))
            }
        }
    }

    /// Reports an attribute without a cardinality class.
    fn report_missing_class(
        &mut self,
        name: &Located<String>,
        written: &Attribute,
        value_type: Option<Type>,
    ) {
        let Some(value_type) = value_type else {
            let diag = codes::MISSING_TYPE.at(name.span, [&name.value]);
            self.diagnostics.push(diag);
            return;
        };
        if written.rules.limit.is_absent() {
            let diag = codes::UNDECIDABLE_CARDINALITY.at(name.span, [&name.value]);
            self.diagnostics.push(diag.help(class_advice(value_type)));
            return;
        }
        let help = match value_type {
            Type::String => "add `cardinality: bounded`".to_owned(),
            _ => format!("remove the `limit`, and {}", class_advice(value_type)),
        };
        self.reject_limit(name, written, &help);
    }

    fn bounded_domain(
        &mut self,
        name: &Located<String>,
        written: &Attribute,
        class: Span,
    ) -> Option<Domain> {
        let Some(limit) = written.rules.limit.located() else {
            self.diagnostics
                .push(codes::BOUNDED_WITHOUT_LIMIT.at(class, [&name.value]));
            return None;
        };
        match u32::try_from(limit.value) {
            Ok(limit) if limit > 0 => Some(Domain::Limited { limit }),
            _ => {
                let expected = codes::violated_limit(limit.value);
                let diag = codes::BAD_LIMIT.at(limit.span, [&expected, &limit.quoted()]);
                self.diagnostics.push(diag);
                None
            }
        }
    }

    fn range_domain(
        &mut self,
        name: &Located<String>,
        written: &Attribute,
        range: &Located<Vec<Located<i64>>>,
    ) -> Option<Domain> {
        if let Some(value_type) = written
            .value_type
            .get()
            .filter(|value_type| **value_type != Type::Int)
        {
            let at = written.rules.range.key.unwrap_or(range.span);
            let diag = codes::RANGE_NOT_INT.at(at, [&name.value, &type_name(*value_type)]);
            self.diagnostics.push(diag);
            return None;
        }
        match range.value.as_slice() {
            [min, max] if min.value <= max.value => Some(Domain::Range {
                min: min.value,
                max: max.value,
            }),
            _ => {
                self.diagnostics.push(codes::BAD_RANGE.at(range.span, []));
                None
            }
        }
    }

    fn closed_domain(
        &mut self,
        name: &Located<String>,
        written: &Attribute,
        values: &Located<Values>,
    ) -> Option<Domain> {
        let first = values
            .value
            .0
            .iter()
            .find_map(|value| value.value.located());
        let Some(first) = first else {
            if values.value.0.is_empty() && !written.rules.values.has_errors() {
                self.diagnostics
                    .push(codes::EMPTY_VALUES.at(values.span, [&name.value]));
            }
            return None;
        };
        let value_type = match (written.value_type.cloned(), first) {
            (Some(value_type), _) => value_type,
            (None, first) if matches!(first.value, Scalar::Int(_)) || is_beyond(first) => Type::Int,
            (None, _) => Type::String,
        };
        let other = written.rules.other.get() == Some(&true);
        match value_type {
            Type::String => {
                let text = |scalar: &Scalar| match scalar {
                    Scalar::Text(text) => Some(text.clone()),
                    _ => None,
                };
                let values = self.members(name, &values.value, Type::String, other, text);
                (!values.is_empty()).then_some(Domain::Strings { values, other })
            }
            Type::Int => {
                if let (Some(at), true, None) =
                    (written.rules.other.key, other, written.value_type.get())
                {
                    let diag = codes::OTHER_WITHOUT_STRINGS.at(at, []);
                    self.diagnostics.push(diag);
                }
                let int = |scalar: &Scalar| match scalar {
                    Scalar::Int(int) => Some(*int),
                    _ => None,
                };
                let values = self.members(name, &values.value, Type::Int, false, int);
                (!values.is_empty()).then_some(Domain::Ints { values })
            }
            _ => {
                let at = written.rules.values.key.unwrap_or(values.span);
                let diag = codes::VALUES_NOT_SUPPORTED.at(at, [&type_name(value_type)]);
                self.diagnostics.push(diag.help(match value_type {
                    Type::Boolean => "remove the `values`: a boolean is `true` or `false`",
                    _ => "remove the `values`, and use `cardinality: unbounded`",
                }));
                None
            }
        }
    }

    /// Returns the values of a set. All values have one type. No value and no variant occurs twice.
    fn members<T: Clone + std::fmt::Display>(
        &mut self,
        name: &Located<String>,
        values: &Values,
        value_type: Type,
        other: bool,
        typed: impl Fn(&Scalar) -> Option<T>,
    ) -> Vec<Value<T>> {
        let mut members = Vec::new();
        let mut seen: HashMap<String, Span> = HashMap::new();
        let mut variants: HashMap<String, String> = HashMap::new();
        if other {
            variants.insert("Other".to_owned(), OTHER.to_owned());
        }
        let texts = texts(values);
        let mut all: Vec<&str> = texts.iter().map(String::as_str).collect();
        all.sort_unstable();
        for written in &values.0 {
            let Some(given) = written.value.located() else {
                continue;
            };
            let (span, scalar) = (&given.span, &given.value);
            let (text, quoted) = (scalar.to_string(), given.quoted());
            let Some(value) = typed(scalar) else {
                self.report_value_type(name, given, value_type);
                continue;
            };
            if let Some(first) = seen.get(&text) {
                let diag = codes::REPEATED_VALUE.at(*span, [&quoted]);
                self.diagnostics
                    .push(diag.related("first occurrence at", *first));
                continue;
            }
            if other && text == OTHER {
                self.diagnostics.push(codes::RESERVED_VALUE.at(*span, []));
                continue;
            }
            seen.insert(text.clone(), *span);
            let known = |_: &Scope, value: &str| all.binary_search(&value).is_ok();
            let candidates = || all.clone();
            self.check_replacement(&written.deprecated, &text, None, &known, &candidates);
            members.push(Value {
                value,
                at: self.location(*span),
                variant: self.variant(written, &text, *span, &mut variants),
                brief: written.brief.cloned().unwrap_or_default(),
                deprecated: self.deprecated_entry(&written.deprecated, &text, "a value"),
            });
        }
        members
    }

    /// Reports a value that does not have the type of its attribute.
    fn report_value_type(
        &mut self,
        name: &Located<String>,
        written: &Located<Scalar>,
        value_type: Type,
    ) {
        let quoted = written.quoted();
        if value_type == Type::Int && is_beyond(written) {
            let diag = codes::BEYOND_INTEGERS.at(written.span, [&quoted]);
            self.diagnostics.push(diag.help(BEYOND_VALUE));
            return;
        }
        let expected = type_phrase(value_type);
        let diag = codes::VALUE_TYPE.at(written.span, [&quoted, &name.value, &expected]);
        let help = match value_type {
            Type::String if matches!(written.value, Scalar::Bool(_)) => {
                format!("write `\"{quoted}\"`, or `type: boolean` instead of the `values`")
            }
            Type::String => format!("write `\"{quoted}\"`"),
            _ => "list integers, or use `type: string`".to_owned(),
        };
        self.diagnostics.push(diag.help(help));
    }

    /// Returns the Rust variant of a value. Reports a variant that cannot be derived or is already in use.
    fn variant(
        &mut self,
        written: &spec::Value,
        text: &str,
        at: Span,
        taken: &mut HashMap<String, String>,
    ) -> String {
        let given = self
            .written_rust_name(&written.rust_name)
            .map(|rust| rust.camel);
        let variant = given.or_else(|| names::variant(text)).unwrap_or_else(|| {
            self.diagnostics.push(codes::NO_RUST_NAME.at(at, [&text]));
            "Unnamed".to_owned()
        });
        let free = names::free(taken, &variant);
        if let (Some(first), true) = (taken.get(&variant), variant != "Unnamed") {
            self.diagnostics
                .push(codes::VALUE_NAME_CLASH.at(at, [first, &text, &variant]));
        }
        taken.insert(free.clone(), text.to_owned());
        free
    }
}

/// Returns the texts of the readable values.
fn texts(values: &Values) -> Vec<String> {
    let values = values.0.iter().filter_map(|value| value.value.get());
    values.map(ToString::to_string).collect()
}

const BEYOND_VALUE: &str = "use integers from -9223372036854775808 to 9223372036854775807, or `type: string` with quoted values";

/// Returns whether a value is an integer that does not fit in 64 bits.
pub(super) fn is_beyond(scalar: &Located<Scalar>) -> bool {
    let written = scalar.written.as_deref();
    matches!(scalar.value, Scalar::Float(_)) && written.is_some_and(crate::yaml::is_integer)
}

/// Returns a type as written in a contract.
fn type_name(value_type: Type) -> &'static str {
    match value_type {
        Type::String => "string",
        Type::Int => "int",
        Type::Double => "double",
        Type::Boolean => "boolean",
        Type::Array(Element::String) => "string[]",
        Type::Array(Element::Int) => "int[]",
        Type::Array(Element::Double) => "double[]",
        Type::Array(Element::Boolean) => "boolean[]",
    }
}

fn class_advice(value_type: Type) -> &'static str {
    match value_type {
        Type::String => {
            "list the `values`, or use `cardinality: unbounded`, or `bounded` with a `limit`"
        }
        Type::Int => "add a `range` or `values`, or use `cardinality: unbounded`",
        Type::Double | Type::Boolean | Type::Array(_) => "use `cardinality: unbounded`",
    }
}
