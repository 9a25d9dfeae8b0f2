//! `--fix`: what can only be mended one way, by the smallest change of the text.
//!
//! Every change is tried before it is kept: the contract is compiled anew from the changed texts, and
//! nothing is written before all of them are done.

mod changes;
mod edits;
mod numbers;
mod order;
mod schema_line;

use crate::discover::Found;
use crate::finding::{Finding, Level};
use crate::lint::{self, Settings};
use crate::paths;
use crate::text::Text;
use otel_contract_model::{Compiled, Source, SourceFile};
use otel_contract_yaml::compile;
use std::collections::HashMap;
use std::sync::Arc;

pub(crate) use changes::Changes;
use edits::Edit;
pub(crate) use schema_line::FILE as SCHEMA_FILE;

/// Mending a name may show what was hidden behind it; more rounds than this no contract needs.
const ROUNDS: usize = 10;

/// The changes that mend what is certain in these contracts.
pub(crate) fn mend(found: &[Found], settings: &Settings) -> Changes {
    let mut changes = Changes::default();
    for found in found {
        contract(found, settings, &mut changes);
    }
    changes
}

fn contract(found: &Found, settings: &Settings, changes: &mut Changes) {
    let shown = paths::shown(&found.path);
    for _ in 0..ROUNDS {
        let compiled = compiled(&shown, changes);
        let mut findings: Vec<Finding> = lint::contract(&compiled, settings);
        findings.retain(|it| it.level > Level::Allow);
        findings.extend(compiled.diagnostics.clone().into_iter().map(Finding::from));
        let changed = compiled
            .sources
            .iter()
            .filter(|source| file(source, &compiled, &findings, changes))
            .count();
        if changed == 0 {
            return;
        }
    }
}

/// Compiles with the changes made so far, by whatever path a changed file is reached.
fn compiled(shown: &str, changes: &mut Changes) -> Compiled {
    loop {
        let source = Source::file("", shown).instead(Arc::new(changes.texts()));
        let compiled = compile(&source);
        let paths = compiled.sources.iter().map(|it| &it.path);
        if !changes.know(paths) {
            return compiled;
        }
    }
}

/// Mends one file; gives whether anything changed.
fn file(
    source: &SourceFile,
    compiled: &Compiled,
    findings: &[Finding],
    changes: &mut Changes,
) -> bool {
    let text = Text::new(source.text.as_str());
    let here = || findings.iter().filter(|it| it.place.at.file == source.name);
    let edits: Vec<Edit> = here()
        .filter_map(|finding| match finding.rule {
            "schema_line" => schema_line::edit(source, compiled, &text, changes),
            "OC0503" => numbers::buckets(&text, &finding.place),
            "OC0114" => numbers::range(&text, &finding.place),
            _ => edits::replacement(&text, finding),
        })
        .collect();
    let repeats = |edits: &[Edit]| {
        let (mended, _) = edits::apply(text.as_str(), edits.to_vec());
        let after = with(source, compiled, &mended, changes);
        after.is_none_or(|after| repeated(&after) > repeated(compiled))
    };
    let edits = if edits.is_empty() || !repeats(&edits) {
        edits
    } else {
        // Some name is there already under its right form: what to keep is not for us to say.
        let mut kept: Vec<Edit> = Vec::new();
        for edit in edits {
            kept.push(edit);
            if repeats(&kept) {
                kept.pop();
            }
        }
        kept
    };
    let (mended, count) = edits::apply(text.as_str(), edits);
    if count > 0 {
        changes.set(source, mended, count);
        return true;
    }
    // Whole sections move only when nothing else is left to do, so that places stay true.
    if here().any(|it| it.rule == "section_order")
        && let Some(ordered) = order::sections(&text)
        && is_same(source, compiled, &ordered, changes)
    {
        changes.set(source, ordered, 1);
        return true;
    }
    false
}

/// The contract with another text of one of its files.
fn with(
    source: &SourceFile,
    compiled: &Compiled,
    text: &str,
    changes: &Changes,
) -> Option<Compiled> {
    let mut texts: HashMap<_, _> = changes.texts();
    texts.insert(source.path.clone(), text.to_owned());
    let root = compiled.sources.first()?;
    Some(compile(
        &Source::file("", &root.name).instead(Arc::new(texts)),
    ))
}

/// How many names of a contract are there twice.
fn repeated(compiled: &Compiled) -> usize {
    const TWICE: [&str; 3] = ["OC0013", "OC0311", "OC0409"];
    let faults = compiled.diagnostics.iter();
    faults.filter(|it| TWICE.contains(&it.code.id)).count()
}

/// Whether a contract says the same with another text of one of its files.
fn is_same(source: &SourceFile, before: &Compiled, text: &str, changes: &Changes) -> bool {
    let Some(after) = with(source, before, text, changes) else {
        return false;
    };
    let faults = |compiled: &Compiled| {
        let mut faults: Vec<String> = compiled
            .diagnostics
            .iter()
            .map(|it| format!("{} {}", it.code.id, it.message))
            .collect();
        faults.sort_unstable();
        faults
    };
    before.contract.is_some() && after.contract.is_some() && faults(before) == faults(&after)
}
