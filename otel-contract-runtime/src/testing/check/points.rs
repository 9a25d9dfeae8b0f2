//! Points against the metrics of a contract.

use super::findings::Findings;
use super::spans::scope;
use super::words::{self, OUTCOMES, Place, of_level};
use crate::definition::OTHER;
use crate::description::{Cardinality, Contract, Location, RequirementLevel};
use crate::testing::recording::{Attributes, Point, Recording, find};
use crate::testing::value;
use std::collections::{BTreeMap, BTreeSet};

/// What the contract says of a metric, wherever it says it.
struct Declared {
    name: String,
    instrument: &'static str,
    unit: &'static str,
    /// `None`: that of durations and counts of what runs goes without saying.
    value_type: &'static str,
    location: Location,
    keys: Vec<&'static str>,
    required: Vec<&'static str>,
    errors: Option<Vec<&'static str>>,
    series: u64,
}

/// The counter of values that were limited, in every contract with bounded attributes.
const LIMITED: &str = "otel_contract.limited";

/// Its dimension.
const LIMITED_ATTRIBUTE: &str = "otel_contract.attribute";

/// What the SDK puts on the series of all that found no room.
const OVERFLOW: &str = "otel.metric.overflow";

/// The metrics of a contract.
pub(super) struct Metrics {
    contract: &'static Contract,
    declared: BTreeMap<String, Declared>,
}

fn declared(contract: &'static Contract) -> impl Iterator<Item = Declared> {
    let of_operations = contract.operations.iter().flat_map(|operation| {
        operation.metrics.iter().map(|metric| {
            let duration = metric.instrument == "histogram";
            let keys = metric.dimensions.iter();
            let classes = operation.errors.iter().copied().chain(OUTCOMES);
            Declared {
                name: metric.name.to_owned(),
                instrument: metric.instrument,
                unit: metric.unit,
                value_type: if duration { "double" } else { "int" },
                location: operation.location,
                keys: keys.clone().map(|one| one.key).collect(),
                required: keys.filter(|one| one.required).map(|one| one.key).collect(),
                errors: duration.then(|| classes.collect()),
                series: metric.series,
            }
        })
    });
    let own = contract.metrics.iter().map(|metric| {
        let mut required: Vec<&str> =
            of_level(metric.attributes, RequirementLevel::Required).collect();
        if metric.error_type == Some(RequirementLevel::Required) {
            required.push("error.type");
        }
        let classes = contract.errors.iter().map(|one| one.name).chain([OTHER]);
        Declared {
            name: metric.name.to_owned(),
            instrument: metric.instrument,
            unit: metric.unit,
            value_type: metric.value_type,
            location: metric.location,
            keys: words::keys(metric.attributes),
            required,
            errors: metric.error_type.map(|_| classes.collect()),
            series: metric.series,
        }
    });
    of_operations.chain(own)
}

impl Metrics {
    /// Every metric of a contract.
    pub(super) fn of(contract: &'static Contract) -> Self {
        let declared = declared(contract).map(|metric| (metric.name.clone(), metric));
        Self {
            contract,
            declared: declared.collect(),
        }
    }

    /// A point of the contract's scope.
    pub(super) fn check(&self, findings: &mut Findings, point: &Point) {
        let contract = self.contract;
        let about = &mut findings.about(format!("metric `{}`", point.metric));
        scope(about, contract, &point.scope);
        if find(&point.attributes, OVERFLOW).is_some() {
            let message =
                "has more series than the SDK has room for: `otel.metric.overflow`".to_owned();
            let help = format!(
                "give the meter provider the contract's view: `.with_view({}::view)`",
                contract.name
            );
            about.push(contract, contract.location, message, Some(help));
            return;
        }
        if point.metric == LIMITED && is_limited(contract, &point.attributes) {
            return;
        }
        let Some(metric) = self.declared.get(&point.metric) else {
            let message = "is no metric of the contract".to_owned();
            let nearest = value::nearest(&point.metric, self.declared.keys().map(|name| &**name));
            let help = nearest.map(|nearest| format!("did you mean `{nearest}`?"));
            about.push(contract, contract.location, message, help);
            words::check_foreign(about, &[contract], &point.attributes);
            return;
        };
        let mut differs = |what: &str, got: &str, expected: &str| {
            if got != expected {
                let message = format!("has {what} `{got}`, expected `{expected}`");
                about.push(contract, metric.location, message, None);
            }
        };
        differs("unit", &point.unit, metric.unit);
        differs("instrument", point.instrument.as_str(), metric.instrument);
        if let Some(number) = point.number {
            differs("values of type", number.as_str(), metric.value_type);
        }
        let place = Place {
            contract,
            what: format!("metric `{}`", metric.name),
            location: metric.location,
            keys: metric.keys.clone(),
            errors: metric.errors.clone(),
        };
        place.check(about, &point.attributes);
        let required = metric.required.iter().copied();
        place.check_required(about, &point.attributes, required, "");
    }

    /// No metric has more series than the contract proves.
    pub(super) fn check_bounds(&self, findings: &mut Findings, recording: &Recording) {
        let contract = self.contract;
        let mut series: BTreeMap<&str, BTreeSet<Vec<String>>> = BTreeMap::new();
        let ours = recording.points.iter();
        for point in ours.filter(|point| point.scope.name() == contract.name) {
            // Compared, never printed.
            let pairs = point.attributes.iter().map(|pair| format!("{pair:?}"));
            let mut pairs: Vec<String> = pairs.collect();
            pairs.sort();
            series.entry(&point.metric).or_default().insert(pairs);
        }
        for metric in self.declared.values() {
            let count = series.get(&*metric.name).map_or(0, BTreeSet::len) as u64;
            let processes = recording.processes();
            if count > metric.series.saturating_mul(processes as u64) {
                let each = if processes == 1 {
                    ""
                } else {
                    " in each process"
                };
                let message = format!("has {count} series, its bound is {}{each}", metric.series);
                let about = &mut findings.about(format!("metric `{}`", metric.name));
                about.push(contract, metric.location, message, None);
            }
        }
    }
}

/// A point of a scope that was let pass.
pub(super) fn check_foreign(
    findings: &mut Findings,
    contracts: &[&'static Contract],
    point: &Point,
) {
    let (metric, scope) = (&point.metric, point.scope.name());
    let about = &mut findings.about(format!("metric `{metric}` of scope `{scope}`"));
    words::check_foreign(about, contracts, &point.attributes);
}

fn is_limited(contract: &Contract, attributes: &Attributes) -> bool {
    let key = crate::testing::recording::text(attributes, LIMITED_ATTRIBUTE);
    let attribute = key.and_then(|key| contract.attribute(key));
    attribute.is_some_and(|one| matches!(one.cardinality, Cardinality::Bounded(_)))
}
