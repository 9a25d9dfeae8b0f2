//! YAML as a person would write it: short things on one line, text without needless quotes.

use std::fmt::Write as _;

/// Lines are kept this short where things fit.
const WIDTH: usize = 100;

/// Something to write.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Yaml {
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    List(Vec<Yaml>),
    Map(Map),
}

/// A mapping, in order.
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

    /// Moves some of the entries to another mapping, in the order they have here.
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

    /// Adds an entry where there is a value.
    pub(crate) fn put_some(&mut self, key: &str, value: Option<impl Into<Yaml>>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    /// Adds an entry where the list has items.
    pub(crate) fn put_list(&mut self, key: &str, items: &[String]) {
        if !items.is_empty() {
            self.put(key, items.to_vec());
        }
    }
}

/// A whole file.
pub(crate) fn document(map: &Map) -> String {
    let mut text = String::new();
    block_map(&mut text, map, 0);
    text
}

/// One entry of a mapping that begins at a column.
pub(crate) fn entry(text: &mut String, key: &str, value: &Yaml, indent: usize) {
    write_entry(text, key, value, indent);
}

fn block_map(text: &mut String, map: &Map, indent: usize) {
    for entry in &map.entries {
        pad(text, indent);
        write_entry(text, &entry.key, &entry.value, indent);
    }
}

/// Writes `key: value` and ends the line; the column is reached already.
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
    flow(value).is_some_and(|flow| column + flow.len() <= WIDTH && !is_entry(value))
}

/// A mapping of many fields reads better one a line, however short they are.
fn is_entry(value: &Yaml) -> bool {
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

/// A value on one line; `None` where it has lines of its own.
fn flow(value: &Yaml) -> Option<String> {
    Some(match value {
        Yaml::Text(text) => scalar_text(text, true),
        Yaml::Int(number) => number.to_string(),
        // `1` reads as an integer, which the formats take for a number as well.
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

struct Literal<'t> {
    header: &'static str,
    lines: Vec<&'t str>,
}

/// Text of several lines that can stand as it is.
fn literal(value: &Yaml) -> Option<Literal<'_>> {
    let Yaml::Text(text) = value else {
        return None;
    };
    let body = text.strip_suffix('\n').unwrap_or(text);
    let plain = |c: char| c == '\n' || !(c.is_control() || is_odd(c));
    let fine = text.contains('\n')
        && !body.is_empty()
        && !body.starts_with([' ', '\n'])
        && !body.ends_with(['\n', ' '])
        && text.chars().all(plain)
        && body
            .split('\n')
            .all(|line| line.is_empty() || !line.trim().is_empty());
    fine.then(|| Literal {
        header: if text.ends_with('\n') { "|" } else { "|-" },
        lines: body.split('\n').collect(),
    })
}

/// Characters that YAML or a terminal treats in a way of its own.
fn is_odd(c: char) -> bool {
    matches!(
        c,
        '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
    )
}

/// Text as a scalar, without quotes where nothing else can be meant.
fn scalar_text(text: &str, in_flow: bool) -> String {
    if is_plain(text, in_flow) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_control() || is_odd(c) => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn is_plain(text: &str, in_flow: bool) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let quiet = |c: char| {
        c.is_ascii_alphanumeric()
            || " _./-()'+@%;=<>~?!$^*&".contains(c)
            || (!c.is_ascii() && !c.is_control() && !is_odd(c) && !c.is_whitespace())
            || (!in_flow && ",[]{}`".contains(c))
            || c == '`'
            || c == ':'
    };
    (starts_well || is_version(text))
        && text.chars().all(quiet)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([' ', ':'])
        && !(in_flow && text.contains(':'))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// `1.2.0`, which is no number.
fn is_version(text: &str) -> bool {
    let mut parts = text.splitn(3, '.');
    let number = |part: Option<&str>| {
        part.is_some_and(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()))
    };
    number(parts.next())
        && number(parts.next())
        && parts
            .next()
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use otel_contract_model::{Document, NodeValue, Source};

    fn read_back(written: &Yaml) -> NodeValue {
        let mut map = Map::new();
        map.put("key", written.clone());
        map.put("list", Yaml::List(vec![written.clone(), written.clone()]));
        let text = document(&map);
        let document = Document::read(&Source::text("", "a.yaml", text.clone()));
        let document = document.unwrap_or_else(|why| panic!("{text}\n{why}"));
        let value = document.root().get("key").expect("the key").value.clone();
        let list = document.root().get("list").expect("the list");
        for item in list.items() {
            assert_eq!(
                format!("{:?}", plain(&item.value)),
                format!("{:?}", plain(&value))
            );
        }
        value
    }

    /// A value without its places.
    fn plain(value: &NodeValue) -> Yaml {
        match value {
            NodeValue::Null => Yaml::Text("<nothing>".to_owned()),
            NodeValue::Bool(flag) => Yaml::Bool(*flag),
            NodeValue::Int(number) => Yaml::Int(*number),
            NodeValue::Float(number) => Yaml::Float(*number),
            NodeValue::Text(text) => Yaml::Text(text.clone()),
            NodeValue::List(items) => Yaml::List(items.iter().map(|it| plain(&it.value)).collect()),
            NodeValue::Map(entries) => {
                let mut map = Map::new();
                for (key, value) in entries {
                    map.put(key.text().expect("a key"), plain(&value.value));
                }
                Yaml::Map(map)
            }
        }
    }

    #[test]
    fn text_is_read_back_as_it_was() {
        let texts = [
            "",
            " ",
            "plain",
            "true",
            "No",
            "~",
            "null",
            "12",
            "1.5",
            "1e3",
            "0x10",
            "-",
            "- a",
            "? a",
            "a: b",
            "a:",
            "a #b",
            "#a",
            "a, b",
            "[a]",
            "{a}",
            "\"a\"",
            "'a'",
            "it's",
            "a\\b",
            "a\nb",
            "a\n",
            "a\n\n",
            "\na",
            " a\nb",
            "a\n  b\n",
            "a\n \nb",
            "a \nb",
            "tab\there",
            "\u{85}",
            "\u{feff}x",
            "größe",
            "名前: 値",
            "&a",
            "*a",
            "!a",
            "%a",
            "@a",
            "`a`",
            "|",
            ">",
            "a\r\nb",
            "\u{7}",
            "=",
            "<<",
            "https://a.b/c?d=e#f",
            "2027-01-01",
            "a\n\n\nb",
            "x y: [z]",
            "a\n# b\n",
            "a\n\tb",
            "...",
            "---",
            "a\u{2028}b",
            ".5",
            "_OTHER",
            "{http.method} {x}",
        ];
        for text in texts {
            assert_eq!(
                plain(&read_back(&text.into())),
                Yaml::from(text),
                "{text:?}"
            );
        }
    }

    #[test]
    fn what_is_nested_is_read_back_as_it_was() {
        let mut inner = Map::new();
        inner.put("note", "two\nlines\n");
        inner.put("a key: with, [everything]", vec![1_i64, 2]);
        inner.put("empty", Map::new());
        inner.put("none", Yaml::List(Vec::new()));
        inner.put(
            "long",
            vec!["a fairly long text that fills the line".to_owned(); 5],
        );
        let mut outer = Map::new();
        outer.put("inner", inner.clone());
        outer.put(
            "list",
            Yaml::List(vec![inner.into(), true.into(), 0.5.into()]),
        );
        let written = Yaml::Map(outer);
        assert_eq!(plain(&read_back(&written)), written);
    }

    #[test]
    fn short_things_stand_on_one_line() {
        let mut use_ = Map::new();
        use_.put("level", "required");
        use_.put("sampling_relevant", true);
        let mut map = Map::new();
        map.put("order.id", use_);
        map.put("brief", "What it is: a name.");
        map.put("note", "It has\ntwo lines.\n");
        assert_eq!(
            document(&map),
            "order.id: { level: required, sampling_relevant: true }\n\
             brief: \"What it is: a name.\"\nnote: |\n  It has\n  two lines.\n"
        );
    }
}
