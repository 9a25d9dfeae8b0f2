//! Generates the contract file of a model.

use crate::model::{Domain, Instrument, Level, Metric, Model, Operation, Use};
use std::fmt::Write as _;

pub(crate) fn contract(model: &Model) -> String {
    let mut text = format!(
        "contract: {}\nversion: 1.0.0\nbrief: Vocabulary of seed {}.\ndefaults: {{ privacy: internal }}\nattributes:\n",
        model.name, model.seed,
    );
    for attribute in &model.attributes {
        let domain = domain(&attribute.domain);
        let _ = writeln!(text, "  {}: {{ {domain}, brief: Word. }}", attribute.key);
    }
    if let Some(group) = &model.group {
        let _ = writeln!(text, "groups:\n  pack.g0: {}", uses(model, group));
    }
    if model.errors > 0 {
        text.push_str("errors:\n");
        for error in 0..model.errors {
            let _ = writeln!(text, "  fault_{error}: Fault {error}.");
        }
    }
    text.push_str("operations:\n");
    for (index, one) in model.operations.iter().enumerate() {
        operation(&mut text, model, index, one);
    }
    text.push_str("metrics:\n");
    for (index, one) in model.metrics.iter().enumerate() {
        metric(&mut text, model, index, one);
    }
    text
}

fn domain(domain: &Domain) -> String {
    match domain {
        Domain::Strings { values, other } => {
            let other = if *other { ", other: true" } else { "" };
            format!("values: [{}]{other}", values.join(", "))
        }
        Domain::Ints(values) => format!("type: int, values: {values:?}"),
        Domain::Range(least, most) => format!("type: int, range: [{least}, {most}]"),
        Domain::Boolean => "type: boolean".to_owned(),
        Domain::Bounded(limit) => format!("type: string, cardinality: bounded, limit: {limit}"),
        Domain::Text => "type: string, cardinality: unbounded".to_owned(),
        Domain::Number => "type: int, cardinality: unbounded".to_owned(),
        Domain::Masked => {
            "type: string, cardinality: unbounded, privacy: personal, protect: mask".to_owned()
        }
    }
}

fn uses(model: &Model, uses: &[Use]) -> String {
    let uses = uses.iter().map(|used| {
        let key = &model.attributes[used.attribute].key;
        format!("{key}: {}", level(used.level, used.sampling_relevant))
    });
    format!("{{ {} }}", uses.collect::<Vec<_>>().join(", "))
}

fn level(level: Level, sampling_relevant: bool) -> String {
    let word = match level {
        Level::Required => "required",
        Level::Recommended => "recommended",
        Level::OptIn => "opt_in",
        Level::OnSuccess => "on_success",
        Level::Conditional if sampling_relevant => {
            return "{ conditionally_required: When known., sampling_relevant: true }".to_owned();
        }
        Level::Conditional => return "{ conditionally_required: When known. }".to_owned(),
    };
    if sampling_relevant {
        format!("{{ level: {word}, sampling_relevant: true }}")
    } else {
        word.to_owned()
    }
}

fn operation(text: &mut String, model: &Model, index: usize, operation: &Operation) {
    let _ = writeln!(text, "  run.o{index}:\n    brief: Run {index}.");
    let own = &operation.uses[..operation.own];
    let _ = writeln!(text, "    attributes: {}", uses(model, own));
    if operation.uses.len() > operation.own {
        text.push_str("    groups: [pack.g0]\n");
    }
    if let Some(errors) = &operation.errors {
        let errors = errors.iter().map(|class| format!("fault_{class}"));
        let _ = writeln!(
            text,
            "    errors: [{}]",
            errors.collect::<Vec<_>>().join(", ")
        );
    }
    let Some(metrics) = &operation.metrics else {
        text.push_str("    metrics: false\n");
        return;
    };
    let keys = metrics.dimensions.iter().map(|position| {
        let attribute = operation.uses[*position].attribute;
        model.attributes[attribute].key.as_str()
    });
    let keys = keys.collect::<Vec<_>>().join(", ");
    let buckets = metrics.buckets.as_ref();
    let buckets = buckets.map_or_else(String::new, |buckets| format!(", buckets: {buckets:?}"));
    let active = metrics.active;
    let _ = writeln!(
        text,
        "    metrics: {{ dimensions: [{keys}], active: {active}{buckets} }}"
    );
}

fn metric(text: &mut String, model: &Model, index: usize, metric: &Metric) {
    let instrument = match metric.instrument {
        Instrument::Counter => "counter",
        Instrument::UpDownCounter => "updowncounter",
        Instrument::Histogram => "histogram",
        Instrument::Gauge => "gauge",
    };
    let _ = writeln!(
        text,
        "  meter.m{index}:\n    instrument: {instrument}\n    unit: \"{}\"\n    brief: Meter {index}.",
        metric.unit,
    );
    if metric.observable {
        text.push_str("    observable: true\n");
    }
    if metric.double {
        text.push_str("    value_type: double\n");
    }
    if let Some(buckets) = &metric.buckets {
        let _ = writeln!(text, "    buckets: {buckets:?}");
    }
    let mut dimensions = metric.uses.iter().map(|used| {
        let key = &model.attributes[used.attribute].key;
        format!("{key}: {}", level(used.level, false))
    });
    let error = metric
        .error_type
        .map(|error_level| format!("error.type: {}", level(error_level, false)));
    let dimensions = dimensions
        .by_ref()
        .chain(error)
        .collect::<Vec<_>>()
        .join(", ");
    if !dimensions.is_empty() {
        let _ = writeln!(text, "    attributes: {{ {dimensions} }}");
    }
}
