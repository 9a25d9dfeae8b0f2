//! What a page tells, whatever its form. Text between backticks is a name, as in all our messages.

use crate::diff::bounds;
use crate::words::{self, thousands};
use otel_contract_model::{
    Attribute, AttributeUse, Contract, Deprecated, Domain, Emit, Operation, Privacy, Protect,
    RequirementLevel, Sampling, Stability, series::Bound,
};
use std::collections::HashMap;
use std::fmt::Write as _;

/// A place of the page that can be linked to: kind and name of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target<'a> {
    pub(super) kind: &'static str,
    pub(super) name: &'a str,
}

impl<'a> Target<'a> {
    pub(super) fn new(kind: &'static str, name: &'a str) -> Self {
        Self { kind, name }
    }

    /// Its anchor, the same in every form and version of the page.
    pub(super) fn anchor(self, contract: &Contract) -> String {
        let name = self.name.replace(char::is_whitespace, "_");
        format!("{}/{}/{name}", contract.name, self.kind)
    }
}

/// Somebody who uses an attribute, and how.
#[derive(Debug)]
pub(super) struct User<'a> {
    /// `None`: the resource or the baggage, which are one each.
    pub(super) target: Option<Target<'a>>,
    /// `operation`, `the resource`.
    pub(super) what: &'static str,
    /// How it is used: its level, or that it is a dimension.
    pub(super) how: String,
}

/// Who uses each attribute, by key: operations (also by way of their groups), groups, metrics, events,
/// the resource, the baggage.
pub(super) fn users(contract: &Contract) -> HashMap<&str, Vec<User<'_>>> {
    let mut users: HashMap<&str, Vec<User<'_>>> = HashMap::new();
    let mut push = |used: &AttributeUse, target, what, how| {
        let key = contract[used.attribute].key.as_str();
        users
            .entry(key)
            .or_default()
            .push(User { target, what, how });
    };
    for one in &contract.operations {
        let dimensions = one.metrics.iter().flat_map(|metrics| &metrics.dimensions);
        let dimensions: Vec<_> = dimensions.collect();
        for used in contract.uses(one) {
            let mut how = level(used);
            if dimensions.contains(&&used.attribute) {
                how += ", dimension of its metrics";
            }
            push(
                used,
                Some(Target::new("operation", &one.name)),
                "operation",
                how,
            );
        }
    }
    let groups = contract.groups.iter();
    let groups = groups.map(|one| ("group", one.name.as_str(), &one.attributes));
    let metrics = contract.metrics.iter();
    let metrics = metrics.map(|one| ("metric", one.name.as_str(), &one.attributes));
    let events = contract.events.iter();
    let events = events.map(|one| ("event", one.name.as_str(), &one.attributes));
    for (kind, name, uses) in groups.chain(metrics).chain(events) {
        for used in uses {
            push(used, Some(Target::new(kind, name)), kind, level(used));
        }
    }
    for used in &contract.resource {
        push(used, None, "the resource", level(used));
    }
    for id in &contract.baggage {
        let key = contract[*id].key.as_str();
        users.entry(key).or_default().push(User {
            target: None,
            what: "the baggage",
            how: "travels with requests".to_owned(),
        });
    }
    users
}

/// A level with its condition, and whether the sampler sees the attribute.
pub(super) fn level(used: &AttributeUse) -> String {
    let level = requirement(&used.level);
    if used.sampling_relevant {
        format!("{level}, seen by the sampler")
    } else {
        level
    }
}

/// A level in words for whoever reads the page.
pub(super) fn requirement(level: &RequirementLevel) -> String {
    match level {
        RequirementLevel::Required => "required".to_owned(),
        RequirementLevel::OnSuccess => "on success".to_owned(),
        RequirementLevel::Recommended => "recommended".to_owned(),
        RequirementLevel::OptIn => "opt-in".to_owned(),
        RequirementLevel::ConditionallyRequired(condition) => {
            format!("required under a condition: {condition}")
        }
    }
}

/// The values of an attribute, each with what it means.
pub(super) struct ValueRow<'a> {
    pub(super) value: String,
    pub(super) brief: &'a str,
    pub(super) deprecated: Option<&'a Deprecated>,
}

/// The members of a closed set; empty for all else.
pub(super) fn values(attribute: &Attribute) -> Vec<ValueRow<'_>> {
    fn rows<T: std::fmt::Display>(values: &[otel_contract_model::Value<T>]) -> Vec<ValueRow<'_>> {
        let rows = values.iter().map(|one| ValueRow {
            value: one.value.to_string(),
            brief: &one.brief,
            deprecated: one.deprecated.as_ref(),
        });
        rows.collect()
    }
    match &attribute.domain {
        Domain::Strings { values, other } => {
            let mut rows = rows(values);
            if *other {
                rows.push(ValueRow {
                    value: "_OTHER".to_owned(),
                    brief: "Any value from outside of the set.",
                    deprecated: None,
                });
            }
            rows
        }
        Domain::Ints { values } => rows(values),
        _ => Vec::new(),
    }
}

/// What the values of an attribute are, in a sentence.
pub(super) fn domain(attribute: &Attribute) -> String {
    match &attribute.domain {
        Domain::Strings {
            values,
            other: true,
        } => format!(
            "One of {}; a value from outside is recorded as `_OTHER`.",
            words::count(values.len(), "value")
        ),
        Domain::Strings { values, .. } => {
            format!(
                "One of {}, and no other.",
                words::count(values.len(), "value")
            )
        }
        Domain::Ints { values } => {
            format!(
                "One of {}, and no other.",
                words::count(values.len(), "integer")
            )
        }
        Domain::Range { min, max } => format!("An integer from {min} to {max}."),
        Domain::Boolean => "`true` or `false`.".to_owned(),
        Domain::Limited { limit } => format!(
            "Any text; the first {} that come are recorded, those after them as `_OTHER`.",
            words::count(*limit as usize, "different one")
        ),
        Domain::Unbounded(_) => {
            "As many values as there are: on spans and logs only, never on a metric.".to_owned()
        }
        Domain::Secret => "Never recorded, whatever its value.".to_owned(),
    }
}

/// What a privacy class means for whoever reads or handles the value.
pub(super) fn privacy(privacy: Privacy) -> String {
    match privacy {
        Privacy::Public => "May leave the company.".to_owned(),
        Privacy::Internal => "Stays in our own back ends.".to_owned(),
        Privacy::Personal(Protect::Hash) => {
            "Identifies a person. Recorded as a keyed hash: the same person can be found again without being named.".to_owned()
        }
        Privacy::Personal(Protect::Mask) => {
            "Identifies a person. Recorded as `[redacted]`: only that there was a value.".to_owned()
        }
        Privacy::Personal(Protect::KeepLast(count)) => format!(
            "Identifies a person. Recorded as `***` and the last {}.",
            words::count(count as usize, "character")
        ),
        Privacy::Secret => "Nobody: any use in code is an error.".to_owned(),
    }
}

/// What the sampling of an operation means for counts.
pub(super) fn sampling(operation: &Operation) -> Vec<String> {
    let metric = operation
        .metrics
        .as_ref()
        .map(|_| format!("`{}.duration`", operation.name));
    let Some(sampling) = &operation.sampling else {
        return vec![match metric {
            Some(metric) => format!(
                "The contract drops no traces of it. A service or a collector may: for counts and rates take {metric}, which counts every call."
            ),
            None => "The contract drops no traces of it; a service or a collector may. It records no metrics, so its spans are all there is to count.".to_owned(),
        }];
    };
    let Sampling {
        ratio,
        keep_errors,
        keep_slower_than,
    } = sampling;
    let mut said = Vec::new();
    let truth = match &metric {
        Some(metric) => format!("take counts and rates from {metric}, which counts every call"),
        None => "it records no metrics, so an exact count there is not".to_owned(),
    };
    if *ratio <= 0.0 {
        said.push(format!(
            "No trace is kept for its own sake, so spans count nothing: {truth}."
        ));
    } else if *ratio < 1.0 {
        said.push(format!(
            "About {} traces is kept ({}). Counts of spans are that share of what happened: {truth}.",
            one_in(*ratio),
            percent(*ratio)
        ));
    } else {
        said.push(format!("Every trace is kept; still, {truth}."));
    }
    if *ratio < 1.0 && *keep_errors {
        said.push(
            "Every failed trace is kept as well: among stored spans failures are more frequent than in truth, so an error rate over spans is too high.".to_owned(),
        );
    }
    if let (true, Some(seconds)) = (*ratio < 1.0, keep_slower_than) {
        said.push(format!(
            "Every trace slower than {seconds} s is kept as well: percentiles over stored spans are too high."
        ));
    }
    said
}

/// `1 in 10`, or `2 in 3` where it comes out even with small numbers, else `a share of`.
fn one_in(ratio: f64) -> String {
    for whole in 1..=1000_u32 {
        let part = (ratio * f64::from(whole)).round();
        let exact = (part / f64::from(whole) - ratio).abs() < 1e-9;
        if part >= 1.0 && exact {
            return format!("{part} in {}", thousands(whole.into()));
        }
    }
    let times = (1.0 / ratio).round();
    format!("1 in {times}")
}

pub(super) fn percent(ratio: f64) -> String {
    format!("{} %", (ratio * 1_000_000.0).round() / 10_000.0)
}

/// What a deprecation says, in sentences.
pub(super) fn deprecated(deprecated: &Deprecated) -> String {
    let mut said = match &deprecated.since {
        Some(since) => format!("Deprecated since {since}"),
        None => "Deprecated".to_owned(),
    };
    if let Some(replacement) = &deprecated.replaced_by {
        let _ = write!(said, "; say `{replacement}` instead");
    }
    if let Some(version) = &deprecated.removed_in {
        let _ = write!(said, "; gone in {version}");
    }
    said += ".";
    if deprecated.emit == Emit::Both {
        said += " Until then both keys are recorded, whichever is given.";
    }
    if let Some(note) = &deprecated.note {
        let _ = write!(said, " {note}");
    }
    said
}

/// The life of an entry, as pairs of a word and what is to be said.
pub(super) fn life(
    contract: &Contract,
    stability: Stability,
    owners: &[String],
    expires: Option<&str>,
) -> Vec<(&'static str, String)> {
    let mut life = vec![("Stability", words::stability(stability).replace('_', " "))];
    let owners = if owners.is_empty() {
        &contract.owners
    } else {
        owners
    };
    if !owners.is_empty() {
        life.push(("Owners", words::and(owners)));
    }
    if let Some(day) = expires {
        life.push(("Expires", day.to_owned()));
    }
    life
}

/// A metric's bound against what it may be.
#[derive(Debug)]
pub(super) struct Budgeted<'a> {
    pub(super) metric: String,
    pub(super) operation: Option<&'a str>,
    pub(super) bound: Bound,
    pub(super) series: u64,
    pub(super) budget: u64,
}

/// Every metric, the one with the most series first.
pub(super) fn budgets(contract: &Contract) -> Vec<Budgeted<'_>> {
    let mut budgets: Vec<Budgeted<'_>> = bounds(contract)
        .into_iter()
        .map(|one| Budgeted {
            series: one.product(),
            metric: one.metric,
            operation: one.operation,
            bound: one.bound,
            budget: contract.budget.of_a_metric(),
        })
        .collect();
    budgets.sort_by_key(|one| std::cmp::Reverse(one.series));
    budgets
}

/// The series of all metrics together.
pub(super) fn total(budgets: &[Budgeted<'_>]) -> u64 {
    budgets
        .iter()
        .fold(0, |total, one| total.saturating_add(one.series))
}

/// The multiplication behind a bound.
pub(super) fn factors(bound: &Bound) -> String {
    if bound.factors.is_empty() {
        "no dimensions".to_owned()
    } else {
        bound.to_string()
    }
}

/// A bound as a phrase.
pub(super) fn at_most(bound: &Bound) -> String {
    if bound.factors.is_empty() {
        "one series: it has no dimensions".to_owned()
    } else {
        format!("at most {bound}")
    }
}

/// What a number of series is to a budget.
pub(super) fn share(series: u64, budget: Option<u64>) -> String {
    match budget {
        Some(budget) => format!(
            "at most {} of {} series",
            thousands(series),
            thousands(budget)
        ),
        None => format!("at most {} series", thousands(series)),
    }
}

/// `1 attribute`, `12 operations`, …: what is in a contract.
pub(super) fn counts(contract: &Contract) -> Vec<(usize, &'static str)> {
    vec![
        (contract.operations.len(), "operation"),
        (contract.attributes.len(), "attribute"),
        (contract.metrics.len(), "metric"),
        (contract.events.len(), "event"),
        (contract.errors.len(), "error class"),
        (contract.groups.len(), "group"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_said_in_small_numbers() {
        assert_eq!(one_in(0.1), "1 in 10");
        assert_eq!(one_in(0.25), "1 in 4");
        assert_eq!(one_in(0.001), "1 in 1,000");
        assert_eq!(one_in(2.0 / 3.0), "2 in 3");
        assert_eq!(percent(0.001), "0.1 %");
    }
}
