//! Which words of a contract the tests never used.

use super::recording::{Point, Record, Recording, Span, text};
use super::report;
use crate::description::{Attribute, Contract, Location, Privacy};
use opentelemetry::InstrumentationScope;
use opentelemetry::logs::AnyValue;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What [`assert_coverage`](Recording::assert_coverage) asks for: every operation of a contract, each
/// error it lists, errors that none lists from any, every value of closed attributes, every metric and event.
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
    let ours = Ours::of(contract, recording);
    let item = |name: String, location, covered| Item {
        name,
        location,
        covered,
    };
    let mut items = Vec::new();
    for operation in contract.operations {
        let name = operation.name;
        let happened = ours.spans.iter().any(|span| span.name == name);
        items.push(item(
            format!("operation {name}"),
            operation.location,
            happened,
        ));
        let listed = operation.errors.iter().filter(|_| operation.lists_errors);
        items.extend(listed.map(|class| {
            // The line of the class: there it says what has to happen.
            let mut errors = contract.errors.iter();
            let error = errors.find(|error| error.name == *class);
            let location = error.map_or(operation.location, |error| error.location);
            let covered = ours.failed(Some(name), class);
            item(format!("error {class} of {name}"), location, covered)
        }));
    }
    for error in contract.errors {
        let mut operations = contract.operations.iter();
        let listed = operations.any(|one| one.lists_errors && one.errors.contains(&error.name));
        if !listed {
            let covered = ours.failed(None, error.name);
            items.push(item(
                format!("error {}", error.name),
                error.location,
                covered,
            ));
        }
    }
    let used = ours.values();
    let attributes = contract.attributes.iter();
    for attribute in attributes.filter(|one| is_used(contract, one)) {
        items.extend(attribute.values.iter().map(|value| {
            let covered = used.contains(&(attribute.key.to_owned(), (*value).to_owned()));
            let name = format!("value {} = {value}", attribute.key);
            item(name, attribute.location, covered)
        }));
    }
    items.extend(contract.metrics.iter().map(|metric| {
        let measured = ours.points.iter().any(|point| point.metric == metric.name);
        item(format!("metric {}", metric.name), metric.location, measured)
    }));
    items.extend(contract.events.iter().map(|event| {
        let is = |record: &&Record| record.event_name.as_deref() == Some(event.name);
        let recorded = ours.records.iter().any(is);
        item(format!("event {}", event.name), event.location, recorded)
    }));
    items
}

/// What the contract's own scope recorded.
struct Ours<'a> {
    spans: Vec<&'a Span>,
    points: Vec<&'a Point>,
    records: Vec<&'a Record>,
}

impl<'a> Ours<'a> {
    fn of(contract: &Contract, recording: &'a Recording) -> Self {
        let is = |scope: &InstrumentationScope| scope.name() == contract.name;
        let spans = recording.spans.iter().filter(|one| is(&one.scope));
        let points = recording.points.iter().filter(|one| is(&one.scope));
        let records = recording.records.iter().filter(|one| is(&one.scope));
        Self {
            spans: spans.collect(),
            points: points.collect(),
            records: records.collect(),
        }
    }

    /// Whether an operation, or any, failed with this class.
    fn failed(&self, operation: Option<&str>, class: &str) -> bool {
        self.spans.iter().any(|span| {
            let is = operation.is_none_or(|name| span.name == name);
            is && text(&span.attributes, "error.type") == Some(class)
        })
    }

    /// Every key with every text and integer recorded for it.
    fn values(&self) -> BTreeSet<(String, String)> {
        let of_spans = self.spans.iter().map(|one| &one.attributes);
        let of_points = self.points.iter().map(|one| &one.attributes);
        let of_records = self.records.iter().map(|one| &one.attributes);
        let all = of_spans.chain(of_points).chain(of_records).flatten();
        let pairs = all.filter_map(|(key, value)| {
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

/// Whether anything of the contract takes it: a word for the resource alone is not exercised by tests.
fn is_used(contract: &Contract, attribute: &Attribute) -> bool {
    let operations = contract.operations.iter().flat_map(|one| one.attributes);
    let metrics = contract.metrics.iter().flat_map(|one| one.attributes);
    let events = contract.events.iter().flat_map(|one| one.attributes);
    let mut all = operations.chain(metrics).chain(events);
    attribute.privacy != Privacy::Secret && all.any(|used| used.key == attribute.key)
}
