//! Misnamed entries: the declared name is invalid, but uses have the valid name, as in `refundReason:` and
//! `refund.reason: required`. This is one error, reported at the declaration.

use std::collections::HashMap;

use otel_contract_definition::names::squeeze;

use crate::codes::{self, Template};
use crate::diagnostics::{Diag, DiagContext};
use crate::files::Span;
use crate::names::{corrected, is_well_formed};
use crate::parse::Spec;
use crate::read::{self, Located};
use crate::section::Section;

/// The misnamed entries of a contract.
#[derive(Default)]
pub(crate) struct Misnamed {
    /// The misnamed entries, and the valid entries with the same normalized name, by section and normalized name.
    /// Normalized names ignore separators and case.
    entries: HashMap<(Section, String), Vec<Entry>>,
}

struct Entry {
    name: Located<String>,
    /// The uses of the entry, with the declared name or another name.
    uses: Vec<Use>,
}

struct Use {
    name: Located<String>,
    /// The error to report if this use has neither the declared name nor the name suggested for the entry.
    unknown: Diag,
}

impl Misnamed {
    pub(crate) fn of(spec: &Spec) -> Misnamed {
        let mut entries: HashMap<(Section, String), Vec<Entry>> = HashMap::new();
        let names = names(spec);
        // Most contracts have no misnamed entries.
        if names.iter().any(|(_, name)| !is_well_formed(&name.value)) {
            for (section, name) in names {
                let key = (section, squeeze(&name.value));
                entries.entry(key).or_default().push(Entry {
                    name: name.clone(),
                    uses: Vec::new(),
                });
            }
            entries.retain(|_, all| all.iter().any(|entry| !is_well_formed(&entry.name.value)));
        }
        Misnamed { entries }
    }

    /// Records a use. Returns the declared name of the misnamed entry to which the use refers.
    pub(crate) fn record_use(
        &mut self,
        section: Section,
        name: &Located<String>,
        unknown: &'static Template<1>,
    ) -> Option<String> {
        self.record_use_with(section, name, || unknown.at(name.span, [&name.value]))
    }

    /// Records a use like [`record_use`](Self::record_use), with another error for an unknown name.
    pub(crate) fn record_use_with(
        &mut self,
        section: Section,
        name: &Located<String>,
        unknown: impl FnOnce() -> Diag,
    ) -> Option<String> {
        if self.entries.is_empty() {
            return None;
        }
        let entries = self.entries.get_mut(&(section, squeeze(&name.value)))?;
        let entry = referenced(entries, &name.value)?;
        entry.uses.push(Use {
            name: name.clone(),
            unknown: unknown(),
        });
        Some(entry.name.value.clone())
    }

    /// Reports an invalid name. Suggests the most common name among the uses.
    pub(crate) fn report(
        &self,
        section: Section,
        name: &Located<String>,
        diagnostics: &mut DiagContext,
    ) {
        let diag = codes::BAD_NAME.at(name.span, [&name.value]);
        let entries = self.entries.get(&(section, squeeze(&name.value)));
        let entries = || entries.into_iter().flatten();
        let entry = entries().find(|entry| entry.name.span == name.span);
        let common = entry.and_then(Entry::common);
        let (Some(entry), Some((right, at))) = (entry, common) else {
            diagnostics.push(match corrected(&name.value) {
                Some(corrected) if entries().any(|entry| entry.name.value == corrected) => diag
                    .help(format!(
                        "`{corrected}` is already declared; choose another name: {RULES}"
                    )),
                Some(corrected) => {
                    diag.help(format!("rename it to `{corrected}`; names are {RULES}"))
                }
                None => diag,
            });
            return;
        };
        let help = format!("rename it to `{right}`, the name in use; names are {RULES}");
        let diag = diag.help(help).related("used at", at);
        // If some uses have the invalid name, replacing only the declaration would break these uses.
        let certain = entry.uses.iter().all(|used| used.name.value != name.value);
        diagnostics.push(if certain {
            diag.replace(&name.value, right)
        } else {
            diag
        });
        for other in &entry.uses {
            if other.name.value == right || other.name.value == name.value {
                continue;
            }
            let diag = other.unknown.clone();
            let diag = diag.help(format!("did you mean `{right}`?"));
            diagnostics.push(if certain {
                diag.replace(&other.name.value, right)
            } else {
                diag
            });
        }
    }
}

/// Returns the misnamed entry that a name refers to, among the entries with the same normalized name: the misnamed
/// entry declared with exactly this name. A valid name that is not declared refers to the only entry, if it is
/// misnamed, or else to the only misnamed entry whose corrected name is this name.
fn referenced<'e>(entries: &'e mut [Entry], name: &str) -> Option<&'e mut Entry> {
    let is_valid = is_well_formed(name);
    if is_valid && entries.iter().any(|entry| entry.name.value == name) {
        return None;
    }
    let misnamed: Vec<(usize, &str)> = entries
        .iter()
        .enumerate()
        .map(|(index, entry)| (index, entry.name.value.as_str()))
        .filter(|(_, declared)| !is_well_formed(declared))
        .collect();
    let exact = misnamed.iter().find(|(_, declared)| *declared == name);
    let fits = |(_, declared): &&(usize, &str)| {
        is_valid && (entries.len() == 1 || corrected(declared).as_deref() == Some(name))
    };
    let fitting: Vec<&(usize, &str)> = misnamed.iter().filter(fits).collect();
    let index = match (exact, fitting.as_slice()) {
        (Some((index, _)), _) | (None, [(index, _)]) => *index,
        _ => return None,
    };
    entries.get_mut(index)
}

/// The naming rules, for messages.
const RULES: &str = "lowercase words of letters, digits and `_`, separated by dots";

impl Entry {
    /// Returns the most common valid name among the uses, and its first location. In a tie, the corrected name is
    /// preferred, then the first name.
    fn common(&self) -> Option<(&str, Span)> {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let valid_uses = || {
            self.uses
                .iter()
                .filter(|used| is_well_formed(&used.name.value))
        };
        for used in valid_uses() {
            *counts.entry(&used.name.value).or_default() += 1;
        }
        let corrected = corrected(&self.name.value);
        let rank = |name: &str| (counts[name], corrected.as_deref() == Some(name));
        let best = valid_uses().map(|used| rank(&used.name.value)).max()?;
        let first = valid_uses()
            .filter(|used| rank(&used.name.value) == best)
            .min_by_key(|used| used.name.span)?;
        Some((&first.name.value, first.name.span))
    }
}

fn names(spec: &Spec) -> Vec<(Section, &Located<String>)> {
    let mut names = Vec::new();
    add_names(&mut names, Section::Attributes, &spec.attributes);
    // Uses name the keys of a template, not the template.
    names.retain(|(_, name)| !name.value.contains(['<', '>']));
    add_names(&mut names, Section::Groups, &spec.groups);
    add_names(&mut names, Section::Errors, &spec.errors);
    add_names(&mut names, Section::Operations, &spec.operations);
    add_names(&mut names, Section::Metrics, &spec.metrics);
    add_names(&mut names, Section::Events, &spec.events);
    names
}

fn add_names<'s, T>(
    names: &mut Vec<(Section, &'s Located<String>)>,
    section: Section,
    entries: &'s [read::Entry<T>],
) {
    for entry in entries {
        names.push((section, &entry.name));
    }
}
