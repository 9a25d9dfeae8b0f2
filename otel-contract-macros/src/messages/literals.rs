//! Messages about literals and constants that are not a value of their attribute.

use super::Diagnostic;
use otel_contract_definition::names::{nearest, quoted};
use otel_contract_definition::{AttributeDefinition, Definition, Values};
use quote::ToTokens;

/// A literal that is not a value of the attribute. `fix` is the help, if it is more specific than the list of values.
pub(crate) fn not_a_value(
    definition: &Definition,
    attribute: &AttributeDefinition,
    literal: impl ToTokens,
    text: &str,
    fix: Option<String>,
) -> Diagnostic {
    let mut diagnostic = Diagnostic::of_attribute(
        definition,
        attribute,
        literal,
        format!("`{text}` is not a value of `{}`", attribute.key),
    );
    diagnostic.help.extend(fix);
    with_expected_values(diagnostic, attribute, text.trim_matches(['"', '\'']))
}

/// Adds a help with the accepted values of the attribute. `unquoted` is the text as written, to find the nearest value.
pub(super) fn with_expected_values(
    mut diagnostic: Diagnostic,
    attribute: &AttributeDefinition,
    unquoted: &str,
) -> Diagnostic {
    let camel = &attribute.camel;
    match &attribute.values {
        Values::Strings { values, other } => {
            let names: Vec<&str> = values.iter().map(|(value, _)| value.as_str()).collect();
            let near = nearest(unquoted, names.iter().copied());
            let suggestion = near.map(|near| format!("did you mean \"{near}\"?"));
            let other = other.then(|| format!("use `{camel}::Other` for values outside this list"));
            diagnostic.help.extend(suggestion);
            diagnostic.help.push(allowed_values(&names));
            diagnostic.help.extend(other);
            diagnostic
        }
        Values::Ints(values) => {
            let texts: Vec<String> = values.iter().map(|(value, _)| value.to_string()).collect();
            let names: Vec<&str> = texts.iter().map(String::as_str).collect();
            diagnostic.help(allowed_values(&names))
        }
        Values::Range(min, max) => {
            diagnostic.help(format!("expected an integer from {min} to {max}"))
        }
        Values::Boolean => diagnostic.help("expected `true` or `false`"),
        Values::Text | Values::Personal => diagnostic.help("expected a string"),
        Values::Capped => diagnostic.help(format!(
            "expected a string literal; convert other strings with `{camel}::capped(text)`"
        )),
        Values::Newtype { capped } => {
            let constructor = if *capped { "capped" } else { "new" };
            diagnostic.help(format!(
                "expected `{camel}`; create it with `{camel}::{constructor}(…)` where the value is known to be valid"
            ))
        }
        // An integer that is too large has a help with the range of its type.
        Values::Int if !diagnostic.help.is_empty() => diagnostic,
        Values::Int => diagnostic.help("expected an integer"),
        Values::Double => diagnostic.help("expected a floating-point number"),
        Values::Array(element) => diagnostic.help(format!("expected an array of {element}")),
    }
}

/// ``allowed values: `free` and `pro` ``
pub(super) fn allowed_values(values: &[&str]) -> String {
    format!("allowed values: {}", quoted(values.iter().copied()))
}

pub(crate) fn not_decimal() -> String {
    "a floating-point number has decimal digits only".to_owned()
}

pub(crate) fn not_a_literal() -> String {
    "it is not a Rust literal".to_owned()
}

pub(crate) fn suffix(suffix: &str) -> String {
    format!("only numbers have a suffix: remove `{suffix}`")
}

pub(crate) fn integer_suffix(suffix: &str) -> String {
    format!("`{suffix}` is not a number type: remove it")
}

pub(crate) fn float_suffix(suffix: &str) -> String {
    format!("`{suffix}` is not a floating-point type: remove it")
}

pub(crate) fn no_negative_values(integer: &str) -> String {
    format!("`{integer}` has no negative values")
}

pub(crate) fn out_of_range(integer: &str, min: i128, max: i128) -> String {
    format!("the range of `{integer}` is {min} to {max}")
}

pub(crate) fn float_out_of_range(float: &str) -> String {
    format!("it is out of range for `{float}`")
}

pub(crate) fn sign_without_number() -> String {
    "only a number has a sign: remove the `-`".to_owned()
}

pub(crate) fn character(given: char) -> String {
    format!("write a string: {:?}", given.to_string())
}

pub(crate) fn prefix() -> String {
    "remove the prefix before the quotes".to_owned()
}

pub(crate) fn quoted_integer() -> String {
    "write the integer without quotes".to_owned()
}

/// A number type that attributes do not accept, and the type to use instead.
pub(crate) fn number_type(number: &str, instead: &str) -> String {
    format!("`{number}` is not supported: use `{instead}`")
}

pub(crate) fn lossy_integer(integer: &str) -> String {
    format!("`{integer}` cannot be converted without loss: use `f64`")
}

pub(crate) fn no_decimal_point() -> String {
    "write it with a decimal point".to_owned()
}
