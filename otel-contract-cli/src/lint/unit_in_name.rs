//! `unit_in_name`: a unit in a name.

use super::entries::{self, Entry};
use super::{Issue, Lint, Rule, example};
use crate::finding::Level;
use otel_contract_model::Type;

pub(super) const RULE: Rule = Rule {
    name: "unit_in_name",
    level: Level::Warn,
    summary: "a metric or numeric attribute whose name ends in a unit",
    why: "A metric has a `unit` field, which back ends read and convert. A unit in the name repeats it, and becomes wrong when the unit changes.",
    fix: "Remove the unit from the name. State it in `unit`, or for attributes in the brief.",
    bad: example!("unit_in_name", "bad"),
    good: example!("unit_in_name", "good"),
    check,
};

const UNITS: &[&str] = &[
    "bytes",
    "cents",
    "days",
    "eur",
    "gb",
    "gib",
    "hours",
    "kb",
    "kib",
    "kilobytes",
    "km",
    "mb",
    "megabytes",
    "meters",
    "metres",
    "mib",
    "micros",
    "microseconds",
    "millis",
    "milliseconds",
    "mins",
    "minutes",
    "ms",
    "msec",
    "nanos",
    "nanoseconds",
    "ns",
    "pct",
    "percent",
    "secs",
    "seconds",
    "us",
    "usd",
    "usec",
];

fn check(lint: &mut Lint<'_>) {
    let contract = lint.contract();
    for metric in &contract.metrics {
        if let Some((unit, rest)) = unit(&metric.name) {
            let issue = Issue {
                message: format!("the name of metric `{}` ends in a unit", metric.name),
                label: format!("`{unit}` belongs in the field `unit`"),
                help: format!("rename it to `{rest}` with `unit: {}`", metric.unit),
                ..Issue::default()
            };
            lint.push(&Entry::from(metric), issue);
        }
    }
    for attribute in entries::attributes(contract) {
        let numeric = matches!(attribute.value_type(), Some(Type::Int | Type::Double));
        if let (Some((unit, rest)), true, false) =
            (unit(&attribute.key), numeric, attribute.semconv)
        {
            let issue = Issue {
                message: format!("the name of attribute `{}` ends in a unit", attribute.key),
                label: format!("ends in `{unit}`"),
                help: format!("rename it to `{rest}` and state the unit in the brief"),
                ..Issue::default()
            };
            lint.push(&Entry::from(attribute), issue);
        }
    }
}

/// Returns the unit that a name ends in, and the name without it.
fn unit(name: &str) -> Option<(&str, &str)> {
    let (rest, unit) = name.rsplit_once(['_', '.'])?;
    UNITS.contains(&unit).then_some((unit, rest))
}
