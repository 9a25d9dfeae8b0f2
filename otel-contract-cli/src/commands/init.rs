//! `init`: creates a vocabulary crate in the workspace.

use super::CommandResult;
use crate::init::Plan;
use crate::{ExitStatus, output};
use std::path::PathBuf;

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
pub(crate) struct Init {
    /// Name of the contract in `snake_case`, used for the module and the instrumentation scope; by
    /// default the name of the workspace folder
    name: Option<String>,
    /// Folder of the crate; by default `<name>-telemetry` in the workspace
    #[arg(long, value_name = "FOLDER")]
    path: Option<PathBuf>,
}

impl Init {
    /// Creates the crate.
    pub(crate) fn run(&self) -> CommandResult {
        let plan = Plan::new(self.name.as_deref(), self.path.as_deref())?;
        plan.make()?;
        output::print_text(&plan.summary())?;
        Ok(ExitStatus::Clean)
    }
}
