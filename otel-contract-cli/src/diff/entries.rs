//! Compares the entries of two contracts, matched by name. Every kind of entry is compared in the same order.

use super::{Changes, Kind, Subject};
use otel_contract_model::Location;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// A named entry of a contract.
pub(super) trait Entry {
    const KIND: Kind;

    fn name(&self) -> &str;

    fn at(&self) -> &Location;

    /// Reports the removal of this entry.
    fn removed(&self, changes: &mut Changes<'_>, subject: Subject<'_>);

    /// Reports the changes from this entry to its new version.
    fn compare(&self, new: &Self, changes: &mut Changes<'_>, subject: Subject<'_>);

    /// Reports the addition of this entry.
    fn added(&self, changes: &mut Changes<'_>, subject: Subject<'_>) {
        let sentence = format!("{} is new", subject.phrase());
        changes.added(subject, sentence);
    }
}

/// Reports removed entries, then changes of kept entries, then added entries.
pub(super) fn compare<T: Entry>(changes: &mut Changes<'_>, old: &[T], new: &[T]) {
    let (in_old, in_new) = (by_name(old), by_name(new));
    for entry in old {
        if !in_new.contains_key(entry.name()) {
            entry.removed(changes, subject(entry));
        }
    }
    for entry in new {
        if let Some(before) = in_old.get(entry.name()) {
            before.compare(entry, changes, subject(entry));
        }
    }
    for entry in new {
        if !in_old.contains_key(entry.name()) {
            entry.added(changes, subject(entry));
        }
    }
}

fn by_name<T: Entry>(entries: &[T]) -> HashMap<&str, &T> {
    entries.iter().map(|entry| (entry.name(), entry)).collect()
}

fn subject<T: Entry>(entry: &T) -> Subject<'_> {
    Subject::new(T::KIND, entry.name(), entry.at())
}

/// Returns the first name whose position changed relative to the other common names.
pub(super) fn moved<'n, N: Eq + Hash + ?Sized>(old: &[&'n N], new: &[&'n N]) -> Option<&'n N> {
    let common = |names: &[&'n N], others: &[&'n N]| -> Vec<&'n N> {
        let others: HashSet<&N> = others.iter().copied().collect();
        let names = names.iter().copied();
        names.filter(|name| others.contains(name)).collect()
    };
    let (before, now) = (common(old, new), common(new, old));
    let mut positions = now.into_iter().zip(before);
    positions
        .find(|(now, before)| now != before)
        .map(|(now, _)| now)
}
