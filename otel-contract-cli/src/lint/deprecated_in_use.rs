//! `deprecated_in_use`: a deprecated entry that current entries still use.

use super::entries::Entry;
use super::{Issue, Lint, Rule, example};
use crate::finding::Level;
use otel_contract_model::{AttributeUse, Deprecated};

pub(super) const RULE: Rule = Rule {
    name: "deprecated_in_use",
    level: Level::Warn,
    summary: "a deprecated attribute, error or event that is still used by a current entry",
    why: "As long as an operation requires a deprecated attribute, every service must record the attribute, and it cannot be removed.",
    fix: "Use the replacement in the entry. Keep the definition of the deprecated name during the transition, then remove it.",
    bad: example!("deprecated_in_use", "bad"),
    good: example!("deprecated_in_use", "good"),
    check,
};

fn check(lint: &mut Lint<'_>) {
    let contract = lint.contract();
    for operation in &contract.operations {
        let entry = Entry::from(operation);
        check_uses(lint, Some(&entry), &operation.attributes, "operation");
        if operation.life_cycle.deprecated.is_some() {
            continue;
        }
        for error in operation.errors.iter().flatten().map(|id| &contract[*id]) {
            check_listed(
                lint,
                &entry,
                "error",
                &error.name,
                error.deprecated.as_ref(),
            );
        }
        for event in operation.events.iter().map(|id| &contract[*id]) {
            check_listed(
                lint,
                &entry,
                "event",
                &event.name,
                event.life_cycle.deprecated.as_ref(),
            );
        }
    }
    for metric in &contract.metrics {
        check_uses(
            lint,
            Some(&Entry::from(metric)),
            &metric.attributes,
            "metric",
        );
    }
    for event in &contract.events {
        check_uses(lint, Some(&Entry::from(event)), &event.attributes, "event");
    }
    for group in &contract.groups {
        check_uses(lint, None, &group.attributes, "group");
    }
    check_uses(lint, None, &contract.resource, "resource");
}

/// Reports deprecated attributes among the uses of an entry, unless the entry is itself deprecated.
fn check_uses<'a>(
    lint: &mut Lint<'a>,
    by: Option<&Entry<'a>>,
    uses: &'a [AttributeUse],
    kind: &str,
) {
    if by.is_some_and(|by| by.deprecated.is_some()) {
        return;
    }
    let contract = lint.contract();
    for usage in uses {
        let attribute = &contract[usage.attribute];
        let Some(deprecated) = &attribute.life_cycle.deprecated else {
            continue;
        };
        let entry = Entry::from(attribute);
        let user = by.map_or_else(
            || format!("the {kind}"),
            |by| format!("{kind} `{}`", by.name),
        );
        let issue = Issue {
            message: format!(
                "`{}` is deprecated, but {user} still uses it",
                attribute.key
            ),
            label: "deprecated attribute used here".to_owned(),
            help: advice(deprecated),
            related: vec![("deprecated at".to_owned(), attribute.at.clone())],
            at: Some((usage.at.clone(), attribute.key.clone())),
        };
        let entries: Vec<&Entry<'_>> = by.into_iter().chain([&entry]).collect();
        lint.push_unless_any_allows(&entries, issue);
    }
}

/// Reports a deprecated error or event that an operation lists.
fn check_listed<'a>(
    lint: &mut Lint<'a>,
    by: &Entry<'a>,
    kind: &str,
    name: &str,
    deprecated: Option<&Deprecated>,
) {
    let Some(deprecated) = deprecated else {
        return;
    };
    let issue = Issue {
        message: format!(
            "{kind} `{name}` is deprecated, but operation `{}` still lists it",
            by.name
        ),
        label: format!("deprecated {kind} listed here"),
        help: advice(deprecated),
        ..Issue::default()
    };
    lint.push(by, issue);
}

/// Returns the advice for a deprecated entry.
fn advice(deprecated: &Deprecated) -> String {
    match (&deprecated.replaced_by, &deprecated.note) {
        (Some(replacement), _) => format!("use `{replacement}` instead"),
        (None, Some(note)) => note.trim().trim_end_matches('.').to_owned(),
        (None, None) => "remove it".to_owned(),
    }
}
