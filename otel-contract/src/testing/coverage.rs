//! Which words of a contract the tests never used.

use super::recording::{Attributes, Recording};
use super::report;
use crate::description::{Attribute, Contract, Location, Privacy};
use opentelemetry::logs::AnyValue;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What [`assert_coverage`](Recording::assert_coverage) asks for: every operation of a contract, the
/// errors it lists, every value of closed attributes, every metric and event.
///
/// What a test cannot bring about is [excepted](Self::except), by the name the report gives it. An
/// exception that is not needed any more is reported as well.
#[derive(Clone, Debug)]
#[must_use = "give it to `assert_coverage`"]
pub struct Coverage {
    contract: &'static Contract,
    except: Vec<String>,
}

/// One thing to be exercised.
struct Item {
    name: String,
    location: Location,
    covered: bool,
}

impl Coverage {
    /// All of this contract.
    pub fn of(contract: &'static Contract) -> Self {
        Self {
            contract,
            except: Vec::new(),
        }
    }

    /// All but this, named as in the report: `operation invoice.create`,
    /// `error gateway_timeout of invoice.create`, `value account.tier = free`,
    /// `metric invoice.gateway.retries`, `event invoice.rejected`.
    pub fn except(mut self, name: impl Into<String>) -> Self {
        self.except.push(name.into());
        self
    }

    /// Everything was exercised, except what was excepted.
    ///
    /// # Panics
    ///
    /// When that is not so, with all that is missing.
    #[track_caller]
    pub fn assert(&self, recording: &Recording) {
        let items = items(self.contract, recording);
        let excepted = |item: &Item| self.except.contains(&item.name);
        let missing: Vec<&Item> = items
            .iter()
            .filter(|item| !item.covered && !excepted(item))
            .collect();
        let needless: Vec<String> = self
            .except
            .iter()
            .filter_map(|name| {
                let item = items.iter().find(|item| item.name == *name);
                match item {
                    None => Some(format!("{name}: the contract has nothing of that name")),
                    Some(item) if item.covered => Some(format!("{name}: it is exercised")),
                    Some(_) => None,
                }
            })
            .collect();
        if missing.is_empty() && needless.is_empty() {
            return;
        }
        let Contract { name, version, .. } = self.contract;
        let mut text = String::new();
        if !missing.is_empty() {
            let (count, all) = (missing.len(), items.len());
            let _ = write!(
                text,
                "{count} of {all} words of contract `{name}` {version} are never exercised"
            );
            for item in missing {
                let _ = write!(text, "\n    {} ({})", item.name, item.location);
            }
            text += "\n  = help: exercise them, or say why not: `.except(\"…\")`, with the words before the bracket";
        }
        if !needless.is_empty() {
            if !text.is_empty() {
                text += "\n";
            }
            let _ = write!(
                text,
                "exceptions from the coverage of contract `{name}` that are not needed"
            );
            for line in needless {
                let _ = write!(text, "\n    {line}");
            }
        }
        let _ = write!(
            text,
            "\n  = note: {}",
            report::line(self.contract, self.contract.location)
        );
        panic!("{text}");
    }
}

impl From<&'static Contract> for Coverage {
    fn from(contract: &'static Contract) -> Self {
        Self::of(contract)
    }
}

fn items(contract: &'static Contract, recording: &Recording) -> Vec<Item> {
    let ours = |scope: &opentelemetry::InstrumentationScope| scope.name() == contract.name;
    let spans: Vec<_> = recording
        .spans
        .iter()
        .filter(|one| ours(&one.scope))
        .collect();
    let points: Vec<_> = recording
        .points
        .iter()
        .filter(|one| ours(&one.scope))
        .collect();
    let records: Vec<_> = recording
        .records
        .iter()
        .filter(|one| ours(&one.scope))
        .collect();
    let of_spans = spans.iter().map(|one| &one.attributes);
    let of_points = points.iter().map(|one| &one.attributes);
    let of_records = records.iter().map(|one| &one.attributes);
    let used = values(of_spans.chain(of_points).chain(of_records));
    let mut items = Vec::new();
    let mut push = |name, location, covered| {
        items.push(Item {
            name,
            location,
            covered,
        });
    };
    for operation in contract.operations {
        let name = operation.name;
        let mut happened = spans.iter().filter(|span| span.name == name);
        push(
            format!("operation {name}"),
            operation.location,
            happened.next().is_some(),
        );
        for class in operation.errors {
            let mut failed = spans.iter().filter(|span| {
                let error = super::recording::text(&span.attributes, "error.type");
                span.name == name && error == Some(class)
            });
            // The line of the class: there it says what has to happen.
            let mut errors = contract.errors.iter();
            let error = errors.find(|error| error.name == *class);
            let location = error.map_or(operation.location, |error| error.location);
            push(
                format!("error {class} of {name}"),
                location,
                failed.next().is_some(),
            );
        }
    }
    for attribute in contract
        .attributes
        .iter()
        .filter(|one| is_used(contract, one))
    {
        for value in attribute.values {
            let covered = used.contains(&(attribute.key.to_owned(), (*value).to_owned()));
            push(
                format!("value {} = {value}", attribute.key),
                attribute.location,
                covered,
            );
        }
    }
    for metric in contract.metrics {
        let mut measured = points.iter().filter(|point| point.metric == metric.name);
        push(
            format!("metric {}", metric.name),
            metric.location,
            measured.next().is_some(),
        );
    }
    for event in contract.events {
        let mut recorded = records
            .iter()
            .filter(|one| one.event_name.as_deref() == Some(event.name));
        push(
            format!("event {}", event.name),
            event.location,
            recorded.next().is_some(),
        );
    }
    items
}

/// Whether anything of the contract takes it: a word for the resource alone is not exercised by tests.
fn is_used(contract: &Contract, attribute: &Attribute) -> bool {
    let operations = contract.operations.iter().flat_map(|one| one.attributes);
    let metrics = contract.metrics.iter().flat_map(|one| one.attributes);
    let events = contract.events.iter().flat_map(|one| one.attributes);
    let mut all = operations.chain(metrics).chain(events);
    attribute.privacy != Privacy::Secret && all.any(|used| used.key == attribute.key)
}

fn values<'a>(all: impl Iterator<Item = &'a Attributes>) -> BTreeSet<(String, String)> {
    let pairs = all.flatten().filter_map(|(key, value)| {
        let value = match value {
            AnyValue::String(text) => text.as_str().to_owned(),
            AnyValue::Int(value) => value.to_string(),
            _ => return None,
        };
        Some((key.as_str().to_owned(), value))
    });
    pairs.collect()
}
