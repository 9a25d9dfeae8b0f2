//! Metrics and sampling of operations.

use super::{Breaks, Changes, Step, Subject};
use otel_contract_model::{Operation, OperationMetrics, Sampling};

pub(super) fn metrics(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    before: &Operation,
    now: &Operation,
) {
    let name = subject.phrase();
    let (metrics_before, metrics_now) = match (&before.metrics, &now.metrics) {
        (None, None) => return,
        (None, Some(_)) => {
            let sentence = format!("{name} now records metrics: `{}.duration` is new", now.name);
            return changes.minor(subject, "metrics", sentence);
        }
        (Some(_), None) => {
            let sentence = format!(
                "{name} no longer records metrics: `{}.duration` is removed",
                now.name
            );
            changes.push(
                subject,
                "metrics",
                Breaks::DASHBOARDS,
                Step::Major,
                sentence,
            );
            return;
        }
        (Some(metrics_before), Some(metrics_now)) => (metrics_before, metrics_now),
    };
    dimensions(changes, subject, metrics_before, metrics_now);
    match (metrics_before.active, metrics_now.active) {
        (false, true) => {
            let sentence = format!("`{}.active` is new", now.name);
            changes.minor(subject, "metrics.active", sentence);
        }
        (true, false) => {
            let sentence = format!(
                "`{}.active` is removed: charts and alerts that use it receive no data",
                now.name
            );
            changes.push(
                subject,
                "metrics.active",
                Breaks::DASHBOARDS,
                Step::Major,
                sentence,
            );
        }
        _ => {}
    }
    let metric = format!("{}.duration", now.name);
    buckets(
        changes,
        subject,
        "metrics.buckets",
        &metric,
        (&metrics_before.buckets, &metrics_now.buckets),
    );
}

fn dimensions(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    before: &OperationMetrics,
    now: &OperationMetrics,
) {
    let (old, new) = (changes.old, changes.new);
    let keys_before: Vec<&str> = before
        .dimensions
        .iter()
        .map(|id| old[*id].key.as_str())
        .collect();
    let keys_now: Vec<&str> = now
        .dimensions
        .iter()
        .map(|id| new[*id].key.as_str())
        .collect();
    let metric = format!("{}.duration", subject.name);
    for key in keys_now.iter().filter(|key| !keys_before.contains(key)) {
        let sentence = format!(
            "`{metric}` has the new dimension `{key}`: every series is split by this dimension, and alerts that do not sum over the dimension see partial values"
        );
        changes.push(
            subject,
            "metrics.dimensions",
            Breaks::DASHBOARDS,
            Step::Major,
            sentence,
        );
    }
    for key in keys_before.iter().filter(|key| !keys_now.contains(key)) {
        // The removal of the attribute itself is reported separately.
        if new.attribute(key).is_some() {
            let sentence = format!(
                "`{metric}` no longer has the dimension `{key}`: charts and alerts that use it receive no data"
            );
            changes.push(
                subject,
                "metrics.dimensions",
                Breaks::DASHBOARDS,
                Step::Major,
                sentence,
            );
        }
    }
}

/// Compares histogram boundaries. A removed boundary removes a value of the label `le`. An added boundary only refines
/// the histogram.
pub(super) fn buckets(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    field: &'static str,
    metric: &str,
    (before, now): (&[f64], &[f64]),
) {
    if before == now {
        return;
    }
    // No boundaries means the defaults of the SDK, which may change. So added boundaries do not refine them.
    let refined = !before.is_empty()
        && before
            .iter()
            .all(|boundary| now.iter().any(|kept| kept.total_cmp(boundary).is_eq()));
    if refined {
        let sentence =
            format!("`{metric}` has additional buckets: all previous boundaries are kept");
        changes.minor(subject, field, sentence);
    } else {
        let sentence = format!(
            "`{metric}` has different buckets: service-level objectives that use a removed boundary stop working, and quantiles mix old and new buckets"
        );
        changes.push(subject, field, Breaks::DASHBOARDS, Step::Major, sentence);
    }
}

/// Compares the sampling, which does not affect metrics.
pub(super) fn sampling(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    before: Option<&Sampling>,
    now: Option<&Sampling>,
) {
    if before == now {
        return;
    }
    sampling_ratio(changes, subject, before, now);
    // If every trace was kept, the change of the ratio already reports the loss.
    if !keeps_all(before) {
        kept_errors(changes, subject, before, now);
        kept_slow(changes, subject, before, now);
    }
}

fn ratio(sampling: Option<&Sampling>) -> f64 {
    sampling.map_or(1.0, |sampling| sampling.ratio)
}

fn keeps_all(sampling: Option<&Sampling>) -> bool {
    ratio(sampling) >= 1.0
}

fn sampling_ratio(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    before: Option<&Sampling>,
    now: Option<&Sampling>,
) {
    const FIELD: &str = "sampling.ratio";
    let (ratio_before, ratio_now) = (ratio(before), ratio(now));
    if ratio_before.total_cmp(&ratio_now).is_eq() {
        return;
    }
    let percent = |ratio: f64| format!("{} %", (ratio * 1_000_000.0).round() / 10_000.0);
    let summary = format!(
        "{} of the traces of {} are now kept instead of {}",
        percent(ratio_now),
        subject.phrase(),
        percent(ratio_before)
    );
    if keeps_all(before) {
        let sentence = format!("{summary}: traces may be missing, and counts of spans decrease");
        changes.push(subject, FIELD, Breaks::QUERIES, Step::Major, sentence);
    } else {
        let sentence = format!("{summary}: counts of spans change, metrics do not");
        changes.minor(subject, FIELD, sentence);
    }
}

const KEEP: &str = "sampling.keep";

fn kept_errors(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    before: Option<&Sampling>,
    now: Option<&Sampling>,
) {
    let keeps_errors = |sampling: Option<&Sampling>| {
        keeps_all(sampling) || sampling.is_some_and(|sampling| sampling.keep_errors)
    };
    let name = subject.phrase();
    match (keeps_errors(before), keeps_errors(now)) {
        (true, false) => {
            let sentence = format!("some failed traces of {name} are no longer kept");
            changes.push(subject, KEEP, Breaks::QUERIES, Step::Major, sentence);
        }
        (false, true) if !keeps_all(now) => {
            let sentence = format!("every failed trace of {name} is now kept");
            changes.minor(subject, KEEP, sentence);
        }
        _ => {}
    }
}

fn kept_slow(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    before: Option<&Sampling>,
    now: Option<&Sampling>,
) {
    // Seconds above which every trace is kept.
    let threshold = |sampling: Option<&Sampling>| {
        if keeps_all(sampling) {
            return 0.0;
        }
        let seconds = sampling.and_then(|sampling| sampling.keep_slower_than);
        seconds.unwrap_or(f64::INFINITY)
    };
    let name = subject.phrase();
    let (threshold_before, threshold_now) = (threshold(before), threshold(now));
    if threshold_now > threshold_before {
        let sentence = format!("some slow traces of {name} are no longer kept");
        changes.push(subject, KEEP, Breaks::QUERIES, Step::Major, sentence);
    } else if threshold_now < threshold_before && !keeps_all(now) {
        let sentence = format!("every trace of {name} slower than {threshold_now} s is now kept");
        changes.minor(subject, KEEP, sentence);
    }
}
