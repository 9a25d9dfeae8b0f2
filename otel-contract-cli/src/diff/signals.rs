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
            "{} is removed: charts and alerts that use it receive no data",
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

fn metric(changes: &mut Changes<'_>, subject: Subject<'_>, before: &Metric, now: &Metric) {
    let name = subject.phrase();
    let api = Breaks::DASHBOARDS.and(Breaks::CODE);
    rules::prose(changes, subject, prose_of!(before), prose_of!(now));
    rules::rust_name(changes, subject, &before.rust, &now.rust);
    if before.instrument != now.instrument {
        let sentence = format!(
            "{name} now has instrument `{}` instead of `{}`: charts and the methods that record it change",
            words::instrument(now.instrument),
            words::instrument(before.instrument)
        );
        changes.push(subject, "instrument", api, Step::Major, sentence);
    }
    if before.unit != now.unit {
        let sentence = format!(
            "{name} now uses the unit `{}` instead of `{}`: thresholds must be converted",
            now.unit, before.unit
        );
        changes.push(subject, "unit", Breaks::DASHBOARDS, Step::Major, sentence);
    }
    if before.value_type != now.value_type {
        let sentence = format!(
            "values of {name} are now `{}` instead of `{}`",
            words::metric_value_type(now.value_type),
            words::metric_value_type(before.value_type)
        );
        changes.push(subject, "value_type", Breaks::CODE, Step::Major, sentence);
    }
    if before.observable != now.observable {
        let sentence = if now.observable {
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
        &now.name,
        (&before.buckets, &now.buckets),
    );
    let (old, new) = (changes.old, changes.new);
    let uses_before = uses::collect(
        old,
        &before.attributes,
        before.error_type.as_ref().map(|level| (level, &before.at)),
    );
    let uses_now = uses::collect(
        new,
        &now.attributes,
        now.error_type.as_ref().map(|level| (level, &now.at)),
    );
    uses::compare(changes, subject, &uses_before, &uses_now);
    rules::life_cycle(changes, subject, &before.life_cycle, &now.life_cycle);
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

fn event(changes: &mut Changes<'_>, subject: Subject<'_>, before: &Event, now: &Event) {
    rules::prose(changes, subject, prose_of!(before), prose_of!(now));
    rules::rust_name(changes, subject, &before.rust, &now.rust);
    rules::severity(changes, subject, before.severity, now.severity);
    let (old, new) = (changes.old, changes.new);
    let uses_before = uses::collect(
        old,
        &before.attributes,
        before.error_type.as_ref().map(|level| (level, &before.at)),
    );
    let uses_now = uses::collect(
        new,
        &now.attributes,
        now.error_type.as_ref().map(|level| (level, &now.at)),
    );
    uses::compare(changes, subject, &uses_before, &uses_now);
    rules::life_cycle(changes, subject, &before.life_cycle, &now.life_cycle);
}
