//! `import`: converts a vocabulary in another format to a contract.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::CommandResult;
use super::output::{Format, create, print_report};
use crate::weaver::{self, ImportError, ImportOptions};
use crate::{ExitStatus, output};

/// Imports a vocabulary from another format
#[derive(Debug, Args)]
pub(crate) struct Import {
    #[command(subcommand)]
    from: From,
}

#[derive(Debug, Subcommand)]
enum From {
    /// Import an OpenTelemetry Weaver registry, written with `groups:` or in `file_format: definition/2`
    ///
    /// Cardinality and privacy come from `annotations.otel_contract`, otherwise from the bundled
    /// semantic conventions, otherwise from the type, if it is an enum or a boolean. Attributes that none of them
    /// cover get safe defaults: `secret` if the name looks like a credential, otherwise masked; metric dimensions
    /// are capped. Each default is marked with a comment and listed. Everything that a contract cannot express is
    /// also listed.
    Weaver {
        /// Folder of the registry, with its `manifest.yaml`
        folder: PathBuf,
        /// Output file; standard output by default
        #[arg(short, long)]
        output: Option<PathBuf>,
        /// Replace an existing file
        #[arg(long)]
        force: bool,
        /// Name of the contract; by default the name in the registry, otherwise the name of its folder
        #[arg(long)]
        name: Option<String>,
        /// Format of the list of changed and omitted entries
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

pub(crate) fn run(import: Import) -> CommandResult {
    let From::Weaver {
        folder,
        output,
        force,
        name,
        format,
    } = import.from;
    let imported = match weaver::import(&folder, &ImportOptions { name }) {
        Ok(imported) => imported,
        Err(ImportError::Faulty(errors)) => {
            output::print_message(&errors.to_string());
            return Ok(ExitStatus::Findings);
        }
        Err(why) => return Err(why.into()),
    };
    match &output {
        Some(path) => create(path, &imported.text, force)?,
        None => output::print(&imported.text)?,
    }
    let report = &imported.report;
    let summary = format!(
        "{} of {} attributes imported, {} left out, {} waiting for a decision by their owner",
        report.converted,
        report.attributes,
        report.attributes_left_out(),
        report.to_review(),
    );
    print_report(report, &summary, format, output.is_some())?;
    Ok(if report.to_review() > 0 {
        ExitStatus::Findings
    } else {
        ExitStatus::Clean
    })
}
