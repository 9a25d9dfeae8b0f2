//! `completions`: what a shell needs to complete commands and options.

use super::Outcome;
use crate::{Cli, Ending, output};
use clap::CommandFactory as _;
use clap_complete::Shell;

/// The arguments of `completions`.
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// Which shell
    shell: Shell,
}

impl Completions {
    /// Prints the script.
    pub(crate) fn run(&self) -> Outcome {
        let mut script = Vec::new();
        let name = "cargo-otel-contract";
        let mut command = Cli::command().bin_name(name);
        clap_complete::generate(self.shell, &mut command, name, &mut script);
        output::print(&String::from_utf8_lossy(&script))?;
        Ok(Ending::Clean)
    }
}
