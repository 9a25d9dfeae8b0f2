//! Names must follow OpenTelemetry's rules.

use crate::codes;
use crate::diagnostics::Faults;
use crate::names;
use crate::parse::Spec;
use crate::read::{Entry, Located};

/// Outcomes that every operation has: no error class may be called so.
const OUTCOMES: &[&str] = &["cancelled", "other", "panic"];

/// The help where a key of a template is none.
pub(crate) const TEMPLATE_KEY: &str =
    "a key of a template is lowercase letters, digits, `_` and `-`, with single dots between";

pub(super) fn check(spec: &Spec, faults: &mut Faults) {
    for Entry { name, value } in &spec.attributes {
        match names::template_prefix(&name.value) {
            // The rest of a template is judged by its keys.
            Some(prefix) => {
                let namespace = prefix.strip_suffix('.').unwrap_or(prefix);
                if names::is_well_formed(namespace) {
                    let namespace = Located {
                        span: name.span,
                        value: namespace.to_owned(),
                    };
                    check_name(&namespace, "an attribute", faults);
                } else {
                    faults.push(codes::BAD_NAME.at(name.span).with(&[&name.value]));
                }
                let keys = value.iter().flat_map(|attribute| attribute.keys.items());
                for key in keys.filter(|key| !names::is_template_key(&key.value)) {
                    let fault = codes::BAD_NAME.at(key.span).with(&[&key.value]);
                    faults.push(fault.help(TEMPLATE_KEY));
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
    } else if !names::is_well_formed(&name.value) {
        let fault = codes::BAD_NAME.at(name.span).with(&[&name.value]);
        faults.push(match proper(&name.value) {
            Some(proper) => fault.help(format!(
                "write `{proper}`: lowercase words of letters, digits and `_`, separated by dots"
            )),
            None => fault,
        });
    } else if names::is_reserved_namespace(&name.value) {
        faults.push(codes::RESERVED_NAMESPACE.at(name.span).with(&[&name.value]));
    }
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
    names::is_well_formed(&proper).then_some(proper)
}
