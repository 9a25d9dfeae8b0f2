//! `owner_missing`: a contract nobody answers for.

use super::{Lint, Rule, Said, entries, example};
use crate::finding::{Level, Place};

pub(super) const RULE: Rule = Rule {
    name: "owner_missing",
    level: Level::Warn,
    summary: "a contract without `owners`",
    why: "Somebody has to be asked before a name changes, and told when it costs too much.",
    fix: "Add `owners: [\"@team\"]` to the root file.",
    bad: example!("owner_missing", "bad"),
    good: example!("owner_missing", "good"),
    check,
};

fn check(lint: &mut Lint<'_>) {
    let contract = lint.contract();
    let mut entries = entries::all(contract).peekable();
    let each = entries.peek().is_some() && entries.all(|it| !it.owners.is_empty());
    if !contract.owners.is_empty() || each {
        return;
    }
    let at = contract.at.clone();
    let length = lint.length(&at, "contract");
    let said = Said {
        message: format!("contract `{}` has no owners", contract.name),
        label: "nobody answers for it".to_owned(),
        help: "add `owners: [\"@team\"]`".to_owned(),
        ..Said::default()
    };
    lint.push_at(Place { at, length }, said);
}
