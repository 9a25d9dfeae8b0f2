//! What a command found, whichever it is: what every output format shows.

use crate::text::Texts;
use otel_contract_model::{Diagnostic, Location, Replacement};

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(crate) enum Level {
    /// Not looked for.
    Allow,
    /// Reported.
    Warn,
    /// Reported, and has to be mended.
    Deny,
}

impl Level {
    /// What outputs call it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Level::Allow => "note",
            Level::Warn => "warning",
            Level::Deny => "error",
        }
    }
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    /// Line 0 is the file as a whole.
    pub(crate) at: Location,
    /// Characters on that line.
    pub(crate) length: u32,
}

/// Something to mend.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// The code or the lint: what `explain` takes.
    pub(crate) rule: &'static str,
    pub(crate) level: Level,
    /// What is wrong.
    pub(crate) message: String,
    pub(crate) place: Place,
    /// What stands under the caret.
    pub(crate) label: String,
    /// What to do.
    pub(crate) help: Option<String>,
    /// Other places that matter, and what is there: `declared at`.
    pub(crate) related: Vec<(String, Location)>,
    /// What mends it for certain.
    pub(crate) replacement: Option<Replacement>,
}

impl Finding {
    /// Whether it is an error of the contract, and no lint however grave.
    pub(crate) fn is_error(&self) -> bool {
        otel_contract_model::codes::ALL
            .iter()
            .any(|code| code.id == self.rule)
    }
}

impl From<Diagnostic> for Finding {
    fn from(diagnostic: Diagnostic) -> Finding {
        let related = diagnostic.related.into_iter();
        Finding {
            rule: diagnostic.code.id,
            level: Level::Deny,
            message: diagnostic.message,
            place: Place {
                at: diagnostic.location,
                length: diagnostic.length,
            },
            label: diagnostic.label,
            help: diagnostic.help,
            related: related
                .map(|it| (it.phrase.to_owned(), it.location))
                .collect(),
            replacement: diagnostic.replacement,
        }
    }
}

/// A contract that was looked at.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// The path of its root.
    pub(crate) file: String,
    /// Its name and version, where it could be read.
    pub(crate) contract: Option<(String, String)>,
}

/// All that a command has to say.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// What was looked at, as the summary calls it: `contract`, `Rust file`.
    pub(crate) noun: &'static str,
    /// How many of them.
    pub(crate) looked_at: usize,
    /// The contracts among them.
    pub(crate) contracts: Vec<Subject>,
    /// By contract, file and position.
    pub(crate) findings: Vec<Finding>,
    /// Faults beyond those that are shown.
    pub(crate) omitted: usize,
    /// Faults that were not asked for.
    pub(crate) hidden: usize,
    /// What could not be read; it is among the findings.
    pub(crate) unreadable: bool,
    pub(crate) texts: Texts,
}

impl Report {
    /// How many findings are of a level, those not shown included.
    pub(crate) fn count(&self, level: Level) -> usize {
        let shown = self.findings.iter().filter(|it| it.level == level).count();
        match level {
            Level::Deny => shown + self.omitted,
            Level::Allow | Level::Warn => shown,
        }
    }

    /// Drops what was found twice, in a file that two contracts share.
    pub(crate) fn unique(&mut self) {
        let mut seen = std::collections::HashSet::new();
        self.findings
            .retain(|it| seen.insert((it.rule, it.place.clone(), it.message.clone())));
    }
}

/// `1 error`, `2 errors`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}
