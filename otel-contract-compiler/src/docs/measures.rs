//! Documentation of metrics and measurements.

use super::{code, declared_at, phrase, prose, sentence, uses};
use crate::words;
use otel_contract_model::series::{self, Bound};
use otel_contract_model::{Contract, Instrument, Metric, Operation, RequirementLevel};
use std::fmt::Write as _;

/// Documents a metric and its instrument.
pub(crate) fn metric(contract: &Contract, metric: &Metric, bound: &Bound) -> String {
    let mut text = sentence(&metric.brief);
    if let Some(note) = &metric.note {
        let _ = write!(text, "\n\n{}", prose(note));
    }
    let observable = if metric.observable { "observable " } else { "" };
    let _ = write!(
        text,
        "\n\nMetric `{}`, {observable}{} in {}. {}\n\n```text\n{}\n```\n\n",
        metric.name,
        instrument(metric.instrument),
        code(&metric.unit),
        max_series(bound),
        measurement(contract, metric),
    );
    if !metric.attributes.is_empty() || metric.error_type.is_some() {
        // The types of the dimensions are in the parent of the module `metrics`.
        uses(&mut text, contract, metric.attributes.iter(), "super::");
    }
    if let Some(level) = &metric.error_type {
        let errors = contract.errors.iter();
        let classes: Vec<&str> = errors.map(|error| error.name.as_str()).collect();
        let (level, classes) = (phrase(&words::level(level)), phrase(&classes.join(", ")));
        let _ = writeln!(
            text,
            "| [`error.type`](super::ErrorType) | {level} | {classes} |"
        );
    }
    text.push_str(&declared_at(contract, &metric.at));
    text
}

/// Returns the instrument as written in the contract.
pub(crate) fn instrument(instrument: Instrument) -> &'static str {
    match instrument {
        Instrument::Counter => "counter",
        Instrument::UpDownCounter => "updowncounter",
        Instrument::Histogram => "histogram",
        Instrument::Gauge => "gauge",
    }
}

/// Documents the metrics that an operation records.
pub(super) fn measured(text: &mut String, contract: &Contract, operation: &Operation) {
    let Some(metrics) = &operation.metrics else {
        return;
    };
    let name = &operation.name;
    let bound = series::duration(contract, operation, metrics);
    let _ = writeln!(
        text,
        "\nRecords `{name}.duration` in seconds. {}",
        max_series(&bound)
    );
    if metrics.active {
        let bound = series::active(contract, operation, metrics);
        let _ = writeln!(
            text,
            "\nRecords `{name}.active`, the number of active calls. {}",
            max_series(&bound)
        );
    }
}

/// The bound of a metric as a sentence.
pub(crate) fn max_series(bound: &Bound) -> String {
    phrase(&format!("Maximum number of series: {bound}."))
}

/// Returns an example of a measurement with every dimension, for users to copy.
fn measurement(contract: &Contract, metric: &Metric) -> String {
    let mut required = Vec::new();
    let mut setters = String::new();
    let uses = metric.attributes.iter();
    let attributes = uses.map(|used| (&used.level, &*contract[used.attribute].rust.snake));
    let error_type = metric.error_type.iter().map(|level| (level, "error_type"));
    for (level, name) in attributes.chain(error_type) {
        if *level == RequirementLevel::Required {
            required.push(format!("{name}: …"));
        } else {
            let _ = write!(setters, ".{name}(…)");
        }
    }
    let module = format!("{}::metrics", contract.name);
    let name = &metric.rust.camel;
    let dimensions = match required.as_slice() {
        [] if setters.is_empty() => "()".to_owned(),
        [] => format!("{module}::{name} {{}}{setters}"),
        required => format!("{module}::{name} {{ {} }}{setters}", required.join(", ")),
    };
    let function = &metric.rust.snake;
    match metric.instrument {
        _ if metric.observable => {
            format!("{module}::{function}().observe(|observer| observer.observe(…, {dimensions}))")
        }
        Instrument::Counter | Instrument::UpDownCounter => {
            format!("{module}::{function}().add(1, {dimensions})")
        }
        Instrument::Histogram | Instrument::Gauge => {
            format!("{module}::{function}().record(…, {dimensions})")
        }
    }
}
