//! `expired`: what should be gone.

use super::{Lint, Rule, Said, entries, example};
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    name: "expired",
    level: Level::Deny,
    summary: "an entry whose `expires` day has passed",
    why: "Somebody promised that it would be gone by then; a promise that nothing reminds of is never kept.",
    fix: "Remove the entry, or decide that it is needed and give it a later day.",
    bad: example!("expired", "bad"),
    good: example!("expired", "good"),
    check,
};

fn check(lint: &mut Lint<'_>) {
    for entry in entries::all(lint.contract()) {
        let Some(day) = entry.expires else { continue };
        if day >= lint.linted.settings.today.as_str() {
            // Nothing is found yet, but what allows it is not in vain.
            lint.is_allowed(&[&entry]);
            continue;
        }
        let said = Said {
            message: format!("{} `{}` expired on {day}", entry.kind, entry.name),
            label: "expired".to_owned(),
            help: "remove it, or give it a later day".to_owned(),
            ..Said::default()
        };
        lint.push(&entry, said);
    }
}
