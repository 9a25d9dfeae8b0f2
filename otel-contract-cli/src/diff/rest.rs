//! The contract as a whole, groups, error classes, the resource and the baggage.

use super::{Breaks, Changes, Kind, Step, Subject, moved, pair, rules, uses};
use crate::words;
use otel_contract_model::ErrorClass;

pub(super) fn contract(changes: &mut Changes<'_>) {
    let (old, new) = (changes.old, changes.new);
    let subject = Subject::new(Kind::Contract, &new.name, &new.at);
    if old.name != new.name {
        let sentence = format!(
            "the contract is called `{}`, it was `{}`: module and instrumentation scope are others",
            new.name, old.name
        );
        changes.push(subject, "contract", Breaks::ALL, Step::Major, sentence);
    }
    if old.schema_url != new.schema_url {
        let sentence = match &new.schema_url {
            Some(url) => format!("the schema URL is `{url}`"),
            None => "there is no schema URL any more".to_owned(),
        };
        changes.patch(subject, "schema_url", sentence);
    }
    if old.brief != new.brief {
        let sentence = "the brief of the contract is reworded".to_owned();
        changes.patch(subject, "brief", sentence);
    }
    if old.owners != new.owners {
        let sentence = format!("the contract is now owned by {}", words::and(&new.owners));
        changes.patch(subject, "owners", sentence);
    }
    let budgets = [
        (
            "budget.series_per_metric",
            "a metric may have",
            Some(old.budget.of_a_metric()),
            Some(new.budget.of_a_metric()),
        ),
        (
            "budget.series",
            "all metrics together may have",
            old.budget.series,
            new.budget.series,
        ),
    ];
    for (field, phrase, was, is) in budgets {
        if was == is {
            continue;
        }
        let series =
            |count: Option<u64>| count.map_or("any number of".to_owned(), words::thousands);
        let sentence = format!("{phrase} {} series, it was {}", series(is), series(was));
        // More to pay for is worth a line in the release notes.
        if is.unwrap_or(u64::MAX) > was.unwrap_or(u64::MAX) {
            changes.minor(subject, field, sentence);
        } else {
            changes.patch(subject, field, sentence);
        }
    }
}

pub(super) fn groups(changes: &mut Changes<'_>) {
    let (old, new) = (changes.old, changes.new);
    let paired = pair(&old.groups, &new.groups, |one| &one.name);
    for one in paired.removed {
        let subject = Subject::new(Kind::Group, &one.name, &one.at);
        let sentence = format!(
            "group `{}` is removed: code that names it does not compile",
            one.name
        );
        let change = changes.push(subject, "removed", Breaks::CODE, Step::Major, sentence);
        change.gone = true;
    }
    for (was, is) in paired.kept {
        let subject = Subject::new(Kind::Group, &is.name, &is.at);
        if was.brief != is.brief {
            let sentence = format!("the brief of group `{}` is reworded", is.name);
            changes.patch(subject, "brief", sentence);
        }
        rules::rust_name(changes, subject, &was.rust, &is.rust);
        let before = uses::of(old, &was.attributes, None);
        let now = uses::of(new, &is.attributes, None);
        uses::compare(changes, subject, &before, &now);
    }
    for one in paired.added {
        let subject = Subject::new(Kind::Group, &one.name, &one.at);
        changes.added(subject, format!("group `{}` is new", one.name));
    }
}

pub(super) fn errors(changes: &mut Changes<'_>) {
    let (old, new) = (changes.old, changes.new);
    let paired = pair(&old.errors, &new.errors, |one| &one.name);
    for one in paired.removed {
        let subject = Subject::new(Kind::Error, &one.name, &one.at);
        let sentence = format!(
            "error class `{}` is removed: searches, charts and alerts for it find nothing, and code that names it does not compile",
            one.name
        );
        changes.removed(subject, Breaks::ALL, one.deprecated.as_ref(), sentence);
    }
    for (was, is) in paired.kept {
        let subject = Subject::new(Kind::Error, &is.name, &is.at);
        if was.brief != is.brief {
            let sentence = format!("the brief of error class `{}` is reworded", is.name);
            changes.patch(subject, "brief", sentence);
        }
        rules::rust_name(changes, subject, &was.rust, &is.rust);
        let (before, now) = (was.deprecated.as_ref(), is.deprecated.as_ref());
        rules::deprecated(changes, subject, before, now);
    }
    for one in paired.added {
        let subject = Subject::new(Kind::Error, &one.name, &one.at);
        let sentence = format!(
            "error class `{}` is new: a `match` over `ErrorType` without `_` does not compile without it",
            one.name
        );
        changes.push(subject, "added", Breaks::CODE, Step::Major, sentence);
    }
    let first = moved(&names(&old.errors), &names(&new.errors));
    if let Some(one) = first.and_then(|name| new.errors.iter().find(|one| one.name == name)) {
        let subject = Subject::new(Kind::Error, &one.name, &one.at);
        let sentence = format!(
            "the error classes stand in another order, from `{}` on: `ErrorType` compares by it",
            one.name
        );
        changes.push(subject, "order", Breaks::CODE, Step::Major, sentence);
    }
}

fn names(errors: &[ErrorClass]) -> Vec<&str> {
    errors.iter().map(|one| one.name.as_str()).collect()
}

pub(super) fn resource(changes: &mut Changes<'_>) {
    let (old, new) = (changes.old, changes.new);
    let subject = Subject::new(Kind::Resource, "resource", &new.at);
    let before = uses::of(old, &old.resource, None);
    let now = uses::of(new, &new.resource, None);
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
            format!("`{key}` travels with requests, to other companies' services as well");
        changes.minor(subject, "added", sentence);
    }
    for key in before.iter().filter(|key| !now.contains(key)) {
        let subject = Subject::new(Kind::Baggage, key, &old.at);
        let sentence = format!(
            "`{key}` no longer travels with requests: services that read it there get nothing"
        );
        let change = changes.push(subject, "removed", Breaks::CODE, Step::Major, sentence);
        change.gone = true;
    }
}
