//! Output files and reports of imports and exports.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use clap::ValueEnum;

use crate::output;
use crate::weaver::Report;

/// Format of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for the terminal: grouped by reason, first few entries of each
    #[default]
    Human,
    /// JSON with every entry
    Json,
}

/// Writes a file. An existing file is an error unless `force` is set.
pub(crate) fn create(path: &Path, text: &str, force: bool) -> Result<(), String> {
    if path.is_dir() {
        return Err(format!(
            "`{}` is a folder\n  help: choose a file",
            path.display()
        ));
    }
    if path.exists() && !force {
        let shown = path.display();
        return Err(format!(
            "`{shown}` already exists\n  help: `--force` replaces it"
        ));
    }
    fs::write(path, text).map_err(|error| unwritable(path, &error))
}

/// Returns the message for a file that cannot be written.
pub(crate) fn unwritable(path: &Path, error: &io::Error) -> String {
    format!("`{}` cannot be written: {}", path.display(), error.kind())
}

/// Prints the report. JSON goes to standard output if the result itself is in a file.
pub(crate) fn print_report(
    report: &Report,
    summary: &str,
    format: Format,
    written: bool,
) -> io::Result<()> {
    match format {
        Format::Human => {
            output::print_message(&format!("{}{summary}\n", report.human()));
            Ok(())
        }
        Format::Json => {
            let text = output::document(&report.json());
            if written {
                io::stdout().write_all(text.as_bytes())
            } else {
                io::stderr().write_all(text.as_bytes())
            }
        }
    }
}
