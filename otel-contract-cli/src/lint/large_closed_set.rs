//! `large_closed_set`: a list that is no list any more.

use super::entries::{self, Entry};
use super::{Lint, Rule, Said, example};
use crate::finding::Level;
use otel_contract_model::Domain;

pub(super) const RULE: Rule = Rule {
    name: "large_closed_set",
    level: Level::Warn,
    summary: "a closed set of more than 100 listed values",
    why: "Nobody reviews a list of hundreds, and each value is a variant in Rust and a possible series of every metric it labels.",
    fix: "Group the values, or say `cardinality: bounded` with a `limit`.",
    bad: example!("large_closed_set", "bad"),
    good: example!("large_closed_set", "good"),
    check,
};

const MOST: usize = 100;

fn check(lint: &mut Lint<'_>) {
    for attribute in entries::attributes(lint.contract()) {
        let values = match &attribute.domain {
            Domain::Strings { values, .. } => values.len(),
            Domain::Ints { values } => values.len(),
            _ => continue,
        };
        if values <= MOST || attribute.semconv {
            continue;
        }
        let said = Said {
            message: format!("`{}` lists {values} values", attribute.key),
            label: format!("more than {MOST} values"),
            help: "group them, or say `cardinality: bounded` with a `limit`".to_owned(),
            ..Said::default()
        };
        lint.push(&Entry::from(attribute), said);
    }
}
