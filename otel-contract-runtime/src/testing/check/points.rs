//! Checks of metric points against the metrics of a contract.

use super::attributes::{self, Declaration, OUTCOMES, of_level};
use super::findings::Findings;
use super::spans::check_scope;
use crate::definition::OTHER;
use crate::description::{Cardinality, Contract, Location, RequirementLevel};
use crate::testing::recording::{Attributes, Point, Recording, find};
use crate::testing::value;
use std::collections::{BTreeMap, BTreeSet};

/// A metric of the contract: declared under `metrics:`, or generated for an operation.
struct DeclaredMetric {
    name: String,
    instrument: &'static str,
    unit: &'static str,
    value_type: &'static str,
    location: Location,
    keys: Vec<&'static str>,
    required: Vec<&'static str>,
    error_types: Option<Vec<&'static str>>,
    series: u64,
}

/// Counter of values recorded as `_OTHER`; every contract with bounded attributes has this metric.
const LIMITED: &str = "otel_contract.limited";

/// Dimension of [`LIMITED`]: the key of the bounded attribute.
const LIMITED_ATTRIBUTE: &str = "otel_contract.attribute";

/// Attribute that the SDK sets on the overflow series, which collects measurements beyond the cardinality limit.
const OVERFLOW: &str = "otel.metric.overflow";

/// The metrics of a contract.
pub(super) struct Metrics {
    contract: &'static Contract,
    by_name: BTreeMap<String, DeclaredMetric>,
}

fn declared_metrics(contract: &'static Contract) -> impl Iterator<Item = DeclaredMetric> {
    let of_operations = contract.operations.iter().flat_map(|operation| {
        operation.metrics.iter().map(|metric| {
            let is_duration = metric.instrument == "histogram";
            let dimensions = metric.dimensions.iter();
            let classes = operation.errors.iter().copied().chain(OUTCOMES);
            DeclaredMetric {
                name: metric.name.to_owned(),
                instrument: metric.instrument,
                unit: metric.unit,
                value_type: if is_duration { "double" } else { "int" },
                location: operation.location,
                keys: dimensions.clone().map(|dimension| dimension.key).collect(),
                required: dimensions
                    .filter(|dimension| dimension.required)
                    .map(|dimension| dimension.key)
                    .collect(),
                error_types: is_duration.then(|| classes.collect()),
                series: metric.series,
            }
        })
    });
    let declared = contract.metrics.iter().map(|metric| {
        let mut required: Vec<&str> =
            of_level(metric.attributes, RequirementLevel::Required).collect();
        if metric.error_type == Some(RequirementLevel::Required) {
            required.push("error.type");
        }
        let classes = contract
            .errors
            .iter()
            .map(|error| error.name)
            .chain([OTHER]);
        DeclaredMetric {
            name: metric.name.to_owned(),
            instrument: metric.instrument,
            unit: metric.unit,
            value_type: metric.value_type,
            location: metric.location,
            keys: attributes::keys(metric.attributes),
            required,
            error_types: metric.error_type.map(|_| classes.collect()),
            series: metric.series,
        }
    });
    of_operations.chain(declared)
}

impl Metrics {
    /// Returns every metric of a contract.
    pub(super) fn of(contract: &'static Contract) -> Self {
        let metrics = declared_metrics(contract).map(|metric| (metric.name.clone(), metric));
        Self {
            contract,
            by_name: metrics.collect(),
        }
    }

    /// Checks a point in the scope of the contract.
    pub(super) fn check(&self, findings: &mut Findings, point: &Point) {
        let contract = self.contract;
        let violations = &mut findings.of_subject(format!("metric `{}`", point.metric));
        check_scope(violations, contract, &point.scope);
        if find(&point.attributes, OVERFLOW).is_some() {
            let message = "has more series than the SDK allows: `otel.metric.overflow`".to_owned();
            let help = format!(
                "add the contract's view to the meter provider: `.with_view({}::view)`",
                contract.name
            );
            violations.push(contract, contract.location, message, Some(help));
            return;
        }
        if point.metric == LIMITED && has_bounded_key(contract, &point.attributes) {
            return;
        }
        let Some(metric) = self.by_name.get(&point.metric) else {
            let message = "is not a metric of the contract".to_owned();
            let nearest = value::nearest(&point.metric, self.by_name.keys().map(|name| &**name));
            let help = nearest.map(|nearest| format!("did you mean `{nearest}`?"));
            violations.push(contract, contract.location, message, help);
            attributes::check_values(violations, &[contract], &point.attributes);
            return;
        };
        let mut compare = |property: &str, got: &str, expected: &str| {
            if got != expected {
                let message = format!("has {property} `{got}`, expected `{expected}`");
                violations.push(contract, metric.location, message, None);
            }
        };
        compare("unit", &point.unit, metric.unit);
        compare("instrument", point.instrument.as_str(), metric.instrument);
        if let Some(number) = point.number {
            compare("values of type", number.as_str(), metric.value_type);
        }
        let declaration = Declaration {
            contract,
            subject: format!("metric `{}`", metric.name),
            location: metric.location,
            keys: metric.keys.clone(),
            error_types: metric.error_types.clone(),
        };
        declaration.check(violations, &point.attributes);
        let required = metric.required.iter().copied();
        declaration.check_required(violations, &point.attributes, required, "");
    }

    /// Checks that the number of series of each metric is within the bound in the contract.
    pub(super) fn check_bounds(&self, findings: &mut Findings, recording: &Recording) {
        let contract = self.contract;
        let mut series: BTreeMap<&str, BTreeSet<Vec<String>>> = BTreeMap::new();
        let points = recording.points.iter();
        for point in points.filter(|point| point.scope.name() == contract.name) {
            // Values may be secret: they are only compared, never printed.
            let pairs = point.attributes.iter().map(|pair| format!("{pair:?}"));
            let mut pairs: Vec<String> = pairs.collect();
            pairs.sort();
            series.entry(&point.metric).or_default().insert(pairs);
        }
        for metric in self.by_name.values() {
            let count = series.get(&*metric.name).map_or(0, BTreeSet::len) as u64;
            let processes = recording.processes();
            if count > metric.series.saturating_mul(processes as u64) {
                let scope_of_bound = if processes == 1 {
                    ""
                } else {
                    " in each process"
                };
                let message = format!(
                    "has {count} series, its bound is {}{scope_of_bound}",
                    metric.series
                );
                let violations = &mut findings.of_subject(format!("metric `{}`", metric.name));
                violations.push(contract, metric.location, message, None);
            }
        }
    }
}

/// Checks a point of an allowed instrumentation scope.
pub(super) fn check_foreign(
    findings: &mut Findings,
    contracts: &[&'static Contract],
    point: &Point,
) {
    let (metric, scope) = (&point.metric, point.scope.name());
    let violations = &mut findings.of_subject(format!(
        "metric `{metric}` of instrumentation scope `{scope}`"
    ));
    attributes::check_values(violations, contracts, &point.attributes);
}

/// Whether the dimension of [`LIMITED`] is the key of a bounded attribute.
fn has_bounded_key(contract: &Contract, attributes: &Attributes) -> bool {
    let key = crate::testing::recording::text(attributes, LIMITED_ATTRIBUTE);
    let attribute = key.and_then(|key| contract.attribute(key));
    attribute.is_some_and(|attribute| matches!(attribute.cardinality, Cardinality::Bounded(_)))
}
