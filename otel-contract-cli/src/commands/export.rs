//! `export`: a contract, as a vocabulary in another form.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use otel_contract_model::Source;
use otel_contract_yaml::compile;

use super::Outcome;
use super::output::{Format, report, unwritable};
use crate::weaver;
use crate::{Ending, output};

/// Writes a contract as a vocabulary in another form
#[derive(Debug, Args)]
pub(crate) struct Export {
    #[command(subcommand)]
    to: To,
}

#[derive(Debug, Subcommand)]
enum To {
    /// Write an OpenTelemetry Weaver registry in `file_format: definition/2`
    ///
    /// What Weaver has no word for goes under `annotations.otel_contract`; importing the registry gives
    /// the same contract.
    Weaver {
        /// The contract
        contract: PathBuf,
        /// Folder to write
        #[arg(short, long)]
        output: PathBuf,
        /// Write into a folder that has files; those of the same names are replaced
        #[arg(long)]
        force: bool,
        /// How to list what was not carried as it was: for people, or all of it for machines
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

pub(crate) fn run(export: Export) -> Outcome {
    let To::Weaver {
        contract,
        output,
        force,
        format,
    } = export.to;
    let source = Source::file("", &contract.display().to_string());
    let compiled = compile(&source);
    let (Some(contract), true) = (&compiled.contract, compiled.diagnostics.is_empty()) else {
        output::tell(&compiled.diagnostics.to_string());
        // Of a file that cannot be read there is nothing at all.
        return Ok(match compiled.contract {
            Some(_) => Ending::Findings,
            None => Ending::Failed,
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
    report(&exported.report, &summary, format, true)?;
    Ok(Ending::Clean)
}

/// The folder, made where it is not there.
fn prepare(folder: &Path, force: bool) -> Result<(), String> {
    let shown = folder.display();
    if folder.exists() && !folder.is_dir() {
        return Err(format!("`{shown}` is a file\n  help: give a folder"));
    }
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    let mut entries = fs::read_dir(folder).map_err(|error| unwritable(folder, &error))?;
    if entries.next().is_some() && !force {
        return Err(format!(
            "`{shown}` has files already\n  help: `--force` writes into it all the same"
        ));
    }
    Ok(())
}
