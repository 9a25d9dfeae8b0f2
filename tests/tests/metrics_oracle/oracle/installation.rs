//! Telemetry of one installation of providers.

use super::Attributes;
use super::value::{exported, number_of, sum, text};
use crate::model::{Domain, Instrument, Model, Use};
use crate::project::ProviderMode;
use crate::script::Step;
use std::collections::BTreeMap;

/// Telemetry recorded with one installation.
pub(super) struct Installation {
    /// Whether the contract knows the providers. A contract discovers a global provider at the next recording.
    pub(super) known: bool,
    /// Admitted texts of each attribute.
    admitted: Vec<Vec<String>>,
    /// Number of limited texts of each attribute.
    refused: Vec<Refused>,
    pub(super) series: BTreeMap<(String, Attributes), Series>,
    /// Last values of observable sums, to compute their increase.
    reported: BTreeMap<(String, Attributes), i64>,
    pub(super) spans: Vec<String>,
}

#[derive(Clone, Default)]
struct Refused {
    total: u64,
    /// Total at the last collection.
    reported: u64,
}

#[derive(Clone)]
pub(super) enum Series {
    /// Sum in quarters, like all measurements.
    Sum(i64),
    Last(i64),
    Values(Vec<i64>),
    /// Number of durations of an operation; their values are not predictable.
    Durations(u64),
}

/// Exported value.
pub(super) struct Collected {
    pub(super) metric: String,
    pub(super) unit: &'static str,
    pub(super) attributes: Attributes,
    pub(super) value: String,
}

impl Installation {
    pub(super) fn new(model: &Model, mode: ProviderMode) -> Self {
        Self {
            known: !matches!(mode, ProviderMode::Global),
            admitted: vec![Vec::new(); model.attributes.len()],
            refused: vec![Refused::default(); model.attributes.len()],
            series: BTreeMap::new(),
            reported: BTreeMap::new(),
            spans: Vec::new(),
        }
    }

    /// Recorded text of an input value.
    pub(super) fn shown(&mut self, model: &Model, attribute: usize, value: &str) -> String {
        match &model.attributes[attribute].domain {
            Domain::Strings { values, .. } => {
                if values.iter().any(|known| known == value) {
                    text(value)
                } else {
                    text("_OTHER")
                }
            }
            Domain::Range(least, most) => {
                let value: i64 = value.parse().expect("an integer");
                format!("int {}", value.clamp(*least, *most))
            }
            Domain::Ints(_) | Domain::Number => format!("int {value}"),
            Domain::Boolean => format!("bool {value}"),
            Domain::Text => text(value),
            Domain::Masked => text("[redacted]"),
            Domain::Bounded(limit) => {
                let admitted = &mut self.admitted[attribute];
                if admitted.iter().any(|known| known == value) {
                    return text(value);
                }
                if value == "_OTHER" {
                    return text(value);
                }
                if admitted.len() < *limit {
                    admitted.push(value.to_owned());
                    return text(value);
                }
                self.refused[attribute].total += 1;
                text("_OTHER")
            }
        }
    }

    fn series_of(&mut self, model: &Model, index: usize, step: &Step) -> (String, Attributes) {
        let metric = &model.metrics[index];
        let mut attributes = Attributes::new();
        for (Use { attribute, .. }, value) in metric.uses.iter().zip(&step.given) {
            if let Some(value) = value {
                let shown = self.shown(model, *attribute, value);
                attributes.insert(model.attributes[*attribute].key.clone(), shown);
            }
        }
        if metric.error_type.is_some()
            && let Some(class) = &step.given[metric.uses.len()]
        {
            let class = if class == "other" { "_OTHER" } else { class };
            attributes.insert("error.type".to_owned(), text(class));
        }
        (format!("meter.m{index}"), attributes)
    }

    pub(super) fn record(&mut self, model: &Model, index: usize, step: &Step) {
        let metric = &model.metrics[index];
        if metric.instrument == Instrument::Counter && step.quarters < 0 {
            return;
        }
        self.known = true;
        let key = self.series_of(model, index, step);
        let entry = self.series.entry(key);
        match metric.instrument {
            Instrument::Counter | Instrument::UpDownCounter => {
                if let Series::Sum(sum) = entry.or_insert(Series::Sum(0)) {
                    *sum += step.quarters;
                }
            }
            Instrument::Gauge => {
                *entry.or_insert(Series::Last(0)) = Series::Last(step.quarters);
            }
            Instrument::Histogram => {
                if let Series::Values(values) = entry.or_insert(Series::Values(Vec::new())) {
                    values.push(step.quarters);
                }
            }
        }
    }

    /// Values of one collection.
    pub(super) fn collect(
        &mut self,
        model: &Model,
        observed: &BTreeMap<usize, Vec<Step>>,
    ) -> Vec<Collected> {
        // The callback of `otel_contract.limited` runs before those of observable metrics, whose values may be limited too.
        let mut values = self.limited(model);
        if self.known {
            values.extend(self.observed(model, observed));
        }
        for ((name, attributes), series) in &self.series {
            let (unit, value) = exported(model, name, series);
            values.push(Collected {
                metric: name.clone(),
                unit,
                attributes: attributes.clone(),
                value,
            });
        }
        if model.delta {
            self.series
                .retain(|(name, _), _| is_always_cumulative(model, name));
        }
        values
    }

    fn limited(&mut self, model: &Model) -> Vec<Collected> {
        let refused = model.attributes.iter().zip(&mut self.refused);
        let refused = refused.filter(|(_, refused)| refused.total > 0);
        let values = refused.map(|(attribute, refused)| {
            let before = if model.delta { refused.reported } else { 0 };
            refused.reported = refused.total;
            let key = "otel_contract.attribute".to_owned();
            Collected {
                metric: "otel_contract.limited".to_owned(),
                unit: "{value}",
                attributes: Attributes::from([(key, text(&attribute.key))]),
                value: format!("sum u64 {} monotonic", refused.total - before),
            }
        });
        values.collect()
    }

    fn observed(&mut self, model: &Model, observed: &BTreeMap<usize, Vec<Step>>) -> Vec<Collected> {
        let mut last = BTreeMap::new();
        for (index, steps) in observed {
            for step in steps {
                // For a series of a gauge the last value counts; values of a sum are added.
                let key = self.series_of(model, *index, step);
                let metric = &model.metrics[*index];
                let (_, total) = last.entry(key).or_insert((metric, 0));
                if metric.instrument == Instrument::Gauge {
                    *total = 0;
                }
                *total += step.quarters;
            }
        }
        let values = last.iter().map(|(key, (metric, quarters))| {
            let grows = metric.instrument == Instrument::Counter && model.delta;
            let before = self.reported.get(key).filter(|_| grows);
            let quarters = quarters - before.unwrap_or(&0);
            let (metric_name, attributes) = key.clone();
            Collected {
                metric: metric_name,
                unit: metric.unit,
                attributes,
                value: match metric.instrument {
                    Instrument::Gauge => format!("gauge {}", number_of(metric, quarters)),
                    _ => sum(metric, quarters),
                },
            }
        });
        let values = values.collect();
        let last = last.into_iter();
        self.reported = last.map(|(key, (_, quarters))| (key, quarters)).collect();
        values
    }
}

/// Whether a metric is always cumulative: up-down counters ignore the temporality.
fn is_always_cumulative(model: &Model, name: &str) -> bool {
    match name.strip_prefix("meter.m") {
        Some(index) => {
            let index: usize = index.parse().expect("a number");
            model.metrics[index].instrument == Instrument::UpDownCounter
        }
        None => name.ends_with(".active"),
    }
}
