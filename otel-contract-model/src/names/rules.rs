//! Which names there may be.

/// The attribute that is part of every contract.
pub(crate) const ERROR_TYPE: &str = "error.type";

/// What the generated module and the names it re-exports need for themselves.
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

/// Whether the generated module needs a Rust name (`ErrorType`) for itself, so that no entry of a
/// contract may have it.
#[must_use]
pub fn is_reserved(camel: &str) -> bool {
    RESERVED.contains(&camel)
}

/// Whether a contract may call an entry so: lowercase words of letters, digits and `_`, separated by
/// dots, outside of the namespace `otel`.
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

/// Whether something can stand for the placeholder of a template.
#[must_use]
pub fn is_template_key(key: &str) -> bool {
    let letters = key
        .chars()
        .all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_' | '-' | '.'));
    let words = key.split('.').all(|word| !word.is_empty());
    letters && words && key.contains(|c: char| c.is_ascii_alphanumeric())
}

/// Words separated by dots.
pub(crate) fn is_well_formed(name: &str) -> bool {
    name.split('.').all(is_word)
}

/// Whether OpenTelemetry keeps a name for itself.
pub(crate) fn is_reserved_namespace(name: &str) -> bool {
    name == "otel" || name.starts_with("otel.")
}

/// A word of a name: `item_count`.
fn is_word(word: &str) -> bool {
    let letters = word
        .chars()
        .all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_'));
    let first = word.starts_with(|c: char| c.is_ascii_lowercase());
    letters && first && !word.ends_with('_') && !word.contains("__")
}
