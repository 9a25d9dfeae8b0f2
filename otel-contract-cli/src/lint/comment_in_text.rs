//! `comment_in_text`: text that ends at a ` #`, which begins a comment.

use super::entries;
use super::{Lint, Rule, Said, example};
use crate::finding::{Level, Place};
use crate::text::Text;
use otel_contract_model::{Comment, Location, Node, NodeValue, Source, SourceFile, comment};
use std::ops::Range;
use std::sync::Arc;

pub(super) const RULE: Rule = Rule {
    name: "comment_in_text",
    level: Level::Warn,
    summary: "text without quotes that ends at a ` #`, which YAML takes for the beginning of a comment",
    why: "Everything from the ` #` on is lost without a word: `brief: Issue #12 is open` says no more than `Issue`, in the code, in the documentation and in messages.",
    fix: "Put the text in quotes; of a comment, write `# ` with a blank after it, or put it on a line of its own. `check --fix` puts text in quotes where no comment can have been meant.",
    bad: example!("comment_in_text", "bad"),
    good: example!("comment_in_text", "good"),
    check,
};

/// Fields whose text is prose.
const PROSE: &[&str] = &["brief", "note", "conditionally_required"];
/// Fields that list texts of any kind.
const LISTS: &[&str] = &["examples", "owners", "values"];

fn check(lint: &mut Lint<'_>) {
    let sources = &lint.linted.compiled.sources;
    // Most files have no such line.
    let suspect = |source: &&SourceFile| {
        let mut comments = source.text.lines().filter_map(comment);
        comments.any(|it| is_suspect(&it, true))
    };
    for source in sources.iter().filter(suspect) {
        for found in of_a_file(source) {
            report(lint, source, &found);
        }
    }
}

fn report(lint: &mut Lint<'_>, source: &SourceFile, found: &Lost) {
    let at = Location {
        file: source.name.clone(),
        line: found.line,
        column: found.column,
    };
    let contract = lint.contract();
    let mut entry = None;
    for known in entries::all(contract).filter(|it| it.at.file == at.file && it.at.line <= at.line)
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
    let said = Said {
        message: format!("this text ends at a comment: `{}` is lost", found.comment),
        label: "begins a comment".to_owned(),
        help: format!(
            "put the text in quotes, as `{}`; of a comment, write `# ` with a blank",
            found.quoted
        ),
        ..Said::default()
    };
    let length = u32::try_from(found.comment.chars().count()).unwrap_or(u32::MAX);
    lint.push_at(Place { at, length }, said);
}

/// What `check --fix` puts in the place of the text at a finding: the same in quotes, where no comment can have been
/// meant.
pub(crate) fn fix(source: &SourceFile, at: &Location) -> Option<(Range<usize>, String)> {
    let found = of_a_file(source).into_iter();
    let mut found = found.filter(|it| (it.line, it.column) == (at.line, at.column));
    let lost = found.next()?;
    let range = lost.range.filter(|_| lost.is_certain)?;
    Some((range, lost.quoted))
}

/// Text that ends at a comment.
struct Lost {
    /// Of the `#`.
    line: u32,
    column: u32,
    /// What is lost.
    comment: String,
    /// The text with it, in quotes.
    quoted: String,
    /// The bytes of both, where they are on one line.
    range: Option<Range<usize>>,
    /// No comment can have been meant.
    is_certain: bool,
}

fn of_a_file(source: &SourceFile) -> Vec<Lost> {
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
    /// Within a list or mapping in brackets, where a comma or bracket ends text as well.
    in_brackets: bool,
    found: Vec<Lost>,
}

impl Walk {
    /// Looks at all texts of a node; `path` are the keys that lead to it.
    fn node(&mut self, node: &Node, path: &mut Vec<Arc<str>>) {
        let outside = self.in_brackets;
        self.in_brackets |= matches!(self.first(node), Some('{' | '['));
        match &node.value {
            NodeValue::Text(value) => {
                if let Some(is_prose) = is_text(path) {
                    let lost = self.lost(node, value, is_prose);
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
        self.in_brackets = outside;
    }

    /// The character at which a node begins.
    fn first(&self, node: &Node) -> Option<char> {
        let line = self.text.line(node.line());
        line.chars().nth(node.column().saturating_sub(1) as usize)
    }

    /// The comment at the end of a text without quotes.
    fn lost(&self, node: &Node, value: &str, is_prose: bool) -> Option<Lost> {
        if matches!(self.first(node)?, '"' | '\'' | '|' | '>' | '&' | '*') {
            return None;
        }
        let start = node.column().saturating_sub(1) as usize;
        let line = self.last_line(node, value)?;
        let text = self.text.line(line);
        let comment = comment(text).filter(|it| is_suspect(it, is_prose))?;
        // A comment of its own, above or between other lines.
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
        Some(Lost {
            line,
            column: u32::try_from(comment.column).ok()?,
            comment: comment.text.trim_end().to_owned(),
            quoted,
            range: range.flatten(),
            is_certain: is_prose && !self.in_brackets && !ended && directly && lost.contains(' '),
        })
    }

    /// The line on which a text without quotes ends: its words are on lines one after the other.
    fn last_line(&self, node: &Node, value: &str) -> Option<u32> {
        let mut left = value.split_whitespace().count();
        let mut skipped = node.column().saturating_sub(1) as usize;
        for number in node.line()..=u32::try_from(self.text.len()).ok()? {
            let line = self.text.line(number);
            let line = comment(line).map_or(line, |it| it.before);
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

/// Whether the text under these keys may have any words; and whether it is prose.
fn is_text(path: &[Arc<str>]) -> Option<bool> {
    let keys: Vec<&str> = path.iter().map(|key| &**key).collect();
    match keys.as_slice() {
        [.., last] if PROSE.contains(last) => Some(true),
        // `values: { free: No contract. }` and `errors: { late: It was late. }`.
        ["errors", _] | [.., "values", _] => Some(true),
        [.., last] if LISTS.contains(last) => Some(false),
        _ => None,
    }
}

/// Whether a comment may have been meant as text: a `#` right after one blank, and before anything but a blank. In
/// prose also one before a number, or at the end.
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

/// What of a comment may be text: up to a comment that looks like one, in brackets up to what ends text there.
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
