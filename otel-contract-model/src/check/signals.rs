//! Metrics for themselves: instrument, unit, name.

use std::collections::HashMap;

use crate::codes;
use crate::contract::Instrument;
use crate::diagnostics::Faults;
use crate::parse::Spec;
use crate::read::{Entry, Located};
use crate::resolve::Resolved;

pub(super) fn check(spec: &Spec, resolved: &Resolved, faults: &mut Faults) {
    let taken = operation_metrics(resolved);
    for Entry { name, value } in &spec.metrics {
        if let Some(operation) = taken.get(&name.value) {
            let fault = codes::METRIC_NAME_TAKEN.at(name.span);
            faults.push(fault.with(&[&name.value, operation]));
        }
        let Some(metric) = value else { continue };
        let histogram = metric.instrument.get() == Some(&Instrument::Histogram);
        if let (Some(at), false, true) = (
            metric.buckets.key,
            histogram,
            metric.instrument.get().is_some(),
        ) {
            faults.push(codes::BUCKETS_NOT_HISTOGRAM.at(at).with(&[&name.value]));
        }
        if let (Some(at), true, Some(true)) =
            (metric.observable.key, histogram, metric.observable.get())
        {
            faults.push(codes::OBSERVABLE_HISTOGRAM.at(at).with(&[&name.value]));
        }
        if let Some(Located { span, value: unit }) = metric.unit.located()
            && !is_unit(unit)
        {
            faults.push(codes::BAD_UNIT.at(*span).with(&[unit]));
        }
    }
}

/// The metrics that operations record by themselves, and which does.
fn operation_metrics(resolved: &Resolved) -> HashMap<String, &str> {
    let mut taken = HashMap::new();
    for operation in &resolved.contract.operations {
        if let Some(metrics) = &operation.metrics {
            taken.insert(
                format!("{}.duration", operation.name),
                operation.name.as_str(),
            );
            if metrics.active {
                taken.insert(
                    format!("{}.active", operation.name),
                    operation.name.as_str(),
                );
            }
        }
    }
    taken
}

/// Whether a text can be a UCUM unit: terms of letters, digits and annotations in braces.
fn is_unit(unit: &str) -> bool {
    let mut depth = 0;
    for character in unit.chars() {
        match (character, depth) {
            ('{', 0) => depth = 1,
            ('}', 1) => depth = 0,
            ('{' | '}', _) => return false,
            (character, 1) if character.is_ascii_graphic() => {}
            (_, 1) => return false,
            (character, _) if character.is_ascii_alphanumeric() => {}
            ('.' | '/' | '*' | '%' | '[' | ']' | '_' | '(' | ')' | '-' | '+' | '\'' | '"', _) => {}
            _ => return false,
        }
    }
    depth == 0 && !unit.is_empty() && unit != "{}"
}
