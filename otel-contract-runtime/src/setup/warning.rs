//! Warnings about variables whose values a set-up ignored or changed.

use super::{Guard, SetupError};
use std::fmt;
use std::io::Write as _;

/// A warning about a variable whose value was ignored or changed. Displays as the problem, the effect, and the fix.
///
/// Contains neither the value of a header nor a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupWarning {
    name: String,
    what: String,
    effect: String,
    help: String,
}

impl SetupWarning {
    pub(super) fn new(name: &str, error: &SetupError, effect: String) -> Self {
        Self {
            name: name.to_owned(),
            what: error.what(),
            effect,
            help: error.help(),
        }
    }

    /// Returns the name of the variable.
    #[must_use]
    pub fn variable(&self) -> &str {
        &self.name
    }

    /// Returns the problem in one line, with the value if it cannot be a secret: `` `OTEL_SDK_DISABLED` has the invalid value `1` ``.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }

    /// Returns what the set-up does instead of using the value as written: ``it is read as `false` ``.
    #[must_use]
    pub fn effect(&self) -> &str {
        &self.effect
    }

    /// Returns the fix.
    #[must_use]
    pub fn help(&self) -> &str {
        &self.help
    }
}

impl fmt::Display for SetupWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            what, effect, help, ..
        } = self;
        write!(f, "{what}\n  = note: {effect}\n  = help: {help}")
    }
}

/// All [`SetupWarning`]s of a set-up, often none.
///
/// ```
/// otel_contract::contract!("doc/billing.yaml");
///
/// # fn main() -> Result<(), billing::setup::SetupErrors> {
/// # let resource = billing::Resource {
/// #     service_name: "billing-api".into(),
/// #     service_version: "1.0.0".into(),
/// #     deployment_environment_name: billing::DeploymentEnvironmentName::Test,
/// # };
/// # let nowhere = ["TRACES", "METRICS", "LOGS"].map(|signal| (format!("OTEL_{signal}_EXPORTER"), "none"));
/// # let variables = nowhere.into_iter().chain([("OTEL_SDK_DISABLED".to_owned(), "1")]);
/// let telemetry = billing::telemetry(resource).variables(variables).install()?;
/// for warning in telemetry.warnings() {
///     assert_eq!(warning.what(), "`OTEL_SDK_DISABLED` has the invalid value `1`");
///     assert_eq!(warning.effect(), "it is read as `false`");
/// }
/// # assert_eq!(telemetry.warnings().iter().count(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetupWarnings(Vec<SetupWarning>);

impl SetupWarnings {
    pub(super) fn new(warnings: Vec<SetupWarning>) -> Self {
        Self(warnings)
    }

    /// Whether there are no warnings.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the warnings, in the order in which the variables were read.
    pub fn iter(&self) -> std::slice::Iter<'_, SetupWarning> {
        self.0.iter()
    }

    /// Passes all warnings to the handler, or writes them to standard error without a handler. An error of writing is
    /// ignored, because the guard returns the warnings too.
    pub(super) fn report(&self, handler: Option<OnWarnings>) {
        if self.is_empty() {
            return;
        }
        match handler {
            Some(handle) => handle(self),
            None => {
                let text = format!("otel-contract: {self}\n");
                let _ = std::io::stderr().write_all(text.as_bytes());
            }
        }
    }
}

/// Function that receives the warnings of a set-up.
pub(super) type OnWarnings = Box<dyn FnOnce(&SetupWarnings) + Send>;

impl<'a> IntoIterator for &'a SetupWarnings {
    type Item = &'a SetupWarning;
    type IntoIter = std::slice::Iter<'a, SetupWarning>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Empty text if there are no warnings.
impl fmt::Display for SetupWarnings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_empty() {
            f.write_str("the values of some environment variables were ignored or changed")?;
        }
        for warning in &self.0 {
            write!(f, "\n\nwarning: {warning}")?;
        }
        Ok(())
    }
}

impl Guard {
    /// Returns the warnings about variables. The set-up has already written them to standard error, or passed them to
    /// [`on_warnings`](super::Setup::on_warnings).
    #[must_use]
    pub fn warnings(&self) -> &SetupWarnings {
        &self.warnings
    }
}
