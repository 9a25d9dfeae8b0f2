//! How a failed assertion reads.

use super::recording::{Attributes, Recording, Span, text};
use super::value;
use crate::description::{Contract, Location};
use opentelemetry::logs::AnyValue;
use opentelemetry::trace::Status;
use std::fmt;
use std::fmt::Write as _;

/// What is wrong, then the details, then advice and the contract's line.
#[derive(Debug)]
pub(super) struct Report(String);

impl Report {
    pub(super) fn new(wrong: impl fmt::Display) -> Self {
        Self(wrong.to_string())
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
        self.note(line(contract, location))
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

/// As in the messages of the compiler.
pub(super) fn line(contract: &Contract, location: Location) -> String {
    let Contract { name, version, .. } = contract;
    format!("contract `{name}` {version}, {location}")
}

/// How an operation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Succeeded,
    Failed(String),
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
            (None, true) => Self::Failed("no class".to_owned()),
            (None, false) => Self::Succeeded,
        }
    }

    /// That of a series of a duration.
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
            Self::Panicked => f.write_str("panicked"),
            Self::Cancelled => f.write_str("was cancelled"),
        }
    }
}

/// A span in one line.
pub(super) fn span(contract: &Contract, span: &Span) -> String {
    let ending = Ending::of(span);
    match attributes(contract, &span.attributes) {
        attributes if attributes.is_empty() => ending.to_string(),
        attributes => format!("{ending}: {attributes}"),
    }
}

/// Attributes of a span in one line, without the outcome.
fn attributes(contract: &Contract, attributes: &Attributes) -> String {
    let pairs = attributes.iter().map(|(key, value)| (key.as_str(), value));
    inline(contract, pairs.filter(|(key, _)| *key != "error.type"))
}

/// Attributes in one line.
pub(super) fn inline<'a>(
    contract: &Contract,
    pairs: impl IntoIterator<Item = (&'a str, &'a AnyValue)>,
) -> String {
    let pairs = pairs.into_iter();
    let shown = pairs.map(|(key, value)| format!("{key} = {}", value::shown(contract, key, value)));
    shown.collect::<Vec<_>>().join(", ")
}

/// What else may be there beside what is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Others {
    /// Anything.
    Welcome,
    /// The outcome of an operation.
    Outcome,
    /// Nothing.
    None,
}

/// Where attributes differ from what was expected, a line for each.
pub(super) fn differences(
    contract: &Contract,
    expected: &[(&str, AnyValue)],
    got: &Attributes,
    others: Others,
) -> Vec<String> {
    let mut lines = Vec::new();
    for (key, value) in expected {
        let wanted = value::shown(contract, key, value);
        let given: Vec<&AnyValue> = got
            .iter()
            .filter(|pair| pair.0.as_str() == *key)
            .map(|pair| &pair.1)
            .collect();
        match given.as_slice() {
            [] => lines.push(format!("{key}: expected {wanted}, not recorded")),
            [one] if *one == value => {}
            many if many.last() == Some(&value) => {
                lines.push(format!(
                    "{key}: expected {wanted} once, recorded {} times",
                    many.len()
                ));
            }
            many => {
                let got = many.iter().map(|one| value::shown(contract, key, one));
                let got = got.collect::<Vec<_>>().join(" and ");
                lines.push(format!("{key}: expected {wanted}, got {got}"));
            }
        }
    }
    if others != Others::Welcome {
        let known = |key: &str| expected.iter().any(|(known, _)| *known == key);
        for (key, value) in got {
            let key = key.as_str();
            let outcome = others == Others::Outcome && key == "error.type";
            if !known(key) && !outcome {
                let got = value::shown(contract, key, value);
                lines.push(format!("{key}: not expected, got {got}"));
            }
        }
    }
    lines
}

/// Advice for a test that expected more than there is.
pub(super) fn missing(report: Report, recording: &Recording, name: &str) -> Report {
    let running = recording.running.iter().filter(|one| *one == name).count();
    if running > 0 {
        let what = if running == 1 { "one is" } else { "some are" };
        return report.help(format!(
            "{what} still running: end it, or await its task, before asserting"
        ));
    }
    if recording.is_empty() && recording.running.is_empty() {
        return report.help(
            "nothing was recorded in this scope: run the work by `scope.run` or `scope.run_async`, \
             and give the context to what it spawns",
        );
    }
    let mut names: Vec<&str> = recording.spans.iter().map(|span| &*span.name).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return report.note("no span was recorded");
    }
    report.note(format!("spans recorded: {}", listed(&names)))
}

/// What is known of a span that is not in the recording.
pub(super) const ELSEWHERE: &str = "a span recorded elsewhere, or still running";

/// The first few names.
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

/// `happened twice, expected once`.
pub(super) fn times(verb: &str, negated: &str, got: usize, expected: usize) -> String {
    let times = |count| match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    };
    let got = match got {
        0 => negated.to_owned(),
        got => format!("{verb} {}", times(got)),
    };
    let expected = match expected {
        0 => "not at all".to_owned(),
        expected => times(expected),
    };
    format!("{got}, expected {expected}")
}
