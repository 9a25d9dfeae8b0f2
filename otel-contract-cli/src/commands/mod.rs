//! The commands, one file each: the arguments and `run`.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod coverage;
pub(crate) mod diff;
pub(crate) mod docs;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod lint;
mod output;
pub(crate) mod scan;
pub(crate) mod schema;
pub(crate) mod semconv_table;
pub(crate) mod stats;

use crate::ExitStatus;

/// Result of a command, or the error that stopped it.
pub(crate) type CommandResult = Result<ExitStatus, Box<dyn std::error::Error>>;
