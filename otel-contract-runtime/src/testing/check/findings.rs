//! Violations found by a check, each listed once with a count.

use crate::description::{Contract, Location};
use crate::testing::report;
use std::collections::HashMap;
use std::fmt;

/// Recorded telemetry that does not match the contract. The `Display` form includes a fix and the line of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The checked item, such as ``span `invoice.create` ``.
    pub subject: String,
    /// Description of the violation. Never contains an unprotected personal value or a secret value.
    pub message: String,
    /// Suggested fix.
    pub help: Option<String>,
    /// Name of the contract that the item was checked against.
    pub contract: &'static str,
    /// Location of the violated rule in the contract.
    pub location: Location,
    /// Number of occurrences.
    pub count: usize,
    note: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.subject, self.message)?;
        if self.count > 1 {
            write!(f, " ({} times)", self.count)?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n     = help: {help}")?;
        }
        write!(f, "\n     = note: {}", self.note)
    }
}

/// Violations in the order of their first occurrence.
#[derive(Debug, Default)]
pub(super) struct Findings {
    violations: Vec<Violation>,
    /// Index into `violations`, by subject and message.
    index: HashMap<(String, String), usize>,
}

impl Findings {
    /// Returns a collector for the violations of one subject.
    pub(super) fn of_subject(&mut self, subject: String) -> SubjectViolations<'_> {
        SubjectViolations {
            findings: self,
            subject,
        }
    }

    pub(super) fn into_vec(self) -> Vec<Violation> {
        self.violations
    }
}

/// Violations of one subject.
#[derive(Debug)]
pub(super) struct SubjectViolations<'a> {
    findings: &'a mut Findings,
    subject: String,
}

impl SubjectViolations<'_> {
    pub(super) fn push(
        &mut self,
        contract: &'static Contract,
        location: Location,
        message: String,
        help: Option<String>,
    ) {
        let Findings { violations, index } = &mut *self.findings;
        let entry = index.entry((self.subject.clone(), message.clone()));
        let position = *entry.or_insert(violations.len());
        if let Some(known) = violations.get_mut(position) {
            known.count += 1;
            return;
        }
        violations.push(Violation {
            subject: self.subject.clone(),
            message,
            help,
            contract: contract.name,
            location,
            count: 1,
            note: report::contract_line(contract, location),
        });
    }
}
