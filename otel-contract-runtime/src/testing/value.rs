//! Values against what the contract says of their attribute.

use crate::definition::OTHER;
use crate::description::{Attribute, Cardinality, Contract, Privacy};
use crate::protect::{Protected, REDACTED};
use opentelemetry::logs::AnyValue;

/// A value as it may be printed: what must not be known is not in a test's log either.
pub(super) fn shown(contract: &Contract, key: &str, value: &AnyValue) -> String {
    match contract.attribute(key).map(|attribute| attribute.privacy) {
        Some(Privacy::Secret) => "(secret, not shown)".to_owned(),
        Some(Privacy::Personal(protected)) if !is_protected(protected, value) => {
            "(in the clear, not shown)".to_owned()
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
        _ => "a value of a type unknown here".to_owned(),
    };
    if text.chars().count() > LONGEST {
        let start: String = text.chars().take(LONGEST).collect();
        return format!("{start}…");
    }
    text
}

/// The type of a value, as a contract writes it.
pub(super) fn type_of(value: &AnyValue) -> String {
    match value {
        AnyValue::Int(_) => "int".to_owned(),
        AnyValue::Double(_) => "double".to_owned(),
        AnyValue::Boolean(_) => "boolean".to_owned(),
        AnyValue::String(_) => "string".to_owned(),
        AnyValue::Bytes(_) => "bytes".to_owned(),
        AnyValue::ListAny(values) => {
            let first = values.first().map(type_of);
            let same = values.iter().all(|one| Some(type_of(one)) == first);
            match first {
                Some(first) if same => format!("{first}[]"),
                Some(_) => "list of several types".to_owned(),
                None => "empty list".to_owned(),
            }
        }
        AnyValue::Map(_) => "map".to_owned(),
        _ => "unknown".to_owned(),
    }
}

/// What is wrong with a value: said of the attribute, without repeating what must not be known.
pub(super) struct Wrong {
    pub(super) message: String,
    pub(super) help: String,
}

/// Holds a value to its attribute.
pub(super) fn check(contract: &Contract, attribute: &Attribute, value: &AnyValue) -> Option<Wrong> {
    let key = attribute.key;
    let wrong = |message: String, help: String| Some(Wrong { message, help });
    if attribute.privacy == Privacy::Secret {
        return wrong(
            format!("`{key}` is secret and never recorded"),
            "remove it: no attribute may carry this value".to_owned(),
        );
    }
    let (expected, got) = (attribute.value_type, type_of(value));
    let empty = got == "empty list" && expected.ends_with("[]");
    if got != expected && !empty {
        return wrong(
            format!("`{key}` takes {expected} values, got {got}"),
            "record it through the contract's types".to_owned(),
        );
    }
    if let Privacy::Personal(protected) = attribute.privacy
        && !is_protected(protected, value)
        && !is_other_of_bounded(attribute, value)
    {
        return wrong(
            format!("`{key}` is personal, and its value is in the clear"),
            format!(
                "record it through the contract's types, as {}",
                form(protected)
            ),
        );
    }
    let shown = shown(contract, key, value);
    if !attribute.values.is_empty() {
        let text = match value {
            AnyValue::String(text) => text.as_str().to_owned(),
            AnyValue::Int(value) => value.to_string(),
            _ => String::new(),
        };
        let known = attribute.values.contains(&&*text) || (attribute.other && text == OTHER);
        if !known {
            let values: Vec<String> = attribute
                .values
                .iter()
                .map(|one| format!("`{one}`"))
                .collect();
            let open = if attribute.other {
                ", and `_OTHER` for any other"
            } else {
                ""
            };
            return wrong(
                format!("{shown} is not a value of `{key}`"),
                format!("it takes {}{open}", values.join(", ")),
            );
        }
    }
    if let (Some((min, max)), AnyValue::Int(value)) = (attribute.range, value)
        && !(min..=max).contains(value)
    {
        return wrong(
            format!("{shown} is not a value of `{key}`"),
            format!("it takes integers from {min} to {max}"),
        );
    }
    None
}

fn is_other_of_bounded(attribute: &Attribute, value: &AnyValue) -> bool {
    let other = matches!(value, AnyValue::String(text) if text.as_str() == OTHER);
    other && matches!(attribute.cardinality, Cardinality::Bounded(_))
}

/// Whether a value looks like what [`Protected::apply`] makes.
fn is_protected(protected: Protected, value: &AnyValue) -> bool {
    let AnyValue::String(text) = value else {
        return false;
    };
    let text = text.as_str();
    let hex = |digit: char| matches!(digit, '0'..='9' | 'a'..='f');
    match protected {
        Protected::Hash => text == REDACTED || (text.len() == 32 && text.chars().all(hex)),
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

/// The candidate most like a name, if it is like it at all.
pub(super) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let most = name.chars().count() / 3 + 1;
    let distances = candidates.into_iter().map(|one| (distance(name, one), one));
    let (distance, nearest) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= most).then_some(nearest)
}

/// Edits from one to the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (place, candidate) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *candidate);
            diagonal = row[place + 1];
            row[place + 1] = replaced.min(diagonal + 1).min(row[place] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> AnyValue {
        AnyValue::from(value.to_owned())
    }

    #[test]
    fn only_what_protection_makes_counts_as_protected() {
        let hash = "0123456789abcdef0123456789abcdef";
        for (protected, value, is) in [
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
                is,
                "{protected:?} {value}"
            );
        }
    }

    #[test]
    fn the_nearest_name_is_offered_only_if_it_is_near() {
        let names = ["order.id", "invoice.id"];
        assert_eq!(nearest("ordr.id", names), Some("order.id"));
        assert_eq!(nearest("http.route", names), None);
        assert_eq!(nearest("x", []), None);
    }
}
