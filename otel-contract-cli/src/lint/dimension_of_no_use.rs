//! `dimension_of_no_use`: a dimension nobody would query.

use super::entries::Entry;
use super::{Lint, Rule, Said, example};
use crate::finding::Level;
use otel_contract_model::{Attribute, Cardinality, Location};

pub(super) const RULE: Rule = Rule {
    name: "dimension_of_no_use",
    level: Level::Warn,
    summary: "a metric dimension with a single value, or with more values than anybody reads",
    why: "A dimension is paid for in series, each one times all the others. One that never varies tells nothing, and no chart with a thousand lines has ever been read.",
    fix: "Record it on the span, where each value can be found, or replace it on the metric by what it stands for: a class, a tier, a region.",
    bad: example!("dimension_of_no_use", "bad"),
    good: example!("dimension_of_no_use", "good"),
    check,
};

/// The most values of one dimension that are still looked at; HTTP status codes are 500.
const MOST: u64 = 500;

fn check(lint: &mut Lint<'_>) {
    let contract = lint.contract();
    for operation in &contract.operations {
        let dimensions = operation.metrics.iter().flat_map(|it| &it.dimensions);
        for id in dimensions {
            dimension(lint, &Entry::from(operation), &contract[*id], None);
        }
    }
    for metric in &contract.metrics {
        for usage in &metric.attributes {
            let attribute = &contract[usage.attribute];
            dimension(lint, &Entry::from(metric), attribute, Some(&usage.at));
        }
    }
}

fn dimension<'a>(
    lint: &mut Lint<'a>,
    of: &Entry<'a>,
    attribute: &'a Attribute,
    at: Option<&Location>,
) {
    let values = match attribute.cardinality() {
        Cardinality::Closed(values) => values,
        Cardinality::Bounded(limit) => u64::from(limit),
        Cardinality::Unbounded => return,
    };
    let key = &attribute.key;
    let (message, label) = match values {
        1 => (
            format!(
                "dimension `{key}` of {} `{}` has a single value",
                of.kind, of.name
            ),
            format!("`{key}` never varies"),
        ),
        values if values > MOST => (
            format!(
                "dimension `{key}` of {} `{}` can take {values} values",
                of.kind, of.name
            ),
            format!("nobody reads {values} lines of `{key}`"),
        ),
        _ => return,
    };
    let said = Said {
        message,
        label,
        help: "record it on the operation's span, or use a class of it as the dimension".to_owned(),
        related: vec![("declared at".to_owned(), attribute.at.clone())],
        at: at.map(|at| (at.clone(), key.clone())),
    };
    lint.push_unless(&[of, &Entry::from(attribute)], said);
}
