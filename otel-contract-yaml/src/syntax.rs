//! Messages for invalid YAML, in the words of this project.

use otel_contract_model::scan::{Position, SyntaxError};

/// Table of syntax errors. Each row has a part of the scanner's message, our message, and the help. The first row that
/// matches is used.
const WORDS: &[(&str, &str, &str)] = &[
    (
        "mapping values are not allowed",
        "`:` cannot start a value here",
        QUOTE,
    ),
    (
        "illegal placement of ':'",
        "`:` cannot start a value here",
        QUOTE,
    ),
    (
        "simple key",
        "this line has no `:`",
        "write `name: value`, or indent the line if it continues the one above",
    ),
    (
        "flow mapping",
        "a `,` or the closing `}` is missing",
        "close the open `{`, put `,` between entries, or quote text that contains `: `",
    ),
    (
        "flow sequence",
        "a `,` or the closing `]` is missing",
        "close the open `[`, or put `,` between items",
    ),
    (
        "misplaced bracket",
        "unmatched closing bracket",
        "remove it, or quote the text",
    ),
    (
        "escape",
        "unknown escape in a quoted string",
        "write `\\\\` for a backslash, or use single quotes",
    ),
    (
        "hexadecimal",
        "unknown escape in a quoted string",
        "write `\\\\` for a backslash, or use single quotes",
    ),
    (
        "quoted scalar",
        "unclosed quote",
        "close the quote, and indent the lines it continues on",
    ),
    (
        "trailing content",
        "text after the closing quote",
        "quote the whole value",
    ),
    (
        "unknown anchor",
        "unknown anchor",
        "define it above this line: `&name value`",
    ),
    (
        "expected key",
        "the indentation matches no line above",
        INDENT,
    ),
    (
        "expected '-'",
        "the indentation matches no line above",
        INDENT,
    ),
    (
        "indentation",
        "the indentation matches no line above",
        INDENT,
    ),
    (
        "block sequence entries",
        "a list cannot start here",
        "start it on its own line, or write `[a, b]`",
    ),
    (
        "mapping keys are not allowed",
        "a mapping cannot start here",
        "start it on its own line",
    ),
    (
        "recursion limit",
        "brackets are nested too deeply",
        "reduce the nesting",
    ),
    (
        "unprintable",
        "this character is not allowed in YAML",
        "remove it, or write it as `\\u…` in double quotes",
    ),
    (
        "unexpected character",
        "this character cannot start a value",
        "quote the value",
    ),
    (
        "directive",
        "directives (`%…`) are not supported",
        "remove the line, or quote the text",
    ),
    (
        "alphabetic or numeric character",
        "`&` starts an anchor, `*` an alias",
        "quote the value",
    ),
];
const QUOTE: &str = "quote text that contains `: `, or check the indentation";
const TAB: &str = "a tab cannot indent or separate values";
const SPACES: &str = "use spaces";
const INDENT: &str = "align the entries of a mapping or list in one column";

/// Converts the scanner's message for an error at the position `at`.
pub(super) fn syntax_error(at: Position, scanner: &str, text: &str) -> SyntaxError {
    let line = text.lines().nth(at.line.saturating_sub(1));
    if let Some(column) = line.and_then(|line| tab(line, scanner)) {
        return SyntaxError {
            at: Position { column, ..at },
            message: TAB,
            help: Some(SPACES),
        };
    }
    let known = WORDS.iter().find(|(part, ..)| scanner.contains(part));
    if known.is_none()
        && let Some(at) = tab_in_next_line(text, at)
    {
        return SyntaxError {
            at,
            message: TAB,
            help: Some(SPACES),
        };
    }
    if let Some(message) = line.and_then(|line| bracket_in_text(line, at, scanner)) {
        return SyntaxError {
            at,
            message,
            help: Some("quote the text, such as `\"GET /orders/{order_id}\"`"),
        };
    }
    let (message, help) = known.map_or(
        ("something is missing or misplaced here", None),
        |(_, message, help)| (*message, Some(*help)),
    );
    SyntaxError { at, message, help }
}

/// Returns the message for an opening bracket within unquoted text of a flow list or flow mapping. The scanner misses a
/// comma before the bracket.
fn bracket_in_text(line: &str, at: Position, scanner: &str) -> Option<&'static str> {
    let mut characters = line.chars().skip(at.column.saturating_sub(2));
    let (before, bracket) = (characters.next()?, characters.next()?);
    let is_in_text = scanner.contains("flow") && !" \"',[]{}".contains(before);
    match bracket {
        '{' if is_in_text => Some("unquoted text between brackets cannot contain `{`"),
        '[' if is_in_text => Some("unquoted text between brackets cannot contain `[`"),
        _ => None,
    }
}

/// Returns the position of a tab in the indentation of the next line that is not blank. This line continues the text
/// that the scanner could not read.
fn tab_in_next_line(text: &str, at: Position) -> Option<Position> {
    let mut next_lines = text.lines().enumerate().skip(at.line);
    let (index, line) = next_lines.find(|(_, line)| !line.trim().is_empty())?;
    let indentation = &line[..line.len() - line.trim_start().len()];
    let spaces = indentation.find('\t')?;
    Some(Position {
        line: index + 1,
        column: spaces + 1,
    })
}

/// Returns the column of the tab that causes an error. A tab in the indentation is always the cause. A tab after a
/// separator is the cause if the scanner's message is unknown.
fn tab(line: &str, scanner: &str) -> Option<usize> {
    let indentation = line.len() - line.trim_start().len();
    let separating = |at: &usize| line[..*at].trim_end().ends_with([':', '-', ',', '[', '{']);
    let known = WORDS.iter().any(|(part, ..)| scanner.contains(part));
    let mut tabs = line.match_indices('\t').map(|(at, _)| at);
    let at = tabs.find(|at| *at < indentation || (!known && separating(at)))?;
    Some(line[..at].chars().count() + 1)
}
