//! Texts and numbers of a documentation page, independent of its format. Names are in backticks.

use crate::diff::bounds;
use crate::words::{self, thousands};
use otel_contract_model::{
    Attribute, AttributeUse, Contract, Deprecated, Domain, Emit, ErrorClass, LifeCycle, Privacy,
    Protect, RequirementLevel, Route, Severity, series::Bound,
};
use std::collections::HashMap;
use std::fmt::Write as _;

/// Returns how a failure is reported, unless it is reported as an error.
pub(super) fn reported(error: &ErrorClass) -> Option<String> {
    if error.expected {
        return Some(
            "as an expected outcome: the span keeps the status `Unset`, nothing is logged"
                .to_owned(),
        );
    }
    let severity = words::severity(error.severity);
    (error.severity != Severity::Error).then(|| format!("with severity `{severity}`"))
}

/// An entry that the page links to, by kind and name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target<'a> {
    pub(super) kind: &'static str,
    pub(super) name: &'a str,
}

impl<'a> Target<'a> {
    pub(super) fn new(kind: &'static str, name: &'a str) -> Self {
        Self { kind, name }
    }

    /// Returns the anchor of the entry, which is the same in every format and version of the page.
    pub(super) fn anchor(self, contract: &Contract) -> String {
        let name = self.name.replace(char::is_whitespace, "_");
        format!("{}/{}/{name}", contract.name, self.kind)
    }
}

/// An entry that uses an attribute.
#[derive(Debug)]
pub(super) struct User<'a> {
    /// Link target; `None` for the resource and the baggage.
    pub(super) target: Option<Target<'a>>,
    /// Description of the user: `operation`, `the resource`.
    pub(super) what: &'static str,
    /// Requirement level, with a note if the attribute is also a dimension.
    pub(super) how: String,
}

/// Returns the users of each attribute, by key: operations (also through their groups), groups, metrics,
/// events, the resource and the baggage.
pub(super) fn users(contract: &Contract) -> HashMap<&str, Vec<User<'_>>> {
    let mut users: HashMap<&str, Vec<User<'_>>> = HashMap::new();
    let mut push = |used: &AttributeUse, target, what, how| {
        let key = contract[used.attribute].key.as_str();
        users
            .entry(key)
            .or_default()
            .push(User { target, what, how });
    };
    for operation in &contract.operations {
        let dimensions = operation
            .metrics
            .iter()
            .flat_map(|metrics| &metrics.dimensions);
        let dimensions: Vec<_> = dimensions.collect();
        for used in contract.uses(operation) {
            let mut how = level(used);
            if dimensions.contains(&&used.attribute) {
                how += ", also a dimension of its metrics";
            }
            push(
                used,
                Some(Target::new("operation", &operation.name)),
                "operation",
                how,
            );
        }
    }
    let groups = contract.groups.iter();
    let groups = groups.map(|group| ("group", group.name.as_str(), &group.attributes));
    let metrics = contract.metrics.iter();
    let metrics = metrics.map(|metric| ("metric", metric.name.as_str(), &metric.attributes));
    let events = contract.events.iter();
    let events = events.map(|event| ("event", event.name.as_str(), &event.attributes));
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
            how: "sent with requests".to_owned(),
        });
    }
    users
}

/// Returns the level with its condition, and whether the sampler sees the attribute.
pub(super) fn level(used: &AttributeUse) -> String {
    let level = requirement(&used.level);
    if used.sampling_relevant {
        format!("{level}, visible to the sampler")
    } else {
        level
    }
}

/// Returns a requirement level in words.
pub(super) fn requirement(level: &RequirementLevel) -> String {
    match level {
        RequirementLevel::Required => "required".to_owned(),
        RequirementLevel::OnSuccess => "on success".to_owned(),
        RequirementLevel::Recommended => "recommended".to_owned(),
        RequirementLevel::OptIn => "opt-in".to_owned(),
        RequirementLevel::ConditionallyRequired(condition) => {
            format!("conditionally required: {condition}")
        }
    }
}

/// Returns a route with its meaning, if the meaning is not obvious.
pub(super) fn route(route: &Route) -> (String, &'static str) {
    let meaning = match route {
        Route::Path {
            method: Some(_), ..
        } => "",
        Route::Path { method: None, .. } => "every method",
        Route::Other => "requests that match no other route of the contract",
    };
    (route.to_string(), meaning)
}

/// A value of an attribute with its meaning.
pub(super) struct ValueRow<'a> {
    pub(super) value: String,
    pub(super) brief: &'a str,
    pub(super) deprecated: Option<&'a Deprecated>,
}

/// Returns the members of a closed set; empty for other attributes.
pub(super) fn values(attribute: &Attribute) -> Vec<ValueRow<'_>> {
    fn rows<T: std::fmt::Display>(values: &[otel_contract_model::Value<T>]) -> Vec<ValueRow<'_>> {
        let rows = values.iter().map(|value| ValueRow {
            value: value.value.to_string(),
            brief: &value.brief,
            deprecated: value.deprecated.as_ref(),
        });
        rows.collect()
    }
    match &attribute.domain {
        Domain::Strings { values, other } => {
            let mut rows = rows(values);
            if *other {
                rows.push(ValueRow {
                    value: "_OTHER".to_owned(),
                    brief: "Any other value.",
                    deprecated: None,
                });
            }
            rows
        }
        Domain::Ints { values } => rows(values),
        _ => Vec::new(),
    }
}

/// Describes the values of an attribute in one sentence.
pub(super) fn domain(attribute: &Attribute) -> String {
    match &attribute.domain {
        Domain::Strings {
            values,
            other: true,
        } => format!(
            "One of {}; other values are recorded as `_OTHER`.",
            words::count(values.len(), "value")
        ),
        Domain::Strings { values, .. } => {
            format!("Exactly one of {}.", words::count(values.len(), "value"))
        }
        Domain::Ints { values } => {
            format!("Exactly one of {}.", words::count(values.len(), "integer"))
        }
        Domain::Range { min, max } => format!("An integer from {min} to {max}."),
        Domain::Boolean => "`true` or `false`.".to_owned(),
        Domain::Limited { limit } => format!(
            "Any text. After {}, new values are recorded as `_OTHER`.",
            words::count(*limit as usize, "different value")
        ),
        Domain::Unbounded(_) => {
            "Any number of values: allowed on spans and logs, not on metrics.".to_owned()
        }
        Domain::Secret => "Never recorded.".to_owned(),
    }
}

/// Describes a privacy class for readers of the page.
pub(super) fn privacy(privacy: Privacy) -> String {
    match privacy {
        Privacy::Public => "May leave the company.".to_owned(),
        Privacy::Internal => "Must stay inside the company.".to_owned(),
        Privacy::Personal(Protect::Hash) => {
            "Identifies a person. Recorded as a keyed hash, which can be searched for but not reversed.".to_owned()
        }
        Privacy::Personal(Protect::Mask) => {
            "Identifies a person. Recorded as `[redacted]`.".to_owned()
        }
        Privacy::Personal(Protect::KeepLast(count)) => format!(
            "Identifies a person. Recorded as `***` followed by the last {}.",
            words::count(count as usize, "character")
        ),
        Privacy::Secret => "Must not be recorded: any use in code is an error.".to_owned(),
    }
}

/// Describes a deprecation.
pub(super) fn deprecated(deprecated: &Deprecated) -> String {
    let mut text = match &deprecated.since {
        Some(since) => format!("Deprecated since {since}"),
        None => "Deprecated".to_owned(),
    };
    if let Some(replacement) = &deprecated.replaced_by {
        let _ = write!(text, "; use `{replacement}` instead");
    }
    if let Some(version) = &deprecated.removed_in {
        let _ = write!(text, "; will be removed in {version}");
    }
    text += ".";
    if deprecated.emit == Emit::Both {
        text += " Until then, both keys are recorded.";
    }
    if let Some(note) = &deprecated.note {
        let _ = write!(text, " {note}");
    }
    text
}

/// Returns stability, owners and expiry of an entry as label and text.
pub(super) fn life(contract: &Contract, life_cycle: &LifeCycle) -> Vec<(&'static str, String)> {
    let stability = words::stability(life_cycle.stability).replace('_', " ");
    let mut life = vec![("Stability", stability)];
    let owners = match life_cycle.owners.as_slice() {
        [] => &contract.owners,
        owners => owners,
    };
    if !owners.is_empty() {
        life.push(("Owners", words::quoted_list(owners)));
    }
    if let Some(day) = &life_cycle.expires {
        life.push(("Expires", day.to_owned()));
    }
    life
}

/// Bound of a metric with its budget.
#[derive(Debug)]
pub(super) struct Budgeted<'a> {
    pub(super) metric: String,
    pub(super) operation: Option<&'a str>,
    pub(super) bound: Bound,
    pub(super) series: u64,
    pub(super) budget: u64,
}

/// Returns the bounds of all metrics, largest first.
pub(super) fn budgets(contract: &Contract) -> Vec<Budgeted<'_>> {
    let mut budgets: Vec<Budgeted<'_>> = bounds(contract)
        .into_iter()
        .map(|bounded| Budgeted {
            series: bounded.product(),
            metric: bounded.metric,
            operation: bounded.operation,
            bound: bounded.bound,
            budget: contract.budget.per_metric(),
        })
        .collect();
    budgets.sort_by_key(|budget| std::cmp::Reverse(budget.series));
    budgets
}

/// Returns the number of series of all metrics together.
pub(super) fn total(budgets: &[Budgeted<'_>]) -> u64 {
    budgets
        .iter()
        .fold(0, |total, budget| total.saturating_add(budget.series))
}

/// Describes the factors of a bound.
pub(super) fn factors(bound: &Bound) -> String {
    if bound.factors.is_empty() {
        "no dimensions".to_owned()
    } else {
        bound.to_string()
    }
}

/// Describes a bound.
pub(super) fn at_most(bound: &Bound) -> String {
    if bound.factors.is_empty() {
        "one series (no dimensions)".to_owned()
    } else {
        format!("at most {bound}")
    }
}

/// Describes a number of series, relative to a budget.
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

/// Returns the number of entries of each kind that the contract has: `2 operations`.
pub(super) fn counts(contract: &Contract) -> Vec<String> {
    let counts = [
        (contract.operations.len(), "operation"),
        (contract.attributes.len(), "attribute"),
        (contract.metrics.len(), "metric"),
        (contract.events.len(), "event"),
        (contract.errors.len(), "error class"),
        (contract.groups.len(), "group"),
    ];
    let existing = counts.into_iter().filter(|(count, _)| *count > 0);
    existing
        .map(|(count, noun)| words::count(count, noun))
        .collect()
}
