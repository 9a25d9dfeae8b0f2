//! Words for terms of the contract, in messages and documentation.

use otel_contract_model::{
    Attribute, Cardinality, Contract, Domain, Element, Privacy, Protect, RequirementLevel, Type,
    definitions,
};

/// Returns the type of an attribute as written in the contract; empty for a secret attribute.
pub(crate) fn value_type(attribute: &Attribute) -> &'static str {
    match attribute.value_type() {
        Some(Type::String) => "string",
        Some(Type::Int) => "int",
        Some(Type::Double) => "double",
        Some(Type::Boolean) => "boolean",
        Some(Type::Array(Element::String)) => "string[]",
        Some(Type::Array(Element::Int)) => "int[]",
        Some(Type::Array(Element::Double)) => "double[]",
        Some(Type::Array(Element::Boolean)) => "boolean[]",
        None => "",
    }
}

/// Returns a cardinality class in words.
pub(crate) fn cardinality(attribute: &Attribute) -> String {
    match attribute.cardinality() {
        Cardinality::Closed(count) => format!("closed, {count} values"),
        Cardinality::Bounded(limit) => format!("bounded, at most {limit} values, then `_OTHER`"),
        Cardinality::Unbounded => "unbounded: spans and logs only".to_owned(),
    }
}

/// Returns a privacy class in words.
pub(crate) fn privacy(privacy: Privacy) -> String {
    match privacy {
        Privacy::Public => "public".to_owned(),
        Privacy::Internal => "internal".to_owned(),
        Privacy::Secret => "secret".to_owned(),
        Privacy::Personal(Protect::Hash) => "personal, recorded as a keyed hash".to_owned(),
        Privacy::Personal(Protect::Mask) => "personal, recorded as `[redacted]`".to_owned(),
        Privacy::Personal(Protect::KeepLast(count)) => {
            format!("personal, recorded as its last {count} characters")
        }
    }
}

/// Returns a requirement level for documentation: as written in the contract, or `conditionally required:` and the
/// condition.
pub(crate) fn level(level: &RequirementLevel) -> String {
    match level {
        RequirementLevel::Required => "required".to_owned(),
        RequirementLevel::OnSuccess => "on_success".to_owned(),
        RequirementLevel::ConditionallyRequired(condition) => {
            format!("conditionally required: {condition}")
        }
        RequirementLevel::Recommended => "recommended".to_owned(),
        RequirementLevel::OptIn => "opt_in".to_owned(),
    }
}

/// Returns the allowed values of an attribute as a list: `free, pro, enterprise`.
pub(crate) fn allowed(attribute: &Attribute) -> Option<String> {
    let list = |values: Vec<String>| Some(values.join(", "));
    match &attribute.domain {
        Domain::Strings { values, .. } => list(values.iter().map(|v| v.value.clone()).collect()),
        Domain::Ints { values } => list(values.iter().map(|v| v.value.to_string()).collect()),
        Domain::Range { min, max } => Some(format!("{min} to {max}")),
        Domain::Boolean => Some("true, false".to_owned()),
        Domain::Limited { .. } | Domain::Unbounded(_) | Domain::Secret => None,
    }
}

/// Whether a bounded attribute accepts plain strings.
pub(crate) fn takes_plain(contract: &Contract, attribute: &Attribute) -> bool {
    !attribute.newtype && definitions::is_used_only_by_resource(contract, attribute)
}
