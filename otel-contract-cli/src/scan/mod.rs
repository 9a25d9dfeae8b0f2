//! `scan`: finds telemetry in Rust sources that bypasses the contract.

mod fields;
mod macro_calls;
mod rules;
mod suggest;
mod tokens;
mod visitor;

use crate::finding::{Finding, Level, Place, RuleId};
use otel_contract_model::Location;
use proc_macro2::Span;
use std::sync::Arc;

pub(crate) use rules::{CLIPPY, RULES, ScanRule};
pub(crate) use suggest::Vocabulary;

/// A location in Rust code that bypasses the contract.
#[derive(Debug)]
struct Site {
    rule: &'static ScanRule,
    /// The key, if it is a literal.
    key: Option<String>,
    /// Description for the message if there is no literal key.
    description: String,
    /// Help, if it is not about a key.
    help: Option<&'static str>,
    start: (u32, u32),
    length: u32,
}

impl Site {
    fn new(rule: &'static ScanRule, key: Option<String>, description: &str, span: Span) -> Site {
        Site::between(rule, key, description, span, span)
    }

    /// Creates a site from the start of one span to the end of another.
    fn between(
        rule: &'static ScanRule,
        key: Option<String>,
        description: &str,
        first: Span,
        last: Span,
    ) -> Site {
        let (start, end) = (first.start(), last.end());
        let length = if start.line == end.line {
            end.column.saturating_sub(start.column)
        } else {
            1
        };
        Site {
            rule,
            key,
            description: description.to_owned(),
            help: None,
            start: (number(start.line), number(start.column + 1)),
            length: number(length).max(1),
        }
    }

    fn finding(self, file: &Arc<str>, vocabulary: &Vocabulary) -> Finding {
        let suggest = vocabulary.suggest(self.key.as_deref());
        let recorded = match &self.key {
            // Literals may contain any text, including terminal control characters.
            Some(key) => format!("`{}`", key.escape_debug()),
            None => self.description,
        };
        Finding {
            rule: RuleId::Scan(self.rule.name),
            level: Level::Deny,
            message: match self.help {
                Some(_) => recorded,
                None => format!("{recorded} bypasses the contract"),
            },
            place: Place {
                at: Location {
                    file: file.clone(),
                    line: self.start.0,
                    column: self.start.1,
                },
                length: self.length,
            },
            label: self.rule.label.to_owned(),
            help: Some(self.help.map_or(suggest.help, str::to_owned)),
            related: suggest
                .declared
                .into_iter()
                .map(|at| ("declared at".to_owned(), at))
                .collect(),
            replacement: None,
        }
    }
}

fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Returns the findings of a file. A file that is not valid Rust is itself a finding.
pub(crate) fn file(name: &Arc<str>, text: &str, vocabulary: &Vocabulary) -> Vec<Finding> {
    if tokens::deepest(text) > tokens::MAX_DEPTH {
        return vec![unparsed(name, "nested too deeply", (1, 1))];
    }
    let findings = match syn::parse_file(text) {
        Ok(file) => {
            let sites = visitor::sites(&file, text);
            let sites = sites.into_iter();
            sites.map(|site| site.finding(name, vocabulary)).collect()
        }
        Err(error) => {
            let start = error.span().start();
            let at = (number(start.line), number(start.column + 1));
            vec![unparsed(name, &error.to_string(), at)]
        }
    };
    // Drop the source map of this file.
    proc_macro2::extra::invalidate_current_thread_spans();
    findings
}

/// Returns the finding for a file that cannot be parsed.
pub(crate) fn unparsed(name: &Arc<str>, why: &str, (line, column): (u32, u32)) -> Finding {
    Finding {
        rule: RuleId::Scan(rules::UNPARSED.name),
        level: Level::Warn,
        message: format!("this file was not scanned: {why}"),
        place: Place {
            at: Location {
                file: name.clone(),
                line,
                column,
            },
            length: 1,
        },
        label: rules::UNPARSED.label.to_owned(),
        help: Some("fix the file, or exclude it with `--exclude`".to_owned()),
        related: Vec::new(),
        replacement: None,
    }
}

#[cfg(test)]
mod tests;
