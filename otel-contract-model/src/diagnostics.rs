//! Faults as they are found, and diagnostics as they are shown.

use std::collections::HashSet;
use std::fmt::{self, Display};

use crate::codes::Code;
use crate::contract::Location;
use crate::source::{Sources, Span};

/// One fault of a contract. Displays as `rustc` shows its own, without colours.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Which fault of the catalogue.
    pub code: &'static Code,
    /// What is wrong, in the contract's words.
    pub message: String,
    /// Where. Line 0 is the file as a whole.
    pub location: Location,
    /// How many characters of the line are wrong, at least 1.
    pub length: u32,
    /// The offending line, empty where there is none.
    pub line: String,
    /// What stands under the caret.
    pub label: String,
    /// What to do.
    pub help: Option<String>,
    /// Other places that matter: `declared at schema/billing.yaml:18:3`.
    pub related: Vec<Related>,
}

/// Another place that matters to a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// What is there: `declared at`.
    pub phrase: &'static str,
    /// Where.
    pub location: Location,
}

/// The faults of a contract, by file and position. Displays them all.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Whether the contract is without fault.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many faults there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The faults in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{diagnostic}")?;
        }
        Ok(())
    }
}

impl Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "error[{}]: {}", self.code.id, self.message)?;
        let number = match self.location.line {
            0 => String::new(),
            line => line.to_string(),
        };
        let gutter = " ".repeat(number.len().max(1));
        if number.is_empty() {
            writeln!(f, "{gutter}--> {}", self.location.file)?;
        } else {
            let excerpt = Excerpt::new(&self.line, self.location.column, self.length);
            writeln!(f, "{gutter}--> {}", self.location)?;
            writeln!(f, "{gutter} |")?;
            writeln!(f, "{}", format!("{number} | {}", excerpt.text).trim_end())?;
            let caret = format!("{}{} {}", excerpt.indent, excerpt.carets, self.label);
            writeln!(f, "{gutter} | {}", caret.trim_end())?;
        }
        if self.help.is_some() || !self.related.is_empty() {
            writeln!(f, "{gutter} |")?;
        }
        if let Some(help) = &self.help {
            writeln!(f, "{gutter} = help: {help}")?;
        }
        for Related { phrase, location } in &self.related {
            writeln!(f, "{gutter} = note: {phrase} {location}")?;
        }
        Ok(())
    }
}

/// What is shown of the offending line: cut around the fault, without tabs and control characters.
struct Excerpt {
    text: String,
    indent: String,
    carets: String,
}

impl Excerpt {
    /// Lines longer than this are cut.
    const WHOLE: usize = 200;
    /// Characters kept on either side of the fault when a line is cut.
    const MARGIN: usize = 60;

    fn new(line: &str, column: u32, length: u32) -> Excerpt {
        let characters: Vec<char> = line.chars().collect();
        let start = (column.max(1) as usize - 1).min(characters.len());
        let length = (length as usize).min(characters.len() - start).max(1);
        let (from, length, to) = if characters.len() <= Self::WHOLE {
            (0, length, characters.len())
        } else {
            let length = length.min(Self::MARGIN);
            let to = (start + length + Self::MARGIN).min(characters.len());
            (start.saturating_sub(Self::MARGIN), length, to)
        };
        let mut text = String::new();
        let (mut indent, mut carets) = (0, 0);
        if from > 0 {
            text.push('…');
            indent += 1;
        }
        for (index, &character) in characters.iter().enumerate().take(to).skip(from) {
            let before = index < start;
            let width = push_shown(&mut text, character);
            if before {
                indent += width;
            } else if index < start + length {
                carets += width;
            }
        }
        if to < characters.len() {
            text.push('…');
        }
        Excerpt {
            text,
            indent: " ".repeat(indent),
            carets: "^".repeat(carets.max(1)),
        }
    }
}

/// Appends a character as a terminal can show it; gives the columns it takes.
fn push_shown(text: &mut String, character: char) -> usize {
    match character {
        '\t' => {
            text.push_str("    ");
            4
        }
        character if character.is_control() => {
            text.push('\u{fffd}');
            1
        }
        character => {
            text.push(character);
            width(character)
        }
    }
}

/// Columns a terminal gives a character: two for East Asian wide ones and emoji, none for
/// combining marks.
fn width(character: char) -> usize {
    match u32::from(character) {
        0x300..=0x36f | 0x200b..=0x200f | 0x20d0..=0x20f0 | 0xfe00..=0xfe0f | 0xfe20..=0xfe2f => 0,
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe4f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f680..=0x1f6ff
        | 0x1f900..=0x1f9ff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// Faults while they are collected.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

/// A fault while it is written: `codes::X.at(place).with(&[&name]).related("declared at", there)`.
#[derive(Debug)]
pub(crate) struct Fault {
    code: &'static Code,
    span: Span,
    message: String,
    label: String,
    help: Option<String>,
    related: Vec<(&'static str, Span)>,
}

impl Faults {
    pub(crate) fn push(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sorts, drops what an alias repeats, and gives each fault its line of source.
    pub(crate) fn finish(mut self, sources: &Sources) -> Diagnostics {
        self.0.sort_by_key(|fault| fault.span);
        let mut seen = HashSet::new();
        self.0
            .retain(|fault| seen.insert((fault.span, fault.code.id, fault.message.clone())));
        let mut lines = sources.lines();
        let shown = self.0.into_iter().map(|fault| Diagnostic {
            code: fault.code,
            message: fault.message,
            location: sources.location(fault.span),
            length: trimmed(fault.span, lines.get(fault.span)),
            line: lines.get(fault.span).to_owned(),
            label: fault.label,
            help: fault.help,
            related: fault
                .related
                .into_iter()
                .map(|(phrase, span)| Related {
                    phrase,
                    location: sources.location(span),
                })
                .collect(),
        });
        Diagnostics(shown.collect())
    }
}

/// The length of a place without the blanks that the YAML reader takes to a quoted string.
fn trimmed(span: Span, line: &str) -> u32 {
    let characters = line.chars().skip(span.column.saturating_sub(1) as usize);
    let blanks = characters
        .take(span.length as usize)
        .fold(0, |blanks, character| {
            if character.is_whitespace() {
                blanks + 1
            } else {
                0
            }
        });
    span.length.saturating_sub(blanks).max(1)
}

impl Code {
    /// This fault, at a place.
    pub(crate) fn at(&'static self, span: Span) -> Fault {
        let fault = Fault {
            code: self,
            span,
            message: String::new(),
            label: String::new(),
            help: None,
            related: Vec::new(),
        };
        fault.with(&[])
    }
}

impl Fault {
    /// Fills the places of message, label and help, each from the first on.
    pub(crate) fn with(mut self, arguments: &[&dyn Display]) -> Fault {
        self.message = fill(self.code.message, arguments);
        self.label = fill(self.code.label, arguments);
        self.help = (!self.code.help.is_empty()).then(|| fill(self.code.help, arguments));
        self
    }

    /// Another help than the catalogue's.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Fault {
        self.help = Some(help.into());
        self
    }

    /// The nearest name as help, where there is one.
    pub(crate) fn suggest(self, nearest: Option<&str>) -> Fault {
        match nearest {
            Some(nearest) => self.help(format!("did you mean `{nearest}`?")),
            None => self,
        }
    }

    /// Another place that matters.
    pub(crate) fn related(mut self, phrase: &'static str, span: Span) -> Fault {
        self.related.push((phrase, span));
        self
    }
}

/// Fills a template: `{}` takes the next argument, `{1}` a certain one, `{{` and `}}` are braces.
fn fill(template: &str, arguments: &[&dyn Display]) -> String {
    let mut filled = String::new();
    let mut next = 0;
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        filled.push_str(&rest[..at]);
        let brace = &rest[at..at + 1];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            filled.push_str(brace);
            rest = after;
            continue;
        }
        let (index, after) = rest.split_once('}').unwrap_or((rest, ""));
        let argument = index.parse().unwrap_or(next);
        if index.is_empty() {
            next += 1;
        }
        if let Some(argument) = arguments.get(argument) {
            push_short(&mut filled, &argument.to_string());
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// What users write ends up in messages: control characters are escaped, endless words cut.
fn push_short(text: &mut String, argument: &str) {
    const LONGEST: usize = 300;
    for (index, character) in argument.chars().enumerate() {
        if index == LONGEST {
            text.push('…');
            break;
        }
        if character.is_control() {
            text.extend(character.escape_default());
        } else {
            text.push(character);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str, column: u32, length: u32) -> (String, usize, usize) {
        let excerpt = Excerpt::new(line, column, length);
        (excerpt.text, excerpt.indent.len(), excerpt.carets.len())
    }

    #[test]
    fn a_tab_is_four_columns_and_a_wide_character_two() {
        assert_eq!(shown("\tname: x", 8, 1), ("    name: x".to_owned(), 10, 1));
        assert_eq!(shown("名前: 値", 5, 1), ("名前: 値".to_owned(), 6, 2));
    }

    #[test]
    fn a_long_line_is_cut_around_the_fault() {
        let line = format!("{}fault{}", "a".repeat(500), "b".repeat(500));
        let (text, indent, carets) = shown(&line, 501, 5);
        assert_eq!(text, format!("…{}fault{}…", "a".repeat(60), "b".repeat(60)));
        assert_eq!((indent, carets), (61, 5));
    }

    #[test]
    fn a_place_beyond_the_line_still_has_a_caret() {
        assert_eq!(shown("short", 40, 9), ("short".to_owned(), 5, 1));
    }
}
