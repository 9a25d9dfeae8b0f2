//! What `cargo otel-contract` does: one file per command, one per output format.
//!
//! A command reads contracts through `otel-contract-model`, the same front end as the macros, so that
//! what it says of a contract is what the compiler says.

mod commands;
mod diff;
mod docs;
mod revision;
pub mod semconv_table;
pub mod weaver;
mod words;

use clap::{Parser, Subcommand};
use std::ffi::{OsStr, OsString};
use std::process::ExitCode;

/// Telemetry vocabulary as a compile-time contract: check, lint, document and evolve contract files.
#[derive(Debug, Parser)]
#[command(
    name = "cargo otel-contract",
    bin_name = "cargo otel-contract",
    version
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Tell what changed between two versions of a contract, and which version that needs
    #[command(after_help = "\
Examples:
  cargo otel-contract diff --rev v1.2.0 schema/shop.yaml       since the last release
  cargo otel-contract diff old.yaml new.yaml
  cargo otel-contract diff --rev main schema/shop.yaml --format markdown > comment.md

Each change is said to break queries (searches over spans and logs), dashboards (charts and alerts over
metrics) or code (the generated Rust module). What breaks one of them is a major step, what adds or
loosens is a minor one, what only words notice is a patch. In 0.y.z a major step moves y, any other z.
The exit code is 1 where the declared version is too small for what changed.")]
    Diff(commands::diff::Diff),
    /// Write a vocabulary as a page people read, in Markdown or HTML
    #[command(after_help = "\
Examples:
  cargo otel-contract docs schema/shop.yaml -o shop.html
  cargo otel-contract docs schema/shop.yaml -o shop.html --since v1.2.0
  cargo otel-contract docs schema/*.yaml --format markdown > TELEMETRY.md

The HTML page is one file that asks no network for anything. `/` goes to its search; every entry has an
anchor of its own, as `#shop/attribute/order.id`.")]
    Docs(commands::docs::Docs),
    /// Write a contract as a vocabulary in another form
    Export(commands::export::Export),
    /// Read a vocabulary in another form and write it as a contract
    Import(commands::import::Import),
    /// Make the bundled table of the semantic conventions from a registry
    #[command(hide = true)]
    SemconvTable(commands::semconv_table::SemconvTable),
    /// Print the JSON Schema of contract files, for editors to complete and check by
    Schema,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Nothing to report.
    Clean,
    /// It found what has to be mended.
    Findings,
    /// It was called wrongly, or could not read or write what it was given.
    Failed,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        ExitCode::from(match ending {
            Ending::Clean => 0,
            Ending::Findings => 1,
            Ending::Failed => 2,
        })
    }
}

impl Cli {
    /// Reads the arguments of the process; cargo puts the name of the subcommand before them.
    /// Wrong ones end the process with what is wrong with them, as clap does.
    #[must_use]
    pub fn from_args(args: impl IntoIterator<Item = OsString>) -> Self {
        let mut args: Vec<OsString> = args.into_iter().collect();
        if args
            .get(1)
            .is_some_and(|word| word == OsStr::new("otel-contract"))
        {
            args.remove(1);
        }
        Self::parse_from(args)
    }

    /// Does what was asked.
    #[must_use]
    pub fn run(self) -> Ending {
        let result = match self.command {
            Command::Diff(diff) => diff.run(),
            Command::Docs(docs) => docs.run(),
            Command::Export(export) => commands::export::run(export),
            Command::Import(import) => commands::import::run(import),
            Command::SemconvTable(args) => commands::semconv_table::run(args),
            Command::Schema => commands::schema::run(),
        };
        result.unwrap_or_else(|error| {
            eprintln!("error: {error}");
            Ending::Failed
        })
    }
}
