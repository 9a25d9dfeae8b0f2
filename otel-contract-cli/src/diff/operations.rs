//! Operations: spans, metrics and generated structs.

use super::entries::Entry;
use super::rules::{self, prose_of};
use super::uses::{self, Use};
use super::{Breaks, Changes, Kind, Step, Subject, recording, routes};
use crate::words;
use otel_contract_model::{Contract, Group, Location, Operation, RequirementLevel};
use std::collections::HashSet;

impl Entry for Operation {
    const KIND: Kind = Kind::Operation;

    fn name(&self) -> &str {
        &self.name
    }

    fn at(&self) -> &Location {
        &self.at
    }

    fn removed(&self, changes: &mut Changes<'_>, subject: Subject<'_>) {
        let metrics = match self.metrics {
            Some(_) => " and metrics",
            None => "",
        };
        let sentence = format!(
            "{} is removed: its spans{metrics} are no longer recorded, and code that uses it does not compile",
            subject.phrase()
        );
        let breaks = Breaks::QUERIES
            .and(Breaks::CODE)
            .and(Breaks::DASHBOARDS.when(self.metrics.is_some()));
        changes.removed(
            subject,
            breaks,
            self.life_cycle.deprecated.as_ref(),
            sentence,
        );
    }

    fn compare(&self, new: &Self, changes: &mut Changes<'_>, subject: Subject<'_>) {
        compare(changes, subject, self, new);
    }
}

fn compare(changes: &mut Changes<'_>, subject: Subject<'_>, before: &Operation, now: &Operation) {
    let name = subject.phrase();
    rules::prose(changes, subject, prose_of!(before), prose_of!(now));
    rules::rust_name(changes, subject, &before.rust, &now.rust);
    if before.kind != now.kind {
        let sentence = format!(
            "{name} now has kind `{}` instead of `{}`: searches and service maps by kind no longer find it",
            words::kind(now.kind),
            words::kind(before.kind)
        );
        changes.push(subject, "kind", Breaks::QUERIES, Step::Major, sentence);
    }
    routes::compare(changes, subject, before, now);
    groups(changes, subject, before, now);
    let (old, new) = (changes.old, changes.new);
    let common = common_groups(changes, before, now);
    let uses_before = own_uses(old, before, &common);
    let uses_now = own_uses(new, now, &common);
    // An attribute that only moved between the operation and a group is unchanged.
    let (keys_before, keys_now) = (keys(old, before), keys(new, now));
    let uses_before: Vec<Use<'_>> = uses_before
        .into_iter()
        .filter(|used| {
            uses_now.iter().any(|other| other.key == used.key) || !keys_now.contains(used.key)
        })
        .collect();
    let uses_now: Vec<Use<'_>> = uses_now
        .into_iter()
        .filter(|used| {
            uses_before.iter().any(|other| other.key == used.key) || !keys_before.contains(used.key)
        })
        .collect();
    uses::compare(changes, subject, &uses_before, &uses_now);
    errors(changes, subject, before, now);
    events(changes, subject, before, now);
    recording::metrics(changes, subject, before, now);
    recording::sampling(
        changes,
        subject,
        before.sampling.as_ref(),
        now.sampling.as_ref(),
    );
    rules::life_cycle(changes, subject, &before.life_cycle, &now.life_cycle);
}

/// Returns whether a group has required attributes. Such a group is a field of the generated struct.
fn has_required(group: &Group) -> bool {
    let mut uses = group.attributes.iter();
    uses.any(|used| used.level == RequirementLevel::Required)
}

fn groups_of<'a>(contract: &'a Contract, operation: &'a Operation) -> Vec<&'a Group> {
    operation.groups.iter().map(|id| &contract[*id]).collect()
}

fn groups(changes: &mut Changes<'_>, subject: Subject<'_>, before: &Operation, now: &Operation) {
    let (old, new) = (groups_of(changes.old, before), groups_of(changes.new, now));
    let name = subject.phrase();
    for group in new
        .iter()
        .filter(|group| old.iter().all(|other| other.name != group.name))
    {
        let is_field = has_required(group);
        let consequence = if is_field {
            ": its struct has a new field, and the required attributes of the group must be set"
        } else {
            ""
        };
        let sentence = format!("{name} now includes group `{}`{consequence}", group.name);
        let breaks = Breaks::CODE.when(is_field);
        changes.push(subject, "groups", breaks, Step::Minor, sentence);
    }
    for group in old
        .iter()
        .filter(|group| new.iter().all(|other| other.name != group.name))
    {
        let sentence = format!(
            "{name} no longer includes group `{}`: code that sets it does not compile",
            group.name
        );
        changes.push(subject, "groups", Breaks::CODE, Step::Major, sentence);
    }
}

/// Returns the groups that the operation includes in both versions. Their changes are reported once, as changes of the
/// group.
fn common_groups<'a>(
    changes: &Changes<'a>,
    before: &'a Operation,
    now: &'a Operation,
) -> HashSet<&'a str> {
    let old: HashSet<&str> = groups_of(changes.old, before)
        .iter()
        .map(|group| group.name.as_str())
        .collect();
    let new = groups_of(changes.new, now)
        .into_iter()
        .map(|group| group.name.as_str());
    new.filter(|name| old.contains(name)).collect()
}

/// Returns the attributes of an operation, except for the attributes of the listed groups.
fn own_uses<'a>(
    contract: &'a Contract,
    operation: &'a Operation,
    without: &HashSet<&str>,
) -> Vec<Use<'a>> {
    let own = operation.attributes.iter().map(|used| used.attribute);
    let groups = groups_of(contract, operation).into_iter();
    let other_groups = groups.filter(|group| !without.contains(group.name.as_str()));
    let of_groups = other_groups.flat_map(|group| &group.attributes);
    let wanted: HashSet<_> = own.chain(of_groups.map(|used| used.attribute)).collect();
    let all = contract.uses(operation).into_iter();
    uses::collect(
        contract,
        all.filter(|used| wanted.contains(&used.attribute)),
        None,
    )
}

fn keys<'a>(contract: &'a Contract, operation: &'a Operation) -> HashSet<&'a str> {
    let uses = contract.uses(operation).into_iter();
    uses.map(|used| contract[used.attribute].key.as_str())
        .collect()
}

fn errors(changes: &mut Changes<'_>, subject: Subject<'_>, before: &Operation, now: &Operation) {
    let (old, new) = (changes.old, changes.new);
    let name = subject.phrase();
    match (&before.errors, &now.errors) {
        (None, None) => {}
        (None, Some(_)) => {
            let sentence = format!(
                "{name} now lists its error classes: error types with other classes do not compile"
            );
            changes.push(subject, "errors", Breaks::CODE, Step::Major, sentence);
        }
        (Some(_), None) => {
            let sentence = format!("{name} may now fail with any error class of the contract");
            changes.minor(subject, "errors", sentence);
        }
        (Some(before), Some(now)) => {
            let before: Vec<&str> = before.iter().map(|id| old[*id].name.as_str()).collect();
            let now: Vec<&str> = now.iter().map(|id| new[*id].name.as_str()).collect();
            for class in now.iter().filter(|class| !before.contains(class)) {
                changes.minor(
                    subject,
                    "errors",
                    format!("{name} may now also fail with `{class}`"),
                );
            }
            // The removal of the class itself is reported separately.
            let known = |class: &&&str| new.errors.iter().any(|error| error.name == **class);
            for class in before
                .iter()
                .filter(|class| !now.contains(class))
                .filter(known)
            {
                let sentence = format!(
                    "{name} may no longer fail with `{class}`: error types with this class do not compile"
                );
                changes.push(subject, "errors", Breaks::CODE, Step::Major, sentence);
            }
        }
    }
}

fn events(changes: &mut Changes<'_>, subject: Subject<'_>, before: &Operation, now: &Operation) {
    let (old, new) = (changes.old, changes.new);
    let name = subject.phrase();
    let events_before: Vec<&str> = before
        .events
        .iter()
        .map(|id| old[*id].name.as_str())
        .collect();
    let events_now: Vec<&str> = now.events.iter().map(|id| new[*id].name.as_str()).collect();
    for event in events_now
        .iter()
        .filter(|event| !events_before.contains(event))
    {
        changes.minor(
            subject,
            "events",
            format!("{name} now emits event `{event}`"),
        );
    }
    let known = |event: &&&str| new.events.iter().any(|declared| declared.name == **event);
    for event in events_before
        .iter()
        .filter(|event| !events_now.contains(event))
        .filter(known)
    {
        let sentence =
            format!("{name} no longer emits event `{event}`: searches for it find nothing");
        changes.push(subject, "events", Breaks::QUERIES, Step::Major, sentence);
    }
}
