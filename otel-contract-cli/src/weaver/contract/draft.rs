//! A contract under construction. Each entry records its origin.

use std::fmt::Write as _;

use crate::weaver::registry::Place;
use crate::weaver::yaml::{self, Map, Yaml};

/// Sections in reading order.
const ORDER: [&str; 8] = [
    "semconv",
    "resource",
    "attributes",
    "groups",
    "errors",
    "operations",
    "metrics",
    "events",
];

/// Contract file, section by section.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// Fields before the sections.
    pub(super) head: Map,
    sections: Vec<Section>,
}

#[derive(Debug)]
struct Section {
    name: &'static str,
    entries: Vec<Entry>,
}

/// Entry of a section.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) value: Yaml,
    /// Comment for the owner.
    pub(super) comment: Option<String>,
    /// Description for reports.
    pub(super) subject: String,
    pub(super) place: Option<Place>,
    /// Whether the entry converts an attribute of the registry.
    pub(super) is_attribute: bool,
    /// Lines in the last rendered text.
    lines: std::ops::Range<u32>,
    /// Whether the contract checks rejected the entry.
    is_removed: bool,
}

impl Draft {
    pub(super) fn add(
        &mut self,
        section: &'static str,
        key: &str,
        value: impl Into<Yaml>,
        subject: &str,
        place: Option<Place>,
    ) -> &mut Entry {
        let known = self.sections.iter().position(|known| known.name == section);
        let index = known.unwrap_or_else(|| {
            let entries = Vec::new();
            self.sections.push(Section {
                name: section,
                entries,
            });
            self.sections.len() - 1
        });
        let entries = &mut self.sections[index].entries;
        entries.push(Entry {
            key: key.to_owned(),
            value: value.into(),
            comment: None,
            subject: subject.to_owned(),
            place,
            is_attribute: false,
            lines: 0..0,
            is_removed: false,
        });
        let last = entries.len() - 1;
        &mut entries[last]
    }

    /// Renders the file.
    pub(super) fn text(&mut self) -> String {
        let mut text = yaml::document(&self.head);
        let mut line = lines(&text) + 1;
        self.sections.sort_by_key(|section| {
            let known = ORDER.iter().position(|name| *name == section.name);
            known.unwrap_or(ORDER.len())
        });
        for section in &mut self.sections {
            if section.entries.iter().all(|entry| entry.is_removed) {
                continue;
            }
            let _ = writeln!(text, "\n{}:", section.name);
            line += 2;
            for entry in &mut section.entries {
                if entry.is_removed {
                    continue;
                }
                let mut written = String::new();
                if let Some(comment) = &entry.comment {
                    let _ = writeln!(written, "  # {comment}");
                }
                written.push_str("  ");
                yaml::entry(&mut written, &entry.key, &entry.value, 2);
                let end = line + lines(&written);
                entry.lines = line..end;
                line = end;
                text.push_str(&written);
            }
        }
        text
    }

    /// Removes the entry that was rendered at a line.
    pub(super) fn remove_at(&mut self, line: u32) -> Option<Removed> {
        let entries = self
            .sections
            .iter_mut()
            .flat_map(|section| &mut section.entries);
        let mut at = entries.filter(|entry| !entry.is_removed && entry.lines.contains(&line));
        let entry = at.next()?;
        entry.is_removed = true;
        Some(Removed {
            subject: entry.subject.clone(),
            place: entry.place.clone(),
            is_attribute: entry.is_attribute,
        })
    }
}

/// A removed entry.
pub(super) struct Removed {
    pub(super) subject: String,
    pub(super) place: Option<Place>,
    pub(super) is_attribute: bool,
}

fn lines(text: &str) -> u32 {
    u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX)
}
