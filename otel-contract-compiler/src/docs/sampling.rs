//! Documentation of sampling.

use otel_contract_model::Operation;
use std::fmt::Write as _;

/// Documents the sampling of an operation, and how to count its calls although only some spans are kept.
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
        .map(|seconds| format!("calls slower than {seconds} s"));
    let failed = sampling.keep_errors.then(|| "failed calls".to_owned());
    let always_kept: Vec<String> = failed.into_iter().chain(slow).collect();
    let kept = match always_kept.join(" and ").as_str() {
        "" => format!(
            "{share} of the traces that begin here are kept, decided by the trace id; a span with a parent is kept if its parent is kept."
        ),
        kept => format!(
            "{kept} are always kept. This is known only when a call ends, so the service exports every trace that begins here. The ratio for the other traces, {share}, is for tail sampling, which has to be configured in a Collector."
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
    // Six decimal places are exact enough for sampling, and hide the rounding errors of binary fractions.
    let percent = format!("{:.6}", ratio * 100.0);
    let shortest = percent.trim_end_matches('0').trim_end_matches('.');
    format!("{shortest} %")
}
