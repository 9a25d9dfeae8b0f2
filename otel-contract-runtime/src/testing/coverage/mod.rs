//! Coverage: the entries of a contract that the tests recorded.

use super::recording::{Point, Record, Recording, Span, text};
use super::report;
use crate::description::{Attribute, Contract, Location, Operation, Privacy};
use opentelemetry::InstrumentationScope;
use opentelemetry::logs::AnyValue;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Requirements of [`assert_coverage`](Recording::assert_coverage): every operation of a contract, each error class of
/// each operation, every error class that no operation lists (recorded if any operation fails with it), every value of
/// each closed attribute that an operation, a metric or an event uses and that is not secret, every metric and every
/// event.
///
/// Entries that tests cannot record are [excluded](Self::exclude) by their name in the report. Unneeded exclusions are
/// reported too.
#[derive(Clone, Debug)]
#[must_use = "pass it to `assert_coverage`"]
pub struct Coverage {
    contract: &'static Contract,
    excluded: Vec<String>,
}

/// An entry that tests have to record.
struct Item {
    name: String,
    location: Location,
    covered: bool,
}

impl Coverage {
    /// Requires every entry of this contract.
    pub fn of(contract: &'static Contract) -> Self {
        Self {
            contract,
            excluded: Vec::new(),
        }
    }

    /// Excludes an entry by its name in the report: `operation invoice.create`,
    /// `error gateway_timeout of invoice.create`, `value account.tier = free`,
    /// `metric invoice.gateway.retries`, `event invoice.rejected`.
    pub fn exclude(mut self, name: impl Into<String>) -> Self {
        self.excluded.push(name.into());
        self
    }

    /// Asserts that every entry that is not excluded was recorded, and that every exclusion is needed.
    ///
    /// # Panics
    ///
    /// Panics with all missing entries and all unneeded exclusions.
    #[track_caller]
    pub fn assert(&self, recording: &Recording) {
        let items = items(self.contract, recording);
        let is_excluded = |item: &Item| self.excluded.contains(&item.name);
        let missing: Vec<&Item> = items
            .iter()
            .filter(|item| !item.covered && !is_excluded(item))
            .collect();
        let unneeded = self.unneeded_exclusions(&items);
        if missing.is_empty() && unneeded.is_empty() {
            return;
        }
        let Contract { name, version, .. } = self.contract;
        let mut text = String::new();
        if !missing.is_empty() {
            let (count, all) = (missing.len(), items.len());
            let _ = write!(
                text,
                "{count} of {all} entries of contract `{name}` {version} were never recorded"
            );
            for item in missing {
                let _ = write!(text, "\n    {} ({})", item.name, item.location);
            }
            text += "\n  = help: record them in a test, or exclude an entry: `.exclude(\"…\")` with the text of its line before the parenthesis";
        }
        if !unneeded.is_empty() {
            if !text.is_empty() {
                text += "\n";
            }
            let _ = write!(text, "unneeded coverage exclusions for contract `{name}`");
            for line in unneeded {
                let _ = write!(text, "\n    {line}");
            }
        }
        let _ = write!(
            text,
            "\n  = note: {}",
            report::contract_line(self.contract, self.contract.location)
        );
        panic!("{text}");
    }

    /// Returns a report line for each exclusion that names a recorded or an unknown entry.
    fn unneeded_exclusions(&self, items: &[Item]) -> Vec<String> {
        let reasons = self.excluded.iter().filter_map(|name| {
            let item = items.iter().find(|item| item.name == *name);
            match item {
                None => Some(format!("{name}: the contract has no such entry")),
                Some(item) if item.covered => Some(format!("{name}: was recorded")),
                Some(_) => None,
            }
        });
        reasons.collect()
    }
}

impl From<&'static Contract> for Coverage {
    fn from(contract: &'static Contract) -> Self {
        Self::of(contract)
    }
}

fn items(contract: &'static Contract, recording: &Recording) -> Vec<Item> {
    let recorded = ContractRecording::of(contract, recording);
    let mut items = Vec::new();
    for operation in contract.operations {
        items.extend(operation_items(contract, operation, &recorded));
    }
    items.extend(unlisted_error_items(contract, &recorded));
    items.extend(value_items(contract, &recorded));
    items.extend(contract.metrics.iter().map(|metric| {
        Item {
            name: format!("metric {}", metric.name),
            location: metric.location,
            covered: recorded
                .points
                .iter()
                .any(|point| point.metric == metric.name),
        }
    }));
    items.extend(contract.events.iter().map(|event| {
        Item {
            name: format!("event {}", event.name),
            location: event.location,
            covered: recorded
                .records
                .iter()
                .any(|record| record.event_name.as_deref() == Some(event.name)),
        }
    }));
    items
}

/// Returns an operation and the error classes that it lists.
fn operation_items<'a>(
    contract: &'static Contract,
    operation: &'a Operation,
    recorded: &'a ContractRecording<'_>,
) -> impl Iterator<Item = Item> + 'a {
    let name = operation.name;
    let item = Item {
        name: format!("operation {name}"),
        location: operation.location,
        covered: recorded.spans.iter().any(|span| span.name == name),
    };
    let listed = operation.errors.iter().filter(|_| operation.lists_errors);
    let errors = listed.map(move |class| {
        // The declaration of the class describes the failure that a test has to cause.
        let mut errors = contract.errors.iter();
        let error = errors.find(|error| error.name == *class);
        Item {
            name: format!("error {class} of {name}"),
            location: error.map_or(operation.location, |error| error.location),
            covered: recorded.has_failure(Some(name), class),
        }
    });
    std::iter::once(item).chain(errors)
}

/// Returns the error classes that no operation lists. Such a class is covered if any operation fails with it.
fn unlisted_error_items<'a>(
    contract: &'static Contract,
    recorded: &'a ContractRecording<'_>,
) -> impl Iterator<Item = Item> + 'a {
    let is_listed = |class: &'static str| {
        let mut operations = contract.operations.iter();
        operations.any(|operation| operation.lists_errors && operation.errors.contains(&class))
    };
    let unlisted = contract
        .errors
        .iter()
        .filter(move |error| !is_listed(error.name));
    unlisted.map(|error| Item {
        name: format!("error {}", error.name),
        location: error.location,
        covered: recorded.has_failure(None, error.name),
    })
}

/// Returns the values of the closed attributes that operations, metrics and events use, except for secret attributes.
fn value_items(
    contract: &'static Contract,
    recorded: &ContractRecording<'_>,
) -> impl Iterator<Item = Item> {
    let values = recorded.values();
    let attributes = contract.attributes.iter();
    let used = attributes.filter(|attribute| is_used(contract, attribute));
    used.flat_map(|attribute| attribute.values.iter().map(move |value| (attribute, value)))
        .map(move |(attribute, value)| Item {
            name: format!("value {} = {value}", attribute.key),
            location: attribute.location,
            covered: values.contains(&(attribute.key.to_owned(), (*value).to_owned())),
        })
}

/// Telemetry in the instrumentation scope of a contract.
struct ContractRecording<'a> {
    spans: Vec<&'a Span>,
    points: Vec<&'a Point>,
    records: Vec<&'a Record>,
}

impl<'a> ContractRecording<'a> {
    fn of(contract: &Contract, recording: &'a Recording) -> Self {
        let is_own = |scope: &InstrumentationScope| scope.name() == contract.name;
        let spans = recording.spans.iter().filter(|span| is_own(&span.scope));
        let points = recording.points.iter().filter(|point| is_own(&point.scope));
        let records = recording
            .records
            .iter()
            .filter(|record| is_own(&record.scope));
        Self {
            spans: spans.collect(),
            points: points.collect(),
            records: records.collect(),
        }
    }

    /// Whether this operation failed with this error class; `None` for any operation.
    fn has_failure(&self, operation: Option<&str>, class: &str) -> bool {
        self.spans.iter().any(|span| {
            let is_operation = operation.is_none_or(|name| span.name == name);
            is_operation && text(&span.attributes, "error.type") == Some(class)
        })
    }

    /// Returns each recorded string and integer with its key.
    fn values(&self) -> BTreeSet<(String, String)> {
        let of_spans = self.spans.iter().map(|span| &span.attributes);
        let of_points = self.points.iter().map(|point| &point.attributes);
        let of_records = self.records.iter().map(|record| &record.attributes);
        let attributes = of_spans.chain(of_points).chain(of_records).flatten();
        let pairs = attributes.filter_map(|(key, value)| {
            let value = match value {
                AnyValue::String(text) => text.as_str().to_owned(),
                AnyValue::Int(value) => value.to_string(),
                _ => return None,
            };
            Some((key.as_str().to_owned(), value))
        });
        pairs.collect()
    }
}

/// Whether the attribute is not secret, and an operation, a metric or an event uses it. Tests do not record other
/// attributes.
fn is_used(contract: &Contract, attribute: &Attribute) -> bool {
    let of_operations = contract
        .operations
        .iter()
        .flat_map(|operation| operation.attributes);
    let of_metrics = contract.metrics.iter().flat_map(|metric| metric.attributes);
    let of_events = contract.events.iter().flat_map(|event| event.attributes);
    let mut uses = of_operations.chain(of_metrics).chain(of_events);
    attribute.privacy != Privacy::Secret && uses.any(|used| used.key == attribute.key)
}
