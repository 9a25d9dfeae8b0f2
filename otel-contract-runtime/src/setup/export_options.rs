//! Export options set in code.

use super::{Protocol, Signal};
use std::time::Duration;

/// Export options set with the builder. They take precedence over the variables.
#[derive(Default)]
pub(super) struct ExportOptions {
    pub(super) endpoint: Option<String>,
    pub(super) protocol: Option<Protocol>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) timeout: Option<Duration>,
    pub(super) metric_interval: Option<Duration>,
    /// Signals with an exporter or a provider of the user, which need no OTLP exporter.
    pub(super) provided: Vec<Signal>,
}
