//! Entries of a contract that tests have to record. `otel-contract-cli/src/coverage/entries.rs` has the same rules for a
//! whole test run.

use super::names;
use crate::description::{Attribute, Contract, Event, Location, Metric, Operation, Privacy};

/// An entry that tests have to record.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) location: Location,
}

/// Returns the entries that tests have to record, in the order of the report.
pub(super) fn entries(contract: &'static Contract) -> Vec<Entry> {
    let mut entries = Vec::new();
    for operation in operations(contract) {
        entries.extend(of_operation(contract, operation));
    }
    entries.extend(unlisted_errors(contract));
    entries.extend(values(contract));
    entries.extend(metrics(contract).map(|metric| Entry {
        name: names::metric(metric.name),
        location: metric.location,
    }));
    entries.extend(events(contract).map(|event| Entry {
        name: names::event(event.name),
        location: event.location,
    }));
    entries
}

fn operations(contract: &Contract) -> impl Iterator<Item = &'static Operation> + use<> {
    let operations = contract.operations.iter();
    operations.filter(|operation| !operation.deprecated)
}

fn metrics(contract: &Contract) -> impl Iterator<Item = &'static Metric> + use<> {
    let metrics = contract.metrics.iter();
    metrics.filter(|metric| !metric.deprecated)
}

fn events(contract: &Contract) -> impl Iterator<Item = &'static Event> + use<> {
    contract.events.iter().filter(|event| !event.deprecated)
}

/// Returns an operation and the error classes that it lists. The location of an error is its declaration, which
/// describes the failure that a test has to cause.
fn of_operation(
    contract: &'static Contract,
    operation: &'static Operation,
) -> impl Iterator<Item = Entry> {
    let entry = Entry {
        name: names::operation(operation.name),
        location: operation.location,
    };
    let listed = operation.errors.iter().filter(|_| operation.lists_errors);
    let errors = listed.filter_map(|class| {
        let mut errors = contract.errors.iter();
        errors.find(|error| error.name == *class && !error.deprecated)
    });
    let errors = errors.map(|error| Entry {
        name: names::error_of(error.name, operation.name),
        location: error.location,
    });
    std::iter::once(entry).chain(errors)
}

/// Returns the error classes that no operation lists, if anything can record them: an operation without a list, or a
/// metric or an event with `error.type`.
fn unlisted_errors(contract: &'static Contract) -> impl Iterator<Item = Entry> {
    let is_recorded = operations(contract).any(|operation| !operation.lists_errors)
        || metrics(contract).any(|metric| metric.error_type.is_some())
        || events(contract).any(|event| event.error_type.is_some());
    let is_listed = |class: &'static str| {
        let mut operations = contract.operations.iter();
        operations.any(|operation| operation.lists_errors && operation.errors.contains(&class))
    };
    let errors = contract.errors.iter();
    let unlisted =
        errors.filter(move |error| is_recorded && !error.deprecated && !is_listed(error.name));
    unlisted.map(|error| Entry {
        name: names::error(error.name),
        location: error.location,
    })
}

/// Returns the listed values of attributes that operations, metrics and events use.
fn values(contract: &'static Contract) -> impl Iterator<Item = Entry> {
    let attributes = contract.attributes.iter();
    let required = attributes.filter(|attribute| {
        !attribute.deprecated
            && attribute.privacy != Privacy::Secret
            && !attribute.conventional_values
            && is_used(contract, attribute)
    });
    required.flat_map(|attribute| {
        let values = attribute.values.iter();
        let current = values.filter(|value| !attribute.deprecated_values.contains(value));
        current.map(|value| Entry {
            name: names::value(attribute.key, value),
            location: attribute.location,
        })
    })
}

/// Whether an operation, a metric or an event that is not deprecated uses the attribute. Tests do not record other
/// attributes.
fn is_used(contract: &Contract, attribute: &Attribute) -> bool {
    let of_operations = operations(contract).flat_map(|operation| operation.attributes);
    let of_metrics = metrics(contract).flat_map(|metric| metric.attributes);
    let of_events = events(contract).flat_map(|event| event.attributes);
    let mut uses = of_operations.chain(of_metrics).chain(of_events);
    uses.any(|used| used.key == attribute.key)
}
