//! `scan`: finds telemetry in Rust sources that bypasses the contract.

use super::CommandResult;
use super::check::exit_status;
use crate::ExitStatus;
use crate::discover::{self, Found, Selection};
use crate::finding::Report;
use crate::output::{self, Format, Printing};
use crate::paths;
use crate::progress::Progress;
use crate::scan::{self, CLIPPY, Vocabulary};
use otel_contract_model::Source;
use otel_contract_yaml::compile;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Arguments of `scan`.
#[derive(Debug, clap::Args)]
pub(crate) struct Scan {
    #[command(flatten)]
    selection: Selection,
    /// A contract whose attributes are suggested; all contracts of the workspace by default
    #[arg(long, value_name = "FILE")]
    contract: Vec<PathBuf>,
    #[command(flatten)]
    printing: Printing,
    /// Print only the section of `clippy.toml` that disallows these calls
    #[arg(long)]
    clippy: bool,
}

/// Stack for parsers and visitors, which recurse with every level of nesting.
const STACK: usize = 128 * 1024 * 1024;

impl Scan {
    /// Reports telemetry that bypasses the contract.
    pub(crate) fn run(&self) -> CommandResult {
        if self.clippy {
            output::print(CLIPPY)?;
            return Ok(ExitStatus::Clean);
        }
        let vocabulary = self.vocabulary()?;
        let files = discover::files(&self.selection, is_rust)?;
        if files.is_empty() {
            return Err("no Rust files found\nhelp: pass a file or a folder".into());
        }
        let scan = || report(&files, &vocabulary);
        let report = std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(STACK);
            thread
                .spawn_scoped(scope, scan)?
                .join()
                .map_err(|_| std::io::Error::other("the scan panicked"))
        })?;
        self.printing.print(&report)?;
        let exit_status = exit_status(&report);
        if self.printing.format == Format::Human && exit_status == ExitStatus::Findings {
            output::print(&format!(
                "\nAdd this section to `clippy.toml` to disallow these calls:\n\n{CLIPPY}"
            ))?;
        }
        Ok(exit_status)
    }

    /// Reads the attributes that findings suggest. A workspace without contracts is accepted.
    fn vocabulary(&self) -> Result<Vocabulary, String> {
        let selection = Selection {
            paths: self.contract.clone(),
            exclude: self.selection.exclude.clone(),
        };
        let found = discover::files(&selection, discover::is_contract)?;
        let mut vocabulary = Vocabulary::default();
        for Found { path, named } in found {
            let shown = paths::shown(&path);
            let compiled = compile(&Source::file("", &shown));
            if named && compiled.contract.is_none() {
                return Err(format!(
                    "`{shown}` cannot be read as a contract\nhelp: `cargo otel-contract check {shown}` shows the errors"
                ));
            }
            vocabulary.add(&compiled);
        }
        Ok(vocabulary)
    }
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

fn report(files: &[Found], vocabulary: &Vocabulary) -> Report {
    let mut report = Report {
        noun: "Rust file",
        checked: files.len(),
        ..Report::default()
    };
    let progress = Progress::new(files.len());
    for (index, file) in files.iter().enumerate() {
        let shown = paths::shown(&file.path);
        progress.step(index, &shown);
        let name: Arc<str> = Arc::from(shown);
        match fs::read(&file.path).map(String::from_utf8) {
            Ok(Ok(text)) => {
                let findings = scan::file(&name, &text, vocabulary);
                if !findings.is_empty() {
                    report.findings.extend(findings);
                    report.texts.insert(name, text);
                }
            }
            Ok(Err(_)) => report
                .findings
                .push(scan::unparsed(&name, "it is not UTF-8", (0, 0))),
            Err(error) => {
                report.unreadable |= file.named;
                let why = format!("it cannot be read: {error}");
                report.findings.push(scan::unparsed(&name, &why, (0, 0)));
            }
        }
    }
    report
}
