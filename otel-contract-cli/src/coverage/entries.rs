//! Entries of a contract that tests have to record. `Coverage` of the testing kit has the same rules for one test.

use otel_contract_model::{
    Attribute, AttributeId, AttributeUse, Contract, Domain, ErrorClass, Event, LifeCycle, Location,
    Metric, Operation, Privacy,
};

/// Kind of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Operation,
    Error,
    Value,
    Metric,
    Event,
}

impl Kind {
    const ALL: [Kind; 5] = [
        Kind::Operation,
        Kind::Error,
        Kind::Value,
        Kind::Metric,
        Kind::Event,
    ];

    /// Returns the first word of the names of these entries.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::Operation => "operation",
            Kind::Error => "error",
            Kind::Value => "value",
            Kind::Metric => "metric",
            Kind::Event => "event",
        }
    }
}

/// An entry that tests have to record.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) kind: Kind,
    /// Name with the word of the kind, as in coverage files: `error gateway_timeout of invoice.create`.
    pub(crate) name: String,
    pub(crate) at: &'a Location,
}

impl<'a> Entry<'a> {
    fn new(kind: Kind, name: &str, at: &'a Location) -> Self {
        Self {
            kind,
            name: format!("{} {name}", kind.word()),
            at,
        }
    }
}

/// Returns the entries that tests have to record, in the order of the report.
///
/// Deprecated entries are not required, and neither are values that no code of the service chooses: `_OTHER`, secrets,
/// and the values of an attribute that the contract imports from the semantic conventions without `values` of its own.
pub(crate) fn required(contract: &Contract) -> Vec<Entry<'_>> {
    let mut entries = Vec::new();
    for operation in operations(contract) {
        entries.extend(of_operation(contract, operation));
    }
    let unlisted = unlisted_errors(contract);
    entries.extend(unlisted.map(|error| Entry::new(Kind::Error, &error.name, &error.at)));
    entries.extend(values(contract));
    let metrics =
        metrics(contract).map(|metric| Entry::new(Kind::Metric, &metric.name, &metric.at));
    entries.extend(metrics);
    entries.extend(events(contract).map(|event| Entry::new(Kind::Event, &event.name, &event.at)));
    entries
}

fn is_current(life_cycle: &LifeCycle) -> bool {
    life_cycle.deprecated.is_none()
}

fn operations(contract: &Contract) -> impl Iterator<Item = &Operation> {
    let operations = contract.operations.iter();
    operations.filter(|operation| is_current(&operation.life_cycle))
}

fn metrics(contract: &Contract) -> impl Iterator<Item = &Metric> {
    let metrics = contract.metrics.iter();
    metrics.filter(|metric| is_current(&metric.life_cycle))
}

fn events(contract: &Contract) -> impl Iterator<Item = &Event> {
    let events = contract.events.iter();
    events.filter(|event| is_current(&event.life_cycle))
}

/// Returns an operation and the error classes that it lists. The location of an error is its declaration, which
/// describes the failure that a test has to cause.
fn of_operation<'a>(
    contract: &'a Contract,
    operation: &'a Operation,
) -> impl Iterator<Item = Entry<'a>> {
    let entry = Entry::new(Kind::Operation, &operation.name, &operation.at);
    let listed = operation.errors.iter().flatten();
    let errors = listed.map(|id| &contract[*id]);
    let current = errors.filter(|error| error.deprecated.is_none());
    let of_operation = current.map(|error| {
        let name = format!("{} of {}", error.name, operation.name);
        Entry::new(Kind::Error, &name, &error.at)
    });
    std::iter::once(entry).chain(of_operation)
}

/// Returns the error classes that no operation lists, if anything can record them: an operation without a list, or a
/// metric or an event with `error.type`.
fn unlisted_errors(contract: &Contract) -> impl Iterator<Item = &ErrorClass> {
    let is_recorded = operations(contract).any(|operation| operation.errors.is_none())
        || metrics(contract).any(|metric| metric.error_type.is_some())
        || events(contract).any(|event| event.error_type.is_some());
    let is_listed = |error: &ErrorClass| {
        let listed = contract.operations.iter().flat_map(|one| &one.errors);
        listed.flatten().any(|id| contract[*id].name == error.name)
    };
    contract
        .errors
        .iter()
        .filter(move |error| is_recorded && error.deprecated.is_none() && !is_listed(error))
}

fn values(contract: &Contract) -> impl Iterator<Item = Entry<'_>> {
    let attributes = contract.attributes.iter().enumerate();
    let required = attributes.filter(|(index, attribute)| {
        is_current(&attribute.life_cycle)
            && attribute.privacy != Privacy::Secret
            && !attribute.conventional_values
            && is_used(contract, *index)
    });
    required.flat_map(|(_, attribute)| {
        let values = listed_values(attribute).into_iter();
        let current = values.filter(|value| !value.is_deprecated);
        current.map(|value| {
            let name = format!("{} = {}", attribute.key, value.text);
            Entry::new(Kind::Value, &name, value.at)
        })
    })
}

/// Whether an operation, a metric or an event that is not deprecated uses the attribute. Tests do not record other
/// attributes.
fn is_used(contract: &Contract, index: usize) -> bool {
    let is_attribute = |id: AttributeId| id.index() == index;
    let is_use = |used: &AttributeUse| is_attribute(used.attribute);
    operations(contract).any(|operation| contract.uses(operation).into_iter().any(is_use))
        || metrics(contract).any(|metric| metric.attributes.iter().any(is_use))
        || events(contract).any(|event| event.attributes.iter().any(is_use))
}

/// A value that the contract lists.
struct ListedValue<'a> {
    text: String,
    at: &'a Location,
    is_deprecated: bool,
}

/// Returns the values that the contract lists for an attribute. Ranges and booleans are not lists.
fn listed_values(attribute: &Attribute) -> Vec<ListedValue<'_>> {
    match &attribute.domain {
        Domain::Strings { values, .. } => {
            let values = values.iter().map(|value| ListedValue {
                text: value.value.clone(),
                at: &value.at,
                is_deprecated: value.deprecated.is_some(),
            });
            values.collect()
        }
        Domain::Ints { values } => {
            let values = values.iter().map(|value| ListedValue {
                text: value.value.to_string(),
                at: &value.at,
                is_deprecated: value.deprecated.is_some(),
            });
            values.collect()
        }
        Domain::Range { .. }
        | Domain::Boolean
        | Domain::Limited { .. }
        | Domain::Unbounded(_)
        | Domain::Secret => Vec::new(),
    }
}

/// Whether the contract has the entry with this name, required or not. A coverage file contains other names only if it
/// was written for another text of the contract.
pub(crate) fn exists(contract: &Contract, name: &str) -> bool {
    let Some((word, name)) = name.split_once(' ') else {
        return false;
    };
    let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.word() == word) else {
        return false;
    };
    let is_operation = |name: &str| contract.operations.iter().any(|one| one.name == name);
    let is_error = |name: &str| contract.errors.iter().any(|error| error.name == name);
    match kind {
        Kind::Operation => is_operation(name),
        Kind::Error => match name.split_once(" of ") {
            Some((class, operation)) => is_error(class) && is_operation(operation),
            None => is_error(name),
        },
        Kind::Value => name.split_once(" = ").is_some_and(|(key, text)| {
            let values = contract.attribute(key).map(listed_values);
            values.is_some_and(|values| values.iter().any(|value| value.text == text))
        }),
        Kind::Metric => contract.metrics.iter().any(|metric| metric.name == name),
        Kind::Event => contract.events.iter().any(|event| event.name == name),
    }
}
