//! `brief_quality`: a brief that says no more than the name.

use super::entries::{self, Entry};
use super::{Lint, Rule, Said, example, words};
use crate::finding::{Level, Place};
use std::collections::HashSet;

pub(super) const RULE: Rule = Rule {
    name: "brief_quality",
    level: Level::Warn,
    summary: "a brief that only repeats the name, is a placeholder, or is a page long",
    why: "The brief is what an engineer reads in the editor, in the documentation and during an incident; the name they have already.",
    fix: "Say in one sentence what the value tells that the name does not: where it comes from, what it looks like, what it is not.",
    bad: example!("brief_quality", "bad"),
    good: example!("brief_quality", "good"),
    check,
};

/// Longer briefs are notes.
const LONGEST: usize = 200;
const PLACEHOLDERS: &[&str] = &["todo", "fixme", "tbd", "xxx"];
/// Words that say nothing by themselves.
const FILLERS: &[&str] = &[
    "a",
    "an",
    "the",
    "of",
    "for",
    "this",
    "attribute",
    "value",
    "field",
];

fn check(lint: &mut Lint<'_>) {
    // The briefs of the semantic conventions are bundled, and ours.
    let contract = lint.contract();
    let own = entries::attributes(contract).filter(|it| !it.semconv);
    for entry in own.map(Entry::from).chain(entries::signals(contract)) {
        if let Some(said) = judged(entry.name, entry.brief) {
            lint.push(&entry, said);
        }
    }
    for error in &contract.errors {
        if let Some(said) = judged(&error.name, &error.brief) {
            lint.push(&error_entry(error), said);
        }
    }
    if let Some(said) = judged(&contract.name, &contract.brief) {
        let at = contract.at.clone();
        let length = lint.length(&at, "contract");
        lint.push_at(Place { at, length }, said);
    }
}

/// Error classes have no life of their own; for this they are entries.
fn error_entry(error: &otel_contract_model::ErrorClass) -> Entry<'_> {
    Entry {
        kind: "error",
        name: &error.name,
        at: &error.at,
        brief: &error.brief,
        template: None,
        deprecated: error.deprecated.as_ref(),
        expires: None,
        owners: &[],
    }
}

/// What is wrong with a brief. An empty one is a fault already.
fn judged(name: &str, brief: &str) -> Option<Said> {
    let lower = brief.to_lowercase();
    let said = |message: String, label: &str, help: &str| {
        Some(Said {
            message,
            label: label.to_owned(),
            help: help.to_owned(),
            ..Said::default()
        })
    };
    let mut spoken = words::words(&lower).peekable();
    spoken.peek()?;
    if let Some(placeholder) = words::words(&lower).find(|it| PLACEHOLDERS.contains(it)) {
        return said(
            format!("the brief of `{name}` is a placeholder: `{placeholder}`"),
            "not described yet",
            "say in one sentence what it tells",
        );
    }
    let of_name: HashSet<String> = words::words(name).map(words::singular).collect();
    if spoken.all(|word| FILLERS.contains(&word) || of_name.contains(&words::singular(word))) {
        return said(
            format!("the brief of `{name}` only repeats its name"),
            "says no more than the name",
            "say what the name does not: where the value comes from, what it looks like",
        );
    }
    if brief.chars().count() > LONGEST {
        return said(
            format!("the brief of `{name}` is longer than {LONGEST} characters"),
            "too long for one sentence",
            "keep one sentence, and move the rest to `note`",
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::judged;

    fn says(name: &str, brief: &str) -> String {
        judged(name, brief).map(|it| it.message).unwrap_or_default()
    }

    #[test]
    fn a_brief_says_more_than_the_name() {
        assert!(says("order.id", "The order id.").contains("repeats"));
        assert!(says("order.items", "Items of the order.").contains("repeats"));
        assert!(says("order.id", "TODO: describe").contains("placeholder"));
        assert!(says("order.id", &"word ".repeat(60)).contains("longer"));
        for good in [
            "Order identifier, as support tools show it.",
            "Größe",
            "注文番号",
        ] {
            assert_eq!(says("order.id", good), "", "{good}");
        }
    }
}
