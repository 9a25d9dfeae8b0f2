//! Findings of every command, as output formats show them.

use crate::text::Texts;
use otel_contract_model::{Code, Diagnostic, Location, Replacement};

/// Severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(crate) enum Level {
    /// Disabled.
    Allow,
    /// Reported as a warning.
    Warn,
    /// Reported as an error.
    Deny,
}

impl Level {
    /// Returns the word that outputs use.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Level::Allow => "note",
            Level::Warn => "warning",
            Level::Deny => "error",
        }
    }
}

/// Range in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    /// Start of the range. Line 0 means the whole file.
    pub(crate) at: Location,
    /// Length in characters.
    pub(crate) length: u32,
}

/// The rule that a finding violates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RuleId {
    /// A contract error.
    Code(&'static Code),
    /// A lint, by name.
    Lint(&'static str),
    /// A rule of `scan`, by name.
    Scan(&'static str),
}

impl RuleId {
    /// Returns the code or name, as `explain` accepts it.
    pub(crate) fn id(self) -> &'static str {
        match self {
            RuleId::Code(code) => code.id,
            RuleId::Lint(name) | RuleId::Scan(name) => name,
        }
    }

    /// Returns whether this is a contract error. A lint is not, even at level `deny`.
    pub(crate) fn is_contract_error(self) -> bool {
        matches!(self, RuleId::Code(_))
    }
}

/// One reported problem.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) rule: RuleId,
    pub(crate) level: Level,
    /// Main message.
    pub(crate) message: String,
    pub(crate) place: Place,
    /// Text under the caret.
    pub(crate) label: String,
    /// Advice.
    pub(crate) help: Option<String>,
    /// Related locations, with a label such as `declared at`.
    pub(crate) related: Vec<(String, Location)>,
    /// Replacement that is safe to apply.
    pub(crate) replacement: Option<Replacement>,
}

impl From<Diagnostic> for Finding {
    fn from(diagnostic: Diagnostic) -> Finding {
        let related = diagnostic.related.into_iter();
        Finding {
            rule: RuleId::Code(diagnostic.code),
            level: Level::Deny,
            message: diagnostic.message,
            place: Place {
                at: diagnostic.location,
                length: diagnostic.length,
            },
            label: diagnostic.label,
            help: diagnostic.help,
            related: related
                .map(|related| (related.phrase.to_owned(), related.location))
                .collect(),
            replacement: diagnostic.replacement,
        }
    }
}

/// A checked contract.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// Path of the root file.
    pub(crate) file: String,
    /// Name and version; `None` if the root file could not be read as a contract.
    pub(crate) contract: Option<(String, String)>,
}

/// Everything a command reports.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Noun for the checked items in the summary: `contract`, `Rust file`.
    pub(crate) noun: &'static str,
    /// Number of checked items.
    pub(crate) checked: usize,
    /// The checked contracts.
    pub(crate) contracts: Vec<Subject>,
    /// Findings by contract, file and position.
    pub(crate) findings: Vec<Finding>,
    /// Number of errors beyond the display limit.
    pub(crate) omitted: usize,
    /// Number of errors hidden by the command.
    pub(crate) hidden: usize,
    /// Whether an input could not be read. The findings name the input.
    pub(crate) unreadable: bool,
    pub(crate) texts: Texts,
}

impl Report {
    /// Returns the number of findings of a level, including findings that are not shown.
    pub(crate) fn count(&self, level: Level) -> usize {
        let shown = self
            .findings
            .iter()
            .filter(|finding| finding.level == level)
            .count();
        match level {
            Level::Deny => shown + self.omitted,
            Level::Allow | Level::Warn => shown,
        }
    }

    /// Removes duplicate findings in files that several contracts include.
    pub(crate) fn unique(&mut self) {
        let mut seen = std::collections::HashSet::new();
        self.findings.retain(|finding| {
            seen.insert((
                finding.rule.id(),
                finding.place.clone(),
                finding.message.clone(),
            ))
        });
    }
}
