//! Tries edits: compiles every affected contract before and after, and compares the errors.

use super::changes::Changes;
use super::compile_with;
use super::edits::{self, Edit};
use crate::discover::identity;
use otel_contract_model::{Compiled, SourceFile};
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

/// A proposed edit of a contract file.
#[derive(Clone, Debug)]
pub(super) struct Proposal {
    /// Index of the file in the sources of the contract.
    pub(super) source: usize,
    pub(super) edit: Edit,
    /// The old and new name, if the edit renames something.
    pub(super) renames: Option<(String, String)>,
    /// Whether the edit must fix an error; otherwise it fixes a lint.
    pub(super) fixes_error: bool,
}

/// A contract for which a trial compares the errors.
#[derive(Debug)]
pub(super) struct Affected {
    /// Path of the root file, for messages.
    pub(super) shown: String,
    /// Canonical paths of its files.
    files: HashSet<PathBuf>,
}

impl Affected {
    pub(super) fn new(shown: String, compiled: &Compiled) -> Affected {
        let files = compiled.files.iter().map(|file| identity(file)).collect();
        Affected { shown, files }
    }

    pub(super) fn has(&self, file: &PathBuf) -> bool {
        self.files.contains(file)
    }
}

/// The proposals of one round, all based on the same texts.
pub(super) struct Trial<'t> {
    pub(super) sources: &'t [SourceFile],
    pub(super) affected: &'t [Affected],
    pub(super) changes: &'t Changes,
}

impl Trial<'_> {
    /// Returns the proposals that add no errors and, if they fix an error, remove it.
    pub(super) fn select(&self, proposals: &[Proposal]) -> Vec<Proposal> {
        let mut kept = Vec::new();
        self.keep(&mut kept, units(proposals));
        kept
    }

    fn keep(&self, kept: &mut Vec<Proposal>, mut units: Vec<Vec<Proposal>>) {
        let all: Vec<Proposal> = units.iter().flatten().cloned().collect();
        if all.is_empty() || self.accept(kept, &all) {
            return;
        }
        if units.len() > 1 {
            let rest = units.split_off(units.len() / 2);
            self.keep(kept, units);
            self.keep(kept, rest);
        } else {
            // If all edits that write one name fail together, try each edit separately.
            let single = units.concat().into_iter().map(|proposal| vec![proposal]);
            let single: Vec<Vec<Proposal>> = single.collect();
            if single.len() > 1 {
                self.keep(kept, single);
            }
        }
    }

    /// Tests the proposals together with those already kept. Keeps the proposals if they add no errors and remove at
    /// least as many errors as they are meant to fix.
    fn accept(&self, kept: &mut Vec<Proposal>, proposals: &[Proposal]) -> bool {
        let together = [kept.as_slice(), proposals].concat();
        let Some(with) = self.with(&together) else {
            return false;
        };
        let Some(without) = self.with(kept) else {
            return false;
        };
        let touched: HashSet<PathBuf> = proposals
            .iter()
            .map(|proposal| identity(&self.sources[proposal.source].path))
            .collect();
        let concerned = |contract: &&Affected| touched.iter().any(|file| contract.has(file));
        let (mut fewer, mut adds_none) = (0, true);
        for contract in self.affected.iter().filter(concerned) {
            let before = Errors::compile(&contract.shown, &mut without.clone(), proposals);
            let after = Errors::compile(&contract.shown, &mut with.clone(), proposals);
            adds_none &= after.adds_no_error_to(&before);
            // No contract may get more errors, even if another contract gets fewer errors.
            fewer = fewer.max(before.count.saturating_sub(after.count));
            adds_none &= after.count <= before.count;
        }
        let needed = proposals
            .iter()
            .filter(|proposal| proposal.fixes_error)
            .count();
        let accepted = adds_none && fewer >= needed;
        if accepted {
            kept.extend_from_slice(proposals);
        }
        accepted
    }

    /// Returns the changes with some proposals; `None` if two of them overlap.
    pub(super) fn with(&self, proposals: &[Proposal]) -> Option<Changes> {
        let mut changes = self.changes.clone();
        for (index, source) in self.sources.iter().enumerate() {
            let here = proposals.iter().filter(|proposal| proposal.source == index);
            let edits: Vec<Edit> = here.map(|proposal| proposal.edit.clone()).collect();
            if edits.is_empty() {
                continue;
            }
            let (text, count) = edits::apply(&source.text, edits.clone());
            if count < edits.len() {
                return None;
            }
            changes.set(source, text, count);
        }
        Some(changes)
    }
}

/// Groups proposals that are first tried together: all edits that write the same name. Duplicates are removed.
fn units(proposals: &[Proposal]) -> Vec<Vec<Proposal>> {
    let mut units: Vec<Vec<Proposal>> = Vec::new();
    let mut by_name: HashMap<&str, usize> = HashMap::new();
    let mut seen = HashSet::new();
    for proposal in proposals {
        if !seen.insert((
            proposal.source,
            proposal.edit.range.clone(),
            proposal.edit.text.as_str(),
        )) {
            continue;
        }
        let Some((_, name)) = &proposal.renames else {
            units.push(vec![proposal.clone()]);
            continue;
        };
        let unit = *by_name.entry(name).or_insert_with(|| {
            units.push(Vec::new());
            units.len() - 1
        });
        units[unit].push(proposal.clone());
    }
    units
}

/// Errors of a contract.
struct Errors {
    count: usize,
    /// Whether the list of errors is truncated.
    is_cut: bool,
    known: HashMap<(&'static str, String, String), usize>,
}

impl Errors {
    fn compile(shown: &str, changes: &mut Changes, proposals: &[Proposal]) -> Errors {
        let compiled = compile_with(shown, changes);
        let mut known = HashMap::new();
        for error in &compiled.diagnostics {
            // A remaining error may mention a name that has been replaced.
            let mut message = error.message.clone();
            for (from, to) in proposals
                .iter()
                .filter_map(|proposal| proposal.renames.as_ref())
            {
                message = message.replace(&format!("`{from}`"), &format!("`{to}`"));
            }
            let file = error.location.file.to_string();
            *known.entry((error.code.id, file, message)).or_insert(0) += 1;
        }
        Errors {
            count: compiled.diagnostics.len() + compiled.diagnostics.omitted(),
            is_cut: compiled.diagnostics.omitted() > 0,
            known,
        }
    }

    fn adds_no_error_to(&self, before: &Errors) -> bool {
        let is_known =
            |(error, count): (&_, &usize)| before.known.get(error).copied().unwrap_or(0) >= *count;
        before.is_cut || self.known.iter().all(is_known)
    }
}
