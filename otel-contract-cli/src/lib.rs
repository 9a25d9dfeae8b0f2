//! What `cargo otel-contract` does: one file per command, one per output format.
//!
//! A command reads contracts through `otel-contract-yaml` and `-model`, the same front end as `contract!`, so that
//! what it says of a contract is what the compiler says.

mod commands;
mod diff;
mod discover;
mod docs;
mod explain;
mod finding;
mod fix;
mod init;
mod lint;
mod output;
mod paths;
mod progress;
mod revision;
mod save;
mod scan;
pub mod semconv_table;
mod text;
pub mod weaver;
mod words;

use clap::{Parser, Subcommand};
use std::ffi::{OsStr, OsString};
use std::process::ExitCode;

/// Telemetry vocabulary as a compile-time contract: check, lint, document and evolve contract files
///
/// A contract is a YAML file with `contract:` at its top level. Commands that read contracts take
/// files or folders, and without any look at the whole workspace.
#[derive(Debug, Parser)]
#[command(
    name = "cargo otel-contract",
    bin_name = "cargo otel-contract",
    version,
    after_help = "\
Examples:
  cargo otel-contract init shop            make a crate for the vocabulary of a shop
  cargo otel-contract check                look at every contract of the workspace
  cargo otel-contract explain OC0107       read what a message means

Exit codes: 0 nothing that has to be mended, 1 findings, 2 called wrongly or unreadable."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a crate for a vocabulary: a contract that compiles, and the workspace knows it
    #[command(after_help = "\
Examples:
  cargo otel-contract init                         called as the workspace
  cargo otel-contract init shop                    makes shop-telemetry/ with schema/shop.yaml
  cargo otel-contract init shop --path crates/words

It asks nothing and writes over nothing.")]
    Init(commands::init::Init),
    /// Report every fault and lint of contracts
    #[command(after_help = "\
Examples:
  cargo otel-contract check                        every contract of the workspace
  cargo otel-contract check schema/shop.yaml       one contract, with the files it includes
  cargo otel-contract check -D warnings            nothing may be left, as in CI
  cargo otel-contract check --format github        on the lines of a pull request
  cargo otel-contract check --format sarif > a.sarif
  cargo otel-contract check --fix --dry-run        show what can be mended mechanically

Faults and denied lints end with exit code 1, warnings with 0. `allow: [lint]` at an entry of the
contract makes an exception; `explain` tells what each finding means.")]
    Check(commands::check::Check),
    /// Report the lints of contracts without their faults, or list the lints
    #[command(after_help = "\
Examples:
  cargo otel-contract lint --list                  every lint, its level and what it finds
  cargo otel-contract lint -D personal_name        a name that smells of a person is an error
  cargo otel-contract lint -W section_order        one that is not looked for by default")]
    Lint(commands::lint::Lint),
    /// Print what a code or lint means: why, how it looks wrong, how it looks right
    #[command(after_help = "\
Examples:
  cargo otel-contract explain OC0107
  cargo otel-contract explain near_duplicate")]
    Explain(commands::explain::Explain),
    /// Count what contracts declare, and the series their metrics may produce
    #[command(after_help = "\
Examples:
  cargo otel-contract stats
  cargo otel-contract stats schema/shop.yaml --format json")]
    Stats(commands::stats::Stats),
    /// Find telemetry in Rust sources that goes around the contract
    #[command(after_help = "\
Examples:
  cargo otel-contract scan                         every Rust file of the workspace
  cargo otel-contract scan src --contract schema/shop.yaml
  cargo otel-contract scan --clippy >> clippy.toml

It finds raw `KeyValue`s, `set_attribute`, fields of `span!` macros and what `#[instrument]` records,
and names the attribute that is meant. What `#[allow(clippy::disallowed_methods)]` covers passes.")]
    Scan(commands::scan::Scan),
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
  cargo otel-contract docs -o words.html           every contract of the workspace, on one page
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
    #[command(after_help = "\
Examples:
  cargo otel-contract schema --output schema/otel-contract.schema.json

A contract names it in its first line:
  # yaml-language-server: $schema=otel-contract.schema.json")]
    Schema(commands::schema::Schema),
    /// Print the completions of a shell
    #[command(after_help = "\
Examples:
  cargo-otel-contract completions bash > ~/.local/share/bash-completion/completions/cargo-otel-contract")]
    Completions(commands::completions::Completions),
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Nothing that has to be mended.
    Clean,
    /// It found what has to be mended.
    Findings,
    /// It was called wrongly, or could not read or write what it was given.
    Failed,
}

impl Ending {
    /// The graver of two.
    #[must_use]
    pub fn or(self, other: Ending) -> Ending {
        match (self, other) {
            (Ending::Failed, _) | (_, Ending::Failed) => Ending::Failed,
            (Ending::Findings, _) | (_, Ending::Findings) => Ending::Findings,
            (Ending::Clean, Ending::Clean) => Ending::Clean,
        }
    }
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
            Command::Check(check) => check.run(),
            Command::Completions(completions) => completions.run(),
            Command::Explain(explain) => explain.run(),
            Command::Init(init) => init.run(),
            Command::Lint(lint) => lint.run(),
            Command::Scan(scan) => scan.run(),
            Command::Schema(schema) => schema.run(),
            Command::Stats(stats) => stats.run(),
            Command::Diff(diff) => diff.run(),
            Command::Docs(docs) => docs.run(),
            Command::Export(export) => commands::export::run(export),
            Command::Import(import) => commands::import::run(import),
            Command::SemconvTable(args) => commands::semconv_table::run(args),
        };
        result.unwrap_or_else(|error| {
            output::tell(&format!("error: {error}\n"));
            Ending::Failed
        })
    }
}
