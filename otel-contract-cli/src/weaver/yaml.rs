//! Writes YAML in a readable style: short values on one line, no unnecessary quotes.

mod scalars;

use std::fmt::Write as _;

use scalars::{literal, text as scalar_text};

/// Maximum line length for values on one line.
const WIDTH: usize = 100;

/// A YAML value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Yaml {
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    List(Vec<Yaml>),
    Map(Map),
}

/// A mapping that keeps its order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Map {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq)]
struct Entry {
    key: String,
    value: Yaml,
}

impl From<&str> for Yaml {
    fn from(text: &str) -> Self {
        Yaml::Text(text.to_owned())
    }
}

impl From<String> for Yaml {
    fn from(text: String) -> Self {
        Yaml::Text(text)
    }
}

impl From<i64> for Yaml {
    fn from(number: i64) -> Self {
        Yaml::Int(number)
    }
}

impl From<f64> for Yaml {
    fn from(number: f64) -> Self {
        Yaml::Float(number)
    }
}

impl From<bool> for Yaml {
    fn from(flag: bool) -> Self {
        Yaml::Bool(flag)
    }
}

impl From<Map> for Yaml {
    fn from(map: Map) -> Self {
        Yaml::Map(map)
    }
}

impl<T: Into<Yaml>> From<Vec<T>> for Yaml {
    fn from(items: Vec<T>) -> Self {
        Yaml::List(items.into_iter().map(Into::into).collect())
    }
}

impl Map {
    pub(crate) fn new() -> Map {
        Map::default()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn has_any(&self, keys: &[&str]) -> bool {
        self.entries
            .iter()
            .any(|entry| keys.contains(&entry.key.as_str()))
    }

    /// Adds the entries of another mapping.
    pub(crate) fn append(&mut self, other: Map) {
        self.entries.extend(other.entries);
    }

    pub(crate) fn into_entries(self) -> impl Iterator<Item = (String, Yaml)> {
        self.entries
            .into_iter()
            .map(|entry| (entry.key, entry.value))
    }

    /// Moves entries to another mapping, keeping their order.
    pub(crate) fn move_to(&mut self, other: &mut Map, keys: &[&str]) {
        let entries = std::mem::take(&mut self.entries);
        let (moved, kept) = entries
            .into_iter()
            .partition(|entry| keys.contains(&entry.key.as_str()));
        self.entries = kept;
        let moved: Vec<Entry> = moved;
        other.entries.extend(moved);
    }

    /// Adds an entry.
    pub(crate) fn put(&mut self, key: &str, value: impl Into<Yaml>) {
        self.entries.push(Entry {
            key: key.to_owned(),
            value: value.into(),
        });
    }

    /// Adds an entry if there is a value.
    pub(crate) fn put_some(&mut self, key: &str, value: Option<impl Into<Yaml>>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    /// Adds an entry if the list is not empty.
    pub(crate) fn put_list(&mut self, key: &str, items: &[String]) {
        if !items.is_empty() {
            self.put(key, items.to_vec());
        }
    }
}

/// Formats a whole file.
pub(crate) fn document(map: &Map) -> String {
    let mut text = String::new();
    block_map(&mut text, map, 0);
    text
}

/// Formats one entry of a mapping at an indentation.
pub(crate) fn entry(text: &mut String, key: &str, value: &Yaml, indent: usize) {
    write_entry(text, key, value, indent);
}

fn block_map(text: &mut String, map: &Map, indent: usize) {
    for entry in &map.entries {
        pad(text, indent);
        write_entry(text, &entry.key, &entry.value, indent);
    }
}

/// Writes `key: value` and ends the line; the indentation is already written.
fn write_entry(text: &mut String, key: &str, value: &Yaml, indent: usize) {
    let start = text.len();
    text.push_str(&scalar_text(key, false));
    text.push(':');
    if let Some(block) = literal(value) {
        let _ = writeln!(text, " {}", block.header);
        for line in block.lines {
            if !line.is_empty() {
                pad(text, indent + 2);
            }
            let _ = writeln!(text, "{line}");
        }
        return;
    }
    if let Yaml::Text(words) = value {
        let _ = writeln!(text, " {}", scalar_text(words, false));
        return;
    }
    let width = indent + text.len() - start;
    if let Some(flow) =
        flow(value).filter(|flow| !is_nested(value) || width + 1 + flow.len() <= WIDTH)
    {
        let _ = writeln!(text, " {flow}");
        return;
    }
    text.push('\n');
    match value {
        Yaml::Map(map) => block_map(text, map, indent + 2),
        Yaml::List(items) => block_list(text, items, indent + 2),
        _ => {}
    }
}

fn block_list(text: &mut String, items: &[Yaml], indent: usize) {
    for item in items {
        pad(text, indent);
        text.push_str("- ");
        match item {
            Yaml::Map(map) if !map.is_empty() && !fits(item, indent + 2) => {
                for (index, entry) in map.entries.iter().enumerate() {
                    if index > 0 {
                        pad(text, indent + 2);
                    }
                    write_entry(text, &entry.key, &entry.value, indent + 2);
                }
            }
            _ => {
                let _ = writeln!(text, "{}", flow(item).unwrap_or_default());
            }
        }
    }
}

fn fits(value: &Yaml, column: usize) -> bool {
    flow(value).is_some_and(|flow| column + flow.len() <= WIDTH && !needs_lines(value))
}

/// Returns whether a mapping has enough fields to put each field on a separate line.
fn needs_lines(value: &Yaml) -> bool {
    matches!(value, Yaml::Map(map) if map.entries.len() > 3)
}

fn is_nested(value: &Yaml) -> bool {
    match value {
        Yaml::Map(map) => !map.is_empty(),
        Yaml::List(items) => !items.is_empty(),
        _ => false,
    }
}

fn pad(text: &mut String, indent: usize) {
    text.extend(std::iter::repeat_n(' ', indent));
}

/// Formats a value on one line; `None` if it needs several lines.
fn flow(value: &Yaml) -> Option<String> {
    Some(match value {
        Yaml::Text(text) => scalar_text(text, true),
        Yaml::Int(number) => number.to_string(),
        // `1` without a decimal point is read as an integer. The formats accept an integer as a number.
        Yaml::Float(number) => number.to_string(),
        Yaml::Bool(flag) => flag.to_string(),
        Yaml::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(flow_within).collect();
            format!("[{}]", items?.join(", "))
        }
        Yaml::Map(map) if map.is_empty() => "{}".to_owned(),
        Yaml::Map(map) => {
            let entries: Option<Vec<String>> = map
                .entries
                .iter()
                .map(|entry| {
                    let key = scalar_text(&entry.key, true);
                    Some(format!("{key}: {}", flow_within(&entry.value)?))
                })
                .collect();
            format!("{{ {} }}", entries?.join(", "))
        }
    })
}

fn flow_within(value: &Yaml) -> Option<String> {
    match value {
        Yaml::Text(text) if text.contains('\n') => None,
        _ => flow(value),
    }
}

#[cfg(test)]
mod tests;
