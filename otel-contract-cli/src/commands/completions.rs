//! `completions`: prints the completion script of a shell.

use super::CommandResult;
use crate::{Cli, ExitStatus, output};
use clap::CommandFactory as _;
use clap_complete::Shell;

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    /// Prints the script.
    pub(crate) fn run(&self) -> CommandResult {
        let mut script = Vec::new();
        let name = "cargo-otel-contract";
        let mut command = Cli::command().bin_name(name);
        clap_complete::generate(self.shell, &mut command, name, &mut script);
        output::print(&String::from_utf8_lossy(&script))?;
        Ok(ExitStatus::Clean)
    }
}
