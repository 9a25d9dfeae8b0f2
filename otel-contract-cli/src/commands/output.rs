//! Where imports and exports go, and how what they could not carry is told.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use clap::ValueEnum;

use crate::output;
use crate::weaver::Report;

/// A form of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: by reason, with the first few of each
    #[default]
    Human,
    /// For machines: everything
    Json,
}

/// Writes a file that must not be there yet, unless `force` says it may.
pub(crate) fn create(path: &Path, text: &str, force: bool) -> Result<(), String> {
    if path.is_dir() {
        return Err(format!(
            "`{}` is a folder\n  help: give a file",
            path.display()
        ));
    }
    if path.exists() && !force {
        let shown = path.display();
        return Err(format!(
            "`{shown}` is there already\n  help: `--force` replaces it"
        ));
    }
    fs::write(path, text).map_err(|error| unwritable(path, &error))
}

/// Why a file cannot be written.
pub(crate) fn unwritable(path: &Path, error: &io::Error) -> String {
    format!("`{}` cannot be written: {}", path.display(), error.kind())
}

/// Tells what was not carried: people beside the result, machines in its place where it is in a file.
pub(crate) fn report(
    lists: &Report,
    summary: &str,
    format: Format,
    written: bool,
) -> io::Result<()> {
    match format {
        Format::Human => {
            output::tell(&format!("{}{summary}\n", lists.human()));
            Ok(())
        }
        Format::Json => {
            let text = output::document(&lists.json());
            if written {
                io::stdout().write_all(text.as_bytes())
            } else {
                io::stderr().write_all(text.as_bytes())
            }
        }
    }
}
