//! Names must follow OpenTelemetry's rules.

use crate::codes;
use crate::diagnostics::Faults;
use crate::names;
use crate::parse::Spec;
use crate::read::{Entry, Located};

/// Outcomes that every operation has: no error class may be called so.
const OUTCOMES: &[&str] = &["cancelled", "other", "panic"];

pub(super) fn check(spec: &Spec, faults: &mut Faults) {
    for Entry { name, value } in &spec.attributes {
        match names::template_prefix(&name.value) {
            // The rest of a template is judged by its keys.
            Some(prefix) => {
                let namespace = prefix.strip_suffix('.').unwrap_or(prefix);
                if namespace.split('.').all(is_word) {
                    let namespace = Located {
                        span: name.span,
                        value: namespace.to_owned(),
                    };
                    check_name(&namespace, "an attribute", faults);
                } else {
                    faults.push(codes::BAD_NAME.at(name.span).with(&[&name.value]));
                }
                let keys = value.iter().flat_map(|attribute| attribute.keys.items());
                for key in keys.filter(|key| !is_template_key(&key.value)) {
                    let fault = codes::BAD_NAME.at(key.span).with(&[&key.value]);
                    faults.push(fault.help(
                        "a key of a template is lowercase letters, digits, `_` and `-`, with single dots between",
                    ));
                }
            }
            // Reported: no template.
            None if name.value.contains(['<', '>']) => {}
            None => check_name(name, "an attribute", faults),
        }
    }
    spec.groups
        .iter()
        .for_each(|entry| check_name(&entry.name, "a group", faults));
    spec.operations
        .iter()
        .for_each(|entry| check_name(&entry.name, "an operation", faults));
    spec.metrics
        .iter()
        .for_each(|entry| check_name(&entry.name, "a metric", faults));
    spec.events
        .iter()
        .for_each(|entry| check_name(&entry.name, "an event", faults));
    for Entry { name, .. } in &spec.errors {
        if OUTCOMES.contains(&name.value.as_str()) {
            faults.push(codes::RESERVED_ERROR.at(name.span).with(&[&name.value]));
        } else {
            check_name(name, "an error", faults);
        }
    }
}

fn check_name(name: &Located<String>, noun: &str, faults: &mut Faults) {
    if name.value.is_empty() {
        faults.push(codes::EMPTY_NAME.at(name.span).with(&[&noun]));
    } else if !name.value.split('.').all(is_word) {
        let fault = codes::BAD_NAME.at(name.span).with(&[&name.value]);
        faults.push(match proper(&name.value) {
            Some(proper) => fault.help(format!(
                "write `{proper}`: lowercase words of letters, digits and `_`, separated by dots"
            )),
            None => fault,
        });
    } else if name.value == "otel" || name.value.starts_with("otel.") {
        faults.push(codes::RESERVED_NAMESPACE.at(name.span).with(&[&name.value]));
    }
}

/// A word of a name: `item_count`.
fn is_word(word: &str) -> bool {
    let letters = word
        .chars()
        .all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_'));
    let first = word.starts_with(|c: char| c.is_ascii_lowercase());
    letters && first && !word.ends_with('_') && !word.contains("__")
}

fn is_template_key(key: &str) -> bool {
    let letters = key
        .chars()
        .all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_' | '-' | '.'));
    let words = key.split('.').all(|word| !word.is_empty());
    letters && words && key.contains(|c: char| c.is_ascii_alphanumeric())
}

/// The name as the rules want it, where it is clear: `orderId` is `order_id`.
fn proper(name: &str) -> Option<String> {
    let mut proper = String::new();
    let mut previous = '.';
    for character in name.chars() {
        if character.is_ascii_uppercase() && previous.is_ascii_lowercase() {
            proper.push('_');
        }
        proper.push(match character {
            '-' | ' ' => '_',
            '/' | ':' => '.',
            character => character.to_ascii_lowercase(),
        });
        previous = character;
    }
    proper.split('.').all(is_word).then_some(proper)
}
