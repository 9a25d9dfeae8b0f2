//! `large_closed_set`: a closed set that is too large to review.

use super::entries::{self, Entry};
use super::{Issue, Lint, Rule, example};
use crate::finding::Level;
use otel_contract_model::Domain;

pub(super) const RULE: Rule = Rule {
    name: "large_closed_set",
    level: Level::Warn,
    summary: "a closed set of more than 100 listed values",
    why: "Hundreds of values are too many to review. Each value is a Rust variant, and a possible series of every metric that uses the attribute.",
    fix: "Group the values, or set `cardinality: bounded` with a `limit`.",
    bad: example!("large_closed_set", "bad"),
    good: example!("large_closed_set", "good"),
    check,
};

const MAX_VALUES: usize = 100;

fn check(lint: &mut Lint<'_>) {
    for attribute in entries::attributes(lint.contract()) {
        let values = match &attribute.domain {
            Domain::Strings { values, .. } => values.len(),
            Domain::Ints { values } => values.len(),
            _ => continue,
        };
        if values <= MAX_VALUES || attribute.semconv {
            continue;
        }
        let issue = Issue {
            message: format!("`{}` lists {values} values", attribute.key),
            label: format!("more than {MAX_VALUES} values"),
            help: "group them, or set `cardinality: bounded` with a `limit`".to_owned(),
            ..Issue::default()
        };
        lint.push(&Entry::from(attribute), issue);
    }
}
