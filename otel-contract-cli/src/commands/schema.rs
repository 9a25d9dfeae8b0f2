//! `schema`: prints the JSON Schema of contract files.

use super::CommandResult;
use crate::output;
use crate::{ExitStatus, json_schema, paths, save};
use std::fs;
use std::path::PathBuf;

/// Arguments of `schema`.
#[derive(Debug, clap::Args)]
pub(crate) struct Schema {
    /// Output file; standard output by default
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Schema {
    /// Prints the schema, or writes it.
    pub(crate) fn run(&self) -> CommandResult {
        let Some(path) = &self.output else {
            output::print(&json_schema::text())?;
            return Ok(ExitStatus::Clean);
        };
        let shown = paths::shown(path);
        if path.is_dir() {
            return Err(format!("`{shown}` is a folder: name the file to write").into());
        }
        // An unchanged file keeps its modification time.
        if fs::read_to_string(path).is_ok_and(|known| known == json_schema::text()) {
            return Ok(ExitStatus::Clean);
        }
        save::replace(path, &json_schema::text())
            .map_err(|error| format!("`{shown}` cannot be written: {error}"))?;
        Ok(ExitStatus::Clean)
    }
}
