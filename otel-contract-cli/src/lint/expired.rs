//! `expired`: an entry past its expiry date.

use super::{Issue, Lint, Rule, entries, example};
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    name: "expired",
    level: Level::Deny,
    summary: "an entry whose `expires` date has passed",
    why: "The contract promised that the entry would be removed by this date.",
    fix: "Remove the entry, or set a later date.",
    bad: example!("expired", "bad"),
    good: example!("expired", "good"),
    check,
};

fn check(lint: &mut Lint<'_>) {
    for entry in entries::all(lint.contract()) {
        let Some(day) = entry.expires else { continue };
        if day >= lint.context.settings.today.as_str() {
            // The entry is not expired yet, but its allowance may be needed later, so the allowance counts as used.
            lint.is_allowed(&[&entry]);
            continue;
        }
        let issue = Issue {
            message: format!("{} `{}` expired on {day}", entry.kind, entry.name),
            label: "expired".to_owned(),
            help: "remove it, or set a later date".to_owned(),
            ..Issue::default()
        };
        lint.push(&entry, issue);
    }
}
