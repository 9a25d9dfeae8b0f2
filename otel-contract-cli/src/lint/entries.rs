//! Entries of a contract in a uniform representation.

use otel_contract_model::{
    Attribute, Compiled, Contract, Deprecated, Event, Location, Metric, Operation,
};
use std::collections::{BTreeSet, HashMap, HashSet};

/// A named entry.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    /// Kind of the entry: `attribute`.
    pub(super) kind: &'static str,
    pub(super) name: &'a str,
    pub(super) at: &'a Location,
    pub(super) brief: &'a str,
    /// The template, if the attribute is a key of a template.
    pub(super) template: Option<&'a str>,
    pub(super) deprecated: Option<&'a Deprecated>,
    pub(super) expires: Option<&'a str>,
    pub(super) owners: &'a [String],
}

impl<'a> Entry<'a> {
    /// Returns the name as written at the declaration. For a key of a template, only the part after the prefix is
    /// written.
    pub(super) fn written(&self) -> &'a str {
        let prefix = self
            .template
            .and_then(|template| template.split('<').next());
        prefix.map_or(self.name, |prefix| {
            self.name.strip_prefix(prefix).unwrap_or(self.name)
        })
    }
}

impl<'a> From<&'a Attribute> for Entry<'a> {
    fn from(attribute: &'a Attribute) -> Self {
        Entry {
            kind: "attribute",
            name: &attribute.key,
            at: &attribute.at,
            brief: &attribute.brief,
            template: attribute.template.as_deref(),
            deprecated: attribute.life_cycle.deprecated.as_ref(),
            expires: attribute.life_cycle.expires.as_deref(),
            owners: &attribute.life_cycle.owners,
        }
    }
}

/// Converts entries other than attributes. Only attributes can belong to a template.
macro_rules! entries {
    ($($type:ident $kind:literal,)+) => {$(
        impl<'a> From<&'a $type> for Entry<'a> {
            fn from(entry: &'a $type) -> Self {
                Entry {
                    kind: $kind,
                    name: &entry.name,
                    at: &entry.at,
                    brief: &entry.brief,
                    template: None,
                    deprecated: entry.life_cycle.deprecated.as_ref(),
                    expires: entry.life_cycle.expires.as_deref(),
                    owners: &entry.life_cycle.owners,
                }
            }
        }
    )+};
}
entries! {
    Operation "operation",
    Metric "metric",
    Event "event",
}

/// Returns the attributes of a contract; for each template, only its first attribute.
pub(super) fn attributes(contract: &Contract) -> impl Iterator<Item = &Attribute> {
    let mut seen: HashSet<&str> = HashSet::new();
    contract
        .attributes
        .iter()
        .filter(move |attribute| match &attribute.template {
            Some(template) => seen.insert(template),
            None => true,
        })
}

/// Returns the entries with a life cycle: attributes, operations, metrics and events.
pub(super) fn all(contract: &Contract) -> impl Iterator<Item = Entry<'_>> {
    attributes(contract)
        .map(Entry::from)
        .chain(signals(contract))
}

/// Returns operations, metrics and events.
pub(super) fn signals(contract: &Contract) -> impl Iterator<Item = Entry<'_>> {
    let operations = contract.operations.iter().map(Entry::from);
    let metrics = contract.metrics.iter().map(Entry::from);
    operations
        .chain(metrics)
        .chain(contract.events.iter().map(Entry::from))
}

/// The locations of entries that contain errors.
pub(super) struct EntriesWithErrors(HashSet<Location>);

impl EntriesWithErrors {
    /// Assigns every error to the entry whose declaration contains it.
    pub(super) fn new(compiled: &Compiled, contract: &Contract) -> EntriesWithErrors {
        let mut with_errors = HashSet::new();
        if compiled.diagnostics.is_empty() {
            return EntriesWithErrors(with_errors);
        }
        let mut starts: HashMap<&str, BTreeSet<(u32, u32)>> = HashMap::new();
        let groups = contract.groups.iter().map(|group| &group.at);
        let errors = contract.errors.iter().map(|error| &error.at);
        let others = contract.attributes.iter().map(|attribute| &attribute.at);
        let others = others.chain(signals(contract).map(|entry| entry.at));
        for at in groups.chain(errors).chain(others) {
            starts
                .entry(&at.file)
                .or_default()
                .insert((at.line, at.column));
        }
        for diagnostic in &compiled.diagnostics {
            let at = &diagnostic.location;
            let Some(starts) = starts.get(&*at.file) else {
                continue;
            };
            if let Some((line, column)) = starts.range(..=(at.line, at.column)).next_back() {
                with_errors.insert(Location {
                    file: at.file.clone(),
                    line: *line,
                    column: *column,
                });
            }
        }
        EntriesWithErrors(with_errors)
    }

    pub(super) fn contains(&self, at: &Location) -> bool {
        self.0.contains(at)
    }
}
