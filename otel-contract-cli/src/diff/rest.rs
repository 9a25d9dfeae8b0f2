//! The contract itself, groups, error classes, resource and baggage.

use super::entries::{Entry, moved};
use super::{Breaks, Changes, Kind, Step, Subject, rules, uses};
use crate::words;
use otel_contract_model::{ErrorClass, Group, Location};

pub(super) fn contract(changes: &mut Changes<'_>) {
    let (old, new) = (changes.old, changes.new);
    let subject = Subject::new(Kind::Contract, &new.name, &new.at);
    if old.name != new.name {
        let sentence = format!(
            "the contract is now called `{}` instead of `{}`: the module and the instrumentation scope are renamed",
            new.name, old.name
        );
        changes.push(subject, "contract", Breaks::ALL, Step::Major, sentence);
    }
    if old.schema_url != new.schema_url {
        let sentence = match &new.schema_url {
            Some(url) => format!("the schema URL is now `{url}`"),
            None => "the schema URL is removed".to_owned(),
        };
        changes.patch(subject, "schema_url", sentence);
    }
    if old.brief != new.brief {
        let sentence = "the brief of the contract changed".to_owned();
        changes.patch(subject, "brief", sentence);
    }
    if old.owners != new.owners {
        let sentence = match new.owners.as_slice() {
            [] => "the contract no longer has owners".to_owned(),
            owners => format!(
                "the contract is now owned by {}",
                words::quoted_list(owners)
            ),
        };
        changes.patch(subject, "owners", sentence);
    }
    let budgets = [
        (
            "budget.series_per_metric",
            "a metric may now have",
            Some(old.budget.per_metric()),
            Some(new.budget.per_metric()),
        ),
        (
            "budget.series",
            "all metrics together may now have",
            old.budget.series,
            new.budget.series,
        ),
    ];
    for (field, phrase, before, now) in budgets {
        if before == now {
            continue;
        }
        let series = |count: Option<u64>| count.map_or("unlimited".to_owned(), words::thousands);
        let sentence = format!(
            "{phrase} {} series instead of {}",
            series(now),
            series(before)
        );
        // A higher budget allows higher costs, which belong in the release notes.
        if now.unwrap_or(u64::MAX) > before.unwrap_or(u64::MAX) {
            changes.minor(subject, field, sentence);
        } else {
            changes.patch(subject, field, sentence);
        }
    }
}

impl Entry for Group {
    const KIND: Kind = Kind::Group;

    fn name(&self) -> &str {
        &self.name
    }

    fn at(&self) -> &Location {
        &self.at
    }

    fn removed(&self, changes: &mut Changes<'_>, subject: Subject<'_>) {
        let name = subject.phrase();
        let sentence = format!("{name} is removed: code that uses it does not compile");
        let change = changes.push(subject, "removed", Breaks::CODE, Step::Major, sentence);
        change.is_removed = true;
    }

    fn compare(&self, new: &Self, changes: &mut Changes<'_>, subject: Subject<'_>) {
        if self.brief != new.brief {
            let sentence = format!("the brief of {} changed", subject.phrase());
            changes.patch(subject, "brief", sentence);
        }
        rules::rust_name(changes, subject, &self.rust, &new.rust);
        let before = uses::collect(changes.old, &self.attributes, None);
        let now = uses::collect(changes.new, &new.attributes, None);
        uses::compare(changes, subject, &before, &now);
    }
}

impl Entry for ErrorClass {
    const KIND: Kind = Kind::Error;

    fn name(&self) -> &str {
        &self.name
    }

    fn at(&self) -> &Location {
        &self.at
    }

    fn removed(&self, changes: &mut Changes<'_>, subject: Subject<'_>) {
        let sentence = format!(
            "{} is removed: searches, charts and alerts for it find nothing, and code that uses it does not compile",
            subject.phrase()
        );
        changes.removed(subject, Breaks::ALL, self.deprecated.as_ref(), sentence);
    }

    fn compare(&self, new: &Self, changes: &mut Changes<'_>, subject: Subject<'_>) {
        if self.brief != new.brief {
            let sentence = format!("the brief of {} changed", subject.phrase());
            changes.patch(subject, "brief", sentence);
        }
        rules::rust_name(changes, subject, &self.rust, &new.rust);
        reports(changes, subject, self, new);
        let (before, now) = (self.deprecated.as_ref(), new.deprecated.as_ref());
        rules::deprecated(changes, subject, before, now);
    }

    fn added(&self, changes: &mut Changes<'_>, subject: Subject<'_>) {
        let name = subject.phrase();
        let sentence = format!("{name} is new: a `match` over `ErrorType` must handle it");
        changes.push(subject, "added", Breaks::CODE, Step::Major, sentence);
    }
}

/// Compares how failures are reported: as an error of the span, and in the log.
fn reports(changes: &mut Changes<'_>, subject: Subject<'_>, before: &ErrorClass, now: &ErrorClass) {
    let name = subject.phrase();
    match (before.expected, now.expected) {
        (true, true) => {}
        (false, false) => rules::severity(changes, subject, before.severity, now.severity),
        (false, true) => {
            let sentence = format!(
                "{name} is now expected: its spans keep the status `Unset` and it is not logged, so searches and alerts for failures do not find it"
            );
            changes.push(subject, "expected", Breaks::QUERIES, Step::Major, sentence);
        }
        (true, false) => {
            let sentence = format!(
                "{name} is no longer expected: its spans have the status `Error` and it is logged, so searches and alerts for failures find it"
            );
            changes.push(subject, "expected", Breaks::QUERIES, Step::Major, sentence);
        }
    }
}

/// Compares the order of the error classes. The generated `ErrorType` has the same order.
pub(super) fn error_order(changes: &mut Changes<'_>) {
    let (old, new) = (changes.old, changes.new);
    let first = moved(&names(&old.errors), &names(&new.errors));
    if let Some(class) = first.and_then(|name| new.errors.iter().find(|error| error.name == name)) {
        let subject = Subject::new(Kind::Error, &class.name, &class.at);
        let sentence = format!(
            "the order of the error classes changed, starting at `{}`, so the order of `ErrorType` changed too",
            class.name
        );
        changes.push(subject, "order", Breaks::CODE, Step::Major, sentence);
    }
}

fn names(errors: &[ErrorClass]) -> Vec<&str> {
    errors.iter().map(|class| class.name.as_str()).collect()
}

pub(super) fn resource(changes: &mut Changes<'_>) {
    let (old, new) = (changes.old, changes.new);
    let subject = Subject::new(Kind::Resource, "resource", &new.at);
    let before = uses::collect(old, &old.resource, None);
    let now = uses::collect(new, &new.resource, None);
    uses::compare(changes, subject, &before, &now);
}

pub(super) fn baggage(changes: &mut Changes<'_>) {
    let (old, new) = (changes.old, changes.new);
    let keys = |contract: &otel_contract_model::Contract| -> Vec<String> {
        let ids = contract.baggage.iter();
        ids.map(|id| contract[*id].key.clone()).collect()
    };
    let (before, now) = (keys(old), keys(new));
    for key in now.iter().filter(|key| !before.contains(key)) {
        let subject = Subject::new(Kind::Baggage, key, &new.at);
        let sentence =
            format!("`{key}` is now sent with requests, also to services of other companies");
        changes.minor(subject, "added", sentence);
    }
    for key in before.iter().filter(|key| !now.contains(key)) {
        let subject = Subject::new(Kind::Baggage, key, &old.at);
        let sentence = format!(
            "`{key}` is no longer sent with requests: services that read it receive nothing"
        );
        let change = changes.push(subject, "removed", Breaks::CODE, Step::Major, sentence);
        change.is_removed = true;
    }
}
