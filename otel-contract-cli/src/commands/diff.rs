//! `diff`: what changed between two versions of a contract, and which version that needs.

use super::Outcome;
use crate::Ending;
use crate::diff::{compare, output};
use crate::revision;
use clap::ValueEnum;
use otel_contract_model::text::visible;
use std::path::PathBuf;

/// Two contracts: two files, or one file and a revision of git.
#[derive(Debug, clap::Args)]
pub(crate) struct Diff {
    /// The contract before; with `--rev`, the file to look up there
    old: PathBuf,
    /// The contract now; with `--rev` the same file, unless it has moved
    #[arg(required_unless_present = "rev")]
    new: Option<PathBuf>,
    /// Compare with the file, and what it includes, as of this revision of git
    ///
    /// Name the last release, as `v1.2.0`: what a version promises is told from the version before.
    #[arg(long, value_name = "REVISION")]
    rev: Option<String>,
    /// How the changes are shown
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text, for people
    #[default]
    Human,
    /// One JSON document, for scripts
    Json,
    /// Markdown, as the comment of a pull request
    Markdown,
}

impl Diff {
    /// Prints the changes; ends with findings where the declared version is too small for them.
    pub(crate) fn run(&self) -> Outcome {
        let (old, new) = match (&self.rev, &self.new) {
            (Some(revision), new) => (
                revision::at(revision, &self.old)?,
                revision::file(new.as_ref().unwrap_or(&self.old))?,
            ),
            (None, Some(new)) => (revision::file(&self.old)?, revision::file(new)?),
            (None, None) => return Err("name two contracts, or one and `--rev`".into()),
        };
        let comparison = compare(&old.contract, &new.contract);
        let report = output::Report {
            old: &old,
            new: &new,
            comparison: &comparison,
        };
        let text = match self.format {
            Format::Human => visible(&report.human()),
            Format::Json => crate::output::document(&report.json()),
            Format::Markdown => report.markdown(),
        };
        crate::output::print(&text)?;
        Ok(if comparison.verdict.is_fine() {
            Ending::Clean
        } else {
            Ending::Findings
        })
    }
}
