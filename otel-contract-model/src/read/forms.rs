//! Help for values of the wrong type.

use super::Expected;
use crate::yaml::{Node, Value};

/// Returns how to write the value of the field `key`, if the intention is clear.
pub(super) fn form(key: &str, expected: Expected, found: &Node) -> Option<String> {
    let quoted = |written: &str| Some(format!("put it in quotes: `\"{written}\"`"));
    match (expected, key, &found.value) {
        (Expected::List, "range", Value::Map(_)) => {
            Some("write the lowest and the highest value: `range: [0, 5]`".to_owned())
        }
        (Expected::List, "range", Value::Text(text)) => Some(match between(text) {
            Some((lowest, highest)) => format!("write `range: [{lowest}, {highest}]`"),
            None => "write `range: [0, 5]`".to_owned(),
        }),
        (Expected::List, "range", _) => Some("write `range: [0, 5]`".to_owned()),
        (Expected::List, "keep", Value::Text(_)) => Some("write `keep: [errors]`".to_owned()),
        (Expected::List, "buckets", _) => Some("write `buckets: [0.1, 0.5, 1]`".to_owned()),
        (Expected::List, _, Value::Text(text)) if !key.is_empty() && !text.contains('\n') => {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/');
            Some(if text.chars().all(plain) {
                format!("write `{key}: [{text}]`")
            } else {
                format!("write `{key}: [\"{text}\"]`")
            })
        }
        (Expected::Mapping, "deprecated", _) => {
            Some("write `deprecated: { note: … }`, or `deprecated: { replaced_by: … }`".to_owned())
        }
        (Expected::Mapping, "sampling", Value::Int(_) | Value::Float(_)) => {
            Some("write `sampling: { ratio: 0.1 }`".to_owned())
        }
        (Expected::Mapping, "budget", Value::Int(_)) => {
            Some("write `budget: { series_per_metric: 1000 }`".to_owned())
        }
        (Expected::RequirementLevels, _, Value::List(items)) => {
            let first = items.iter().find_map(|item| match &item.value {
                Value::Text(name) => Some(name.as_str()),
                _ => None,
            });
            let name = first.unwrap_or("order.id");
            Some(format!("write `{{ {name}: required }}`"))
        }
        (Expected::Routes, _, found) => Some(route(found)),
        (Expected::String, "unit", Value::List(items)) => match items.as_slice() {
            // `[degF]` without quotes is a list.
            [
                Node {
                    value: Value::Text(name),
                    ..
                },
            ] => Some(format!("put it in quotes: `\"[{name}]\"`")),
            _ => None,
        },
        // For `null` written as `~`, the help quotes the source text.
        (Expected::String, "unit", Value::Int(_) | Value::Float(_))
        | (Expected::String | Expected::Value, _, Value::Null) => found.written().and_then(quoted),
        (Expected::String, _, Value::Bool(_) | Value::Int(_) | Value::Float(_)) => {
            Some("put it in quotes".to_owned())
        }
        (Expected::String, _, Value::Map(entries)) => match entries.as_slice() {
            // `{retry}` without quotes is a mapping.
            [(name, value)] if matches!(value.value, Value::Null) => match &name.value {
                Value::Text(name) => Some(format!("put it in quotes: `\"{{{name}}}\"`")),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// Returns how to write a route. A mapping from a method to a path shows what is meant.
fn route(found: &Value) -> String {
    if let Value::Map(entries) = found
        && let [(method, path)] = entries.as_slice()
        && let (Value::Text(method), Value::Text(path)) = (&method.value, &path.value)
        && path.starts_with('/')
    {
        return format!("write `route: {} {path}`", method.to_uppercase());
    }
    "write `route: POST /orders/{order_id}`".to_owned()
}

/// Returns the two integers of a range in another notation: `1..8`, `1-8`, `1 to 8`.
fn between(text: &str) -> Option<(i64, i64)> {
    let separators = ["..=", "...", "..", " to ", ",", "-"];
    separators.iter().find_map(|separator| {
        let (lowest, highest) = text.split_once(separator)?;
        Some((lowest.trim().parse().ok()?, highest.trim().parse().ok()?))
    })
}
