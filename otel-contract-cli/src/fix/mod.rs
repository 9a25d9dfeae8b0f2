//! `--fix`: applies fixes that are unambiguous, with minimal edits.
//!
//! Every edit is tried before it is kept. All contracts that use the file are compiled with the edited text; for sorted
//! sections, only one of them. The edit is kept only if it adds no errors; an edit for an error must also remove an
//! error (`trial.rs`). Files are written after all trials.

mod changes;
mod edits;
mod numbers;
mod order;
mod schema_line;
mod trial;

use crate::discover::{self, Found};
use crate::finding::{Finding, Level, RuleId};
use crate::lint::{self, Settings, comment_in_text, section_order};
use crate::paths;
use crate::text::Text;
use otel_contract_model::{Compiled, Source, SourceFile, codes};
use otel_contract_yaml::compile;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

pub(crate) use changes::Changes;
use edits::Edit;
pub(crate) use schema_line::FILE as SCHEMA_FILE;
use trial::{Affected, Proposal, Trial};

/// Maximum number of rounds. A fix can enable another fix in the next round.
const MAX_ROUNDS: usize = 10;

/// Returns the changes that fix these contracts.
pub(crate) fn changes_for(found: &[Found], settings: &Settings) -> Changes {
    let mut fixer = Fixer {
        found,
        settings,
        affected: None,
        changes: Changes::default(),
    };
    for found in found {
        fixer.contract(found);
    }
    fixer.changes
}

struct Fixer<'m> {
    found: &'m [Found],
    settings: &'m Settings,
    /// Contracts for which a trial compares the errors; loaded for the first trial.
    affected: Option<Vec<Affected>>,
    changes: Changes,
}

impl Fixer<'_> {
    fn contract(&mut self, found: &Found) {
        let shown = paths::shown(&found.path);
        for _ in 0..MAX_ROUNDS {
            let compiled = compile_with(&shown, &mut self.changes);
            let mut findings: Vec<Finding> = lint::contract(&compiled, self.settings);
            findings.retain(|finding| finding.level > Level::Allow);
            findings.extend(compiled.diagnostics.clone().into_iter().map(Finding::from));
            if !self.round(&compiled, &findings) {
                return;
            }
        }
    }

    /// Applies the fixes for some findings. Returns whether anything changed.
    fn round(&mut self, compiled: &Compiled, findings: &[Finding]) -> bool {
        let proposals = self.proposals(compiled, findings);
        if !proposals.is_empty() {
            let trial = Trial {
                sources: &compiled.sources,
                affected: affected(&mut self.affected, self.found),
                changes: &self.changes,
            };
            let kept = trial.select(&proposals);
            if let Some(changes) = trial.with(&kept).filter(|_| !kept.is_empty()) {
                self.changes = changes;
                return true;
            }
        }
        // Sections move last, because moving them invalidates the locations of other findings.
        let mut changed = false;
        for source in &compiled.sources {
            let mut here = findings
                .iter()
                .filter(|finding| finding.place.at.file == source.name);
            changed |= here.any(|finding| finding.rule == RuleId::Lint(section_order::NAME))
                && self.order(source, compiled);
        }
        changed
    }

    fn proposals(&mut self, compiled: &Compiled, findings: &[Finding]) -> Vec<Proposal> {
        let mut proposals = Vec::new();
        for (index, source) in compiled.sources.iter().enumerate() {
            let text = Text::new(source.text.as_str());
            for finding in findings
                .iter()
                .filter(|finding| finding.place.at.file == source.name)
            {
                let edit = match finding.rule {
                    RuleId::Lint(lint::schema_line::NAME) => {
                        schema_line::edit(source, compiled, &text, &mut self.changes)
                    }
                    RuleId::Lint(comment_in_text::NAME) => {
                        comment_in_text::fix(source, &finding.place.at)
                            .map(|(range, text)| Edit { range, text })
                    }
                    RuleId::Code(code) if *code == codes::BAD_BUCKETS => {
                        numbers::buckets(&text, &finding.place)
                    }
                    RuleId::Code(code) if *code == codes::BAD_RANGE => {
                        numbers::range(&text, &finding.place)
                    }
                    _ => edits::replacement(&text, finding),
                };
                let renames = finding.replacement.as_ref();
                proposals.extend(edit.map(|edit| {
                    Proposal {
                        source: index,
                        edit,
                        renames: renames
                            .map(|replacement| (replacement.from.clone(), replacement.to.clone())),
                        fixes_error: finding.rule.is_contract_error(),
                    }
                }));
            }
        }
        proposals
    }

    /// Sorts the sections of a file. Returns whether the text changed.
    fn order(&mut self, source: &SourceFile, compiled: &Compiled) -> bool {
        let ordered = order::sections(&Text::new(source.text.as_str()));
        let ordered = ordered.filter(|text| is_same(source, compiled, text, &self.changes));
        let Some(ordered) = ordered else {
            return false;
        };
        self.changes.set(source, ordered, 1);
        true
    }
}

/// Returns the contracts for which a trial compares the errors: the selected contracts, and the other contracts of the
/// workspace, which may include the same files.
fn affected<'j>(affected: &'j mut Option<Vec<Affected>>, found: &[Found]) -> &'j [Affected] {
    affected.get_or_insert_with(|| {
        let mut seen = HashSet::new();
        let all = found.iter().cloned().chain(discover::workspace_contracts());
        all.filter(|found| seen.insert(discover::identity(&found.path)))
            .map(|found| {
                let shown = paths::shown(&found.path);
                let compiled = compile(&Source::file("", &shown));
                Affected::new(shown, &compiled)
            })
            .collect()
    })
}

/// Compiles a contract with the changes so far.
fn compile_with(shown: &str, changes: &mut Changes) -> Compiled {
    loop {
        let source = Source::file("", shown).with_texts(Arc::new(changes.texts()));
        let compiled = compile(&source);
        let paths = compiled.sources.iter().map(|source| &source.path);
        if !changes.add_paths(paths) {
            return compiled;
        }
    }
}

/// Compiles a contract with a new text for one of its files.
fn compile_edited(
    source: &SourceFile,
    compiled: &Compiled,
    text: &str,
    changes: &Changes,
) -> Option<Compiled> {
    let mut texts: HashMap<_, _> = changes.texts();
    texts.insert(source.path.clone(), text.to_owned());
    let root = compiled.sources.first()?;
    Some(compile(
        &Source::file("", &root.name).with_texts(Arc::new(texts)),
    ))
}

/// Returns whether a new text for one file leaves the errors of a contract unchanged. Both texts must give a
/// contract.
fn is_same(source: &SourceFile, before: &Compiled, text: &str, changes: &Changes) -> bool {
    let Some(after) = compile_edited(source, before, text, changes) else {
        return false;
    };
    let errors = |compiled: &Compiled| {
        let mut errors: Vec<String> = compiled
            .diagnostics
            .iter()
            .map(|diagnostic| format!("{} {}", diagnostic.code.id, diagnostic.message))
            .collect();
        errors.sort_unstable();
        errors
    };
    before.contract.is_some() && after.contract.is_some() && errors(before) == errors(&after)
}
