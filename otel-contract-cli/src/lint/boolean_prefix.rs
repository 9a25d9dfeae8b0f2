//! `boolean_prefix`: a boolean whose name is phrased as a question.

use super::entries::{self, Entry};
use super::{Issue, Lint, Rule, example, words};
use crate::finding::Level;
use otel_contract_model::Domain;

pub(super) const RULE: Rule = Rule {
    name: "boolean_prefix",
    level: Level::Warn,
    summary: "a boolean attribute whose name begins with `is_`, `has_`, `was_` or `are_`",
    why: "The type already says that the value is true or false. If only some booleans have the prefix, queries have to guess which.",
    fix: "Name the state itself: `order.paid` instead of `order.is_paid`.",
    bad: example!("boolean_prefix", "bad"),
    good: example!("boolean_prefix", "good"),
    check,
};

const PREFIXES: &[&str] = &["is_", "has_", "was_", "are_"];

fn check(lint: &mut Lint<'_>) {
    for attribute in entries::attributes(lint.contract()) {
        let last = words::last(&attribute.key);
        let prefix = PREFIXES.iter().find(|prefix| last.starts_with(**prefix));
        let (Some(prefix), Domain::Boolean, false) = (prefix, &attribute.domain, attribute.semconv)
        else {
            continue;
        };
        let namespace = attribute.key.strip_suffix(last).unwrap_or_default();
        let state = last.strip_prefix(prefix).unwrap_or(last);
        let issue = Issue {
            message: format!("boolean `{}` begins with `{prefix}`", attribute.key),
            label: "redundant prefix".to_owned(),
            help: format!("name the state itself: `{namespace}{state}`"),
            ..Issue::default()
        };
        lint.push(&Entry::from(attribute), issue);
    }
}
