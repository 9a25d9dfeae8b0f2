//! What a value of the wrong type should have looked like.

use crate::yaml::{Node, Value};

/// How to write what the field `key` was meant to be, where that is known.
pub(super) fn form(key: &str, expected: &str, found: &Node) -> Option<String> {
    let quoted = |written: &str| Some(format!("put it in quotes: `\"{written}\"`"));
    match (expected, key, &found.value) {
        ("a list", "range", _) => Some("write `range: [0, 5]`".to_owned()),
        ("a list", "keep", Value::Text(_)) => Some("write `keep: [errors]`".to_owned()),
        ("a list", "buckets", _) => Some("write `buckets: [0.1, 0.5, 1]`".to_owned()),
        ("a list", _, Value::Text(text)) if !key.is_empty() && !text.contains('\n') => {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/');
            Some(if text.chars().all(plain) {
                format!("write `{key}: [{text}]`")
            } else {
                format!("write `{key}: [\"{text}\"]`")
            })
        }
        ("a mapping", "deprecated", _) => {
            Some("write `deprecated: { note: … }`, or `deprecated: { replaced_by: … }`".to_owned())
        }
        ("a mapping", "sampling", Value::Int(_) | Value::Float(_)) => {
            Some("write `sampling: { ratio: 0.1 }`".to_owned())
        }
        ("a mapping", "budget", Value::Int(_)) => {
            Some("write `budget: { series_per_metric: 1000 }`".to_owned())
        }
        ("a mapping of requirement levels", _, Value::List(items)) => {
            let first = items.iter().find_map(|item| match &item.value {
                Value::Text(name) => Some(name.as_str()),
                _ => None,
            });
            let name = first.unwrap_or("order.id");
            Some(format!("write `{{ {name}: required }}`"))
        }
        ("a string", "unit", Value::List(items)) => match items.as_slice() {
            // `[degF]` without quotes.
            [
                Node {
                    value: Value::Text(name),
                    ..
                },
            ] => Some(format!("put it in quotes: `\"[{name}]\"`")),
            _ => None,
        },
        // `~` in a list has a text.
        ("a string", "unit", Value::Int(_) | Value::Float(_))
        | ("a string" | "a value", _, Value::Null) => found.written().and_then(quoted),
        ("a string", _, Value::Bool(_) | Value::Int(_) | Value::Float(_)) => {
            Some("put it in quotes".to_owned())
        }
        ("a string", _, Value::Map(entries)) => match entries.as_slice() {
            // `{retry}` without quotes.
            [(name, value)] if matches!(value.value, Value::Null) => match &name.value {
                Value::Text(name) => Some(format!("put it in quotes: `\"{{{name}}}\"`")),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}
