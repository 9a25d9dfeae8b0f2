//! `section_order`: sections that stand elsewhere than in other contracts.

use super::{Lint, Rule, Said, example};
use crate::finding::{Level, Place};
use crate::text::Text;
use otel_contract_model::Location;
use std::ops::Range;

pub(super) const RULE: Rule = Rule {
    name: "section_order",
    level: Level::Allow,
    summary: "top-level fields in another order than that of the documentation",
    why: "Whoever reads many contracts finds a section where it stands in all of them.",
    fix: "`cargo otel-contract check -W section_order --fix` puts them in order, comments included.",
    bad: example!("section_order", "bad"),
    good: example!("section_order", "good"),
    check,
};

/// The top-level fields in the order of the documentation.
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

/// A top-level field and the lines that belong to it, with the comments above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) name: String,
    /// The line of its name, from 1.
    pub(crate) line: u32,
    /// From the first comment above it to before that of the next.
    pub(crate) lines: Range<u32>,
    /// Its place in the documentation.
    pub(crate) rank: usize,
}

fn check(lint: &mut Lint<'_>) {
    for source in &lint.linted.compiled.sources {
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
        let said = Said {
            message: format!("`{}` stands after `{}`", section.name, before.name),
            label: format!("belongs before `{}`", before.name),
            help: "`check -W section_order --fix` puts the fields in order".to_owned(),
            ..Said::default()
        };
        lint.push_at(Place { at, length }, said);
    }
}

/// The top-level fields of a text. Empty where some line at its left edge is none, a document marker
/// or a field the format does not have.
pub(crate) fn sections(text: &Text) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut above = None;
    let count = u32::try_from(text.len()).unwrap_or(u32::MAX);
    for number in 1..=count {
        let line = text.line(number);
        if line.starts_with('#') {
            // The line for editors belongs to the file, and so does what stands above it.
            let of_file = line.contains("yaml-language-server:");
            above = above.or(Some(number)).filter(|_| !of_file);
            continue;
        }
        if line.trim().is_empty() {
            // A comment with a blank line below it belongs to the file, or to what comes before it.
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

/// The field that a line at the left edge begins.
fn field(line: &str) -> Option<(String, usize)> {
    let (name, _) = line.split_once(':')?;
    let name = name.trim_end().trim_matches(['"', '\'']);
    let rank = ORDER.iter().position(|known| *known == name)?;
    Some((name.to_owned(), rank))
}
