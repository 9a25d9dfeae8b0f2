//! Errors: [`Diag`] while the errors are collected, [`Diagnostic`] when they are shown.

pub(crate) mod comment;
mod excerpt;
pub(crate) mod invisible;

use std::collections::HashSet;
use std::fmt::{self, Display};
use std::sync::Arc;

use crate::codes::{self, Code, Template};
use crate::contract::Location;
use crate::files::{Sources, Span};
use crate::names;
use crate::series::thousands;
use crate::text::{invisible, visible};

use excerpt::{Excerpt, after};
use invisible::Invisible;

/// An error of a contract. Displays in the style of `rustc`, without colors.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The code in the catalogue.
    pub code: &'static Code,
    /// Description of the error, in the words of the contract.
    pub message: String,
    /// The location. Line 0 is the whole file.
    pub location: Location,
    /// The number of underlined characters, at least 1.
    pub length: u32,
    /// The source line; empty for the whole file.
    pub line: Arc<str>,
    /// The text under the carets.
    pub label: String,
    /// How to fix the error.
    pub help: Option<String>,
    /// Related locations: `declared at schema/billing.yaml:18:3`.
    pub related: Vec<Related>,
    /// The fix, if it is unambiguous. A tool can apply the fix without asking.
    pub replacement: Option<Replacement>,
}

/// A replacement of the word that a diagnostic underlines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The written word, without quotes.
    pub from: String,
    /// The suggested word.
    pub to: String,
}

/// A location related to a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The relation: `declared at`.
    pub phrase: &'static str,
    /// The location.
    pub location: Location,
}

/// The errors of a contract, by file and position.
///
/// At most 500 errors are shown; the others are only counted.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    shown: Vec<Diagnostic>,
    omitted: usize,
}

impl Diagnostics {
    /// Returns whether there are no errors.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// Returns the number of errors that are shown.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shown.len()
    }

    /// Returns the number of errors that are only counted.
    #[must_use]
    pub fn omitted(&self) -> usize {
        self.omitted
    }

    /// Returns the errors in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.shown.iter()
    }
}

/// Keeps the order of the iterator. Callers sort errors of several files.
impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(diagnostics: I) -> Self {
        let mut shown: Vec<Diagnostic> = diagnostics.into_iter().collect();
        let omitted = shown.len().saturating_sub(DiagContext::SHOWN);
        shown.truncate(DiagContext::SHOWN);
        Diagnostics { shown, omitted }
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
        self.shown.into_iter()
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
        if self.omitted > 0 {
            writeln!(f, "\n… and {} more errors", thousands(self.omitted as u64))?;
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

/// Collects the errors of a contract.
#[derive(Default)]
pub(crate) struct DiagContext {
    found: Vec<Diag>,
    /// Number of errors found after the limit was reached.
    not_kept: usize,
    suggestions: usize,
}

/// An error under construction: `codes::X.at(span, [&name]).related("declared at", other_span)`.
#[derive(Clone)]
pub(crate) struct Diag {
    code: &'static Code,
    span: Span,
    message: String,
    label: String,
    help: Option<String>,
    related: Vec<(&'static str, Span)>,
    replacement: Option<Replacement>,
    /// The part of a text that is wrong: the number of characters before the part, and the part.
    part: Option<(usize, String)>,
    /// The message already names an invisible character.
    names_invisible: bool,
    /// The value is missing.
    is_value_missing: bool,
}

impl DiagContext {
    /// The maximum number of errors that are kept until they are sorted.
    const KEPT: usize = 10_000;
    /// The maximum number of errors that are shown.
    const SHOWN: usize = 500;
    /// The maximum number of errors with a suggestion. Each suggestion searches all names, which is slow.
    const SUGGESTED: usize = 50;

    pub(crate) fn push(&mut self, diag: Diag) {
        if self.found.len() < Self::KEPT {
            self.found.push(diag);
        } else {
            self.not_kept += 1;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Returns the line of the error, if there is exactly one.
    pub(crate) fn only_line(&self) -> Option<u32> {
        match self.found.as_slice() {
            [diag] => Some(diag.span.line),
            _ => None,
        }
    }

    /// Returns the number of errors found so far.
    pub(crate) fn count(&self) -> usize {
        self.found.len() + self.not_kept
    }

    /// Returns whether the next error may search for the nearest name.
    pub(crate) fn may_suggest(&mut self) -> bool {
        self.suggestions += 1;
        self.suggestions <= Self::SUGGESTED
    }

    /// Sorts the errors, removes errors that an alias repeats, and adds the source lines.
    pub(crate) fn finish(self, sources: &Sources) -> Diagnostics {
        let mut found = self.found;
        found.sort_by_key(|diag| (diag.span, diag.part_start()));
        let mut seen = HashSet::new();
        found.retain(|diag| {
            let (start, message) = (diag.part_start(), diag.message.clone());
            seen.insert((diag.span, start, diag.code.id, message))
        });
        let omitted = self.not_kept + found.len().saturating_sub(Self::SHOWN);
        found.truncate(Self::SHOWN);
        let mut lines = sources.lines();
        let shown = found.into_iter().map(|diag| {
            let line = lines.get(diag.span);
            diag.into_diagnostic(sources, line)
        });
        Diagnostics {
            shown: shown.collect(),
            omitted,
        }
    }
}

/// Lines longer than this number of bytes are not searched for trailing spaces, invisible characters and comments.
/// Counting their characters would be slow for many errors.
const LONG: usize = 20_000;

/// Returns the length of a span without trailing spaces. The scanner includes them in the span of a quoted string.
fn trimmed_length(span: Span, line: &str) -> u32 {
    if line.len() > LONG {
        return span.length;
    }
    let characters = after(line, span.column.saturating_sub(1) as usize).chars();
    let covered: String = characters.take(span.length as usize).collect();
    let blanks = covered.chars().count() - covered.trim_end().chars().count();
    let blanks = u32::try_from(blanks).unwrap_or(0);
    span.length.saturating_sub(blanks).max(1)
}

impl<const ARGUMENTS: usize> Template<ARGUMENTS> {
    /// Returns this error at a location, with the arguments of its texts.
    pub(crate) fn at(&'static self, span: Span, arguments: [&dyn Display; ARGUMENTS]) -> Diag {
        Diag::new(self, span, &arguments)
    }
}

impl Diag {
    /// Fills the placeholders of message, label and help. In each text, the first `{}` takes the first argument.
    pub(crate) fn new(code: &'static Code, span: Span, arguments: &[&dyn Display]) -> Diag {
        Diag {
            code,
            span,
            message: fill(code.message, arguments),
            label: fill(code.label, arguments),
            help: (!code.help.is_empty()).then(|| fill(code.help, arguments)),
            related: Vec::new(),
            replacement: None,
            part: None,
            names_invisible: false,
            is_value_missing: false,
        }
    }

    /// Replaces the help of the catalogue.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Diag {
        self.help = Some(help.into());
        self
    }

    /// Suggests the nearest candidate, if there is one. The suggestion is a replacement if it is unambiguous.
    pub(crate) fn suggest<'c>(
        self,
        written: &str,
        nearest: Option<&str>,
        candidates: impl IntoIterator<Item = &'c str>,
    ) -> Diag {
        let Some(nearest) = nearest else { return self };
        let diag = self.help(format!("did you mean `{nearest}`?"));
        if names::is_unambiguous(written, nearest, &mut candidates.into_iter()) {
            return diag.replace(written, nearest);
        }
        diag
    }

    /// Sets the replacement that fixes the error.
    pub(crate) fn replace(mut self, from: &str, to: &str) -> Diag {
        self.replacement = Some(Replacement {
            from: from.to_owned(),
            to: to.to_owned(),
        });
        self
    }

    /// Restricts the location to a part of the text there. `before`: the number of characters of the text before the
    /// part.
    pub(crate) fn part(mut self, before: usize, part: &str) -> Diag {
        self.part = Some((before, part.to_owned()));
        self
    }

    fn part_start(&self) -> usize {
        self.part.as_ref().map_or(0, |(before, _)| *before)
    }

    /// Returns the location of the part that is wrong, or the whole location if the source text differs from the value:
    /// it has escapes, or several lines.
    fn narrowed(&self, line: &str) -> Span {
        let Some((before, part)) = self.part.as_ref().filter(|_| line.len() <= LONG) else {
            return self.span;
        };
        let text = after(line, self.span.column.saturating_sub(1) as usize);
        let before = before + usize::from(text.starts_with(['"', '\'']));
        if !after(text, before).starts_with(part.as_str()) {
            return self.span;
        }
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Span {
            column: self.span.column.saturating_add(number(before)),
            length: number(part.chars().count()),
            ..self.span
        }
    }

    /// Converts the error into a diagnostic with its source line.
    pub(crate) fn into_diagnostic(self, sources: &Sources, line: Arc<str>) -> Diagnostic {
        let mut span = self.narrowed(&line);
        let related = self.related.into_iter();
        let (mut message, mut help) = (self.message, self.help.as_deref().map(visible));
        // Long lines are not searched for invisible characters.
        let invisible = (line.len() <= LONG)
            .then(|| Invisible::within(&line, span.column, span.length))
            .flatten();
        if let Some(invisible) = invisible.filter(|_| !self.names_invisible) {
            message = format!("{message}: contains invisible {}", invisible.names);
            // A space is as invalid in a name as the invisible character.
            let advice = if is_about_a_name(self.code) {
                format!("remove {}", invisible.names)
            } else {
                invisible.advice
            };
            help = Some(match help {
                // The invisible character causes the wrong type, so the help for the character replaces the help for
                // the type.
                Some(help) if *self.code != codes::WRONG_TYPE => {
                    format!("{advice}; {help}")
                }
                _ => advice,
            });
        }
        let hiding_comment = (self.is_value_missing && line.len() <= LONG)
            .then(|| comment::comment(&line))
            .flatten();
        if let Some(comment) = hiding_comment.filter(|comment| !comment.before.trim().is_empty()) {
            span.column = u32::try_from(comment.column).unwrap_or(u32::MAX);
            span.length =
                u32::try_from(comment.text.trim_end().chars().count()).unwrap_or(u32::MAX);
            let text = comment
                .text
                .trim_end()
                .replace('\\', "\\\\")
                .replace('"', "\\\"");
            help = Some(format!(
                "`#` starts a comment; quote the text: `\"{text}\"`"
            ));
        }
        Diagnostic {
            code: self.code,
            message,
            location: sources.location(span),
            length: trimmed_length(span, &line),
            line,
            label: self.label,
            help,
            replacement: self.replacement,
            // The location of the error itself is already shown.
            related: related
                .filter(|(_, other)| *other != span)
                .map(|(phrase, span)| Related {
                    phrase,
                    location: sources.location(span),
                })
                .collect(),
        }
    }

    /// Marks the value as missing. If a comment hides the value, the diagnostic underlines the comment, and the help
    /// says so.
    pub(crate) fn with_missing_value(mut self) -> Diag {
        self.is_value_missing = true;
        self
    }

    /// Marks the message as naming an invisible character.
    pub(crate) fn naming_invisible(mut self) -> Diag {
        self.names_invisible = true;
        self
    }

    /// Adds a related location.
    pub(crate) fn related(mut self, phrase: &'static str, span: Span) -> Diag {
        self.related.push((phrase, span));
        self
    }
}

/// Returns whether an error is about a name or a word of the format, which cannot contain a space.
fn is_about_a_name(code: &Code) -> bool {
    *code == codes::BAD_NAME
        || *code == codes::UNKNOWN_FIELD
        || *code == codes::UNKNOWN_WORD
        || *code == codes::UNKNOWN_ATTRIBUTE
        || *code == codes::UNKNOWN_GROUP
        || *code == codes::UNKNOWN_ERROR
        || *code == codes::UNKNOWN_EVENT
}

/// Fills a template: `{}` takes the next argument, `{1}` the argument with that index, `{{` and `}}` are braces.
fn fill(template: &str, arguments: &[&dyn Display]) -> String {
    let mut filled = String::new();
    let mut next = 0;
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        filled.push_str(&rest[..at]);
        let brace = &rest[at..=at];
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
        match arguments.get(argument) {
            Some(argument) => push_short(&mut filled, &argument.to_string()),
            // Only codes from outside the catalogue can lack an argument: show the placeholder.
            None => filled.push_str("{}"),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// Appends text of a contract to a message: escapes control characters and invisible characters, and truncates
/// long text.
fn push_short(text: &mut String, argument: &str) {
    const LONGEST: usize = 300;
    for (index, character) in argument.chars().enumerate() {
        if index == LONGEST {
            text.push('…');
            break;
        }
        if invisible(character).is_some() || character.is_control() {
            text.extend(character.escape_default());
        } else {
            text.push(character);
        }
    }
}
