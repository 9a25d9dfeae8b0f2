//! `import`: a vocabulary in another form, as a contract.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Outcome;
use super::output::{Format, create, report};
use crate::weaver::{self, ImportError, ImportOptions};
use crate::{Ending, output};

/// Reads a vocabulary in another form and writes it as a contract
#[derive(Debug, Args)]
pub(crate) struct Import {
    #[command(subcommand)]
    from: From,
}

#[derive(Debug, Subcommand)]
enum From {
    /// Read an OpenTelemetry Weaver registry: `groups:` and `file_format: definition/2`
    ///
    /// Cardinality and privacy are taken from `annotations.otel_contract`, else from the bundled
    /// semantic conventions, else from enums and booleans. What none of them decides is never in
    /// the clear: `secret` where the name tells of a credential, else masked; a metric's dimension is capped.
    /// It is marked by a comment and listed; so is everything a contract cannot say.
    Weaver {
        /// Folder of the registry, with its `manifest.yaml`
        folder: PathBuf,
        /// File to write; printed where it is not given
        #[arg(short, long)]
        output: Option<PathBuf>,
        /// Replace the file if it is there
        #[arg(long)]
        force: bool,
        /// Name of the contract, else that in the registry or of its folder
        #[arg(long)]
        name: Option<String>,
        /// How to list what was not carried as it was: for people, or all of it for machines
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

pub(crate) fn run(import: Import) -> Outcome {
    let From::Weaver {
        folder,
        output,
        force,
        name,
        format,
    } = import.from;
    let imported = match weaver::import(&folder, &ImportOptions { name }) {
        Ok(imported) => imported,
        Err(ImportError::Faulty(faults)) => {
            output::tell(&faults.to_string());
            return Ok(Ending::Findings);
        }
        Err(why) => return Err(why.into()),
    };
    match &output {
        Some(path) => create(path, &imported.text, force)?,
        None => output::print(&imported.text)?,
    }
    let lists = &imported.report;
    let summary = format!(
        "{} of {} attributes carried, {} left out, {} to be decided by their owner",
        lists.carried,
        lists.attributes,
        lists.attributes_left_out(),
        lists.to_review(),
    );
    report(lists, &summary, format, output.is_some())?;
    Ok(if lists.to_review() > 0 {
        Ending::Findings
    } else {
        Ending::Clean
    })
}
