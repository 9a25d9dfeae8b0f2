//! `owner_missing`: a contract without owners.

use super::{Issue, Lint, Rule, entries, example, sections};
use crate::finding::{Level, Place};
use crate::text::Text;

pub(super) const RULE: Rule = Rule {
    name: "owner_missing",
    level: Level::Warn,
    summary: "a contract without `owners`",
    why: "Owners approve changes of names, and respond when the contract costs too much.",
    fix: "Add `owners: [\"@team\"]` to the root file.",
    bad: example!("owner_missing", "bad"),
    good: example!("owner_missing", "good"),
    check,
};

fn check(lint: &mut Lint<'_>) {
    let contract = lint.contract();
    let mut entries = entries::all(contract).peekable();
    let each = entries.peek().is_some() && entries.all(|entry| !entry.owners.is_empty());
    if !contract.owners.is_empty() || each || has_owner_error(lint) {
        return;
    }
    let at = contract.at.clone();
    let length = lint.length(&at, "contract");
    let issue = Issue {
        message: format!("contract `{}` has no owners", contract.name),
        label: "missing `owners`".to_owned(),
        help: "add `owners: [\"@team\"]`".to_owned(),
        ..Issue::default()
    };
    lint.push_at(Place { at, length }, issue);
}

/// Returns whether `owners` is written but invalid. The error is already reported.
fn has_owner_error(lint: &Lint<'_>) -> bool {
    let compiled = lint.context.compiled;
    let Some(root) = compiled.sources.first() else {
        return false;
    };
    let sections = sections(&Text::new(root.text.as_str()));
    let owners = sections.iter().find(|section| section.name == "owners");
    let mut errors = compiled.diagnostics.iter();
    owners.is_some_and(|owners| {
        errors.any(|error| {
            error.location.file == root.name && owners.lines.contains(&error.location.line)
        })
    })
}
