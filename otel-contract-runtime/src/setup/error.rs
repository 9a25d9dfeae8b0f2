//! Errors of a set-up, with their fixes.

use super::Signal;
use super::warning::SetupWarnings;
use crate::description::Location;
use std::fmt;

/// An error of a set-up. Displays as the problem and, after `help:`, the fix.
///
/// No variant contains the value of a header or a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetupError {
    /// An environment variable has an invalid value.
    Variable {
        /// Name of the variable.
        name: String,
        /// The problem, to follow the name: `is …`, `has …`.
        what: String,
        /// What is allowed.
        help: String,
    },
    /// An option set in code is invalid.
    Option {
        /// Method of the builder that set the option.
        name: &'static str,
        /// The problem, to follow the name.
        what: String,
        /// What is allowed.
        help: String,
    },
    /// A variable or an option requires a feature that was not compiled in.
    Feature {
        /// The requirement, and the variable or option that causes it, if any.
        what: String,
        /// The missing feature of `otel-contract`.
        feature: &'static str,
    },
    /// A resource attribute is empty.
    Resource {
        /// Key of the attribute.
        key: String,
        /// Name and version of the contract that requires the attribute.
        contract: String,
        /// Location of the attribute in the contract.
        at: Option<Location>,
    },
    /// An exporter could not be created.
    Exporter {
        /// Signal of the exporter.
        signal: Signal,
        /// Reason of the failure.
        reason: String,
    },
    /// The operating system could not start a thread.
    Thread {
        /// Error message of the operating system.
        reason: String,
    },
    /// The SDK did not create its processors in time. Creating a processor creates instruments with the global meter
    /// provider that was installed before the set-up. Creating an instrument blocks while the provider runs a callback,
    /// possibly on the thread that installs the set-up.
    Blocked,
}

impl SetupError {
    /// Returns the problem, in one line.
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
                format!("a thread cannot be started: {reason}")
            }
            Self::Blocked => "the SDK cannot create its processors: the global meter provider is collecting metrics, \
                 and a callback does not return"
                .to_owned(),
        }
    }

    /// Returns the fix.
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
                "check the `OTEL_EXPORTER_OTLP_…` variables, including `{}…`",
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

/// Returns the error of an option set in code.
pub(super) fn option(name: &'static str, what: impl Into<String>, help: &str) -> SetupError {
    SetupError::Option {
        name,
        what: what.into(),
        help: help.to_owned(),
    }
}

/// All errors of a set-up, at least one. Nothing was installed.
///
/// `Debug` is the same text as `Display`, because a `main` that returns the error prints it with `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct SetupErrors {
    errors: Vec<SetupError>,
    warnings: SetupWarnings,
}

impl SetupErrors {
    /// Returns the warnings if there are no errors.
    pub(super) fn result(
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

    /// Returns the errors.
    pub fn iter(&self) -> std::slice::Iter<'_, SetupError> {
        self.errors.iter()
    }

    /// Returns the warnings. Warnings alone do not make the set-up fail.
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
        for error in &self.errors {
            write!(f, "\n\nerror: {error}")?;
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
