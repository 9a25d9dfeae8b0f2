//! Checks of values against the declaration of their attribute.

use crate::definition::OTHER;
use crate::description::{Attribute, Cardinality, Contract, Privacy};
use crate::protect::{Protected, REDACTED};
use opentelemetry::logs::AnyValue;

/// Formats a value for a message. Secret and unprotected personal values must not appear in test logs either.
pub(super) fn printable(contract: &Contract, key: &str, value: &AnyValue) -> String {
    match contract.attribute(key).map(|attribute| attribute.privacy) {
        Some(Privacy::Secret) => "(secret, not shown)".to_owned(),
        Some(Privacy::Personal(protected)) if !is_protected(protected, value) => {
            "(unprotected, not shown)".to_owned()
        }
        _ => plain(value),
    }
}

fn plain(value: &AnyValue) -> String {
    const LONGEST: usize = 80;
    let text = match value {
        AnyValue::Int(value) => value.to_string(),
        AnyValue::Double(value) => format!("{value:?}"),
        AnyValue::Boolean(value) => value.to_string(),
        AnyValue::String(value) => format!("{:?}", value.as_str()),
        AnyValue::Bytes(bytes) => format!("{} bytes", bytes.len()),
        AnyValue::ListAny(values) => {
            let values: Vec<String> = values.iter().map(plain).collect();
            format!("[{}]", values.join(", "))
        }
        AnyValue::Map(map) => format!("a map with {} keys", map.len()),
        _ => "a value of an unknown type".to_owned(),
    };
    if text.chars().count() > LONGEST {
        let start: String = text.chars().take(LONGEST).collect();
        return format!("{start}…");
    }
    text
}

/// Returns the type of a value in the spelling of contract files.
pub(super) fn type_of(value: &AnyValue) -> String {
    match value {
        AnyValue::Int(_) => "int".to_owned(),
        AnyValue::Double(_) => "double".to_owned(),
        AnyValue::Boolean(_) => "boolean".to_owned(),
        AnyValue::String(_) => "string".to_owned(),
        AnyValue::Bytes(_) => "bytes".to_owned(),
        AnyValue::ListAny(values) => {
            let first = values.first().map(type_of);
            let is_uniform = values.iter().all(|value| Some(type_of(value)) == first);
            match first {
                Some(first) if is_uniform => format!("{first}[]"),
                Some(_) => "list of several types".to_owned(),
                None => "empty list".to_owned(),
            }
        }
        AnyValue::Map(_) => "map".to_owned(),
        _ => "unknown".to_owned(),
    }
}

/// An invalid value. The texts contain no secret value and no unprotected personal value.
pub(super) struct InvalidValue {
    pub(super) message: String,
    pub(super) help: String,
}

/// Checks a value against the declaration of its attribute.
pub(super) fn check(
    contract: &Contract,
    attribute: &Attribute,
    value: &AnyValue,
) -> Option<InvalidValue> {
    check_privacy_and_type(attribute, value)
        .or_else(|| check_values_and_range(contract, attribute, value))
}

fn check_privacy_and_type(attribute: &Attribute, value: &AnyValue) -> Option<InvalidValue> {
    let key = attribute.key;
    if attribute.privacy == Privacy::Secret {
        return Some(InvalidValue {
            message: format!("`{key}` is secret and must not be recorded"),
            help: "remove it: no attribute may carry this value".to_owned(),
        });
    }
    let (expected, got) = (attribute.value_type, type_of(value));
    let is_empty_list = got == "empty list" && expected.ends_with("[]");
    if got != expected && !is_empty_list {
        return Some(InvalidValue {
            message: format!("`{key}` expects {expected} values, got {got}"),
            help: "record it through the contract's types".to_owned(),
        });
    }
    if let Privacy::Personal(protected) = attribute.privacy
        && !is_protected(protected, value)
        && !is_other_of_bounded(attribute, value)
    {
        return Some(InvalidValue {
            message: format!("`{key}` is personal, and its value is not protected"),
            help: format!(
                "record it through the contract's types, as {}",
                form(protected)
            ),
        });
    }
    None
}

fn check_values_and_range(
    contract: &Contract,
    attribute: &Attribute,
    value: &AnyValue,
) -> Option<InvalidValue> {
    let key = attribute.key;
    let printable = printable(contract, key, value);
    if !attribute.values.is_empty() {
        let text = match value {
            AnyValue::String(text) => text.as_str().to_owned(),
            AnyValue::Int(value) => value.to_string(),
            _ => String::new(),
        };
        let is_allowed = attribute.values.contains(&&*text) || (attribute.other && text == OTHER);
        if !is_allowed {
            let values: Vec<String> = attribute
                .values
                .iter()
                .map(|value| format!("`{value}`"))
                .collect();
            let other = if attribute.other {
                ", and `_OTHER` for any other value"
            } else {
                ""
            };
            return Some(InvalidValue {
                message: format!("{printable} is not a value of `{key}`"),
                help: format!("its values are {}{other}", values.join(", ")),
            });
        }
    }
    if let (Some((min, max)), AnyValue::Int(value)) = (attribute.range, value)
        && !(min..=max).contains(value)
    {
        return Some(InvalidValue {
            message: format!("{printable} is not a value of `{key}`"),
            help: format!("its values are the integers from {min} to {max}"),
        });
    }
    None
}

fn is_other_of_bounded(attribute: &Attribute, value: &AnyValue) -> bool {
    let is_other = matches!(value, AnyValue::String(text) if text.as_str() == OTHER);
    is_other && matches!(attribute.cardinality, Cardinality::Bounded(_))
}

/// Whether a value has the form that [`Protected::apply`] produces.
fn is_protected(protected: Protected, value: &AnyValue) -> bool {
    let AnyValue::String(text) = value else {
        return false;
    };
    let text = text.as_str();
    let is_hex = |digit: char| matches!(digit, '0'..='9' | 'a'..='f');
    match protected {
        Protected::Hash => text == REDACTED || (text.len() == 32 && text.chars().all(is_hex)),
        Protected::Mask => text == REDACTED,
        Protected::KeepLast(count) => text
            .strip_prefix("***")
            .is_some_and(|kept| kept.is_empty() || kept.chars().count() == count),
    }
}

fn form(protected: Protected) -> String {
    match protected {
        Protected::Hash => "a keyed hash".to_owned(),
        Protected::Mask => format!("`{REDACTED}`"),
        Protected::KeepLast(count) => format!("its last {count} characters"),
    }
}

/// Returns the candidate with the fewest edits from `name`, if the edits are at most a third of its characters plus one.
pub(super) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let most = name.chars().count() / 3 + 1;
    let distances = candidates
        .into_iter()
        .map(|candidate| (distance(name, candidate), candidate));
    let (distance, nearest) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= most).then_some(nearest)
}

/// Levenshtein distance of two strings.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (left_index, left_char) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = left_index + 1;
        for (index, right_char) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(left_char != *right_char);
            diagonal = row[index + 1];
            row[index + 1] = replaced.min(diagonal + 1).min(row[index] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> AnyValue {
        AnyValue::from(value.to_owned())
    }

    #[test]
    fn only_forms_that_protection_produces_count_as_protected() {
        let hash = "0123456789abcdef0123456789abcdef";
        for (protected, value, expected) in [
            (Protected::Hash, hash, true),
            (Protected::Hash, REDACTED, true),
            (Protected::Hash, &hash[1..], false),
            (Protected::Hash, "ada@example.org", false),
            (Protected::Mask, REDACTED, true),
            (Protected::Mask, hash, false),
            (Protected::KeepLast(4), "***2051", true),
            (Protected::KeepLast(4), "***", true),
            (Protected::KeepLast(4), "***02051", false),
            (Protected::KeepLast(4), "DE02", false),
        ] {
            assert_eq!(
                is_protected(protected, &text(value)),
                expected,
                "{protected:?} {value}"
            );
        }
    }

    #[test]
    fn only_a_similar_name_is_suggested() {
        let names = ["order.id", "invoice.id"];
        assert_eq!(nearest("ordr.id", names), Some("order.id"));
        assert_eq!(nearest("http.route", names), None);
        assert_eq!(nearest("x", []), None);
    }
}
