//! What can be wrong with a set-up, and what to do about it.

use super::Signal;
use super::warning::SetupWarnings;
use crate::description::Location;
use std::fmt;

/// One thing that is wrong with a set-up. Displays as what is wrong and, after `help:`, the fix.
///
/// No variant holds the value of a header or a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetupError {
    /// An environment variable has a value that cannot be used.
    Variable {
        /// Its name.
        name: String,
        /// What is wrong with it, after its name: `is …`, `has …`.
        what: String,
        /// What is allowed.
        help: String,
    },
    /// Something given in code cannot be used.
    Option {
        /// The method of the builder it was given by.
        name: &'static str,
        /// What is wrong with it.
        what: String,
        /// What is allowed.
        help: String,
    },
    /// Something is asked for that was left out when the crate was compiled.
    Feature {
        /// What is asked for, and by what.
        what: String,
        /// The feature of `otel-contract` that has it.
        feature: &'static str,
    },
    /// A resource attribute says nothing.
    Resource {
        /// Its key.
        key: String,
        /// Name and version of the contract that requires it.
        contract: String,
        /// Where the contract declares it.
        at: Option<Location>,
    },
    /// The SDK refused to make an exporter.
    Exporter {
        /// Of which signal.
        signal: Signal,
        /// In the words of the SDK.
        reason: String,
    },
    /// The operating system gave no thread.
    Thread {
        /// In its words.
        reason: String,
    },
    /// The SDK did not make its processors in time: it makes instruments for them, which waits for the meter provider that
    /// is in OpenTelemetry's globals before the set-up.
    Blocked,
}

impl SetupError {
    /// What is wrong, in one line.
    #[must_use]
    pub fn what(&self) -> String {
        match self {
            Self::Variable { name, what, .. } => format!("`{name}` {what}"),
            Self::Option { name, what, .. } => format!("`{name}(…)` {what}"),
            Self::Feature { what, feature } => {
                format!("{what}, but feature `{feature}` of `otel-contract` is not enabled")
            }
            Self::Resource { key, .. } => format!("resource attribute `{key}` is empty"),
            Self::Exporter { signal, reason } => {
                format!("the exporter of {signal} cannot be created: {reason}")
            }
            Self::Thread { reason } => {
                format!("the thread of the exporter cannot be started: {reason}")
            }
            Self::Blocked => "the SDK cannot create its processors: the global meter provider is collecting metrics, \
                 and a callback does not return"
                .to_owned(),
        }
    }

    /// How to put it right.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Variable { help, .. } | Self::Option { help, .. } => help.clone(),
            Self::Feature { feature, .. } => {
                format!("enable it: `otel-contract = {{ features = [\"{feature}\"] }}`")
            }
            Self::Resource { .. } => {
                "set a value: telemetry is useless when its source is unknown".to_owned()
            }
            Self::Exporter { signal, .. } => format!(
                "check the variables that begin with `OTEL_EXPORTER_OTLP_`, and with `{}`",
                signal.variable("")
            ),
            Self::Thread { .. } => {
                "raise the limit on threads of the process, or set `OTEL_SDK_DISABLED=true`"
                    .to_owned()
            }
            Self::Blocked => {
                "set up telemetry outside of callbacks, and keep callbacks short".to_owned()
            }
        }
    }
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  = help: {}", self.what(), self.help())?;
        if let Self::Resource { contract, at, .. } = self {
            write!(f, "\n  = note: contract {contract}")?;
            if let Some(Location { file, line, column }) = at {
                write!(f, ", {file}:{line}:{column}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for SetupError {}

/// A fault of an option given in code.
pub(super) fn option(name: &'static str, what: impl Into<String>, help: &str) -> SetupError {
    SetupError::Option {
        name,
        what: what.into(),
        help: help.to_owned(),
    }
}

/// Everything that is wrong with a set-up, at least one thing. Nothing was installed.
///
/// `Debug` is the readable form as well, since that is what a `main` that returns it prints.
#[derive(Clone, PartialEq, Eq)]
pub struct SetupErrors {
    errors: Vec<SetupError>,
    warnings: SetupWarnings,
}

impl SetupErrors {
    /// `Ok` with the warnings where nothing is wrong.
    pub(super) fn of(
        errors: Vec<SetupError>,
        warnings: SetupWarnings,
    ) -> Result<SetupWarnings, Self> {
        if errors.is_empty() {
            Ok(warnings)
        } else {
            Err(Self { errors, warnings })
        }
    }

    pub(super) fn with_warnings(mut self, warnings: &SetupWarnings) -> Self {
        self.warnings = warnings.clone();
        self
    }

    /// One by one.
    pub fn iter(&self) -> std::slice::Iter<'_, SetupError> {
        self.errors.iter()
    }

    /// Variables that would not have been used as they are written; no reason by themselves to install nothing.
    #[must_use]
    pub fn warnings(&self) -> &SetupWarnings {
        &self.warnings
    }
}

impl<'a> IntoIterator for &'a SetupErrors {
    type Item = &'a SetupError;
    type IntoIter = std::slice::Iter<'a, SetupError>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<SetupError> for SetupErrors {
    fn from(error: SetupError) -> Self {
        Self {
            errors: vec![error],
            warnings: SetupWarnings::default(),
        }
    }
}

impl fmt::Display for SetupErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("telemetry cannot be set up")?;
        for fault in &self.errors {
            write!(f, "\n\nerror: {fault}")?;
        }
        for warning in &self.warnings {
            write!(f, "\n\nwarning: {warning}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for SetupErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for SetupErrors {}
