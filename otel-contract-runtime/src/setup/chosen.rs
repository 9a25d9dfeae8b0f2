//! What code asks for.

use super::{Protocol, Signal};
use std::time::Duration;

/// What the builder was told about exporting; it goes before every variable.
#[derive(Default)]
pub(super) struct Chosen {
    pub(super) endpoint: Option<String>,
    pub(super) protocol: Option<Protocol>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) timeout: Option<Duration>,
    pub(super) metric_interval: Option<Duration>,
    /// Signals the user has a provider for, which need no exporter.
    pub(super) provided: Vec<Signal>,
}
