//! Messages of failed assertions.

use super::recording::{Attributes, OutsideStarts, Recording, Span, text};
use super::value;
use crate::description::{Contract, Location};
use opentelemetry::logs::AnyValue;
use opentelemetry::trace::Status;
use std::fmt;
use std::fmt::Write as _;

/// Message of a failed assertion: the error, then details, advice and the line of the contract.
#[derive(Debug)]
pub(super) struct Report(String);

impl Report {
    pub(super) fn new(error: impl fmt::Display) -> Self {
        Self(error.to_string())
    }

    pub(super) fn line(mut self, line: impl fmt::Display) -> Self {
        let _ = write!(self.0, "\n    {line}");
        self
    }

    pub(super) fn lines<T: fmt::Display>(self, lines: impl IntoIterator<Item = T>) -> Self {
        lines.into_iter().fold(self, Self::line)
    }

    pub(super) fn help(mut self, help: impl fmt::Display) -> Self {
        let _ = write!(self.0, "\n  = help: {help}");
        self
    }

    pub(super) fn note(mut self, note: impl fmt::Display) -> Self {
        let _ = write!(self.0, "\n  = note: {note}");
        self
    }

    pub(super) fn contract(self, contract: &Contract, location: Location) -> Self {
        self.note(contract_line(contract, location))
    }

    #[track_caller]
    pub(super) fn fail(self) -> ! {
        panic!("{}", self.0)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Name, version and location of a contract, as in the messages of the macros.
pub(super) fn contract_line(contract: &Contract, location: Location) -> String {
    let Contract { name, version, .. } = contract;
    format!("contract `{name}` {version}, {location}")
}

/// Outcome of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Succeeded,
    Failed(String),
    /// The span has status `Error`, but no `error.type`. Only a span can have this outcome: a point of a duration has no
    /// status.
    FailedWithoutClass,
    Panicked,
    Cancelled,
}

impl Ending {
    pub(super) fn of(span: &Span) -> Self {
        let failed = matches!(span.status, Status::Error { .. });
        match (text(&span.attributes, "error.type"), failed) {
            (Some("panic"), _) => Self::Panicked,
            (Some("cancelled"), _) => Self::Cancelled,
            (Some(class), _) => Self::Failed(class.to_owned()),
            (None, true) => Self::FailedWithoutClass,
            (None, false) => Self::Succeeded,
        }
    }

    /// Returns the outcome that a series of a duration metric measures.
    pub(super) fn of_point(attributes: &Attributes) -> Self {
        match text(attributes, "error.type") {
            Some("panic") => Self::Panicked,
            Some("cancelled") => Self::Cancelled,
            Some(class) => Self::Failed(class.to_owned()),
            None => Self::Succeeded,
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Succeeded => f.write_str("succeeded"),
            Self::Failed(class) => write!(f, "failed with `{class}`"),
            Self::FailedWithoutClass => f.write_str("failed without `error.type`"),
            Self::Panicked => f.write_str("panicked"),
            Self::Cancelled => f.write_str("was cancelled"),
        }
    }
}

/// Describes a span in one line.
pub(super) fn span(contract: &Contract, span: &Span) -> String {
    let ending = Ending::of(span);
    match attributes(contract, &span.attributes) {
        attributes if attributes.is_empty() => ending.to_string(),
        attributes => format!("{ending}: {attributes}"),
    }
}

/// Describes the attributes of a span in one line, without the outcome.
fn attributes(contract: &Contract, attributes: &Attributes) -> String {
    let pairs = attributes.iter().map(|(key, value)| (key.as_str(), value));
    inline(contract, pairs.filter(|(key, _)| *key != "error.type"))
}

pub(super) fn borrowed(attributes: &Attributes) -> impl Iterator<Item = (&str, &AnyValue)> {
    attributes.iter().map(|(key, value)| (key.as_str(), value))
}

/// Describes attributes in one line.
pub(super) fn inline<'a>(
    contract: &Contract,
    pairs: impl IntoIterator<Item = (&'a str, &'a AnyValue)>,
) -> String {
    pairs
        .into_iter()
        .map(|(key, value)| format!("{key} = {}", value::printable(contract, key, value)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Attributes allowed in addition to the expected ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OtherAttributes {
    /// Any attributes.
    Allowed,
    /// Only `error.type`, the outcome of an operation.
    OutcomeOnly,
    /// No attributes.
    Forbidden,
}

/// Whether the attributes include the expected ones.
pub(super) fn has(got: &Attributes, expected: &[(&str, AnyValue)]) -> bool {
    expected.iter().all(|(key, value)| {
        let mut recorded = got.iter().filter(|pair| pair.0.as_str() == *key);
        recorded.next().is_some_and(|pair| pair.1 == *value) && recorded.next().is_none()
    })
}

/// The attributes that `having` selected, for messages.
#[derive(Clone, Debug, Default)]
pub(super) struct Filters(Vec<(&'static str, AnyValue)>);

impl Filters {
    pub(super) fn add(&mut self, expected: Vec<(&'static str, AnyValue)>) {
        self.0.extend(expected);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Describes the filters: ` with order.id = "ord_1"`, or nothing without filters.
    pub(super) fn text(&self, contract: &Contract) -> String {
        if self.is_empty() {
            return String::new();
        }
        let pairs = self.0.iter().map(|(key, value)| (*key, value));
        format!(" with {}", inline(contract, pairs))
    }

    /// Adds how the nearest of the listed spans or records differs, if it has some of the attributes. None of them has
    /// all attributes.
    pub(super) fn near_miss<'a>(
        &self,
        report: Report,
        contract: &Contract,
        listed: impl Iterator<Item = &'a Attributes>,
    ) -> Report {
        let differences = listed.enumerate().map(|(index, got)| {
            let others = OtherAttributes::Allowed;
            (index + 1, differences(contract, &self.0, got, others))
        });
        match differences.min_by_key(|(_, differences)| differences.len()) {
            Some((number, differences)) if differences.len() < self.0.len() => {
                report.help(format!("{number}. differs in {}", differences.join("; ")))
            }
            _ => report,
        }
    }
}

/// Compares attributes with the expected ones, and returns a line for each difference.
pub(super) fn differences(
    contract: &Contract,
    expected: &[(&str, AnyValue)],
    got: &Attributes,
    others: OtherAttributes,
) -> Vec<String> {
    let mut lines = Vec::new();
    for (key, value) in expected {
        let printable = value::printable(contract, key, value);
        let recorded: Vec<&AnyValue> = got
            .iter()
            .filter(|pair| pair.0.as_str() == *key)
            .map(|pair| &pair.1)
            .collect();
        match recorded.as_slice() {
            [] => lines.push(format!("{key}: expected {printable}, not recorded")),
            [single] if *single == value => {}
            several if several.last() == Some(&value) => {
                lines.push(format!(
                    "{key}: expected {printable} once, recorded {} times",
                    several.len()
                ));
            }
            several => {
                let got = several
                    .iter()
                    .map(|value| value::printable(contract, key, value))
                    .collect::<Vec<_>>()
                    .join(" and ");
                lines.push(format!("{key}: expected {printable}, got {got}"));
            }
        }
    }
    if others != OtherAttributes::Allowed {
        let is_expected = |key: &str| expected.iter().any(|(expected, _)| *expected == key);
        for (key, value) in got {
            let key = key.as_str();
            let is_allowed = others == OtherAttributes::OutcomeOnly && key == "error.type";
            if !is_expected(key) && !is_allowed {
                let got = value::printable(contract, key, value);
                lines.push(format!("{key}: not expected, got {got}"));
            }
        }
    }
    lines
}

/// Adds advice for a test that expected more spans of an operation than were recorded. `any`: a span of the operation was
/// recorded.
pub(super) fn missing(
    report: Report,
    recording: &Recording,
    (contract, name): (&str, &str),
    any: bool,
) -> Report {
    let active = recording.running.iter();
    match active.filter(|active| *active == name).count() {
        0 => {}
        1 => {
            return report.help(
                "one operation is still active: end it, or await its task, before asserting",
            );
        }
        count => {
            return report.help(format!(
                "{count} operations are still active: end them, or await their tasks, before asserting"
            ));
        }
    }
    let mut names: Vec<&str> = recording.spans.iter().map(|span| &*span.name).collect();
    names.sort_unstable();
    names.dedup();
    let is_empty = recording.is_empty() && recording.running.is_empty();
    let report = match &*names {
        _ if is_empty => report.help(NOTHING_RECORDED),
        [] => report.note("no span was recorded"),
        names => report.note(format!("spans recorded: {}", listed(names))),
    };
    let mut outside = recording.outside.iter();
    let of_operation =
        outside.find(|starts| starts.contract == contract && starts.operation == name);
    match of_operation {
        Some(starts) => lost_scope(report, &[starts]),
        None if any => report,
        None => lost_scope(report, &[]),
    }
}

/// Advice for an empty recording.
pub(super) const NOTHING_RECORDED: &str =
    "no telemetry was recorded in this scope: run the code with `scope.run` or `scope.run_async`";

/// Advises how spawned tasks and threads keep the test scope. `outside`: operations that started outside of all scopes and may
/// be the cause.
pub(super) fn lost_scope(report: Report, outside: &[&OutsideStarts]) -> Report {
    let report = outside.iter().fold(report, |report, starts| {
        let started = count_in_words(starts.count);
        report.note(format!(
            "`{}` started {started} outside of all test scopes since this scope was created",
            starts.operation
        ))
    });
    let condition = if outside.is_empty() {
        "if a task or thread should have recorded this: "
    } else {
        ""
    };
    report.help(format!(
        "{condition}`tokio::spawn` and `std::thread::spawn` lose the scope; spawn with `spawn`, `spawn_blocking` or \
         `task::thread::spawn` of the contract, or call `in_current_context()` of `InContext` on the future"
    ))
}

/// Description of a span that is not in the recording.
pub(super) const ELSEWHERE: &str = "a span that was recorded elsewhere or is still active";

/// Lists the first few names.
pub(super) fn listed(names: &[&str]) -> String {
    const MOST: usize = 12;
    let mut text = names
        .iter()
        .take(MOST)
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > MOST {
        let _ = write!(text, " and {} more", names.len() - MOST);
    }
    text
}

/// Compares two counts in words, such as `happened twice, expected once`.
pub(super) fn compare_counts(verb: &str, negated: &str, got: usize, expected: usize) -> String {
    let got = match got {
        0 => negated.to_owned(),
        got => format!("{verb} {}", count_in_words(got)),
    };
    let expected = match expected {
        0 => "not at all".to_owned(),
        expected => count_in_words(expected),
    };
    format!("{got}, expected {expected}")
}

fn count_in_words(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}
