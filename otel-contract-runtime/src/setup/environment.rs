//! Environment variables, read without the process's: what is wrong with one is said by name.

use super::SetupError;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// The variables a set-up looks at. `Debug` shows their names alone: some hold credentials.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, OsString>);

impl Environment {
    /// Those of the process.
    #[must_use]
    pub fn of_process() -> Self {
        let named = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value));
        Self(std::env::vars_os().filter_map(named).collect())
    }
}

impl<N: Into<String>, V: Into<OsString>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        let owned = |(name, value): (N, V)| (name.into(), value.into());
        Self(variables.into_iter().map(owned).collect())
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.keys().filter(|name| name.starts_with("OTEL_"));
        f.debug_set().entries(names).finish()
    }
}

/// Reads variables and keeps what is wrong with them.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    environment: &'a Environment,
    /// Every name that was looked for.
    read: BTreeSet<String>,
    pub(super) faults: Vec<SetupError>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(environment: &'a Environment) -> Self {
        Self {
            environment,
            read: BTreeSet::new(),
            faults: Vec::new(),
        }
    }

    /// Keeps a fault. One variable serves several signals, and is wrong once.
    pub(super) fn fault(&mut self, fault: SetupError) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    pub(super) fn wrong(&mut self, name: &str, what: impl Into<String>, help: impl Into<String>) {
        self.fault(SetupError::Variable {
            name: name.to_owned(),
            what: what.into(),
            help: help.into(),
        });
    }

    /// A variable, trimmed; as the specification has it, an empty one is one that is not set.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        if !self.read.contains(name) {
            self.read.insert(name.to_owned());
        }
        let value = self.environment.0.get(name)?;
        match value.to_str() {
            Some(value) => Some(value.trim())
                .filter(|value| !value.is_empty())
                .map(str::to_owned),
            None => {
                self.wrong(name, "is not UTF-8", "write it in UTF-8");
                None
            }
        }
    }

    /// Tells of variables that are nearly ones that were looked for, once all were.
    pub(super) fn misspelt(&mut self) {
        let meant = |name: &'a String| {
            let meant = super::misspelt::meant(name, self.read.iter().map(String::as_str));
            Some((name, format!("did you mean `{}`?", meant?)))
        };
        let names: Vec<_> = self.environment.0.keys().filter_map(meant).collect();
        for (name, help) in names {
            self.wrong(name, "is no variable of OpenTelemetry", help);
        }
    }

    /// Whether a variable is there, whatever it holds.
    #[cfg(feature = "hash")]
    pub(super) fn is_set(&self, name: &str) -> bool {
        self.environment
            .0
            .get(name)
            .is_some_and(|value| !value.is_empty())
    }

    /// The value of the first of these variables that is set, with its name.
    pub(super) fn first(&mut self, names: &[String]) -> Option<(String, String)> {
        names
            .iter()
            .find_map(|name| Some((name.clone(), self.text(name)?)))
    }

    /// One word of several, in any case.
    pub(super) fn word<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Option<T> {
        let written = self.text(name)?;
        let known = words
            .iter()
            .find(|(word, _)| word.eq_ignore_ascii_case(&written));
        if known.is_none() {
            self.wrong(name, format!("is `{written}`"), one_of(words));
        }
        known.map(|(_, meaning)| *meaning)
    }

    /// A whole number, from this one on.
    pub(super) fn count(&mut self, name: &str, least: usize) -> Option<usize> {
        let help = match least {
            0 => "write a whole number, like `128`".to_owned(),
            _ => format!("write a whole number from {least} on, like `512`"),
        };
        self.number(name, &help, |number: &usize| *number >= least)
    }

    /// A time in milliseconds, not zero.
    pub(super) fn millis(&mut self, name: &str) -> Option<Duration> {
        let help = "write milliseconds, a whole number above zero, like `5000`";
        self.number(name, help, |millis: &u64| *millis > 0)
            .map(Duration::from_millis)
    }

    /// A number for which something holds.
    pub(super) fn number<T: FromStr>(
        &mut self,
        name: &str,
        help: &str,
        holds: impl FnOnce(&T) -> bool,
    ) -> Option<T> {
        let written = self.text(name)?;
        let number = written.parse().ok().filter(holds);
        if number.is_none() {
            self.wrong(name, format!("is `{written}`"), help);
        }
        number
    }

    /// `key=value` pairs, comma-separated and percent-encoded. What is wrong is told by position, so
    /// that no value is shown.
    pub(super) fn pairs(&mut self, name: &str) -> Vec<(String, String)> {
        let Some(written) = self.text(name) else {
            return Vec::new();
        };
        let mut pairs = Vec::new();
        for (position, item) in written.split(',').enumerate() {
            let item = item.trim();
            if item.is_empty() {
                continue;
            }
            let pair = item
                .split_once('=')
                .filter(|(key, _)| !key.trim().is_empty());
            let pair = pair.map(|(key, value)| (decoded(key.trim()), decoded(value.trim())));
            if let Some((Some(key), Some(value))) = pair {
                pairs.push((key, value));
            } else {
                let what = match pair {
                    None => "is no `key=value`",
                    Some(_) => "is not percent-encoded UTF-8",
                };
                let position = position + 1;
                self.wrong(
                    name,
                    format!("has an item, number {position}, that {what}"),
                    "write `key=value,key=value`; a comma, a space or a percent sign in a value is percent-encoded: `%2C`, `%20`, `%25`",
                );
            }
        }
        pairs
    }
}

/// `use one of …`
pub(super) fn one_of<T>(words: &[(&str, T)]) -> String {
    let words: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
    match words.as_slice() {
        [only] => format!("use {only}"),
        words => format!("use one of {}", words.join(", ")),
    }
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            let value = digit()? * 16 + digit()?;
            bytes.push(u8::try_from(value).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_decoded_and_told_by_position() {
        let environment = Environment::from_iter([(
            "OTEL_EXPORTER_OTLP_HEADERS",
            "a=1, b=x%2Cy%20z,, c, d=%zz,=secret,e=p=q",
        )]);
        let mut reader = Reader::new(&environment);
        let pairs = reader.pairs("OTEL_EXPORTER_OTLP_HEADERS");
        let pair = |(key, value): &(String, String)| format!("{key}: {value}");
        let pairs: Vec<String> = pairs.iter().map(pair).collect();
        assert_eq!(pairs, ["a: 1", "b: x,y z", "e: p=q"]);
        let faults: Vec<String> = reader.faults.iter().map(SetupError::what).collect();
        assert_eq!(
            faults,
            [
                "`OTEL_EXPORTER_OTLP_HEADERS` has an item, number 4, that is no `key=value`",
                "`OTEL_EXPORTER_OTLP_HEADERS` has an item, number 5, that is not percent-encoded UTF-8",
                "`OTEL_EXPORTER_OTLP_HEADERS` has an item, number 6, that is no `key=value`",
            ]
        );
    }

    #[test]
    fn an_empty_variable_is_not_set() {
        let environment = Environment::from_iter([("OTEL_BSP_MAX_QUEUE_SIZE", "  ")]);
        let mut reader = Reader::new(&environment);
        assert_eq!(reader.count("OTEL_BSP_MAX_QUEUE_SIZE", 1), None);
        assert!(reader.faults.is_empty());
    }

    #[test]
    fn debug_shows_names_and_no_values() {
        let environment = Environment::from_iter([
            ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=hunter2"),
            ("BILLING_KEY", "hunter3"),
        ]);
        assert_eq!(
            format!("{environment:?}"),
            "{\"OTEL_EXPORTER_OTLP_HEADERS\"}"
        );
    }
}
