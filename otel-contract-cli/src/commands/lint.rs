//! `lint`: reports or lists the lints.

use super::CommandResult;
use super::check::Check;
use crate::ExitStatus;
use crate::finding::Level;
use crate::lint::RULES;
use crate::output;
use std::fmt::Write as _;

/// Arguments of `lint`.
#[derive(Debug, clap::Args)]
pub(crate) struct Lint {
    #[command(flatten)]
    check: Check,
    /// List all lints with their levels and summaries
    #[arg(long)]
    list: bool,
}

impl Lint {
    /// Reports or lists the lints.
    pub(crate) fn run(&self) -> CommandResult {
        if self.list {
            output::print(&list())?;
            return Ok(ExitStatus::Clean);
        }
        self.check.lints()
    }
}

fn list() -> String {
    let mut text = String::new();
    for rule in RULES {
        let level = match rule.level {
            Level::Allow => "allow",
            Level::Warn => "warn",
            Level::Deny => "deny",
        };
        let _ = writeln!(text, "{:<26} {level:<6} {}", rule.name, rule.summary);
    }
    text
}
