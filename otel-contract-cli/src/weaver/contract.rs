//! Converts a registry to a contract, entry by entry.

mod annotation;
mod attributes;
mod classes;
mod conventions;
mod converted;
mod draft;
mod examples;
mod head;
mod rust_names;
mod signals;
mod undecided;
mod uses;
mod values;

use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use otel_contract_model::{Diagnostics, Source, names};
use otel_contract_yaml::compile;

use super::folder::{self, Folder, Unreadable};
use super::registry::Registry;
use super::report::{Outcome, Report};
use super::resolve::{self, Resolved};
use super::{read, sorted};

pub(crate) use rust_names::snake;

use converted::Converted;
use draft::Draft;
use rust_names::Names;

/// Maximum size of a contract file.
const MAX_SIZE: usize = 4 * 1024 * 1024;

/// Result of an import.
#[derive(Debug)]
pub struct Imported {
    /// Text of the contract file.
    pub text: String,
    /// Changed and omitted entries.
    pub report: Report,
}

/// Reason why an import failed.
#[derive(Debug)]
pub enum ImportError {
    /// The folder cannot be read, is too large, or the options are invalid.
    Unreadable(String),
    /// The registry contains errors.
    Faulty(Diagnostics),
    /// The generated contract does not compile, which is a bug of this command.
    Refused(Diagnostics),
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImportError::Unreadable(why) => f.write_str(why),
            ImportError::Faulty(errors) => errors.fmt(f),
            ImportError::Refused(errors) => {
                writeln!(f, "bug: the imported contract does not compile")?;
                errors.fmt(f)
            }
        }
    }
}

impl std::error::Error for ImportError {}

/// Options of an import.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// Name of the contract, overriding the name in the registry.
    pub name: Option<String>,
}

/// Converts the registry in a folder to a contract.
pub fn import(folder: &Path, options: &ImportOptions) -> Result<Imported, ImportError> {
    if let Some(name) = options
        .name
        .as_deref()
        .filter(|name| !is_contract_name(name))
    {
        let why = format!(
            "`{name}` is not a valid contract name\n  help: use lowercase letters, digits and `_`, as in a Rust module"
        );
        return Err(ImportError::Unreadable(why));
    }
    let unreadable = |why: Unreadable| ImportError::Unreadable(why.to_string());
    let mut errors = Vec::new();
    let folders = folder::read(folder, &mut errors).map_err(unreadable)?;
    if !errors.is_empty() {
        // References to unreadable entries would cause follow-up errors.
        return Err(ImportError::Faulty(sorted(errors)));
    }
    let registry = read::registry(&folders, &mut errors);
    let remote = folders.iter().any(|folder| !folder.remote.is_empty());
    let resolved = resolve::registry(&registry, remote, &mut errors);
    if !errors.is_empty() {
        return Err(ImportError::Faulty(sorted(errors)));
    }
    let mut writer = Writer {
        registry: &registry,
        resolved: &resolved,
        folders: &folders,
        report: Report::default(),
        names: Names::default(),
        converted: Converted::default(),
        dimensions: undecided::dimensions(&resolved),
        errors: 0,
        is_exported: head::is_exported(&registry),
    };
    let draft = writer.draft(options);
    let report = writer.report;
    valid_contract(draft, report)
}

fn is_contract_name(name: &str) -> bool {
    names::is_name(name) && !name.contains('.') && !names::is_keyword(name)
}

/// State of the conversion.
struct Writer<'r, 'a> {
    registry: &'r Registry<'a>,
    resolved: &'r Resolved<'a>,
    folders: &'r [Folder],
    report: Report,
    names: Names,
    /// The converted attributes.
    converted: Converted,
    /// Dimensions with an unknown number of values, with their default limit.
    dimensions: HashMap<String, u32>,
    /// Number of error classes of the contract.
    errors: u64,
    /// Whether the registry was exported from a contract. Its texts are then kept exactly.
    is_exported: bool,
}

impl<'a> Writer<'_, 'a> {
    fn draft(&mut self, options: &ImportOptions) -> Draft {
        let mut draft = Draft::default();
        self.head(options, &mut draft);
        self.attributes(&mut draft);
        self.signals(&mut draft);
        self.resource(&mut draft);
        self.unread();
        draft
    }

    /// Reports fields that contracts cannot express.
    fn unread(&mut self) {
        for unread in &self.registry.unread {
            let field = &unread.field;
            // The name of a field contains no space. Other texts are descriptions.
            let reason = if field.contains(' ') {
                field.clone()
            } else {
                format!("field `{field}`")
            };
            let place = Some(unread.at.place());
            self.report
                .add(Outcome::Partly, unread.owner.clone(), place, reason);
        }
    }

    /// Returns a text of the registry: unchanged if exported from a contract, otherwise trimmed.
    fn text(&self, text: &'a str) -> &'a str {
        if self.is_exported { text } else { text.trim() }
    }
}

/// Renders the draft as a contract. Repeatedly removes entries that the contract checks reject, and reports the
/// reasons, until the contract compiles.
fn valid_contract(mut draft: Draft, mut report: Report) -> Result<Imported, ImportError> {
    loop {
        let text = draft.text();
        if text.len() > MAX_SIZE {
            let why =
                "the contract would be larger than 4 MiB\n  help: import only part of the registry";
            return Err(ImportError::Unreadable(why.to_owned()));
        }
        let compiled = compile(&Source::text("", "contract.yaml", text.clone()));
        if compiled.diagnostics.is_empty() {
            return Ok(Imported { text, report });
        }
        let mut has_removed = false;
        for error in &compiled.diagnostics {
            if let Some(entry) = draft.remove_at(error.location.line) {
                has_removed = true;
                if entry.is_attribute {
                    report.converted = report.converted.saturating_sub(1);
                }
                let reason = format!("rejected by the contract checks: {}", error.message);
                report.add(Outcome::LeftOut, entry.subject, entry.place, reason);
            }
        }
        if !has_removed {
            return Err(ImportError::Refused(compiled.diagnostics));
        }
    }
}
