//! `owner_missing`: a contract without owners.

use super::{Lint, Rule, Said, entries, example, sections};
use crate::finding::{Level, Place};
use crate::text::Text;

pub(super) const RULE: Rule = Rule {
    name: "owner_missing",
    level: Level::Warn,
    summary: "a contract without `owners`",
    why: "Owners approve changes of names, and are told when the contract costs too much.",
    fix: "Add `owners: [\"@team\"]` to the root file.",
    bad: example!("owner_missing", "bad"),
    good: example!("owner_missing", "good"),
    check,
};

fn check(lint: &mut Lint<'_>) {
    let contract = lint.contract();
    let mut entries = entries::all(contract).peekable();
    let each = entries.peek().is_some() && entries.all(|it| !it.owners.is_empty());
    if !contract.owners.is_empty() || each || is_faulty(lint) {
        return;
    }
    let at = contract.at.clone();
    let length = lint.length(&at, "contract");
    let said = Said {
        message: format!("contract `{}` has no owners", contract.name),
        label: "missing `owners`".to_owned(),
        help: "add `owners: [\"@team\"]`".to_owned(),
        ..Said::default()
    };
    lint.push_at(Place { at, length }, said);
}

/// Returns whether `owners` is present but invalid, which is already an error.
fn is_faulty(lint: &Lint<'_>) -> bool {
    let compiled = lint.linted.compiled;
    let Some(root) = compiled.sources.first() else {
        return false;
    };
    let sections = sections(&Text::new(root.text.as_str()));
    let owners = sections.iter().find(|it| it.name == "owners");
    let mut faults = compiled.diagnostics.iter();
    owners.is_some_and(|owners| {
        faults.any(|it| it.location.file == root.name && owners.lines.contains(&it.location.line))
    })
}
