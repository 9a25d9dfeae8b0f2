//! `schema`: prints the JSON Schema of contract files, or their reference.

use super::CommandResult;
use crate::output;
use crate::{ExitStatus, json_schema, paths, save};
use otel_contract_model::reference;
use std::fs;
use std::path::PathBuf;

/// Arguments of `schema`.
#[derive(Debug, clap::Args)]
pub(crate) struct Schema {
    /// Output file; standard output by default
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Print the reference of the file format as Markdown instead
    #[arg(long)]
    reference: bool,
}

impl Schema {
    /// Prints the schema or the reference, or writes it.
    pub(crate) fn run(&self) -> CommandResult {
        let text = if self.reference {
            reference()
        } else {
            json_schema::text()
        };
        let Some(path) = &self.output else {
            output::print(&text)?;
            return Ok(ExitStatus::Clean);
        };
        let shown = paths::shown(path);
        if path.is_dir() {
            return Err(format!("`{shown}` is a folder: name the file to write").into());
        }
        // An unchanged file keeps its modification time.
        if fs::read_to_string(path).is_ok_and(|known| known == text) {
            return Ok(ExitStatus::Clean);
        }
        save::replace(path, &text)
            .map_err(|error| format!("`{shown}` cannot be written: {error}"))?;
        Ok(ExitStatus::Clean)
    }
}
