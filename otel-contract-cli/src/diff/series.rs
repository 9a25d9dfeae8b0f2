//! Changed bounds of metrics: not a change of the contract, but of its cost.

use crate::words::thousands;
use otel_contract_model::{Contract, series};
use std::collections::HashMap;

/// Maximum number of series of a metric before and after; `None` if the metric does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SeriesChange {
    pub(crate) metric: String,
    pub(crate) old: Option<u64>,
    pub(crate) new: Option<u64>,
    /// The factors of the new bound; empty for a removed metric.
    pub(crate) factors: String,
}

impl SeriesChange {
    /// Formats the change: `24 → 30`, `new, 30`, `24 → removed`.
    pub(crate) fn arrow(&self) -> String {
        match (self.old, self.new) {
            (Some(old), Some(new)) => format!("{} → {}", thousands(old), thousands(new)),
            (None, Some(new)) => format!("new, {}", thousands(new)),
            (Some(old), None) => format!("{} → removed", thousands(old)),
            (None, None) => String::new(),
        }
    }
}

/// A metric with its bound.
#[derive(Clone, Debug)]
pub(crate) struct Bounded<'a> {
    pub(crate) metric: String,
    pub(crate) bound: series::Bound,
    /// The operation that records the metric.
    pub(crate) operation: Option<&'a str>,
}

impl Bounded<'_> {
    /// Returns the number of series, saturating at the maximum of `u64`.
    pub(crate) fn product(&self) -> u64 {
        self.bound.product().unwrap_or(u64::MAX)
    }
}

/// Returns every metric of a contract with its bound. Metrics of operations come first.
pub(crate) fn bounds(contract: &Contract) -> Vec<Bounded<'_>> {
    let mut bounds = Vec::new();
    for operation in &contract.operations {
        let Some(metrics) = &operation.metrics else {
            continue;
        };
        let mut push = |which: &str, bound| {
            bounds.push(Bounded {
                metric: format!("{}.{which}", operation.name),
                bound,
                operation: Some(&operation.name),
            });
        };
        push("duration", series::duration(contract, operation, metrics));
        if metrics.active {
            push("active", series::active(contract, operation, metrics));
        }
    }
    bounds.extend(contract.metrics.iter().map(|metric| Bounded {
        metric: metric.name.clone(),
        bound: series::metric(contract, metric),
        operation: None,
    }));
    bounds
}

pub(super) fn changes(old: &Contract, new: &Contract) -> Vec<SeriesChange> {
    let before = bounds(old);
    let after = bounds(new);
    let series_before: HashMap<&str, u64> = before
        .iter()
        .map(|bounded| (bounded.metric.as_str(), bounded.product()))
        .collect();
    let series_after: HashMap<&str, u64> = after
        .iter()
        .map(|bounded| (bounded.metric.as_str(), bounded.product()))
        .collect();
    let changed = after.iter().filter_map(|bounded| {
        let change = SeriesChange {
            metric: bounded.metric.clone(),
            old: series_before.get(bounded.metric.as_str()).copied(),
            new: Some(bounded.product()),
            factors: bounded.bound.to_string(),
        };
        (change.old != change.new).then_some(change)
    });
    let removed = before
        .iter()
        .filter(|bounded| !series_after.contains_key(bounded.metric.as_str()))
        .map(|bounded| SeriesChange {
            metric: bounded.metric.clone(),
            old: Some(bounded.product()),
            new: None,
            factors: String::new(),
        });
    changed.chain(removed).collect()
}
