//! `schema`: prints the JSON Schema of contract files.

use super::Outcome;
use crate::output;
use crate::{Ending, paths, save};
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
    pub(crate) fn run(&self) -> Outcome {
        let Some(path) = &self.output else {
            output::print(&text())?;
            return Ok(Ending::Clean);
        };
        let shown = paths::shown(path);
        if path.is_dir() {
            return Err(format!("`{shown}` is a folder: name the file to write").into());
        }
        // An unchanged file keeps its modification time.
        if fs::read_to_string(path).is_ok_and(|known| known == text()) {
            return Ok(Ending::Clean);
        }
        save::replace(path, &text())
            .map_err(|error| format!("`{shown}` cannot be written: {error}"))?;
        Ok(Ending::Clean)
    }
}

/// Returns the schema as pretty-printed JSON.
pub(crate) fn text() -> String {
    format!("{:#}\n", otel_contract_model::json_schema())
}
