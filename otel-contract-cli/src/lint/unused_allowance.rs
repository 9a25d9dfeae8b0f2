//! `unused_allowance`: permission for what nobody does.

use super::{Lint, Rule, Said, example};
use crate::finding::{Level, Place};

pub(super) const RULE: Rule = Rule {
    name: "unused_allowance",
    level: Level::Warn,
    summary: "an `allow` for a lint that finds nothing there",
    why: "It was needed once. Left in place it hides the next finding, which nobody then decides about.",
    fix: "Remove it from `allow`.",
    bad: example!("unused_allowance", "bad"),
    good: example!("unused_allowance", "good"),
    check,
};

fn check(lint: &mut Lint<'_>) {
    // What the lints would find where there are faults is not known.
    if !lint.linted.compiled.diagnostics.is_empty() {
        return;
    }
    let used = lint.linted.used.borrow().clone();
    for allowance in &lint.contract().allowances {
        if used.contains(&allowance.at) || allowance.lint == RULE.name {
            continue;
        }
        let at = allowance.at.clone();
        let length = lint.length(&at, &allowance.lint);
        let said = Said {
            message: format!(
                "`{}` finds nothing at `{}`",
                allowance.lint, allowance.entry
            ),
            label: "allows nothing".to_owned(),
            help: "remove it".to_owned(),
            ..Said::default()
        };
        lint.push_at(Place { at, length }, said);
    }
}
