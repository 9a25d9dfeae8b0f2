//! Declared metrics and events.

use super::entries::Entry;
use super::recording::buckets;
use super::rules::{self, prose_of};
use super::{Breaks, Changes, Kind, Step, Subject, uses};
use crate::words;
use otel_contract_model::{Event, Location, Metric};

impl Entry for Metric {
    const KIND: Kind = Kind::Metric;

    fn name(&self) -> &str {
        &self.name
    }

    fn at(&self) -> &Location {
        &self.at
    }

    fn removed(&self, changes: &mut Changes<'_>, subject: Subject<'_>) {
        let sentence = format!(
            "{} is removed: charts and alerts that use it are empty",
            subject.phrase()
        );
        let breaks = Breaks::DASHBOARDS.and(Breaks::CODE);
        changes.removed(
            subject,
            breaks,
            self.life_cycle.deprecated.as_ref(),
            sentence,
        );
    }

    fn compare(&self, new: &Self, changes: &mut Changes<'_>, subject: Subject<'_>) {
        metric(changes, subject, self, new);
    }
}

fn metric(changes: &mut Changes<'_>, subject: Subject<'_>, was: &Metric, is: &Metric) {
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
            "{name} now has instrument `{now}` instead of `{before}`: charts and the methods that record it change"
        );
        changes.push(subject, "instrument", api, Step::Major, sentence);
    }
    if was.unit != is.unit {
        let sentence = format!(
            "{name} now uses the unit `{}` instead of `{}`: thresholds must be converted",
            is.unit, was.unit
        );
        changes.push(subject, "unit", Breaks::DASHBOARDS, Step::Major, sentence);
    }
    if was.value_type != is.value_type {
        let (now, before) = (
            words::metric_value_type(is.value_type),
            words::metric_value_type(was.value_type),
        );
        let sentence = format!("values of {name} are now `{now}` instead of `{before}`");
        changes.push(subject, "value_type", Breaks::CODE, Step::Major, sentence);
    }
    if was.observable != is.observable {
        let sentence = if is.observable {
            format!("{name} is now observed by a callback: code that records it does not compile")
        } else {
            format!("{name} is now recorded by code: its callback does not compile")
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
    let before = uses::collect(
        old,
        &was.attributes,
        was.error_type.as_ref().map(|level| (level, &was.at)),
    );
    let now = uses::collect(
        new,
        &is.attributes,
        is.error_type.as_ref().map(|level| (level, &is.at)),
    );
    uses::compare(changes, subject, &before, &now);
    rules::life_cycle(changes, subject, &was.life_cycle, &is.life_cycle);
}

impl Entry for Event {
    const KIND: Kind = Kind::Event;

    fn name(&self) -> &str {
        &self.name
    }

    fn at(&self) -> &Location {
        &self.at
    }

    fn removed(&self, changes: &mut Changes<'_>, subject: Subject<'_>) {
        let sentence = format!(
            "{} is removed: searches for it find nothing, and code that emits it does not compile",
            subject.phrase()
        );
        let breaks = Breaks::QUERIES.and(Breaks::CODE);
        changes.removed(
            subject,
            breaks,
            self.life_cycle.deprecated.as_ref(),
            sentence,
        );
    }

    fn compare(&self, new: &Self, changes: &mut Changes<'_>, subject: Subject<'_>) {
        event(changes, subject, self, new);
    }
}

fn event(changes: &mut Changes<'_>, subject: Subject<'_>, was: &Event, is: &Event) {
    let name = subject.phrase();
    rules::prose(changes, subject, prose_of!(was), prose_of!(is));
    rules::rust_name(changes, subject, &was.rust, &is.rust);
    if was.severity != is.severity {
        let (now, before) = (words::severity(is.severity), words::severity(was.severity));
        let sentence = format!(
            "{name} now has severity `{now}` instead of `{before}`: searches and alerts by severity change"
        );
        changes.push(subject, "severity", Breaks::QUERIES, Step::Major, sentence);
    }
    let (old, new) = (changes.old, changes.new);
    let before = uses::collect(
        old,
        &was.attributes,
        was.error_type.as_ref().map(|level| (level, &was.at)),
    );
    let now = uses::collect(
        new,
        &is.attributes,
        is.error_type.as_ref().map(|level| (level, &is.at)),
    );
    uses::compare(changes, subject, &before, &now);
    rules::life_cycle(changes, subject, &was.life_cycle, &is.life_cycle);
}
