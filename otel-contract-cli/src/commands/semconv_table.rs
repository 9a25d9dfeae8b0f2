//! `semconv-table`: the bundled table, for those who work on this project.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::Outcome;
use super::output::create;
use crate::Ending;
use crate::semconv_table::table;

/// Make the bundled table of the semantic conventions from a registry
#[derive(Debug, Args)]
pub(crate) struct SemconvTable {
    /// Folder of the registry
    folder: PathBuf,
    /// File to write, replaced if it is there; printed where it is not given
    #[arg(short, long)]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: SemconvTable) -> Outcome {
    let table = table(&args.folder)?;
    match &args.output {
        Some(path) => create(path, &table, true)?,
        None => std::io::stdout().write_all(table.as_bytes())?,
    }
    Ok(Ending::Clean)
}
