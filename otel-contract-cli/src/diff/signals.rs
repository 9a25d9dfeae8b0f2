//! Metrics and events beside those of operations.

use super::recording::buckets;
use super::rules::{self, prose_of};
use super::{Breaks, Changes, Kind, Step, Subject, pair, uses};
use crate::words;
use otel_contract_model::{Event, Metric};

pub(super) fn metrics(changes: &mut Changes<'_>) {
    let (old, new) = (changes.old, changes.new);
    let paired = pair(&old.metrics, &new.metrics, |one| &one.name);
    for one in paired.removed {
        let subject = Subject::new(Kind::Metric, &one.name, &one.at);
        let sentence = format!(
            "metric `{}` is removed: charts and alerts over it have nothing to show",
            one.name
        );
        let breaks = Breaks::DASHBOARDS.and(Breaks::CODE);
        changes.removed(subject, breaks, one.deprecated.as_ref(), sentence);
    }
    for (was, is) in paired.kept {
        metric(changes, was, is);
    }
    for one in paired.added {
        let subject = Subject::new(Kind::Metric, &one.name, &one.at);
        changes.added(subject, format!("metric `{}` is new", one.name));
    }
}

fn metric(changes: &mut Changes<'_>, was: &Metric, is: &Metric) {
    let subject = Subject::new(Kind::Metric, &is.name, &is.at);
    let name = subject.phrase();
    let api = Breaks::DASHBOARDS.and(Breaks::CODE);
    rules::prose(changes, subject, prose_of!(was), prose_of!(is));
    rules::rust_name(changes, subject, &was.rust, &is.rust);
    if was.instrument != is.instrument {
        let (now, before) = (
            words::instrument(is.instrument),
            words::instrument(was.instrument),
        );
        let sentence = format!(
            "{name} is of instrument `{now}`, it was `{before}`: it is charted in another way and recorded by other methods"
        );
        changes.push(subject, "instrument", api, Step::Major, sentence);
    }
    if was.unit != is.unit {
        let sentence = format!(
            "{name} is in `{}`, it was in `{}`: every threshold over it is wrong",
            is.unit, was.unit
        );
        changes.push(subject, "unit", Breaks::DASHBOARDS, Step::Major, sentence);
    }
    if was.value_type != is.value_type {
        let (now, before) = (
            words::value_type(is.value_type),
            words::value_type(was.value_type),
        );
        let sentence = format!("values of {name} are `{now}`, they were `{before}`");
        changes.push(subject, "value_type", Breaks::CODE, Step::Major, sentence);
    }
    if was.observable != is.observable {
        let sentence = if is.observable {
            format!("{name} is asked by a callback: code that records it does not compile")
        } else {
            format!("{name} is recorded by code: its callback does not compile")
        };
        changes.push(subject, "observable", Breaks::CODE, Step::Major, sentence);
    }
    buckets(
        changes,
        subject,
        "buckets",
        &is.name,
        (&was.buckets, &is.buckets),
    );
    let (old, new) = (changes.old, changes.new);
    let before = uses::of(
        old,
        &was.attributes,
        was.error_type.as_ref().map(|level| (level, &was.at)),
    );
    let now = uses::of(
        new,
        &is.attributes,
        is.error_type.as_ref().map(|level| (level, &is.at)),
    );
    uses::compare(changes, subject, &before, &now);
    rules::stability(changes, subject, was.stability, is.stability);
    let (before, now) = (was.deprecated.as_ref(), is.deprecated.as_ref());
    rules::deprecated(changes, subject, before, now);
}

pub(super) fn events(changes: &mut Changes<'_>) {
    let (old, new) = (changes.old, changes.new);
    let paired = pair(&old.events, &new.events, |one| &one.name);
    for one in paired.removed {
        let subject = Subject::new(Kind::Event, &one.name, &one.at);
        let sentence = format!(
            "event `{}` is removed: searches for it find nothing, and code that emits it does not compile",
            one.name
        );
        let breaks = Breaks::QUERIES.and(Breaks::CODE);
        changes.removed(subject, breaks, one.deprecated.as_ref(), sentence);
    }
    for (was, is) in paired.kept {
        event(changes, was, is);
    }
    for one in paired.added {
        let subject = Subject::new(Kind::Event, &one.name, &one.at);
        changes.added(subject, format!("event `{}` is new", one.name));
    }
}

fn event(changes: &mut Changes<'_>, was: &Event, is: &Event) {
    let subject = Subject::new(Kind::Event, &is.name, &is.at);
    let name = subject.phrase();
    rules::prose(changes, subject, prose_of!(was), prose_of!(is));
    rules::rust_name(changes, subject, &was.rust, &is.rust);
    if was.severity != is.severity {
        let (now, before) = (words::severity(is.severity), words::severity(was.severity));
        let sentence = format!(
            "{name} is of severity `{now}`, it was `{before}`: searches and alerts by severity miss it or gain it"
        );
        changes.push(subject, "severity", Breaks::QUERIES, Step::Major, sentence);
    }
    let (old, new) = (changes.old, changes.new);
    let before = uses::of(
        old,
        &was.attributes,
        was.error_type.as_ref().map(|level| (level, &was.at)),
    );
    let now = uses::of(
        new,
        &is.attributes,
        is.error_type.as_ref().map(|level| (level, &is.at)),
    );
    uses::compare(changes, subject, &before, &now);
    rules::stability(changes, subject, was.stability, is.stability);
    let (before, now) = (was.deprecated.as_ref(), is.deprecated.as_ref());
    rules::deprecated(changes, subject, before, now);
}
