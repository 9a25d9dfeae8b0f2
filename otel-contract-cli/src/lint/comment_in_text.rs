//! `comment_in_text`: unquoted text that is cut off at a ` #`.

use super::entries;
use super::{Issue, Lint, Rule, example};
use crate::finding::{Level, Place};
use crate::text::Text;
use otel_contract_model::{Comment, Location, Node, NodeValue, Source, SourceFile, comment};
use std::ops::Range;
use std::sync::Arc;

pub(crate) const NAME: &str = "comment_in_text";

pub(super) const RULE: Rule = Rule {
    name: NAME,
    level: Level::Warn,
    summary: "unquoted text that YAML cuts off at a ` #`, the start of a comment",
    why: "YAML drops everything after the ` #` without a warning: `brief: Issue #12 is open` becomes `Issue` in code, documentation and messages.",
    fix: "Put the text in quotes. For a real comment, write a space after the `#`, or move the comment to its own line. `check --fix` adds quotes if the text after the `#` cannot be a comment.",
    bad: example!("comment_in_text", "bad"),
    good: example!("comment_in_text", "good"),
    check,
};

/// Fields with prose.
const PROSE: &[&str] = &["brief", "note", "conditionally_required"];
/// Fields with lists of texts.
const LISTS: &[&str] = &["examples", "owners", "values"];

/// Kind of a text that may contain a `#`.
#[derive(Clone, Copy, PartialEq)]
enum TextKind {
    Prose,
    ListItem,
}

fn check(lint: &mut Lint<'_>) {
    let sources = &lint.context.compiled.sources;
    // Skip the parser for the many files without a ` #`.
    let suspect = |source: &&SourceFile| {
        let mut comments = source.text.lines().filter_map(comment);
        comments.any(|comment| is_suspect(&comment, true))
    };
    for source in sources.iter().filter(suspect) {
        for found in lost_texts(source) {
            report(lint, source, &found);
        }
    }
}

fn report(lint: &mut Lint<'_>, source: &SourceFile, found: &LostText) {
    let at = Location {
        file: source.name.clone(),
        line: found.line,
        column: found.column,
    };
    let contract = lint.contract();
    let mut entry = None;
    for known in
        entries::all(contract).filter(|entry| entry.at.file == at.file && entry.at.line <= at.line)
    {
        if entry
            .as_ref()
            .is_none_or(|last: &entries::Entry<'_>| last.at.line < known.at.line)
        {
            entry = Some(known);
        }
    }
    if entry.is_some_and(|entry| lint.is_allowed(&[&entry])) {
        return;
    }
    let issue = Issue {
        message: format!(
            "this text is cut off by a comment: `{}` is lost",
            found.comment
        ),
        label: "starts a comment".to_owned(),
        help: format!(
            "put the text in quotes: `{}`; for a real comment, write a space after the `#`",
            found.quoted
        ),
        ..Issue::default()
    };
    let length = u32::try_from(found.comment.chars().count()).unwrap_or(u32::MAX);
    lint.push_at(Place { at, length }, issue);
}

/// Returns the fix for a finding: the text in quotes. Returns `None` if the part after the `#` may be a real comment.
pub(crate) fn fix(source: &SourceFile, at: &Location) -> Option<(Range<usize>, String)> {
    let found = lost_texts(source).into_iter();
    let mut found = found.filter(|lost| (lost.line, lost.column) == (at.line, at.column));
    let lost = found.next()?;
    let range = lost.range.filter(|_| lost.is_certain)?;
    Some((range, lost.quoted))
}

/// Text that is cut off by a comment.
struct LostText {
    /// Location of the `#`.
    line: u32,
    column: u32,
    /// The lost rest of the text.
    comment: String,
    /// The whole text in quotes.
    quoted: String,
    /// Byte range of the text and its lost rest, if both are on one line.
    range: Option<Range<usize>>,
    /// Whether the lost rest cannot be a real comment.
    is_certain: bool,
}

fn lost_texts(source: &SourceFile) -> Vec<LostText> {
    let document = Source::text("", &source.name, source.text.clone());
    let Ok(document) = otel_contract_yaml::document(&document) else {
        return Vec::new();
    };
    let mut walk = Walk {
        text: Text::new(source.text.as_str()),
        in_brackets: false,
        found: Vec::new(),
    };
    walk.node(document.root(), &mut Vec::new());
    walk.found
}

struct Walk {
    text: Text,
    /// Whether the walk is inside a flow collection. There, commas and brackets end a text too.
    in_brackets: bool,
    found: Vec<LostText>,
}

impl Walk {
    /// Checks all texts of a node. `path` contains the keys that lead to the node.
    fn node(&mut self, node: &Node, path: &mut Vec<Arc<str>>) {
        let was_in_brackets = self.in_brackets;
        self.in_brackets |= matches!(self.first(node), Some('{' | '['));
        match &node.value {
            NodeValue::Text(value) => {
                if let Some(kind) = text_kind(path) {
                    let lost = self.lost(node, value, kind == TextKind::Prose);
                    self.found.extend(lost);
                }
            }
            NodeValue::List(items) => {
                for item in items {
                    self.node(item, path);
                }
            }
            NodeValue::Map(_) => {
                for (key, value) in node.entries() {
                    path.push(Arc::from(key.text().unwrap_or_default()));
                    self.node(value, path);
                    path.pop();
                }
            }
            NodeValue::Null | NodeValue::Bool(_) | NodeValue::Int(_) | NodeValue::Float(_) => {}
        }
        self.in_brackets = was_in_brackets;
    }

    /// Returns the first character of a node.
    fn first(&self, node: &Node) -> Option<char> {
        let line = self.text.line(node.line());
        line.chars().nth(node.column().saturating_sub(1) as usize)
    }

    /// Returns the text that a comment cuts off at the end of a plain scalar.
    fn lost(&self, node: &Node, value: &str, is_prose: bool) -> Option<LostText> {
        if matches!(self.first(node)?, '"' | '\'' | '|' | '>' | '&' | '*') {
            return None;
        }
        let start = node.column().saturating_sub(1) as usize;
        let line = self.last_line(node, value)?;
        let text = self.text.line(line);
        let comment = comment(text).filter(|comment| is_suspect(comment, is_prose))?;
        // If the comment is on a separate line, no text is lost.
        let before = comment.before.trim_end();
        let last_word = value.split_whitespace().last()?;
        if !before.ends_with(last_word) {
            return None;
        }
        let lost = cut(comment.text, self.in_brackets);
        let quoted = quoted(&format!("{value} {lost}"));
        let one_line =
            line == node.line() && text.char_indices().nth(start)?.0 + value.len() == before.len();
        let range = one_line.then(|| {
            let at = self.text.range(line)?.start;
            Some(at + before.len() - value.len()..at + comment.before.len() + lost.len())
        });
        let ended = value.ends_with(['.', '!', '?', ':', '…']);
        let directly = lost.chars().nth(1).is_some_and(char::is_alphanumeric);
        Some(LostText {
            line,
            column: u32::try_from(comment.column).ok()?,
            comment: comment.text.trim_end().to_owned(),
            quoted,
            range: range.flatten(),
            is_certain: is_prose && !self.in_brackets && !ended && directly && lost.contains(' '),
        })
    }

    /// Returns the last line of a plain scalar. Finds the line by counting the words of the value.
    fn last_line(&self, node: &Node, value: &str) -> Option<u32> {
        let mut left = value.split_whitespace().count();
        let mut skipped = node.column().saturating_sub(1) as usize;
        for number in node.line()..=u32::try_from(self.text.len()).ok()? {
            let line = self.text.line(number);
            let line = comment(line).map_or(line, |comment| comment.before);
            let from = line
                .char_indices()
                .nth(skipped)
                .map_or(line.len(), |(at, _)| at);
            skipped = 0;
            let words = line[from..].split_whitespace().count();
            if words >= left {
                return Some(number);
            }
            left -= words;
        }
        None
    }
}

/// Returns the kind of text under these keys; `None` if the field has a fixed syntax.
fn text_kind(path: &[Arc<str>]) -> Option<TextKind> {
    let keys: Vec<&str> = path.iter().map(|key| &**key).collect();
    match keys.as_slice() {
        [.., last] if PROSE.contains(last) => Some(TextKind::Prose),
        // `values: { free: No contract. }` and `errors: { late: It was late. }`.
        ["errors", _] | [.., "values", _] => Some(TextKind::Prose),
        [.., last] if LISTS.contains(last) => Some(TextKind::ListItem),
        _ => None,
    }
}

/// Returns whether a comment may be lost text: a `#` with exactly one space before it and no space after it. In prose,
/// also a `#` followed by a space and a number (`# 12`), or a `#` at the end.
fn is_suspect(comment: &Comment<'_>, is_prose: bool) -> bool {
    let word = comment.before.trim_end();
    let one_blank = comment.before.len() == word.len() + 1 && comment.before.ends_with(' ');
    if !one_blank || word.ends_with(':') || word.ends_with('-') {
        return false;
    }
    let mut after = comment.text.chars().skip(1);
    match after.next() {
        None => is_prose,
        Some(' ') => {
            let ended = word.ends_with(['.', '!', '?', ',', ']', '}', '"', '\'']);
            is_prose && !ended && after.next().is_some_and(|next| next.is_ascii_digit())
        }
        Some(next) => !next.is_whitespace() && next != '#',
    }
}

/// Returns the part of a comment that may be lost text. The part ends at a real comment, or inside brackets at a
/// delimiter.
fn cut(comment: &str, in_brackets: bool) -> &str {
    let rest = &comment[1..];
    let mut end = rest.find(" # ").unwrap_or(rest.len());
    if in_brackets {
        end = end.min(rest.find([',', ']', '}']).unwrap_or(rest.len()));
    }
    let comment = comment.split_at(end + 1).0;
    comment.trim_end()
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted + "\""
}
