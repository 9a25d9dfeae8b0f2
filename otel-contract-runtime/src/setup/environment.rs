//! Typed reading of environment variables. Errors and warnings name the variable.

use super::SetupError;
use super::printable::printable;
use super::warning::SetupWarning;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// The variables that a set-up reads. `Debug` shows only the names that begin with `OTEL_`, and no values, because values
/// can be credentials.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, OsString>);

impl Environment {
    /// Returns the environment of the process.
    #[must_use]
    pub fn of_process() -> Self {
        let named = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value));
        Self(std::env::vars_os().filter_map(named).collect())
    }

    /// Returns the value of a variable, trimmed; `None` if it is empty or not UTF-8.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        let value = self.0.get(name)?.to_str()?.trim();
        (!value.is_empty()).then(|| value.to_owned())
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

/// Reads variables, and collects errors and warnings until all variables are read.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    environment: &'a Environment,
    /// Whether a value that would be ignored or changed is an error. Warnings of `no_effect_warning` remain warnings.
    is_strict: bool,
    pub(super) errors: Vec<SetupError>,
    pub(super) warnings: Vec<SetupWarning>,
    /// Names of the variables that were read, set or not.
    #[cfg(test)]
    pub(super) asked: std::cell::RefCell<std::collections::BTreeSet<String>>,
}

/// Returns the error of a variable. `what` follows its name.
fn error_of(name: &str, what: impl Into<String>, help: impl Into<String>) -> SetupError {
    SetupError::Variable {
        name: name.to_owned(),
        what: what.into(),
        help: help.into(),
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(environment: &'a Environment) -> Self {
        Self {
            environment,
            is_strict: false,
            errors: Vec::new(),
            warnings: Vec::new(),
            #[cfg(test)]
            asked: std::cell::RefCell::default(),
        }
    }

    /// Sets whether a value that would be ignored or changed is an error.
    pub(super) fn strict(mut self, is_strict: bool) -> Self {
        self.is_strict = is_strict;
        self
    }

    /// Adds an error, unless it was added before: several signals may read the same variable.
    pub(super) fn error(&mut self, error: SetupError) {
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    /// Adds an error of a variable, whether or not the set-up is strict.
    pub(super) fn variable_error(
        &mut self,
        name: &str,
        what: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.error(error_of(name, what, help));
    }

    /// Adds a warning about a variable whose value is ignored or changed; in a strict set-up, an error. `what` follows the
    /// name (``has the invalid value `x` ``), and `effect` is a clause (``it is read as `false` ``).
    pub(super) fn variable_warning(
        &mut self,
        name: &str,
        what: impl Into<String>,
        effect: impl Into<String>,
        help: impl Into<String>,
    ) {
        let error = error_of(name, what, help);
        self.lenient_error(name, error, effect);
    }

    /// Adds an error of a variable as a warning, unless the set-up is strict.
    pub(super) fn lenient_error(
        &mut self,
        name: &str,
        error: SetupError,
        effect: impl Into<String>,
    ) {
        if self.is_strict {
            self.error(error);
        } else {
            self.warning(SetupWarning::new(name, &error, effect.into()));
        }
    }

    /// Adds a warning about a variable that is valid but has no effect. A strict set-up does not turn the warning into
    /// an error.
    pub(super) fn no_effect_warning(
        &mut self,
        name: &str,
        what: impl Into<String>,
        effect: impl Into<String>,
        help: impl Into<String>,
    ) {
        let error = error_of(name, what, help);
        self.warning(SetupWarning::new(name, &error, effect.into()));
    }

    /// Adds a warning, unless it was added before: several signals may read the same variable.
    fn warning(&mut self, warning: SetupWarning) {
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// Reads a variable, trimmed. An empty variable counts as not set, as in the specification.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        self.utf8(name).unwrap_or_else(|NotUtf8| {
            let (what, help) = NotUtf8::MESSAGE;
            self.variable_warning(name, what, UNSET, help);
            None
        })
    }

    /// Reads a variable that must not be ignored, because telemetry would be sent elsewhere or without protection.
    pub(super) fn text_or_error(&mut self, name: &str) -> Option<String> {
        self.utf8(name).unwrap_or_else(|NotUtf8| {
            let (what, help) = NotUtf8::MESSAGE;
            self.variable_error(name, what, help);
            None
        })
    }

    fn utf8(&self, name: &str) -> Result<Option<String>, NotUtf8> {
        #[cfg(test)]
        self.asked.borrow_mut().insert(name.to_owned());
        let Some(value) = self.environment.0.get(name) else {
            return Ok(None);
        };
        let value = value.to_str().ok_or(NotUtf8)?.trim();
        Ok((!value.is_empty()).then(|| value.to_owned()))
    }

    /// Whether a variable is not empty. Its value may be invalid UTF-8.
    pub(super) fn is_set(&self, name: &str) -> bool {
        let value = self.environment.0.get(name);
        value.is_some_and(|value| value.to_str().is_none_or(|text| !text.trim().is_empty()))
    }

    /// Returns the names of all variables.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.environment.0.keys().map(String::as_str)
    }

    /// Reads `true` or `false`, in upper or lower case. Any other value is `false`, as in the specification.
    pub(super) fn boolean(&mut self, name: &str) -> Option<bool> {
        let written = self.text(name)?;
        let is_true = written.eq_ignore_ascii_case("true");
        if !is_true && !written.eq_ignore_ascii_case("false") {
            self.variable_warning(
                name,
                invalid(&written),
                "it is read as `false`",
                "use one of `true`, `false`",
            );
        }
        Some(is_true)
    }

    /// Reads one of these words, in upper or lower case. Any other word is ignored.
    pub(super) fn word<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Option<T> {
        let written = self.text(name)?;
        let known = words
            .iter()
            .find(|(word, _)| word.eq_ignore_ascii_case(&written));
        if known.is_none() {
            self.variable_warning(name, invalid(&written), UNSET, one_of(words));
        }
        known.map(|(_, meaning)| *meaning)
    }

    /// Reads an integer within these bounds.
    pub(super) fn count(&mut self, name: &str, (least, most): (u32, u32)) -> Option<u32> {
        let help = match (least, most) {
            (0, MAX_NUMBER) => "write a whole number, like `128`".to_owned(),
            _ => format!("write a whole number from {least} to {most}, like `512`"),
        };
        self.number(name, &help, |number| (least..=most).contains(number))
    }

    /// Reads the time between two exports in milliseconds, not zero.
    pub(super) fn interval(&mut self, name: &str) -> Option<Duration> {
        let help = "write milliseconds, a whole number above zero, like `5000`";
        self.millis(name, 1, help)
    }

    /// Reads a delay in milliseconds. Zero means as soon as possible, which is one millisecond: without a delay the thread
    /// that waits for spans would spin.
    pub(super) fn delay(&mut self, name: &str) -> Option<Duration> {
        let delay = self.millis(name, 0, "write milliseconds, like `5000`")?;
        Some(delay.max(Duration::from_millis(1)))
    }

    /// Reads a timeout in milliseconds. Zero means no limit, as in the specification.
    pub(super) fn timeout(&mut self, name: &str) -> Option<Duration> {
        let help = "write milliseconds, like `5000`; `0` means no limit";
        let timeout = self.millis(name, 0, help)?;
        Some(if timeout.is_zero() { MAX_TIME } else { timeout })
    }

    fn millis(&mut self, name: &str, least: u64, help: &str) -> Option<Duration> {
        let most = u64::from(MAX_NUMBER);
        self.number(name, help, |millis| (least..=most).contains(millis))
            .map(Duration::from_millis)
    }

    /// Reads a number in a range. Any other value is ignored, as the specification requires.
    pub(super) fn number<T: FromStr>(
        &mut self,
        name: &str,
        help: &str,
        is_in_range: impl FnOnce(&T) -> bool,
    ) -> Option<T> {
        let written = self.text(name)?;
        let number = written.parse().ok().filter(is_in_range);
        if number.is_none() {
            self.variable_warning(name, invalid(&written), UNSET, help);
        }
        number
    }
}

/// Error of a variable whose bytes are not UTF-8.
struct NotUtf8;

impl NotUtf8 {
    const MESSAGE: (&str, &str) = ("is not UTF-8", "write it in UTF-8");
}

/// Clause of a warning about a value that is ignored, as the specification requires.
pub(super) const UNSET: &str = "it is ignored, as if it were not set";

/// Maximum integer of a variable, as the specification requires: 2³¹ − 1.
pub(super) const MAX_NUMBER: u32 = i32::MAX as u32;

/// Longest duration that a variable can set, over 24 days. It also stands for "no limit".
pub(super) const MAX_TIME: Duration = Duration::from_millis(MAX_NUMBER as u64);

/// Describes an invalid value. The text follows the name of the variable.
pub(super) fn invalid(value: &str) -> String {
    format!("has the invalid value `{}`", printable(value))
}

/// Returns the help text `use one of …`.
pub(super) fn one_of<T>(words: &[(&str, T)]) -> String {
    let words: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
    match words.as_slice() {
        [only] => format!("use {only}"),
        words => format!("use one of {}", words.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_is_not_set() {
        let environment = Environment::from_iter([("OTEL_BSP_MAX_QUEUE_SIZE", "  ")]);
        let mut reader = Reader::new(&environment);
        assert_eq!(
            reader.count("OTEL_BSP_MAX_QUEUE_SIZE", (1, MAX_NUMBER)),
            None
        );
        assert!(reader.errors.is_empty() && reader.warnings.is_empty());
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
