//! What the runtime knows of an event.

use super::ContractDefinition;

/// One event, as `contract!` writes it down.
#[derive(Debug)]
pub struct EventDefinition {
    /// Event name.
    pub name: &'static str,
    /// What happened: the body of the record, for people who read logs.
    pub brief: &'static str,
    /// Severity of the record.
    pub severity: Severity,
    /// The contract it belongs to.
    pub contract: &'static ContractDefinition,
}

/// Severity of a log record (OpenTelemetry: `SeverityNumber`), without the steps between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Fine-grained debugging.
    Trace,
    /// Debugging.
    Debug,
    /// Something happened.
    Info,
    /// Something may be wrong.
    Warn,
    /// Something is wrong.
    Error,
    /// The process cannot go on.
    Fatal,
}
