//! Formats text as a scalar: without quotes if the text is unambiguous, as a block if it has several lines, otherwise
//! in quotes.

use std::fmt::Write as _;

use otel_contract_model::text::is_control_or_bidi;

use super::Yaml;

/// Text of a block scalar.
pub(super) struct Literal<'t> {
    pub(super) header: &'static str,
    pub(super) lines: Vec<&'t str>,
}

/// Returns the block scalar for text of several lines, if possible.
pub(super) fn literal(value: &Yaml) -> Option<Literal<'_>> {
    let Yaml::Text(text) = value else {
        return None;
    };
    let body = text.strip_suffix('\n').unwrap_or(text);
    let plain = |c: char| c == '\n' || !(is_control_or_bidi(c) || is_odd(c));
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

/// Returns whether a character has a special meaning in YAML or a terminal.
fn is_odd(c: char) -> bool {
    matches!(
        c,
        '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
    )
}

/// Formats text as a scalar, without quotes if unambiguous.
pub(super) fn text(text: &str, in_flow: bool) -> String {
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
            c if is_control_or_bidi(c) || is_odd(c) => {
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
    let needs_no_quotes = |c: char| {
        c.is_ascii_alphanumeric()
            || " _./-()'+@%;=<>~?!$^*&".contains(c)
            || (!c.is_ascii() && !is_control_or_bidi(c) && !is_odd(c) && !c.is_whitespace())
            || (!in_flow && ",[]{}`".contains(c))
            || c == '`'
            || c == ':'
    };
    (starts_well || is_version(text))
        && text.chars().all(needs_no_quotes)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([' ', ':'])
        && !(in_flow && text.contains(':'))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// Returns whether a text such as `1.2.0` looks like a version. YAML does not read such a text as a number.
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
