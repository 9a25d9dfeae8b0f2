//! The naming rules.

/// The attribute that is part of every contract.
pub(crate) const ERROR_TYPE: &str = "error.type";

/// Names that the generated module uses or re-exports.
const RESERVED: &[&str] = &[
    "AttributeValue",
    "Attributes",
    "Baggage",
    "Contract",
    "ErrorClass",
    "ErrorType",
    "Providers",
    "Resource",
    "ResourceAttributes",
    "TraceContext",
];

/// Returns whether the generated module reserves a Rust name, for example `ErrorType`.
#[must_use]
pub fn is_reserved(camel: &str) -> bool {
    RESERVED.contains(&camel)
}

/// Returns whether a name is valid for an entry: lowercase words of letters, digits and `_`, separated by dots, outside
/// of the namespace `otel`.
///
/// ```
/// use otel_contract_model::names::is_name;
/// assert!(is_name("order.item_count"));
/// assert!(!is_name("orderId") && !is_name("order..id") && !is_name("otel.scope.name"));
/// ```
#[must_use]
pub fn is_name(name: &str) -> bool {
    is_well_formed(name) && !is_reserved_namespace(name)
}

/// Returns whether a key can replace the placeholder of a template.
#[must_use]
pub fn is_template_key(key: &str) -> bool {
    let letters = key
        .chars()
        .all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_' | '-' | '.'));
    let words = key.split('.').all(|word| !word.is_empty());
    letters && words && key.contains(|c: char| c.is_ascii_alphanumeric())
}

/// Returns whether a name consists of valid words separated by dots.
pub(crate) fn is_well_formed(name: &str) -> bool {
    name.split('.').all(is_word)
}

/// Returns whether a name is in the namespace reserved for OpenTelemetry.
pub(crate) fn is_reserved_namespace(name: &str) -> bool {
    name == "otel" || name.starts_with("otel.")
}

/// Returns whether a word of a name is valid: `item_count`.
fn is_word(word: &str) -> bool {
    let letters = word
        .chars()
        .all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_'));
    let first = word.starts_with(|c: char| c.is_ascii_lowercase());
    letters && first && !word.ends_with('_') && !word.contains("__")
}
