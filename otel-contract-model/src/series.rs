//! The maximum number of series of a metric, defined once for the compiler, the documentation and the tests.
//!
//! The number of values of a dimension is the number of values of its attribute, including `_OTHER`, plus 1 if the
//! attribute may be absent. In an operation with routes, an attribute that the handler sets may be absent even if it is
//! required, because a request may be rejected before the handler is called. The outcomes of an operation are its error classes, success, `panic`, `cancelled` and
//! `_OTHER`. For other metrics, the values of `error.type` are the error classes of the contract and `_OTHER`.

use std::collections::HashMap;
use std::fmt;

use crate::contract::{
    AttributeId, AttributeUse, Cardinality, Contract, Domain, Metric, Operation, OperationMetrics,
    RequirementLevel,
};

/// The outcomes of every operation besides its error classes: success, `panic`, `cancelled`, `_OTHER`.
const OUTCOMES: u64 = 4;

/// The attributes of dimensions that a server layer sets for every request.
const SET_BY_LAYERS: [&str; 3] = ["http.request.method", "http.route", "url.scheme"];

/// The maximum number of series of a metric. Displays as `4 tiers × 51 queues × 6 outcomes = 1,224`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The factors: the dimensions in the order of the contract, then outcomes or error types. Empty for a metric
    /// without dimensions, which has one series.
    pub factors: Vec<Factor>,
}

/// The size of one dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factor {
    /// The number of distinct values; `None` if it does not fit in 64 bits, which is an error in a contract.
    pub count: Option<u64>,
    /// The noun for the values, in the plural unless there is exactly one: `tiers`.
    pub noun: String,
    /// The attribute of the dimension; `None` for the outcomes of an operation and for `error.type` of a metric.
    pub attribute: Option<AttributeId>,
    /// Whether the dimension may be absent; `count` includes this case. Always false for outcomes: success is one of
    /// the outcomes.
    pub may_be_absent: bool,
}

impl Bound {
    /// Returns the number of series; `None` if it does not fit in 64 bits.
    #[must_use]
    pub fn product(&self) -> Option<u64> {
        self.factors
            .iter()
            .try_fold(1_u64, |product, factor| product.checked_mul(factor.count?))
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let factors: Vec<String> = self.factors.iter().map(ToString::to_string).collect();
        match (factors.as_slice(), self.product()) {
            ([], _) => f.write_str("1"),
            ([factor], _) => f.write_str(factor),
            (factors, Some(product)) => {
                write!(f, "{} = {}", factors.join(" × "), thousands(product))
            }
            (factors, None) => write!(f, "{} ≥ 2⁶⁴", factors.join(" × ")),
        }
    }
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count {
            Some(count) => write!(f, "{} {}", thousands(count), self.noun),
            None => write!(f, "more than 2⁶⁴ {}", self.noun),
        }
    }
}

/// Returns the bound of `<operation>.duration`.
#[must_use]
pub fn duration(contract: &Contract, operation: &Operation, metrics: &OperationMetrics) -> Bound {
    let mut factors = dimensions(contract, operation, metrics, |_| true);
    let classes = operation
        .errors
        .as_ref()
        .map_or(contract.errors.len(), Vec::len) as u64;
    factors.push(Factor {
        count: Some(classes + OUTCOMES),
        noun: "outcomes".to_owned(),
        attribute: None,
        may_be_absent: false,
    });
    Bound { factors }
}

/// Returns the bound of `<operation>.active`, which has the dimensions that are known when the operation starts.
#[must_use]
pub fn active(contract: &Contract, operation: &Operation, metrics: &OperationMetrics) -> Bound {
    let is_known_at_start = |level: &RequirementLevel| *level != RequirementLevel::OnSuccess;
    Bound {
        factors: dimensions(contract, operation, metrics, is_known_at_start),
    }
}

/// Returns the bound of a metric of the contract.
#[must_use]
pub fn metric(contract: &Contract, metric: &Metric) -> Bound {
    let mut factors: Vec<Factor> = metric
        .attributes
        .iter()
        .map(|dimension| factor(contract, dimension, is_optional(dimension)))
        .collect();
    if let Some(level) = &metric.error_type {
        let may_be_absent = *level != RequirementLevel::Required;
        // Values are the error classes and `_OTHER`. Only operations can panic or be cancelled.
        let classes = contract.errors.len() as u64 + 1;
        factors.push(Factor {
            count: Some(classes + u64::from(may_be_absent)),
            noun: "error types".to_owned(),
            attribute: None,
            may_be_absent,
        });
    }
    Bound { factors }
}

fn dimensions(
    contract: &Contract,
    operation: &Operation,
    metrics: &OperationMetrics,
    counts: impl Fn(&RequirementLevel) -> bool,
) -> Vec<Factor> {
    if metrics.dimensions.is_empty() {
        return Vec::new();
    }
    let uses = contract.uses(operation).into_iter();
    let uses: HashMap<AttributeId, &AttributeUse> =
        uses.map(|usage| (usage.attribute, usage)).collect();
    let dimensions = metrics.dimensions.iter();
    dimensions
        .filter_map(|dimension| uses.get(dimension))
        .filter(|usage| counts(&usage.level))
        .map(|usage| {
            let may_be_absent = is_optional(usage) || may_be_rejected(contract, operation, usage);
            factor(contract, usage, may_be_absent)
        })
        .collect()
}

fn is_optional(usage: &AttributeUse) -> bool {
    usage.level != RequirementLevel::Required
}

/// Returns whether an operation of a server layer may end without a required attribute: the request is rejected before
/// its handler, which sets the attribute, is called.
fn may_be_rejected(contract: &Contract, operation: &Operation, usage: &AttributeUse) -> bool {
    let attribute = &contract[usage.attribute];
    let accepts_any_text = matches!(
        attribute.domain,
        Domain::Limited { .. } | Domain::Strings { other: true, .. }
    );
    let is_set_by_layer = SET_BY_LAYERS.contains(&attribute.key.as_str()) && accepts_any_text;
    !operation.routes.is_empty() && !is_set_by_layer
}

fn factor(contract: &Contract, usage: &AttributeUse, may_be_absent: bool) -> Factor {
    let attribute = &contract[usage.attribute];
    let values = match attribute.cardinality() {
        Cardinality::Closed(values) => Some(values),
        Cardinality::Bounded(limit) => Some(u64::from(limit) + 1),
        Cardinality::Unbounded => None,
    };
    let count = values.and_then(|values| values.checked_add(u64::from(may_be_absent)));
    Factor {
        count,
        noun: noun(&attribute.key, count),
        attribute: Some(usage.attribute),
        may_be_absent,
    }
}

/// Returns the noun for the values of a key: `tiers` for `account.tier`, `queues` for `queue.name`.
fn noun(key: &str, count: Option<u64>) -> String {
    let mut segments = key.rsplit('.');
    let last = segments.next().unwrap_or(key);
    let noun = match last {
        "name" | "id" | "type" | "code" | "kind" | "key" => segments.next().unwrap_or(last),
        last => last,
    };
    let noun = noun.replace(['_', '-'], " ");
    if count == Some(1) {
        return noun;
    }
    let ends = |ends: &[&str]| ends.iter().any(|end| noun.ends_with(end));
    if ends(&["s"]) && !ends(&["ss", "us", "is"]) && noun.len() > 3 {
        return noun; // Already a plural, such as `errors`.
    }
    if ends(&["s", "x", "z", "ch", "sh"]) {
        return format!("{noun}es");
    }
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{noun}s"),
    }
}

/// Formats a number with a comma between thousands.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(counts: &[(u64, &str)]) -> Bound {
        let factors = counts.iter().map(|&(count, noun)| Factor {
            count: Some(count),
            noun: noun.to_owned(),
            attribute: None,
            may_be_absent: false,
        });
        Bound {
            factors: factors.collect(),
        }
    }

    #[test]
    fn a_bound_displays_its_multiplication() {
        let bound = bound(&[(4, "tiers"), (51, "queues"), (6, "outcomes")]);
        assert_eq!(
            bound.to_string(),
            "4 tiers × 51 queues × 6 outcomes = 1,224"
        );
    }

    #[test]
    fn a_single_factor_displays_no_product_and_a_bound_without_factors_is_one_series() {
        assert_eq!(
            bound(&[(1_234_567, "queues")]).to_string(),
            "1,234,567 queues"
        );
        assert_eq!(bound(&[]).product(), Some(1));
    }

    #[test]
    fn an_overflow_has_no_product() {
        let bound = bound(&[(u64::MAX, "steps"), (2, "outcomes")]);
        assert_eq!(bound.product(), None);
        assert!(bound.to_string().ends_with("outcomes ≥ 2⁶⁴"), "{bound}");
    }

    #[test]
    fn the_noun_of_the_values_is_derived_from_the_key() {
        let nouns = [
            "account.tier",
            "queue.name",
            "http.response.status_code",
            "country",
            "class",
            "http.status",
            "order.items",
        ];
        let plurals = nouns.map(|key| noun(key, Some(2)));
        assert_eq!(
            plurals,
            [
                "tiers",
                "queues",
                "status codes",
                "countries",
                "classes",
                "statuses",
                "items"
            ]
        );
        assert_eq!(noun("order.res", Some(1)), "res");
    }
}
