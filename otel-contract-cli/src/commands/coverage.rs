//! `coverage`: merges the coverage files of a test run.

use super::CommandResult;
use crate::ExitStatus;
use crate::coverage::{self, Counts, Coverage, CoverageFile};
use crate::discover::{self, Selection};
use crate::output;
use crate::paths;
use crate::words;
use otel_contract_model::text::visible;
use otel_contract_model::{Contract, Source, names};
use otel_contract_yaml::compile;
use std::path::PathBuf;
use std::str::FromStr;

/// Arguments of `coverage`.
#[derive(Debug, clap::Args)]
pub(crate) struct CoverageArgs {
    /// Folders with the files that test processes wrote to `OTEL_CONTRACT_COVERAGE`; subfolders are searched too
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// A contract to report; all contracts of the workspace by default
    #[arg(long, value_name = "FILE")]
    contract: Vec<PathBuf>,
    /// An entry that no test needs to meet, as the report names it: `error order_not_found of invoice.create`
    #[arg(long, value_name = "ENTRY")]
    exclude_entry: Vec<String>,
    /// Exit with code 1 if fewer entries are met, in percent of all entries
    #[arg(long, value_name = "PERCENT")]
    fail_under: Option<Percent>,
    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A list for the terminal
    #[default]
    Text,
    /// One JSON document
    Json,
}

/// A number from 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Percent(f64);

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.strip_suffix('%').unwrap_or(text).parse().ok();
        let valid = number.filter(|number| (0.0..=100.0).contains(number));
        valid
            .map(Percent)
            .ok_or_else(|| "expected a number from 0 to 100".to_owned())
    }
}

impl Percent {
    /// Whether the share of met entries is smaller.
    #[allow(clippy::cast_precision_loss)] // Contracts have far fewer entries than 2^52.
    fn exceeds(self, Counts { met, total }: Counts) -> bool {
        (met as f64) * 100.0 < self.0 * (total as f64)
    }
}

impl CoverageArgs {
    /// Reports the entries that no test recorded.
    pub(crate) fn run(&self) -> CommandResult {
        let (files, broken) = self.files()?;
        let (contracts, mut exit_status) = self.contracts()?;
        let coverage = coverage::merge(&files, &contracts, &self.exclude_entry);
        self.check_exclusions(&coverage)?;
        let text = match self.format {
            Format::Text => visible(&coverage::text(&coverage)),
            Format::Json => output::document(&coverage::json(&coverage, &broken)),
        };
        output::print(&text)?;
        for problem in broken.iter().chain(&coverage.problems) {
            output::print_message(&format!("error: {problem}\n"));
            exit_status = ExitStatus::Failed;
        }
        if self.contract.is_empty() {
            for (contract, version) in &coverage.others {
                output::print_message(&format!(
                    "note: the files also cover `{contract}` {version}, which is not in the workspace\n\
                     help: `--contract` with the path of its file reports it\n"
                ));
            }
        }
        Ok(exit_status.or(self.fail_under(&coverage)))
    }

    /// Reads every file. Returns the files and the reasons why others cannot be read.
    fn files(&self) -> Result<(Vec<CoverageFile>, Vec<String>), String> {
        let mut paths = Vec::new();
        for folder in &self.folders {
            paths.extend(coverage::find(&paths::tidy(folder))?);
        }
        paths.sort();
        paths.dedup();
        if paths.is_empty() {
            let folders = self.folders.iter();
            let shown: Vec<String> = folders
                .map(|folder| format!("`{}`", paths::shown(folder)))
                .collect();
            let (shown, help) = (shown.join(", "), coverage::HELP);
            return Err(format!("no coverage files in {shown}\n{help}"));
        }
        let (mut files, mut broken) = (Vec::new(), Vec::new());
        for path in paths {
            match coverage::read(&path) {
                Ok(file) => files.push(file),
                Err(reason) => broken.push(reason),
            }
        }
        Ok((files, broken))
    }

    /// Compiles the selected contracts. Contracts with errors are reported, and the others are still covered.
    fn contracts(&self) -> Result<(Vec<(String, Contract)>, ExitStatus), String> {
        let selection = Selection {
            paths: self.contract.clone(),
            exclude: Vec::new(),
        };
        let mut contracts = Vec::new();
        let mut exit_status = ExitStatus::Clean;
        for found in discover::contracts(&selection)? {
            let shown = paths::shown(&found.path);
            let compiled = compile(&Source::file("", &shown));
            match compiled.contract {
                Some(contract) if compiled.diagnostics.is_empty() => {
                    contracts.push((shown, contract));
                }
                _ => {
                    let errors = compiled.diagnostics.len() + compiled.diagnostics.omitted();
                    let errors = words::count(errors, "error");
                    output::print_message(&format!(
                        "error: `{shown}` has {errors}, so its coverage is unknown\n\
                         help: `cargo otel-contract check {shown}` shows the errors\n"
                    ));
                    exit_status = ExitStatus::Failed;
                }
            }
        }
        Ok((contracts, exit_status))
    }

    /// Rejects exclusions that name no entry: they may be misspelt.
    fn check_exclusions(&self, coverage: &Coverage<'_>) -> Result<(), String> {
        let contracts = coverage.contracts.iter();
        let excluded: Vec<&str> = contracts
            .clone()
            .flat_map(|contract| &contract.excluded)
            .map(|excluded| &*excluded.name)
            .collect();
        let unknown = self
            .exclude_entry
            .iter()
            .find(|name| !excluded.contains(&&***name));
        let Some(unknown) = unknown else {
            return Ok(());
        };
        let unmet = contracts.flat_map(|contract| &contract.unmet);
        let nearest = names::nearest(unknown, unmet.map(|entry| &*entry.name));
        let help = nearest.map_or_else(
            || "pass the text of a line of the report, without the parenthesis".to_owned(),
            |nearest| format!("did you mean `{nearest}`?"),
        );
        Err(format!(
            "`--exclude-entry {unknown}` names no entry that tests have to meet\nhelp: {help}"
        ))
    }

    fn fail_under(&self, coverage: &Coverage<'_>) -> ExitStatus {
        let counts = coverage.counts();
        match self.fail_under {
            Some(least) if least.exceeds(counts) => {
                let (percent, least) = (coverage::percent(counts), least.0);
                output::print_message(&format!(
                    "error: the tests meet {percent} % of the entries, less than {least} %\n"
                ));
                ExitStatus::Findings
            }
            _ => ExitStatus::Clean,
        }
    }
}
