//! Metrics and sampling of operations.

use super::{Breaks, Changes, Step, Subject};
use otel_contract_model::{Operation, OperationMetrics, Sampling};

pub(super) fn metrics(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    was: &Operation,
    is: &Operation,
) {
    let name = subject.phrase();
    let (before, now) = match (&was.metrics, &is.metrics) {
        (None, None) => return,
        (None, Some(_)) => {
            let sentence = format!("{name} now records metrics: `{}.duration` is new", is.name);
            return changes.minor(subject, "metrics", sentence);
        }
        (Some(_), None) => {
            let sentence = format!(
                "{name} no longer records metrics: `{}.duration` is removed",
                is.name
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
        (Some(before), Some(now)) => (before, now),
    };
    dimensions(changes, subject, before, now);
    match (before.active, now.active) {
        (false, true) => {
            let sentence = format!("`{}.active` is new", is.name);
            changes.minor(subject, "metrics.active", sentence);
        }
        (true, false) => {
            let sentence = format!(
                "`{}.active` is removed: charts and alerts that use it are empty",
                is.name
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
    let metric = format!("{}.duration", is.name);
    buckets(
        changes,
        subject,
        "metrics.buckets",
        &metric,
        (&before.buckets, &now.buckets),
    );
}

fn dimensions(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    was: &OperationMetrics,
    is: &OperationMetrics,
) {
    let (old, new) = (changes.old, changes.new);
    let before: Vec<&str> = was
        .dimensions
        .iter()
        .map(|id| old[*id].key.as_str())
        .collect();
    let now: Vec<&str> = is
        .dimensions
        .iter()
        .map(|id| new[*id].key.as_str())
        .collect();
    let metric = format!("{}.duration", subject.name);
    for key in now.iter().filter(|key| !before.contains(key)) {
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
    for key in before.iter().filter(|key| !now.contains(key)) {
        // The removal of the attribute itself is reported separately.
        if new.attribute(key).is_some() {
            let sentence = format!(
                "`{metric}` no longer has the dimension `{key}`: charts and alerts that use it are empty"
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
    (was, is): (&[f64], &[f64]),
) {
    if was == is {
        return;
    }
    // No boundaries means the defaults of the SDK, which may change. So added boundaries do not refine them.
    let refined = !was.is_empty()
        && was
            .iter()
            .all(|boundary| is.iter().any(|kept| kept.total_cmp(boundary).is_eq()));
    if refined {
        let sentence =
            format!("`{metric}` has additional buckets: all previous boundaries are kept");
        changes.minor(subject, field, sentence);
    } else {
        let sentence = format!(
            "`{metric}` has different buckets: objectives that use a removed boundary stop working, and quantiles mix old and new buckets"
        );
        changes.push(subject, field, Breaks::DASHBOARDS, Step::Major, sentence);
    }
}

/// Compares the sampling, which does not affect metrics.
pub(super) fn sampling(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    was: Option<&Sampling>,
    is: Option<&Sampling>,
) {
    if was == is {
        return;
    }
    sampling_ratio(changes, subject, was, is);
    // If every trace was kept, the change of the ratio already reports the loss.
    if !keeps_all(was) {
        kept_errors(changes, subject, was, is);
        kept_slow(changes, subject, was, is);
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
    was: Option<&Sampling>,
    is: Option<&Sampling>,
) {
    const FIELD: &str = "sampling.ratio";
    let (before, now) = (ratio(was), ratio(is));
    if before.total_cmp(&now).is_eq() {
        return;
    }
    let percent = |ratio: f64| format!("{} %", (ratio * 1_000_000.0).round() / 10_000.0);
    let summary = format!(
        "{} of the traces of {} are now kept instead of {}",
        percent(now),
        subject.phrase(),
        percent(before)
    );
    if keeps_all(was) {
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
    was: Option<&Sampling>,
    is: Option<&Sampling>,
) {
    let keeps_errors = |sampling: Option<&Sampling>| {
        keeps_all(sampling) || sampling.is_some_and(|sampling| sampling.keep_errors)
    };
    let name = subject.phrase();
    match (keeps_errors(was), keeps_errors(is)) {
        (true, false) => {
            let sentence = format!("some failed traces of {name} are no longer kept");
            changes.push(subject, KEEP, Breaks::QUERIES, Step::Major, sentence);
        }
        (false, true) if !keeps_all(is) => {
            let sentence = format!("every failed trace of {name} is now kept");
            changes.minor(subject, KEEP, sentence);
        }
        _ => {}
    }
}

fn kept_slow(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    was: Option<&Sampling>,
    is: Option<&Sampling>,
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
    let (before, now) = (threshold(was), threshold(is));
    if now > before {
        let sentence = format!("some slow traces of {name} are no longer kept");
        changes.push(subject, KEEP, Breaks::QUERIES, Step::Major, sentence);
    } else if now < before && !keeps_all(is) {
        let sentence = format!("every trace of {name} slower than {now} s is now kept");
        changes.minor(subject, KEEP, sentence);
    }
}
