//! `dimension_of_no_use`: a dimension with too few or too many values.

use super::entries::Entry;
use super::{Issue, Lint, Rule, example};
use crate::finding::Level;
use otel_contract_model::{Attribute, Cardinality, Location};

pub(super) const RULE: Rule = Rule {
    name: "dimension_of_no_use",
    level: Level::Warn,
    summary: "a metric dimension with a single value, or with too many values to read",
    why: "Every dimension multiplies the number of series, which cost memory and money. A dimension with one value adds no information, and a chart with a thousand lines cannot be read.",
    fix: "Record the attribute on the span only, or use a coarser attribute on the metric: a class, a tier, a region.",
    bad: example!("dimension_of_no_use", "bad"),
    good: example!("dimension_of_no_use", "good"),
    check,
};

/// Maximum number of values of a useful dimension: enough for HTTP status codes, from 100 to 599.
const MAX_VALUES: u64 = 500;

fn check(lint: &mut Lint<'_>) {
    let contract = lint.contract();
    for operation in &contract.operations {
        let dimensions = operation
            .metrics
            .iter()
            .flat_map(|metric| &metric.dimensions);
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
            format!("`{key}` has only one value"),
        ),
        values if values > MAX_VALUES => (
            format!(
                "dimension `{key}` of {} `{}` can take {values} values",
                of.kind, of.name
            ),
            format!("{values} values are too many to read"),
        ),
        _ => return,
    };
    let issue = Issue {
        message,
        label,
        help: "record it on the span only, or use a coarser attribute as dimension".to_owned(),
        related: vec![("declared at".to_owned(), attribute.at.clone())],
        at: at.map(|at| (at.clone(), key.clone())),
    };
    lint.push_unless_any_allows(&[of, &Entry::from(attribute)], issue);
}
