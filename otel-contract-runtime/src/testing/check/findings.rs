//! What was found, each violation once.

use crate::description::{Contract, Location};
use crate::testing::report;
use std::collections::HashMap;
use std::fmt;

/// Something recorded off contract. Displays with advice and the contract's line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// What was recorded: ``span `invoice.create` ``.
    pub subject: String,
    /// What is wrong with it. Never repeats a value that must not be known.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The contract it is held to.
    pub contract: &'static str,
    /// The line of the contract that decides.
    pub location: Location,
    /// How often it occurred.
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

/// Collects violations.
#[derive(Debug, Default)]
pub(super) struct Findings {
    violations: Vec<Violation>,
    /// Where each stands, by subject and message.
    known: HashMap<(String, String), usize>,
}

impl Findings {
    /// What the next ones are about.
    pub(super) fn about(&mut self, subject: String) -> About<'_> {
        About {
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
pub(super) struct About<'a> {
    findings: &'a mut Findings,
    subject: String,
}

impl About<'_> {
    pub(super) fn push(
        &mut self,
        contract: &'static Contract,
        location: Location,
        message: String,
        help: Option<String>,
    ) {
        let Findings { violations, known } = &mut *self.findings;
        let place = known.entry((self.subject.clone(), message.clone()));
        let index = *place.or_insert(violations.len());
        if let Some(known) = violations.get_mut(index) {
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
            note: report::line(contract, location),
        });
    }
}
