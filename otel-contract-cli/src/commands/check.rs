//! `check` and `lint`: report the errors and lints of contracts.

use super::CommandResult;
use crate::ExitStatus;
use crate::discover::{self, Found, Selection};
use crate::finding::{Finding, Level, Report, Subject};
use crate::fix::{self, Changes};
use crate::lint::{self, Day, LevelArgs, Settings};
use crate::output::{self, Format, Printing};
use crate::paths;
use crate::progress::Progress;
use otel_contract_model::{Code, Compiled, Source, codes};
use otel_contract_yaml::compile;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

/// Arguments of `check` and `lint`.
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    printing: Printing,
    #[command(flatten)]
    levels: LevelArgs,
    /// Date that `expires:` is compared with, `YYYY-MM-DD`; today by default
    #[arg(long, value_name = "DAY")]
    today: Option<Day>,
    /// Apply all unambiguous fixes, then report the remaining findings. Fixes misspelt names, names listed in
    /// `instead_of`, unsorted boundaries and sections, swapped range bounds, text that a comment cuts off, and a
    /// missing schema line
    #[arg(long)]
    fix: bool,
    /// With `--fix`: show the changes without writing them
    #[arg(long, requires = "fix")]
    dry_run: bool,
}

impl Check {
    /// Reports errors and lints.
    pub(crate) fn run(&self) -> CommandResult {
        self.report(false)
    }

    fn report(&self, only_lints: bool) -> CommandResult {
        let settings = self.settings()?;
        let found = discover::contracts(&self.selection)?;
        let changes = if self.fix {
            let changes = fix::changes_for(&found, &settings);
            if !self.dry_run {
                changes.save()?;
            }
            self.show(&changes)?;
            changes.texts()
        } else {
            HashMap::new()
        };
        let mut report = report(&found, &settings, &Arc::new(changes));
        if only_lints {
            hide_contract_errors(&mut report);
        }
        self.printing.print(&report)?;
        Ok(exit_status(&report))
    }

    /// Reports lints only.
    pub(crate) fn lints(&self) -> CommandResult {
        self.report(true)
    }

    /// Prints the changes, to standard error if the report is machine-readable.
    fn show(&self, changes: &Changes) -> std::io::Result<()> {
        if self.printing.format == Format::Human {
            output::print(&changes.diff_text(self.printing.colored(), self.dry_run))
        } else {
            output::print_message(&changes.diff_text(false, self.dry_run));
            Ok(())
        }
    }

    fn settings(&self) -> Result<Settings, String> {
        Ok(Settings {
            levels: self.levels.levels()?,
            today: self.today.clone().unwrap_or_else(Day::today),
        })
    }
}

/// Removes contract errors from the report. Errors remain for files that could not be read as a contract, because such
/// files cannot be linted.
fn hide_contract_errors(report: &mut Report) {
    let unread = report
        .contracts
        .iter()
        .filter(|subject| subject.contract.is_none());
    let unread: HashSet<&str> = unread.map(|subject| subject.file.as_str()).collect();
    let before = report.findings.len();
    report.findings.retain(|finding| {
        !finding.rule.is_contract_error() || unread.contains(&*finding.place.at.file)
    });
    report.hidden = before - report.findings.len() + report.omitted;
    report.omitted = 0;
}

/// Returns the exit status for a report.
pub(crate) fn exit_status(report: &Report) -> ExitStatus {
    if report.unreadable {
        ExitStatus::Failed
    } else if report.count(Level::Deny) > 0 {
        ExitStatus::Findings
    } else {
        ExitStatus::Clean
    }
}

/// Compiles and lints contracts. The texts in `replacements` replace the content of files.
pub(crate) fn report(
    found: &[Found],
    settings: &Settings,
    replacements: &Arc<HashMap<PathBuf, String>>,
) -> Report {
    let mut report = Report {
        noun: "contract",
        ..Report::default()
    };
    let progress = Progress::new(found.len());
    let compiled: Vec<Compiled> = found
        .iter()
        .enumerate()
        .map(|(index, found)| {
            let shown = paths::shown(&found.path);
            progress.step(index, &shown);
            compile(&Source::file("", &shown).with_texts(replacements.clone()))
        })
        .collect();
    let included = included(&compiled);
    for (found, compiled) in found.iter().zip(compiled) {
        if !found.named && included.contains(&discover::identity(&found.path)) {
            continue;
        }
        add(&mut report, found, compiled, settings);
    }
    report.unique();
    report
}

/// Returns every included file. An included file is not a separate contract.
fn included(compiled: &[Compiled]) -> HashSet<PathBuf> {
    let files = compiled
        .iter()
        .flat_map(|compiled_contract| compiled_contract.files.iter().skip(1));
    files.map(|file| discover::identity(file)).collect()
}

fn add(report: &mut Report, found: &Found, compiled: Compiled, settings: &Settings) {
    report.checked += 1;
    report.texts.add(&compiled);
    let known = compiled.contract.as_ref();
    report.contracts.push(Subject {
        file: paths::shown(&found.path),
        contract: known.map(|contract| (contract.name.clone(), contract.version.clone())),
    });
    report.unreadable |= is_unreadable(&compiled);
    report.omitted += compiled.diagnostics.omitted();
    let mut findings = lint::contract(&compiled, settings);
    findings.extend(compiled.diagnostics.into_iter().map(Finding::from));
    let order: HashMap<&str, usize> = compiled
        .sources
        .iter()
        .enumerate()
        .map(|(index, source)| (&*source.name, index))
        .collect();
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| {
            let file = order.get(&*finding.place.at.file).copied();
            (file, finding.place.at.line, finding.place.at.column)
        };
        key(a)
            .cmp(&key(b))
            .then_with(|| a.rule.id().cmp(b.rule.id()))
    });
    report.findings.extend(findings);
}

/// Returns whether the root file itself could not be read.
fn is_unreadable(compiled: &Compiled) -> bool {
    let read_errors: [&Code; 5] = [
        &codes::MISSING_FILE,
        &codes::FOLDER,
        &codes::NOT_UTF8,
        &codes::TOO_LARGE,
        &codes::UNREADABLE,
    ];
    let root = compiled.sources.first().map(|source| &source.name);
    compiled.contract.is_none()
        && compiled.diagnostics.iter().any(|diagnostic| {
            let is_about_root_file =
                diagnostic.location.line == 0 && root == Some(&diagnostic.location.file);
            is_about_root_file && read_errors.contains(&diagnostic.code)
        })
}
