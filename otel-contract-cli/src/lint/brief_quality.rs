//! `brief_quality`: a brief that adds nothing to the name.

use super::entries::{self, Entry};
use super::{Issue, Lint, Rule, example, words};
use crate::finding::{Level, Place};
use std::collections::HashSet;

pub(super) const RULE: Rule = Rule {
    name: "brief_quality",
    level: Level::Warn,
    summary: "a brief that repeats the name, is a placeholder, or is too long",
    why: "Engineers read the brief in the editor, in the documentation and during incidents. A repeated name tells them nothing new.",
    fix: "Describe in one sentence what the name leaves open: where the value comes from, what it looks like, or how it differs from similar names.",
    bad: example!("brief_quality", "bad"),
    good: example!("brief_quality", "good"),
    check,
};

/// Maximum length of a brief in characters.
const MAX_LENGTH: usize = 200;
const PLACEHOLDERS: &[&str] = &["todo", "fixme", "tbd", "xxx"];
/// Words that add no information.
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
    // Imported attributes are skipped. Their briefs come from the bundled conventions, unless a refinement replaces
    // them.
    let contract = lint.contract();
    let own = entries::attributes(contract).filter(|attribute| !attribute.semconv);
    for entry in own.map(Entry::from).chain(entries::signals(contract)) {
        if let Some(issue) = problem(entry.name, entry.brief) {
            lint.push(&entry, issue);
        }
    }
    for error in &contract.errors {
        if let Some(issue) = problem(&error.name, &error.brief) {
            lint.push(&error_entry(error), issue);
        }
    }
    if let Some(issue) = problem(&contract.name, &contract.brief) {
        let at = contract.at.clone();
        let length = lint.length(&at, "contract");
        lint.push_at(Place { at, length }, issue);
    }
}

/// Wraps an error class as an entry. Error classes have no owners, expiry or allowances.
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

/// Checks one brief. An empty brief is already an error.
fn problem(name: &str, brief: &str) -> Option<Issue> {
    let lower = brief.to_lowercase();
    let issue = |message: String, label: &str, help: &str| {
        Some(Issue {
            message,
            label: label.to_owned(),
            help: help.to_owned(),
            ..Issue::default()
        })
    };
    let mut brief_words = words::words(&lower).peekable();
    brief_words.peek()?;
    if let Some(placeholder) = words::words(&lower).find(|word| PLACEHOLDERS.contains(word)) {
        return issue(
            format!("the brief of `{name}` is a placeholder: `{placeholder}`"),
            "placeholder",
            "describe it in one sentence",
        );
    }
    let of_name: HashSet<String> = words::words(name).map(words::singular).collect();
    if brief_words.all(|word| FILLERS.contains(&word) || of_name.contains(&words::singular(word))) {
        return issue(
            format!("the brief of `{name}` only repeats its name"),
            "adds nothing to the name",
            "describe what the name leaves open, such as the source or the format of the value",
        );
    }
    if brief.chars().count() > MAX_LENGTH {
        return issue(
            format!("the brief of `{name}` is longer than {MAX_LENGTH} characters"),
            "too long",
            "keep one sentence and move the rest to `note`",
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::problem;

    fn message(name: &str, brief: &str) -> String {
        problem(name, brief)
            .map(|issue| issue.message)
            .unwrap_or_default()
    }

    #[test]
    fn a_brief_must_add_to_the_name() {
        assert!(message("order.id", "The order id.").contains("repeats"));
        assert!(message("order.items", "Items of the order.").contains("repeats"));
        assert!(message("order.id", "TODO: describe").contains("placeholder"));
        assert!(message("order.id", &"word ".repeat(60)).contains("longer"));
        for good in [
            "Order identifier, as support tools show it.",
            "Größe",
            "注文番号",
        ] {
            assert_eq!(message("order.id", good), "", "{good}");
        }
    }
}
