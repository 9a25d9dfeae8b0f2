//! Pages of `explain`: the reason for each code, lint and scan rule, a wrong example, and a right example.

mod pages;

use crate::finding::Level;
use crate::lint::{RULES, Rule};
use crate::scan::{self, ScanRule};
use otel_contract_model::{Code, codes};
use pages::PAGES;

/// A page.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// One-line summary.
    pub(crate) title: String,
    /// Default level.
    pub(crate) level: Level,
    /// Content as Markdown, readable in a terminal.
    pub(crate) text: String,
}

/// Returns the page of a code, lint or scan rule.
pub(crate) fn page(id: &str) -> Option<Page> {
    let code = codes::ALL.iter().find(|code| code.id == id);
    let rule = || RULES.iter().find(|rule| rule.name == id);
    let scan_rule = || scan::RULES.iter().find(|rule| rule.name == id);
    code.map(|code| code_page(code))
        .or_else(|| rule().map(|rule| lint_page(rule)))
        .or_else(|| scan_rule().map(|rule| scan_page(rule)))
        .or_else(|| retired_code(id))
}

/// Returns every id with a page.
pub(crate) fn ids() -> impl Iterator<Item = &'static str> {
    let codes = codes::ALL.iter().map(|code| code.id);
    let lints = RULES.iter().map(|rule| rule.name);
    codes
        .chain(lints)
        .chain(scan::RULES.iter().map(|rule| rule.name))
}

fn lint_page(rule: &Rule) -> Page {
    let default = match rule.level {
        Level::Allow => "disabled",
        Level::Warn => "a warning",
        Level::Deny => "an error",
    };
    let Rule {
        name,
        summary,
        why,
        fix,
        bad,
        good,
        ..
    } = rule;
    Page {
        title: (*summary).to_owned(),
        level: rule.level,
        text: format!(
            "# {name}: {summary}\n\n{}\n\nDefault: {default}. `-D`, `-W` and `-A` change the level. If a finding is about an attribute,\noperation, metric or event, `allow: [{name}]` there silences it.\n\n## What to do\n\n{}\n\n\
             ## Wrong\n\n```yaml\n{bad}```\n\n## Right\n\n```yaml\n{good}```\n",
            wrapped(why),
            wrapped(fix),
        ),
    }
}

fn scan_page(rule: &ScanRule) -> Page {
    let ScanRule {
        name,
        summary,
        why,
        fix,
        bad,
        good,
        ..
    } = rule;
    Page {
        title: (*summary).to_owned(),
        level: Level::Deny,
        text: format!(
            "# {name}: {summary}\n\n{}\n\nFound by `cargo otel-contract scan`.\n\n## What to do\n\n{}\n\n\
             ## Wrong\n\n```rust\n{bad}```\n\n## Right\n\n```rust\n{good}```\n",
            wrapped(why),
            wrapped(fix),
        ),
    }
}

/// Combines the hand-written page of a code with the message and the help from the catalogue.
fn code_page(code: &Code) -> Page {
    let title = plain(code.message);
    let mut text = format!("# {}: {title}\n\n", code.id);
    let written = PAGES.iter().find(|(id, _)| *id == code.id);
    let (why, examples) = written.map_or(("", ""), |(_, page)| {
        let examples = page.find("\n## Wrong").unwrap_or(page.len());
        page.split_at(examples)
    });
    text.push_str(why);
    if !code.help.is_empty() {
        text.push_str("\n## What to do\n\n");
        text.push_str(&wrapped(&sentence(&plain(code.help))));
        text.push('\n');
    }
    text.push_str(examples);
    Page {
        title,
        level: Level::Deny,
        text,
    }
}

/// Returns the page of a code that this version no longer reports.
fn retired_code(id: &str) -> Option<Page> {
    let (id, page) = PAGES.iter().find(|(known, _)| *known == id)?;
    let title = "not reported by this version";
    Some(Page {
        title: title.to_owned(),
        level: Level::Deny,
        text: format!("# {id}: {title}\n\n{page}"),
    })
}

/// Replaces the placeholders of a catalogue template with `…`.
fn plain(template: &str) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, brace) = rest.split_at(at);
        text.push_str(before);
        if brace.starts_with("{{") || brace.starts_with("}}") {
            text.push_str(&brace[..1]);
            rest = &brace[2..];
        } else {
            text.push('…');
            rest = brace.split_once('}').map_or("", |(_, rest)| rest);
        }
    }
    text.push_str(rest);
    text
}

/// Formats a help of the catalogue as a sentence.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters
        .next()
        .map(|character| character.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), characters.as_str())
}

/// Wraps a paragraph for terminals.
fn wrapped(text: &str) -> String {
    const WIDTH: usize = 100;
    let mut lines = String::new();
    let mut width = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > WIDTH {
            lines.push('\n');
            width = 0;
        } else if width > 0 {
            lines.push(' ');
            width += 1;
        }
        lines.push_str(word);
        width += length;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use otel_contract_model::Source;
    use otel_contract_yaml::compile;
    use std::collections::HashMap;
    use std::path::PathBuf;
    use std::sync::Arc;

    /// Returns the fenced files in one part of a page: the root contract, then its includes.
    fn fences(part: &str) -> Vec<(String, String)> {
        let fences = part.split("```yaml").skip(1);
        fences
            .map(|fence| {
                let (name, rest) = fence.split_once('\n').expect("a fence");
                let (text, _) = rest.split_once("```").expect("the end of a fence");
                (name.trim().to_owned(), text.to_owned())
            })
            .collect()
    }

    /// Returns the codes of the errors in the contracts of one part.
    fn errors(part: &str) -> Vec<&'static str> {
        let texts: HashMap<PathBuf, String> = fences(part)
            .into_iter()
            .map(|(name, text)| {
                let name = if name.is_empty() {
                    "contract.yaml"
                } else {
                    &name
                };
                (PathBuf::from(name), text)
            })
            .collect();
        // The paths only exist in memory.
        let base = concat!(env!("CARGO_MANIFEST_DIR"), "/src/explain/pages");
        let texts = texts
            .into_iter()
            .map(|(name, text)| (PathBuf::from(base).join(name), text));
        let source = Source::file(base, "contract.yaml").with_texts(Arc::new(texts.collect()));
        let diagnostics = compile(&source).diagnostics;
        diagnostics
            .iter()
            .map(|diagnostic| diagnostic.code.id)
            .collect()
    }

    /// Codes about files, which examples cannot trigger.
    const FILE_CODES: [&str; 4] = ["OC0002", "OC0003", "OC0004", "OC0005"];

    #[test]
    fn every_code_has_a_page_of_its_own() {
        assert!(PAGES.is_sorted_by(|a, b| a.0 < b.0));
        let has_page = |code: &&Code| PAGES.iter().any(|(id, _)| *id == code.id);
        let missing = codes::ALL.iter().copied().filter(|code| !has_page(code));
        let missing: Vec<&str> = missing.map(|code| code.id).collect();
        assert_eq!(
            missing, [""; 0],
            "write src/explain/pages/<code>.md and list it in pages.rs"
        );
    }

    #[test]
    fn the_wrong_example_has_the_error_and_the_right_one_has_none() {
        let reported = |id: &str| codes::ALL.iter().any(|code| code.id == id);
        let pages = PAGES.iter().filter(|(id, _)| !FILE_CODES.contains(id));
        for (id, page) in pages.filter(|(id, _)| reported(id)) {
            let (_, examples) = page.split_once("## Wrong").expect("a wrong example");
            let (wrong, right) = examples.split_once("## Right").expect("a right example");
            assert!(errors(wrong).contains(id), "{id} has {:?}", errors(wrong));
            assert_eq!(errors(right), [""; 0], "{id}");
        }
    }

    #[test]
    fn every_page_has_a_reason_and_both_examples() {
        for id in ids() {
            let text = page(id).expect("a page").text;
            assert!(text.starts_with(&format!("# {id}: ")), "{text}");
            for part in ["\n## Wrong\n", "\n## Right\n"] {
                assert!(text.contains(part), "{id}: {text}");
            }
            let paragraphs: Vec<&str> = text.split("\n\n").collect();
            assert!(paragraphs[1].ends_with('.'), "{id}: {}", paragraphs[1]);
            assert!(!text.contains("\n\n\n"), "{id}: {text}");
        }
    }

    #[test]
    fn placeholders_are_replaced_and_braces_are_kept() {
        assert!(ids().all(|id| !page(id).expect("a page").title.contains('{')));
        assert_eq!(plain("`{}` of `{1}` {{a}}"), "`…` of `…` {a}");
    }
}
