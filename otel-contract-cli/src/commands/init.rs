//! `init`: a crate for the vocabulary, in the workspace.

use super::Outcome;
use crate::init::Plan;
use crate::{Ending, output};
use std::path::PathBuf;

/// The arguments of `init`.
#[derive(Debug, clap::Args)]
pub(crate) struct Init {
    /// Name of the contract in `snake_case`: the module that it becomes, and the instrumentation
    /// scope; without, that of the workspace's folder
    name: Option<String>,
    /// Folder of the crate; without, `<name>-telemetry` in the workspace
    #[arg(long, value_name = "FOLDER")]
    path: Option<PathBuf>,
}

impl Init {
    /// Makes the crate, or nothing.
    pub(crate) fn run(&self) -> Outcome {
        let plan = Plan::new(self.name.as_deref(), self.path.as_deref())?;
        plan.make()?;
        output::print_text(&plan.told())?;
        Ok(Ending::Clean)
    }
}
