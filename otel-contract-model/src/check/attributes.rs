//! Checks between attributes: `instead_of`, baggage, resource, renames and the default privacy class.

use std::collections::HashMap;

use crate::codes;
use crate::contract::{AttributeUse, Emit, Privacy, Type};
use crate::diagnostics::DiagContext;
use crate::files::Span;
use crate::names::ERROR_TYPE;
use crate::parse::Spec;
use crate::read::{Entry, Located};
use crate::resolve::Resolved;
use crate::spec::PrivacyClass;

pub(super) fn check(spec: &Spec, resolved: &Resolved, diagnostics: &mut DiagContext) {
    default_privacy(spec, diagnostics);
    instead_of(spec, resolved, diagnostics);
    baggage(spec, resolved, diagnostics);
    resource(spec, resolved, diagnostics);
    check_renamed_values(spec, resolved, diagnostics);
    check_no_double_recording(spec, resolved, diagnostics);
}

fn default_privacy(spec: &Spec, diagnostics: &mut DiagContext) {
    let defaults = spec.root.defaults.get();
    let Some(Located { span, value, .. }) =
        defaults.and_then(|defaults| defaults.privacy.located())
    else {
        return;
    };
    let word = match value {
        PrivacyClass::Public | PrivacyClass::Internal => return,
        PrivacyClass::Personal => "personal",
        PrivacyClass::Secret => "secret",
    };
    diagnostics.push(codes::BAD_DEFAULT_PRIVACY.at(*span, [&word]));
}

/// Checks that each name in `instead_of` is listed by only one attribute, and is not itself an attribute.
fn instead_of(spec: &Spec, resolved: &Resolved, diagnostics: &mut DiagContext) {
    let mut claimed: HashMap<&str, (&str, Span)> = HashMap::new();
    let written = spec.attributes.iter().filter_map(|Entry { name, value }| {
        Some((name.value.as_str(), &value.as_ref()?.instead_of))
    });
    let imports = spec
        .semconv
        .iter()
        .map(|(name, here)| (name.value.as_str(), &here.instead_of));
    for (owner, names) in written.chain(imports) {
        for Located {
            span, value: name, ..
        } in names.items()
        {
            if name.trim().is_empty() {
                let diag = codes::EMPTY_NAME.at(*span, [&"in `instead_of`"]);
                diagnostics.push(diag.help("write the name that users might try, or remove it"));
            } else if name == ERROR_TYPE {
                let diag = codes::INSTEAD_OF_EXISTING.at(*span, [name]);
                diagnostics.push(diag.help("remove it: every contract has `error.type`"));
            } else if let Some(existing) = resolved.scope.attributes.get(name) {
                let diag = codes::INSTEAD_OF_EXISTING.at(*span, [name]);
                diagnostics.push(diag.related("declared at", resolved.scope.span(*existing)));
            } else if let Some((first, at)) = claimed.get(name.as_str()) {
                let diag = codes::INSTEAD_OF_TWICE.at(*span, [name, first]);
                diagnostics.push(diag.related("first occurrence at", *at));
            } else {
                claimed.insert(name, (owner, *span));
            }
        }
    }
}

fn baggage(spec: &Spec, resolved: &Resolved, diagnostics: &mut DiagContext) {
    for name in spec.root.baggage.items() {
        let Some(&id) = resolved.scope.attributes.get(&name.value) else {
            continue;
        };
        let attribute = &resolved.contract[id];
        let word = match attribute.privacy {
            Privacy::Public => {
                if let Some(Type::Array(_)) = attribute.value_type() {
                    let diag = codes::BAGGAGE_LIST.at(name.span, [&name.value]);
                    diagnostics.push(diag.related("declared at", resolved.scope.span(id)));
                }
                continue;
            }
            Privacy::Internal => "internal",
            Privacy::Personal(_) => "personal",
            Privacy::Secret => "secret",
        };
        if resolved.scope.is_decided(id) {
            let diag = codes::BAGGAGE_NOT_PUBLIC.at(name.span, [&name.value, &word]);
            let help = match attribute.privacy {
                Privacy::Public | Privacy::Internal => {
                    "remove it, or make it `privacy: public` if every receiver may see it"
                }
                Privacy::Personal(_) => "remove it: baggage is sent to every receiver, unprotected",
                Privacy::Secret => "remove it: secret attributes are never recorded",
            };
            let diag = diag.help(help);
            diagnostics.push(diag.related("declared at", resolved.scope.span(id)));
        }
    }
}

fn resource(spec: &Spec, resolved: &Resolved, diagnostics: &mut DiagContext) {
    for Entry { name, .. } in spec.root.resource.entries() {
        let Some(&id) = resolved.scope.attributes.get(&name.value) else {
            continue;
        };
        if let Privacy::Personal(_) = resolved.contract[id].privacy {
            let diag = codes::PERSONAL_RESOURCE.at(name.span, [&name.value]);
            diagnostics.push(diag.related("declared at", resolved.scope.span(id)));
        }
    }
}

/// Checks that both keys of a rename take the same values and have the same privacy.
fn check_renamed_values(spec: &Spec, resolved: &Resolved, diagnostics: &mut DiagContext) {
    for Entry { name, value } in &spec.attributes {
        let deprecated = value.as_ref().and_then(|value| value.life.deprecated.get());
        let Some(Located {
            span,
            value: Emit::Both,
            ..
        }) = deprecated.and_then(|deprecated| deprecated.emit.located())
        else {
            continue;
        };
        let successor = deprecated.and_then(|deprecated| deprecated.replaced_by.get());
        let ids = &resolved.scope.attributes;
        let (Some(&old), Some(&new)) = (
            ids.get(&name.value),
            successor.and_then(|successor| ids.get(successor)),
        ) else {
            continue;
        };
        if !resolved.scope.is_decided(old) || !resolved.scope.is_decided(new) || old == new {
            continue;
        }
        let (old, new) = (&resolved.contract[old], &resolved.contract[new]);
        let differs = if old.value_type() != new.value_type() {
            "their types differ"
        } else if old.privacy != new.privacy {
            "their privacy differs"
        } else if !old.domain.has_same_values_as(&new.domain) {
            "their values differ"
        } else {
            continue;
        };
        let diag = codes::EMIT_OTHER_VALUES.at(*span, [&old.key, &new.key, &differs]);
        diagnostics.push(diag);
    }
}

/// Checks that no entry uses both keys of a rename. With `emit: both`, such an entry would record each key twice.
fn check_no_double_recording(spec: &Spec, resolved: &Resolved, diagnostics: &mut DiagContext) {
    let contract = &resolved.contract;
    let renames = contract.attributes.iter().any(|attribute| {
        let deprecated = attribute.life_cycle.deprecated.as_ref();
        deprecated.is_some_and(|deprecated| deprecated.emit == Emit::Both)
    });
    if !renames {
        return;
    }
    let report_double_recording =
        |uses: &[&AttributeUse], entry: String, at: Span, diagnostics: &mut DiagContext| {
            for used in uses {
                let new = &contract[used.attribute];
                for old in contract.recorded_with(new) {
                    let is_old = old.life_cycle.deprecated.is_some() && new.key != old.key;
                    let names_new = old
                        .life_cycle
                        .deprecated
                        .as_ref()
                        .is_some_and(|deprecated| {
                            deprecated.replaced_by.as_deref() == Some(new.key.as_str())
                        });
                    let taken = uses
                        .iter()
                        .any(|used| contract[used.attribute].key == old.key);
                    if is_old && names_new && taken {
                        let diag = codes::EMIT_TWICE.at(at, [&entry, &new.key, &old.key]);
                        diagnostics.push(diag);
                    }
                }
            }
        };
    for (entry, operation) in spec.operations.iter().zip(&contract.operations) {
        let name = format!("operation `{}`", operation.name);
        report_double_recording(
            &contract.uses(operation),
            name,
            entry.name.span,
            diagnostics,
        );
    }
    for (entry, metric) in spec.metrics.iter().zip(&contract.metrics) {
        let uses: Vec<&AttributeUse> = metric.attributes.iter().collect();
        report_double_recording(
            &uses,
            format!("metric `{}`", metric.name),
            entry.name.span,
            diagnostics,
        );
    }
    for (entry, event) in spec.events.iter().zip(&contract.events) {
        let uses: Vec<&AttributeUse> = event.attributes.iter().collect();
        report_double_recording(
            &uses,
            format!("event `{}`", event.name),
            entry.name.span,
            diagnostics,
        );
    }
}
