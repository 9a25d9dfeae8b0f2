//! Implementation of `cargo otel-contract`: one file per command and one per output format.
//!
//! Commands read contracts with `otel-contract-yaml` and `otel-contract-model`, as `contract!` does. They therefore
//! report the same errors as the compiler.

mod commands;
mod coverage;
mod diff;
mod discover;
mod docs;
mod explain;
mod finding;
mod fix;
mod init;
mod json_schema;
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

/// Check, lint, document and compare contract files
///
/// A contract is a YAML file with `contract:` at its top level. `check`, `lint`, `stats` and `docs`
/// accept contract files and folders. Without arguments they search the whole workspace.
#[derive(Debug, Parser)]
#[command(
    name = "cargo otel-contract",
    bin_name = "cargo otel-contract",
    version,
    after_help = "\
Examples:
  cargo otel-contract init shop            create a crate for the vocabulary of a shop
  cargo otel-contract check                check every contract of the workspace
  cargo otel-contract explain OC0107       explain an error or a lint

Exit codes: 0 no errors; 1 errors, denied lints, a declared version that is too low, coverage below
its limit, or an import that needs decisions; 2 invalid arguments, or files that cannot be read or
written."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create a crate for a vocabulary and add it to the workspace
    #[command(after_help = "\
Examples:
  cargo otel-contract init                         named after the workspace
  cargo otel-contract init shop                    creates shop-telemetry/ with schema/shop.yaml
  cargo otel-contract init shop --path crates/vocabulary

The command asks no questions and overwrites no files.")]
    Init(commands::init::Init),
    /// Report the errors and lints of contracts
    #[command(after_help = "\
Examples:
  cargo otel-contract check                        every contract of the workspace
  cargo otel-contract check schema/shop.yaml       one contract and its includes
  cargo otel-contract check -D warnings            fail on every lint, as in CI
  cargo otel-contract check --format github        annotate a pull request
  cargo otel-contract check --format sarif > a.sarif
  cargo otel-contract check --fix --dry-run        show the automatic fixes

Errors and denied lints exit with code 1, warnings with 0. To silence a lint for one entry, add
`allow: [lint]` to the entry. `explain` describes each finding.")]
    Check(commands::check::Check),
    /// Report only the lints of contracts, or list all lints
    #[command(after_help = "\
Examples:
  cargo otel-contract lint --list                  every lint with its level and summary
  cargo otel-contract lint -D personal_name        fail on names that look like personal data
  cargo otel-contract lint -W section_order        enable a lint that is off by default")]
    Lint(commands::lint::Lint),
    /// Explain a code or lint: the reason, a wrong example and a right one
    #[command(after_help = "\
Examples:
  cargo otel-contract explain OC0107
  cargo otel-contract explain near_duplicate")]
    Explain(commands::explain::Explain),
    /// Count the entries of contracts and the series of their metrics
    #[command(after_help = "\
Examples:
  cargo otel-contract stats
  cargo otel-contract stats schema/shop.yaml --format json")]
    Stats(commands::stats::Stats),
    /// Report the entries of contracts that no test has met
    #[command(after_help = "\
Examples:
  rm -rf target/otel-coverage
  OTEL_CONTRACT_COVERAGE=\"$PWD/target/otel-coverage\" cargo test --workspace
  cargo otel-contract coverage target/otel-coverage
  cargo otel-contract coverage target/otel-coverage --fail-under 90
  cargo otel-contract coverage target/otel-coverage --exclude-entry \"event order.lost\"

Tests meet the operations, error classes, listed values, metrics and events that their test scopes
record. Deprecated entries, `_OTHER` and the values of semantic-convention attributes are not
required. The exit code is 1 below `--fail-under`, and 2 if a file cannot be read or was written for
another version of its contract; all other files are still reported.")]
    Coverage(commands::coverage::CoverageArgs),
    /// Find telemetry in Rust sources that bypasses the contract
    #[command(after_help = "\
Examples:
  cargo otel-contract scan                         every Rust file of the workspace
  cargo otel-contract scan src --contract schema/shop.yaml
  cargo otel-contract scan --clippy >> clippy.toml

Reports raw `KeyValue`s, `set_attribute`, fields of `span!` macros and the fields that
`#[instrument]` records, and suggests the matching attribute. Code under
`#[allow(clippy::disallowed_methods)]` is skipped.")]
    Scan(commands::scan::Scan),
    /// Compare two versions of a contract and check the declared version
    #[command(after_help = "\
Examples:
  cargo otel-contract diff --rev v1.2.0 schema/shop.yaml       changes since the last release
  cargo otel-contract diff old.yaml new.yaml
  cargo otel-contract diff --rev main schema/shop.yaml --format markdown > comment.md

A change can break queries (searches over spans and logs), dashboards (charts and alerts over
metrics) or code (the generated Rust module). A breaking change needs a major version, an addition
or a loosened rule a minor version, and a change of descriptions a patch. In 0.y.z, a major change
raises y and every other change raises z; in 0.0.z, every change raises z. The exit code is 1 if the
declared version is too low.")]
    Diff(commands::diff::Diff),
    /// Generate a documentation page in Markdown or HTML
    #[command(after_help = "\
Examples:
  cargo otel-contract docs -o vocabulary.html      all contracts of the workspace on one page
  cargo otel-contract docs schema/shop.yaml -o shop.html --since v1.2.0
  cargo otel-contract docs schema/*.yaml --format markdown > TELEMETRY.md

The HTML page is one file without external resources. `/` focuses the search. Every entry has an
anchor, such as `#shop/attribute/order.id`.")]
    Docs(commands::docs::Docs),
    /// Export a contract to another format
    Export(commands::export::Export),
    /// Import a vocabulary from another format
    Import(commands::import::Import),
    /// Generate the bundled table of the semantic conventions from a registry
    #[command(hide = true)]
    SemconvTable(commands::semconv_table::SemconvTable),
    /// Print the JSON Schema of contract files, for editors
    #[command(after_help = "\
Examples:
  cargo otel-contract schema --output schema/otel-contract.schema.json

Reference it in the first line of a contract:
  # yaml-language-server: $schema=otel-contract.schema.json")]
    Schema(commands::schema::Schema),
    /// Print the completion script for a shell
    #[command(after_help = "\
Examples:
  cargo-otel-contract completions bash > ~/.local/share/bash-completion/completions/cargo-otel-contract")]
    Completions(commands::completions::Completions),
}

/// Outcome of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// No errors.
    Clean,
    /// Errors, denied lints, a declared version that is too low, coverage below its limit, or an import that needs
    /// decisions.
    Findings,
    /// Invalid arguments, or files that cannot be read or written.
    Failed,
}

impl ExitStatus {
    /// Returns the more severe of two outcomes.
    #[must_use]
    pub fn or(self, other: ExitStatus) -> ExitStatus {
        match (self, other) {
            (ExitStatus::Failed, _) | (_, ExitStatus::Failed) => ExitStatus::Failed,
            (ExitStatus::Findings, _) | (_, ExitStatus::Findings) => ExitStatus::Findings,
            (ExitStatus::Clean, ExitStatus::Clean) => ExitStatus::Clean,
        }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(exit_status: ExitStatus) -> Self {
        ExitCode::from(match exit_status {
            ExitStatus::Clean => 0,
            ExitStatus::Findings => 1,
            ExitStatus::Failed => 2,
        })
    }
}

impl Cli {
    /// Parses the arguments of the process. Cargo passes the name of the subcommand as the first argument.
    /// Invalid arguments end the process with a message from clap.
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

    /// Runs the command.
    #[must_use]
    pub fn run(self) -> ExitStatus {
        let result = match self.command {
            Command::Check(check) => check.run(),
            Command::Completions(completions) => completions.run(),
            Command::Explain(explain) => explain.run(),
            Command::Init(init) => init.run(),
            Command::Lint(lint) => lint.run(),
            Command::Scan(scan) => scan.run(),
            Command::Schema(schema) => schema.run(),
            Command::Stats(stats) => stats.run(),
            Command::Coverage(coverage) => coverage.run(),
            Command::Diff(diff) => diff.run(),
            Command::Docs(docs) => docs.run(),
            Command::Export(export) => commands::export::run(export),
            Command::Import(import) => commands::import::run(import),
            Command::SemconvTable(args) => commands::semconv_table::run(args),
        };
        result.unwrap_or_else(|error| {
            output::print_message(&format!("error: {error}\n"));
            ExitStatus::Failed
        })
    }
}
