//! Advice for a metric with too many series.

use crate::contract::{Cardinality, Contract, Domain};
use crate::series::{Bound, Factor, thousands};

/// Returns the advice to reduce the largest dimension so that the metric is within its budget, or else to remove that
/// dimension.
pub(super) fn advice(contract: &Contract, bound: &Bound, budget: u64) -> String {
    let size = |factor: &Factor| factor.count.unwrap_or(u64::MAX);
    let dimensions = bound.factors.iter().enumerate();
    let largest = dimensions
        .filter_map(|(index, factor)| Some((index, factor, factor.attribute?)))
        // `max_by_key` returns the last maximum; `rev` makes it the first.
        .rev()
        .max_by_key(|(_, factor, _)| size(factor));
    let Some((index, factor, attribute)) = largest else {
        return "list fewer `errors`".to_owned();
    };
    let attribute = &contract[attribute];
    let key = &attribute.key;
    let mut others = bound.clone();
    others.factors.remove(index);
    let room = others.product().map_or(0, |others| budget / others);
    let values = room.saturating_sub(u64::from(factor.may_be_absent));
    let reduced = match (attribute.cardinality(), &attribute.domain) {
        // One of the values is `_OTHER`.
        (Cardinality::Bounded(_), _) if values > 1 && attribute.semconv => Some(format!(
            "limit `{key}`, the largest factor, where it is imported: `semconv: {{ {key}: {{ limit: {} }} }}`",
            values - 1
        )),
        (Cardinality::Bounded(_), _) if values > 1 => Some(format!(
            "lower the `limit` of `{key}`, the largest factor, to {}",
            values - 1
        )),
        (_, Domain::Range { .. }) if values > 1 => Some(format!(
            "narrow the `range` of `{key}`, the largest factor, to {} values",
            thousands(values)
        )),
        _ => None,
    };
    match reduced {
        Some(reduced) => format!("{reduced}, or remove this dimension"),
        None => format!("remove the dimension `{key}`, the largest factor"),
    }
}
