//! Checks the instrument, unit and name of metrics.

use std::collections::HashMap;

use crate::codes;
use crate::contract::Instrument;
use crate::diagnostics::DiagContext;
use crate::parse::Spec;
use crate::read::{Entry, Located};
use crate::resolve::Resolved;
use crate::units;

pub(super) fn check(spec: &Spec, resolved: &Resolved, diagnostics: &mut DiagContext) {
    let taken = operation_metrics(resolved);
    for Entry { name, value } in &spec.metrics {
        if let Some(operation) = taken.get(&name.value) {
            let diag = codes::METRIC_NAME_TAKEN.at(name.span, [&name.value, operation]);
            diagnostics.push(diag);
        }
        let Some(metric) = value else { continue };
        let histogram = metric.instrument.get() == Some(&Instrument::Histogram);
        if let (Some(at), false, true) = (
            metric.buckets.key,
            histogram,
            metric.instrument.get().is_some(),
        ) {
            diagnostics.push(codes::BUCKETS_NOT_HISTOGRAM.at(at, [&name.value]));
        }
        if let (Some(at), true, Some(true)) =
            (metric.observable.key, histogram, metric.observable.get())
        {
            diagnostics.push(codes::OBSERVABLE_HISTOGRAM.at(at, [&name.value]));
        }
        if let Some(located) = metric.unit.located() {
            unit(located, diagnostics);
        }
    }
}

fn unit(Located { span, value, .. }: &Located<String>, diagnostics: &mut DiagContext) {
    if value.trim().is_empty() {
        let diag = codes::EMPTY_TEXT.at(*span, [&"unit"]);
        diagnostics.push(diag.help(
            "write a UCUM code such as `s` or `By`, or the counted thing in braces: `\"{request}\"`",
        ));
    } else if let Err(error) = units::check(value) {
        let reason = match error.reason.as_str() {
            "" => String::new(),
            reason => format!(": {reason}"),
        };
        let diag = codes::BAD_UNIT.at(*span, [value, &reason]);
        diagnostics.push(match error.help {
            Some(help) => diag.help(help),
            None => diag,
        });
    }
}

/// Returns the names of the metrics that operations record automatically, each with its operation.
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
