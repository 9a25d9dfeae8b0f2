//! What a set-up reports once while the service runs: delivery that fails and recovers, and a missing protection key.

use super::Signal;
use crate::{local, panics};
use std::fmt;
use std::io::Write as _;

/// A fact that a set-up reports once, when it occurs. Displays as the fact, its consequence, and the fix.
///
/// Contains neither the value of a header nor a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The first export of a signal that failed. The items of later failures are counted in the [report](super::Report)
    /// and in `otel_contract.lost`.
    ExportFailed {
        /// Signal of the export.
        signal: Signal,
        /// Reason of the failure, in one line.
        reason: String,
    },
    /// The first export that succeeded after [`ExportFailed`](Self::ExportFailed).
    ExportRecovered {
        /// Signal of the export.
        signal: Signal,
    },
    /// A contract hashes an attribute, but there is no key, so that its values are replaced by `[redacted]`.
    NoProtectionKey {
        /// Name of the contract.
        contract: &'static str,
        /// Key of the first attribute with `protect: hash`.
        attribute: &'static str,
    },
}

impl Notice {
    /// Returns the fact, in one line.
    #[must_use]
    pub fn what(&self) -> String {
        match self {
            Self::ExportFailed { signal, reason } => {
                format!("an export of {signal} failed: {reason}")
            }
            Self::ExportRecovered { signal } => {
                format!("exports of {signal} succeed again")
            }
            Self::NoProtectionKey {
                contract,
                attribute,
            } => format!(
                "contract `{contract}` hashes `{attribute}`, but there is no protection key"
            ),
        }
    }

    /// Returns the consequence, a clause.
    #[must_use]
    pub fn effect(&self) -> &'static str {
        match self {
            Self::ExportFailed { .. } => {
                "the items of this export are lost; later failures are only counted, by `otel_contract.lost` and the report"
            }
            Self::ExportRecovered { .. } => {
                "later failures are only counted, by `otel_contract.lost` and the report"
            }
            Self::NoProtectionKey { .. } => "its values are recorded as `[redacted]`",
        }
    }

    /// Returns the fix, if something has to be fixed.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::ExportFailed { .. } => {
                Some("check that the collector runs, and the `OTEL_EXPORTER_OTLP_…` variables")
            }
            Self::ExportRecovered { .. } => None,
            Self::NoProtectionKey { .. } => Some(
                "pass a key of at least 32 bytes to `.protection_key_from(…)`, or call `protect::set_key` before the set-up",
            ),
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  = note: {}", self.what(), self.effect())?;
        match self.help() {
            Some(help) => write!(f, "\n  = help: {help}"),
            None => Ok(()),
        }
    }
}

/// Function that receives the notices of a set-up.
pub(super) type OnNotice = Box<dyn Fn(&Notice) + Send + Sync>;

/// Receiver of the notices of a set-up.
#[derive(Default)]
pub(super) struct Notices {
    handler: Option<OnNotice>,
}

impl Notices {
    pub(super) fn new(handler: Option<OnNotice>) -> Self {
        Self { handler }
    }

    /// Passes a notice to the handler, or writes it to standard error without a handler. Telemetry is suppressed meanwhile,
    /// so that a handler that logs does not export its own record. An error of writing and a panic of the handler are
    /// ignored: a notice must not end the thread of an exporter.
    pub(super) fn report(&self, notice: &Notice) {
        let _suppressed = local::Attached::new(local::current().with_telemetry_suppressed());
        let _ = panics::catch(|| match &self.handler {
            Some(handle) => handle(notice),
            None => {
                let text = format!("otel-contract: {notice}\n");
                let _ = std::io::stderr().write_all(text.as_bytes());
            }
        });
    }
}

impl fmt::Debug for Notices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notices")
            .field("has_handler", &self.handler.is_some())
            .finish()
    }
}
