//! From a registry to a contract: what is carried and how, entry by entry.

mod attributes;
mod classes;
mod draft;
mod examples;
mod head;
mod ours;
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

pub(crate) use classes::type_word;
pub(crate) use rust_names::snake;
pub(crate) use signals::instrument_word;

use attributes::Carried;
use draft::Draft;
use rust_names::Names;

/// The largest file a contract may be.
const LARGEST: usize = 4 * 1024 * 1024;

/// A contract made of a registry.
#[derive(Debug)]
pub struct Imported {
    /// The contract, as a file to be read and kept.
    pub text: String,
    /// What was not carried as it was.
    pub report: Report,
}

/// Why there is no contract.
#[derive(Debug)]
pub enum ImportError {
    /// The folder cannot be read, what is in it is too large, or what was asked for cannot be.
    Unreadable(String),
    /// The registry is faulty.
    Faulty(Diagnostics),
    /// What was written is no contract all the same, which is our mistake.
    Refused(Diagnostics),
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImportError::Unreadable(why) => f.write_str(why),
            ImportError::Faulty(faults) => faults.fmt(f),
            ImportError::Refused(faults) => {
                writeln!(f, "the registry became no sound contract")?;
                faults.fmt(f)
            }
        }
    }
}

impl std::error::Error for ImportError {}

/// What is asked of an import.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// The name of the contract, where the registry has none or another is wanted.
    pub name: Option<String>,
}

/// Reads the registry in a folder and writes it as a contract.
pub fn import(folder: &Path, options: &ImportOptions) -> Result<Imported, ImportError> {
    if let Some(name) = options
        .name
        .as_deref()
        .filter(|name| !is_contract_name(name))
    {
        let why = format!(
            "`{name}` is no name of a contract\n  help: a Rust module is called by it: lowercase letters, digits and `_`"
        );
        return Err(ImportError::Unreadable(why));
    }
    let unreadable = |why: Unreadable| ImportError::Unreadable(why.to_string());
    let mut faults = Vec::new();
    let folders = folder::read(folder, &mut faults).map_err(unreadable)?;
    if !faults.is_empty() {
        // What refers to what could not be read is no further fault.
        return Err(ImportError::Faulty(sorted(faults)));
    }
    let registry = read::registry(&folders, &mut faults);
    let remote = folders.iter().any(|folder| !folder.remote.is_empty());
    let resolved = resolve::registry(&registry, remote, &mut faults);
    if !faults.is_empty() {
        return Err(ImportError::Faulty(sorted(faults)));
    }
    let mut writer = Writer {
        registry: &registry,
        resolved: &resolved,
        folders: &folders,
        report: Report::default(),
        names: Names::default(),
        carried: Carried::default(),
        dimensions: undecided::dimensions(&resolved),
        errors: 0,
        is_ours: head::is_ours(&registry),
    };
    let draft = writer.draft(options);
    let report = writer.report;
    sound(draft, report)
}

fn is_contract_name(name: &str) -> bool {
    names::is_name(name) && !name.contains('.') && !names::is_keyword(name)
}

/// What writing carries along.
struct Writer<'r, 'a> {
    registry: &'r Registry<'a>,
    resolved: &'r Resolved<'a>,
    folders: &'r [Folder],
    report: Report,
    names: Names,
    /// The attributes the contract has.
    carried: Carried,
    /// Dimensions of which nothing says how many values they take, with the limit they get.
    dimensions: HashMap<String, u32>,
    /// How many error classes the contract has.
    errors: u64,
    /// The registry was exported from a contract, whose text is kept to the letter.
    is_ours: bool,
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

    /// What was read and has no place in a contract.
    fn unread(&mut self) {
        for unread in &self.registry.unread {
            let field = &unread.field;
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

    /// A registry's text: to the letter where a contract wrote it, else without the blanks at its ends.
    fn text(&self, text: &'a str) -> &'a str {
        if self.is_ours { text } else { text.trim() }
    }
}

/// Writes the draft and leaves out what the contract's own checks refuse, each with their reason, until
/// they have nothing more to say.
fn sound(mut draft: Draft, mut report: Report) -> Result<Imported, ImportError> {
    loop {
        let text = draft.text();
        if text.len() > LARGEST {
            let why =
                "the contract would be larger than 4 MiB\n  help: import a part of the registry";
            return Err(ImportError::Unreadable(why.to_owned()));
        }
        let compiled = compile(&Source::text("", "contract.yaml", text.clone()));
        if compiled.diagnostics.is_empty() {
            return Ok(Imported { text, report });
        }
        let mut refused = false;
        for fault in &compiled.diagnostics {
            if let Some(entry) = draft.take_at(fault.location.line) {
                refused = true;
                if entry.is_attribute {
                    report.carried = report.carried.saturating_sub(1);
                }
                let reason = format!("no contract takes it: {}", fault.message);
                report.add(Outcome::LeftOut, entry.subject, entry.place, reason);
            }
        }
        if !refused {
            return Err(ImportError::Refused(compiled.diagnostics));
        }
    }
}
