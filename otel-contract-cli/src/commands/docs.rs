//! `docs`: generates a documentation page in Markdown or HTML.

use super::CommandResult;
use crate::ExitStatus;
use crate::diff::compare;
use crate::discover::{self, Selection};
use crate::docs::{self, Documented};
use crate::{output, paths, revision, save};
use clap::ValueEnum;
use std::path::PathBuf;

/// The contracts to document and the output file.
#[derive(Debug, clap::Args)]
pub(crate) struct Docs {
    #[command(flatten)]
    selection: Selection,
    /// Format of the page; HTML for an output file that ends in `.html`, Markdown otherwise
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// Output file; standard output by default
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// List the changes since this file or git revision, such as `v1.2.0`
    #[arg(long, value_name = "REV|FILE")]
    since: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Markdown for a wiki or a repository
    Markdown,
    /// One self-contained HTML page
    Html,
}

impl Docs {
    /// Writes the page.
    pub(crate) fn run(&self) -> CommandResult {
        let mut documented = Vec::new();
        for found in discover::contracts(&self.selection)? {
            let path = &found.path;
            let side = revision::file(path)?;
            let since = match &self.since {
                Some(since) => {
                    let old = revision::since(since, path)?;
                    let comparison = compare(&old.contract, &side.contract);
                    Some((old, comparison))
                }
                None => None,
            };
            documented.push(Documented {
                contract: side.contract,
                since,
            });
        }
        let page = match self.form() {
            Format::Markdown => docs::markdown(&documented),
            Format::Html => docs::html(&documented),
        };
        match &self.output {
            Some(path) => save::replace(path, &page)
                .map_err(|error| format!("`{}` cannot be written: {error}", paths::shown(path)))?,
            None => output::print(&page)?,
        }
        Ok(ExitStatus::Clean)
    }

    fn form(&self) -> Format {
        let extension = self.output.as_ref().and_then(|path| path.extension());
        let html = extension.is_some_and(|extension| extension.eq_ignore_ascii_case("html"));
        match self.format {
            Some(format) => format,
            None if html => Format::Html,
            None => Format::Markdown,
        }
    }
}
