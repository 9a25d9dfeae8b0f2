//! `metric_without_owner`: a metric nobody answers for.

use super::entries::Entry;
use super::{Lint, Rule, Said, example};
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    name: "metric_without_owner",
    level: Level::Warn,
    summary: "a metric that names no owner in a contract that has several",
    why: "Metrics page people. Where a contract has several owners and a metric names none, its alert is everybody's and so nobody's.",
    fix: "Add `owners: [\"@team\"]` to the metric.",
    bad: example!("metric_without_owner", "bad"),
    good: example!("metric_without_owner", "good"),
    check,
};

fn check(lint: &mut Lint<'_>) {
    let contract = lint.contract();
    // Of one owner it is the metric; that there is none at all is `owner_missing`.
    if contract.owners.len() < 2 {
        return;
    }
    for metric in contract.metrics.iter().filter(|it| it.owners.is_empty()) {
        let said = Said {
            message: format!("metric `{}` names no owner", metric.name),
            label: format!("which of the {} owners?", contract.owners.len()),
            help: format!("add `owners: [\"{}\"]`", contract.owners[0]),
            ..Said::default()
        };
        lint.push(&Entry::from(metric), said);
    }
}
