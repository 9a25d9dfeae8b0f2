//! Describes the sampling of operations.

use crate::words::thousands;
use otel_contract_model::{Operation, Sampling};

/// Describes the sampling of an operation and its effect on counts.
pub(super) fn describe(operation: &Operation) -> Vec<String> {
    let metric = operation
        .metrics
        .as_ref()
        .map(|_| format!("`{}.duration`", operation.name));
    let Some(sampling) = &operation.sampling else {
        return vec![match metric {
            Some(metric) => format!(
                "The contract keeps all traces; a service or a collector may drop some. For counts and rates, use {metric}, which counts every call."
            ),
            None => "The contract keeps all traces; a service or a collector may drop some. The operation has no metrics, so only its spans can be counted.".to_owned(),
        }];
    };
    let Sampling {
        ratio,
        keep_errors,
        keep_slower_than,
    } = sampling;
    let mut sentences = Vec::new();
    let count_advice = match &metric {
        Some(metric) => format!("for counts and rates, use {metric}, which counts every call"),
        None => "the operation has no metrics, so exact counts are unavailable".to_owned(),
    };
    if *ratio <= 0.0 {
        sentences.push(format!(
            "No trace is kept by default, so spans cannot be counted: {count_advice}."
        ));
    } else if *ratio < 1.0 {
        sentences.push(format!(
            "About {} traces are kept ({}), so counts of spans cover only this share: {count_advice}.",
            one_in(*ratio),
            percent(*ratio)
        ));
    } else {
        sentences.push(format!(
            "Every trace is kept, but a service or a collector may drop some: {count_advice}."
        ));
    }
    if *ratio < 1.0 && *keep_errors {
        sentences.push(
            "Every failed trace is also kept, so error rates computed from spans are too high."
                .to_owned(),
        );
    }
    if let (true, Some(seconds)) = (*ratio < 1.0, keep_slower_than) {
        sentences.push(format!(
            "Every trace slower than {seconds} s is also kept, so percentiles computed from spans are too high."
        ));
    }
    sentences
}

/// Formats a ratio with small numbers, such as `1 in 10` or `2 in 3`. Other ratios are rounded to `1 in N`.
fn one_in(ratio: f64) -> String {
    for whole in 1..=1000_u32 {
        let part = (ratio * f64::from(whole)).round();
        let exact = (part / f64::from(whole) - ratio).abs() < 1e-9;
        if part >= 1.0 && exact {
            return format!("{part} in {}", thousands(whole.into()));
        }
    }
    let times = (1.0 / ratio).round();
    format!("1 in {times}")
}

pub(super) fn percent(ratio: f64) -> String {
    format!("{} %", (ratio * 1_000_000.0).round() / 10_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_formatted_with_small_numbers() {
        assert_eq!(one_in(0.1), "1 in 10");
        assert_eq!(one_in(0.25), "1 in 4");
        assert_eq!(one_in(0.001), "1 in 1,000");
        assert_eq!(one_in(2.0 / 3.0), "2 in 3");
        assert_eq!(percent(0.001), "0.1 %");
    }
}
