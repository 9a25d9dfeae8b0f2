//! Documentation of sampling.

use otel_contract_model::Operation;
use std::fmt::Write as _;

/// How spans of an operation are sampled, and why they cannot be counted.
pub(super) fn sampled(text: &mut String, operation: &Operation) {
    let Some(sampling) = &operation.sampling else {
        return;
    };
    if sampling.ratio >= 1.0 {
        text.push_str("\nSampling: every trace that begins here is kept.\n");
        return;
    }
    let share = share(sampling.ratio);
    let slow = sampling
        .keep_slower_than
        .map(|seconds| format!("those slower than {seconds} s"));
    let failed = sampling.keep_errors.then(|| "failed ones".to_owned());
    let always_kept: Vec<String> = failed.into_iter().chain(slow).collect();
    let kept = match always_kept.join(" and ").as_str() {
        "" => format!(
            "{share} of the traces that begin here are kept, decided by the trace id; a span with a parent follows the parent."
        ),
        kept => format!(
            "the service exports every trace that begins here, because {kept} are always kept, which is known only at the end; the Collector keeps {share} of the others."
        ),
    };
    let name = &operation.name;
    let counted = match &operation.metrics {
        Some(_) => format!(
            "Count calls with `{name}.duration`, which includes calls that are not sampled."
        ),
        None => "This operation records no metric that counts its calls.".to_owned(),
    };
    let _ = writeln!(
        text,
        "\nSampling: {kept} Spans are only a sample. {counted}"
    );
}

/// A ratio in percent: `10 %`.
pub(super) fn share(ratio: f64) -> String {
    // Six digits are exact enough for sampling, and hide rounding errors of binary fractions.
    let percent = format!("{:.6}", ratio * 100.0);
    let shortest = percent.trim_end_matches('0').trim_end_matches('.');
    format!("{shortest} %")
}
