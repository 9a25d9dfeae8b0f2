//! Coverage: the entries of a contract that the tests recorded.

pub(super) mod file;
mod names;
mod recorded;
mod required;

use super::recording::Recording;
use super::report;
use crate::description::Contract;
use recorded::Recorded;
use required::Entry;
use std::fmt::Write as _;

/// Requirements of [`assert_coverage`](Recording::assert_coverage):
///
/// - every operation of a contract;
/// - each error class that an operation lists, as a failure of that operation;
/// - every error class that no operation lists, as a failure of any operation, or on a metric or an event;
/// - every value that the contract lists for an attribute of an operation, a metric or an event;
/// - every metric and every event.
///
/// Deprecated entries and values are not required. Neither are values that no code of the service chooses: `_OTHER`,
/// secrets, and the values of an attribute that the contract imports from the semantic conventions, unless the contract
/// lists `values` of its own for it. A service uses only some of the methods of `http.request.method`, for example.
///
/// Other entries that tests cannot record are [excluded](Self::exclude) by their name in the report. Unneeded exclusions
/// are reported too.
///
/// # A whole test run
///
/// With `OTEL_CONTRACT_COVERAGE=<folder>`, each test process writes the entries that its test scopes recorded to a file of
/// its own. So do assertions on a [`Recording`] of another origin. `cargo otel-contract coverage <folder>` merges the files
/// and reports the entries that no test has met. The folder must be an absolute path, because cargo runs the tests of each
/// package in another folder. A file contains only names and values that the contract lists. A metric is met when an
/// assertion collects the metrics of the scope, or when the scope is dropped.
#[derive(Clone, Debug)]
#[must_use = "pass it to `assert_coverage`"]
pub struct Coverage {
    contract: &'static Contract,
    excluded: Vec<String>,
}

impl Coverage {
    /// Requires every entry of this contract.
    pub fn of(contract: &'static Contract) -> Self {
        Self {
            contract,
            excluded: Vec::new(),
        }
    }

    /// Excludes an entry by its name in the report: `operation invoice.create`,
    /// `error gateway_timeout of invoice.create`, `value account.tier = free`,
    /// `metric invoice.gateway.retries`, `event invoice.rejected`.
    pub fn exclude(mut self, name: impl Into<String>) -> Self {
        self.excluded.push(name.into());
        self
    }

    /// Returns the names of the entries that tests have to record, without the excluded ones.
    #[must_use]
    pub fn entries(&self) -> Vec<String> {
        let entries = required::entries(self.contract).into_iter();
        let names = entries.map(|entry| entry.name);
        names.filter(|name| !self.excluded.contains(name)).collect()
    }

    /// Asserts that every entry that is not excluded was recorded, and that every exclusion is needed.
    ///
    /// # Panics
    ///
    /// Panics with all missing entries and all unneeded exclusions.
    #[track_caller]
    pub fn assert(&self, recording: &Recording) {
        file::note_recording(self.contract, recording);
        let entries = required::entries(self.contract);
        let recorded = Recorded::of(self.contract, recording);
        let is_excluded = |entry: &Entry| self.excluded.contains(&entry.name);
        let missing: Vec<&Entry> = entries
            .iter()
            .filter(|entry| !recorded.contains(&entry.name) && !is_excluded(entry))
            .collect();
        let unneeded = self.unneeded_exclusions(&entries, &recorded);
        if missing.is_empty() && unneeded.is_empty() {
            return;
        }
        let Contract { name, version, .. } = self.contract;
        let mut text = String::new();
        if !missing.is_empty() {
            let (count, all) = (missing.len(), entries.len());
            let _ = write!(
                text,
                "{count} of {all} entries of contract `{name}` {version} were never recorded"
            );
            for entry in missing {
                let _ = write!(text, "\n    {} ({})", entry.name, entry.location);
            }
            text += "\n  = help: record them in a test, or exclude an entry: `.exclude(\"…\")` with the text of its line before the parenthesis";
        }
        if !unneeded.is_empty() {
            if !text.is_empty() {
                text += "\n";
            }
            let _ = write!(text, "unneeded coverage exclusions for contract `{name}`");
            for line in unneeded {
                let _ = write!(text, "\n    {line}");
            }
        }
        let _ = write!(
            text,
            "\n  = note: {}",
            report::contract_line(self.contract, self.contract.location)
        );
        panic!("{text}");
    }

    /// Returns a report line for each exclusion that names a recorded or an unknown entry.
    fn unneeded_exclusions(&self, entries: &[Entry], recorded: &Recorded) -> Vec<String> {
        let reasons = self.excluded.iter().filter_map(|name| {
            if !entries.iter().any(|entry| entry.name == *name) {
                return Some(format!("{name}: no test has to record such an entry"));
            }
            let is_recorded = recorded.contains(name);
            is_recorded.then(|| format!("{name}: was recorded"))
        });
        reasons.collect()
    }
}

impl From<&'static Contract> for Coverage {
    fn from(contract: &'static Contract) -> Self {
        Self::of(contract)
    }
}
