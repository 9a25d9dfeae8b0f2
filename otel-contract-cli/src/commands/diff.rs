//! `diff`: compares two versions of a contract and checks the declared version.

use super::CommandResult;
use crate::ExitStatus;
use crate::diff::{compare, output};
use crate::revision;
use clap::ValueEnum;
use otel_contract_model::text::visible;
use std::path::PathBuf;

/// Two contracts to compare: two files, or one file and a git revision.
#[derive(Debug, clap::Args)]
pub(crate) struct Diff {
    /// The old contract; with `--rev`, the file to compare
    old: PathBuf,
    /// The new contract; with `--rev`, only needed if the file has moved
    #[arg(required_unless_present = "rev")]
    new: Option<PathBuf>,
    /// Compare with the file and its includes at this git revision
    ///
    /// Use the last release, such as `v1.2.0`: the declared version is checked against that release.
    #[arg(long, value_name = "REVISION")]
    rev: Option<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text for the terminal
    #[default]
    Human,
    /// One JSON document
    Json,
    /// Markdown for a pull request comment
    Markdown,
}

impl Diff {
    /// Prints the changes. Returns `Findings` if the declared version is too low.
    pub(crate) fn run(&self) -> CommandResult {
        let (old, new) = match (&self.rev, &self.new) {
            (Some(revision), new) => (
                revision::at(revision, &self.old)?,
                revision::file(new.as_ref().unwrap_or(&self.old))?,
            ),
            (None, Some(new)) => (revision::file(&self.old)?, revision::file(new)?),
            (None, None) => {
                return Err("expected two contracts, or one contract and `--rev`".into());
            }
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
            ExitStatus::Clean
        } else {
            ExitStatus::Findings
        })
    }
}
