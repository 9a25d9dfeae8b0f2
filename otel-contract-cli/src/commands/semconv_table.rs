//! `semconv-table`: generates the bundled table; for maintainers of this project.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::CommandResult;
use super::output::create;
use crate::ExitStatus;
use crate::semconv_table::table;

/// Generate the bundled table of the semantic conventions from a registry
#[derive(Debug, Args)]
pub(crate) struct SemconvTable {
    /// Folder of the registry
    folder: PathBuf,
    /// Output file, replaced if it exists; standard output by default
    #[arg(short, long)]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: SemconvTable) -> CommandResult {
    let table = table(&args.folder)?;
    match &args.output {
        Some(path) => create(path, &table, true)?,
        None => std::io::stdout().write_all(table.as_bytes())?,
    }
    Ok(ExitStatus::Clean)
}
