//! `metric_without_owner`: a metric that names no owner.

use super::entries::Entry;
use super::{Issue, Lint, Rule, example};
use crate::finding::Level;

pub(super) const RULE: Rule = Rule {
    name: "metric_without_owner",
    level: Level::Warn,
    summary: "a metric without `owners` in a contract with several owners",
    why: "Metrics trigger alerts. If the contract has several owners and the metric names none, it is unclear who responds.",
    fix: "Add `owners: [\"@team\"]` to the metric.",
    bad: example!("metric_without_owner", "bad"),
    good: example!("metric_without_owner", "good"),
    check,
};

fn check(lint: &mut Lint<'_>) {
    let contract = lint.contract();
    // A single owner owns every metric. A contract without owners is reported by `owner_missing`.
    if contract.owners.len() < 2 {
        return;
    }
    for metric in contract
        .metrics
        .iter()
        .filter(|metric| metric.life_cycle.owners.is_empty())
    {
        let issue = Issue {
            message: format!("metric `{}` has no owner", metric.name),
            label: format!("which of the {} owners?", contract.owners.len()),
            help: format!("add `owners: [\"{}\"]`", contract.owners[0]),
            ..Issue::default()
        };
        lint.push(&Entry::from(metric), issue);
    }
}
