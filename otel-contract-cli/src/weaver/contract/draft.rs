//! A contract while it is written: entries that know what they come from.

use std::fmt::Write as _;

use crate::weaver::registry::Place;
use crate::weaver::yaml::{self, Map, Yaml};

/// The sections in the order a person reads them.
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

/// A contract's file, section by section.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// What stands before the sections.
    pub(super) head: Map,
    sections: Vec<Section>,
}

#[derive(Debug)]
struct Section {
    name: &'static str,
    entries: Vec<Entry>,
}

/// An entry of a section.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) value: Yaml,
    /// What its owner has to look at.
    pub(super) comment: Option<String>,
    /// What reports call it.
    pub(super) subject: String,
    pub(super) place: Option<Place>,
    /// Whether it carries an attribute of the registry.
    pub(super) is_attribute: bool,
    /// The lines it took when it was last written.
    lines: std::ops::Range<u32>,
    /// The contract refuses it.
    taken: bool,
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
        let known = self.sections.iter().position(|it| it.name == section);
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
            taken: false,
        });
        let last = entries.len() - 1;
        &mut entries[last]
    }

    /// The file.
    pub(super) fn text(&mut self) -> String {
        let mut text = yaml::document(&self.head);
        let mut line = lines(&text) + 1;
        self.sections.sort_by_key(|section| {
            let known = ORDER.iter().position(|name| *name == section.name);
            known.unwrap_or(ORDER.len())
        });
        for section in &mut self.sections {
            if section.entries.iter().all(|entry| entry.taken) {
                continue;
            }
            let _ = writeln!(text, "\n{}:", section.name);
            line += 2;
            for entry in &mut section.entries {
                if entry.taken {
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

    /// Takes out the entry that was written at a line.
    pub(super) fn take_at(&mut self, line: u32) -> Option<Taken> {
        let entries = self.sections.iter_mut().flat_map(|it| &mut it.entries);
        let mut at = entries.filter(|entry| !entry.taken && entry.lines.contains(&line));
        let entry = at.next()?;
        entry.taken = true;
        Some(Taken {
            subject: entry.subject.clone(),
            place: entry.place.clone(),
            is_attribute: entry.is_attribute,
        })
    }
}

/// What was taken out.
pub(super) struct Taken {
    pub(super) subject: String,
    pub(super) place: Option<Place>,
    pub(super) is_attribute: bool,
}

fn lines(text: &str) -> u32 {
    u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX)
}
