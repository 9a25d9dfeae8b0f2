//! Attributes against each other: `instead_of`, baggage, the resource, the default class.

use std::collections::HashMap;

use crate::codes;
use crate::contract::{Privacy, Type};
use crate::diagnostics::Faults;
use crate::parse::Spec;
use crate::read::{Entry, Located};
use crate::resolve::Resolved;
use crate::source::Span;
use crate::spec::PrivacyClass;

pub(super) fn check(spec: &Spec, resolved: &Resolved, faults: &mut Faults) {
    default_privacy(spec, faults);
    instead_of(spec, resolved, faults);
    baggage(spec, resolved, faults);
    resource(spec, resolved, faults);
}

fn default_privacy(spec: &Spec, faults: &mut Faults) {
    let defaults = spec.root.defaults.get();
    let Some(Located { span, value }) = defaults.and_then(|it| it.privacy.located()) else {
        return;
    };
    let word = match value {
        PrivacyClass::Public | PrivacyClass::Internal => return,
        PrivacyClass::Personal => "personal",
        PrivacyClass::Secret => "secret",
    };
    let privacy = format!("privacy: {word}");
    faults.push(
        codes::BAD_DEFAULT_PRIVACY
            .at(*span)
            .with(&[&word])
            .help(format!(
                "say `public` or `internal`, and `{privacy}` at the attributes that are"
            )),
    );
}

/// A name that people reach for belongs to one attribute, and is none itself.
fn instead_of(spec: &Spec, resolved: &Resolved, faults: &mut Faults) {
    let mut claimed: HashMap<&str, (&str, Span)> = HashMap::new();
    let written = spec.attributes.iter().filter_map(|Entry { name, value }| {
        Some((name.value.as_str(), &value.as_ref()?.instead_of))
    });
    let taken_over = spec
        .semconv
        .iter()
        .map(|(name, here)| (name.value.as_str(), &here.instead_of));
    for (owner, names) in written.chain(taken_over) {
        for Located { span, value: name } in names.items() {
            if name.trim().is_empty() {
                let fault = codes::EMPTY_NAME.at(*span).with(&[&"`instead_of`"]);
                faults.push(fault.help("write the name that people reach for, or remove it"));
            } else if name == "error.type" {
                let fault = codes::INSTEAD_OF_REAL.at(*span).with(&[name, &owner]);
                faults.push(fault.help("remove it: every contract has `error.type`"));
            } else if let Some(real) = resolved.scope.attributes.get(name) {
                let fault = codes::INSTEAD_OF_REAL.at(*span).with(&[name, &owner]);
                faults.push(fault.related("declared at", resolved.scope.place(*real)));
            } else if let Some((first, at)) = claimed.get(name.as_str()) {
                let fault = codes::INSTEAD_OF_TWICE.at(*span).with(&[name, first]);
                faults.push(fault.related("first at", *at));
            } else {
                claimed.insert(name, (owner, *span));
            }
        }
    }
}

fn baggage(spec: &Spec, resolved: &Resolved, faults: &mut Faults) {
    for name in spec.root.baggage.items() {
        let Some(&id) = resolved.scope.attributes.get(&name.value) else {
            continue;
        };
        let attribute = &resolved.contract[id];
        let word = match attribute.privacy {
            Privacy::Public => {
                if let Some(Type::Array(_)) = attribute.value_type() {
                    let fault = codes::BAGGAGE_LIST.at(name.span).with(&[&name.value]);
                    faults.push(fault.related("declared at", resolved.scope.place(id)));
                }
                continue;
            }
            Privacy::Internal => "internal",
            Privacy::Personal(_) => "personal",
            Privacy::Secret => "secret",
        };
        if resolved.scope.is_decided(id) {
            let fault = codes::BAGGAGE_NOT_PUBLIC
                .at(name.span)
                .with(&[&name.value, &word]);
            let help = match word {
                "internal" => "remove it, or make it `privacy: public` if any receiver may see it",
                "personal" => "remove it: baggage travels to any receiver, in the clear",
                _ => "remove it: secret attributes are never recorded",
            };
            let fault = fault.help(help);
            faults.push(fault.related("declared at", resolved.scope.place(id)));
        }
    }
}

fn resource(spec: &Spec, resolved: &Resolved, faults: &mut Faults) {
    for Entry { name, .. } in spec.root.resource.entries() {
        let Some(&id) = resolved.scope.attributes.get(&name.value) else {
            continue;
        };
        if let Privacy::Personal(_) = resolved.contract[id].privacy {
            let fault = codes::RESOURCE_NOT_OPEN.at(name.span).with(&[&name.value]);
            faults.push(fault.related("declared at", resolved.scope.place(id)));
        }
    }
}
