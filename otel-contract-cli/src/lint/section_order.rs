//! `section_order`: top-level fields out of order.

use super::{Issue, Lint, Rule, example};
use crate::finding::{Level, Place};
use crate::text::Text;
use otel_contract_model::Location;
use std::ops::Range;

pub(crate) const NAME: &str = "section_order";

pub(super) const RULE: Rule = Rule {
    name: NAME,
    level: Level::Allow,
    summary: "top-level fields in a different order than in the documentation",
    why: "Readers find a section faster if it has the same position in every contract.",
    fix: "Run `cargo otel-contract check -W section_order --fix` to sort the fields with their comments.",
    bad: example!("section_order", "bad"),
    good: example!("section_order", "good"),
    check,
};

/// Top-level fields in the order of the documentation.
const ORDER: &[&str] = &[
    "contract",
    "version",
    "schema_url",
    "brief",
    "owners",
    "include",
    "semconv",
    "baggage",
    "defaults",
    "budget",
    "resource",
    "attributes",
    "groups",
    "errors",
    "operations",
    "metrics",
    "events",
];

/// A top-level field with its lines and the comments above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) name: String,
    /// Line of the name, starting at 1.
    pub(crate) line: u32,
    /// Range of lines, from the first comment above the field to the next section.
    pub(crate) lines: Range<u32>,
    /// Position of the field in the order of the documentation.
    pub(crate) rank: usize,
}

fn check(lint: &mut Lint<'_>) {
    for source in &lint.context.compiled.sources {
        let sections = sections(&Text::new(source.text.as_str()));
        let misplaced = sections.windows(2).find(|two| two[0].rank > two[1].rank);
        let Some([before, section]) = misplaced else {
            continue;
        };
        let at = Location {
            file: source.name.clone(),
            line: section.line,
            column: 1,
        };
        let length = lint.length(&at, &section.name);
        let issue = Issue {
            message: format!("`{}` comes after `{}`", section.name, before.name),
            label: format!("belongs before `{}`", before.name),
            help: "`check -W section_order --fix` sorts the fields".to_owned(),
            ..Issue::default()
        };
        lint.push_at(Place { at, length }, issue);
    }
}

/// Returns the top-level fields of a text. Returns no fields if an unindented line is a document marker or an unknown
/// field.
pub(crate) fn sections(text: &Text) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut above = None;
    let count = u32::try_from(text.len()).unwrap_or(u32::MAX);
    for number in 1..=count {
        let line = text.line(number);
        if line.starts_with('#') {
            // The schema line and everything above it belong to the file.
            let of_file = line.contains("yaml-language-server:");
            above = above.or(Some(number)).filter(|_| !of_file);
            continue;
        }
        if line.trim().is_empty() {
            // A comment followed by an empty line belongs to the file, or to the previous section.
            above = None;
            continue;
        }
        if line.starts_with([' ', '\t']) {
            above = None;
            continue;
        }
        if matches!(line.trim_end(), "]" | "}") {
            continue;
        }
        let Some((name, rank)) = field(line) else {
            return Vec::new();
        };
        let start = above.take().unwrap_or(number);
        if let Some(last) = sections.last_mut() {
            last.lines.end = start;
        }
        sections.push(Section {
            name,
            line: number,
            lines: start..count + 1,
            rank,
        });
    }
    sections
}

/// Returns the field that starts on an unindented line.
fn field(line: &str) -> Option<(String, usize)> {
    let (name, _) = line.split_once(':')?;
    let name = name.trim_end().trim_matches(['"', '\'']);
    let rank = ORDER.iter().position(|known| *known == name)?;
    Some((name.to_owned(), rank))
}
