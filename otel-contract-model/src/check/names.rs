//! Checks names against OpenTelemetry's naming rules.

use crate::codes::{self, TEMPLATE_KEY};
use crate::diagnostics::DiagContext;
use crate::names;
use crate::parse::Spec;
use crate::read::{Entry, Located};
use crate::resolve::Misnamed;
use crate::section::Section;

/// Outcomes of every operation, which cannot be names of error classes.
const OUTCOMES: &[&str] = &["cancelled", "other", "panic"];

pub(super) fn check(spec: &Spec, misnamed: &Misnamed, diagnostics: &mut DiagContext) {
    for Entry { name, value } in &spec.attributes {
        match names::template_prefix(&name.value) {
            // The check of the keys covers the part after the prefix.
            Some(prefix) => {
                let namespace = prefix.strip_suffix('.').unwrap_or(prefix);
                if names::is_well_formed(namespace) {
                    let namespace = Located::new(name.span, namespace.to_owned());
                    check_name(Section::Attributes, &namespace, misnamed, diagnostics);
                } else {
                    diagnostics.push(codes::BAD_NAME.at(name.span, [&name.value]));
                }
                let keys = value.iter().flat_map(|attribute| attribute.keys.items());
                for key in keys.filter(|key| !names::is_template_key(&key.value)) {
                    let diag = codes::BAD_NAME.at(key.span, [&key.value]);
                    diagnostics.push(diag.help(TEMPLATE_KEY));
                }
            }
            // Already reported as an invalid template.
            None if name.value.contains(['<', '>']) => {}
            None => check_name(Section::Attributes, name, misnamed, diagnostics),
        }
    }
    check_names(Section::Groups, &spec.groups, misnamed, diagnostics);
    check_names(Section::Operations, &spec.operations, misnamed, diagnostics);
    check_names(Section::Metrics, &spec.metrics, misnamed, diagnostics);
    check_names(Section::Events, &spec.events, misnamed, diagnostics);
    for Entry { name, .. } in &spec.errors {
        if OUTCOMES.contains(&name.value.as_str()) {
            diagnostics.push(codes::RESERVED_ERROR.at(name.span, [&name.value]));
        } else {
            check_name(Section::Errors, name, misnamed, diagnostics);
        }
    }
}

fn check_names<T>(
    section: Section,
    entries: &[Entry<T>],
    misnamed: &Misnamed,
    diagnostics: &mut DiagContext,
) {
    for entry in entries {
        check_name(section, &entry.name, misnamed, diagnostics);
    }
}

fn check_name(
    section: Section,
    name: &Located<String>,
    misnamed: &Misnamed,
    diagnostics: &mut DiagContext,
) {
    if name.value.is_empty() {
        let diag = codes::EMPTY_NAME.at(name.span, [&format!("of {}", section.an_entry())]);
        diagnostics.push(diag);
    } else if !names::is_well_formed(&name.value) {
        misnamed.report(section, name, diagnostics);
    } else if names::is_reserved_namespace(&name.value) {
        diagnostics.push(codes::RESERVED_NAMESPACE.at(name.span, [&name.value]));
    }
}
