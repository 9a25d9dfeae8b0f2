//! `export`: converts a contract to another format.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use otel_contract_model::Source;
use otel_contract_yaml::compile;

use super::CommandResult;
use super::output::{Format, print_report, unwritable};
use crate::weaver;
use crate::{ExitStatus, output};

/// Exports a contract to another format
#[derive(Debug, Args)]
pub(crate) struct Export {
    #[command(subcommand)]
    to: To,
}

#[derive(Debug, Subcommand)]
enum To {
    /// Export as an OpenTelemetry Weaver registry in `file_format: definition/2`
    ///
    /// Settings that Weaver cannot express are written under `annotations.otel_contract`, so that importing the
    /// registry gives the same contract.
    Weaver {
        /// The contract
        contract: PathBuf,
        /// Output folder
        #[arg(short, long)]
        output: PathBuf,
        /// Write into a folder that contains files, and replace files of the same name
        #[arg(long)]
        force: bool,
        /// Format of the list of changed and omitted entries
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

pub(crate) fn run(export: Export) -> CommandResult {
    let To::Weaver {
        contract,
        output,
        force,
        format,
    } = export.to;
    let source = Source::file("", &contract.display().to_string());
    let compiled = compile(&source);
    let (Some(contract), true) = (&compiled.contract, compiled.diagnostics.is_empty()) else {
        output::print_message(&compiled.diagnostics.to_string());
        // An unreadable file has no contract.
        return Ok(match compiled.contract {
            Some(_) => ExitStatus::Findings,
            None => ExitStatus::Failed,
        });
    };
    let exported = weaver::export(contract);
    prepare(&output, force)?;
    for (name, text) in &exported.files {
        let path = output.join(name);
        fs::write(&path, text).map_err(|error| unwritable(&path, &error))?;
    }
    let summary = format!(
        "{} attributes written to {} files in {}",
        contract.attributes.len(),
        exported.files.len(),
        output.display(),
    );
    print_report(&exported.report, &summary, format, true)?;
    Ok(ExitStatus::Clean)
}

/// Creates the folder unless it exists.
fn prepare(folder: &Path, force: bool) -> Result<(), String> {
    let shown = folder.display();
    if folder.exists() && !folder.is_dir() {
        return Err(format!("`{shown}` is a file\n  help: choose a folder"));
    }
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    let mut entries = fs::read_dir(folder).map_err(|error| unwritable(folder, &error))?;
    if entries.next().is_some() && !force {
        return Err(format!(
            "`{shown}` is not empty\n  help: `--force` writes into the folder anyway"
        ));
    }
    Ok(())
}
