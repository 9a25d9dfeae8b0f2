//! `unused_allowance`: an `allow` without a finding.

use super::{Issue, Lint, Rule, example};
use crate::finding::{Level, Place};

pub(super) const RULE: Rule = Rule {
    name: "unused_allowance",
    level: Level::Warn,
    summary: "an `allow` for a lint that has no finding at this entry",
    why: "An unused `allow` hides future findings.",
    fix: "Remove the lint from `allow`.",
    bad: example!("unused_allowance", "bad"),
    good: example!("unused_allowance", "good"),
    check,
};

fn check(lint: &mut Lint<'_>) {
    // If the contract has errors, some findings are missing, so allowances may look unused.
    if !lint.context.compiled.diagnostics.is_empty() {
        return;
    }
    let used = lint.context.used.borrow().clone();
    for allowance in &lint.contract().allowances {
        if used.contains(&allowance.at) || allowance.lint == RULE.name {
            continue;
        }
        let at = allowance.at.clone();
        let length = lint.length(&at, &allowance.lint);
        let issue = Issue {
            message: format!(
                "`{}` has no finding at `{}`",
                allowance.lint, allowance.entry
            ),
            label: "unused".to_owned(),
            help: "remove it".to_owned(),
            ..Issue::default()
        };
        lint.push_at(Place { at, length }, issue);
    }
}
