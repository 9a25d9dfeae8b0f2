//! Segments of paths: literal text, and at the end of a segment a parameter.

use super::{Parser, Part};
use crate::codes;
use crate::diagnostics::Diag;

impl Parser<'_> {
    /// Returns the parameter of a segment, which is written as `{name}` or `{*name}`. Reports the errors of the segment.
    pub(super) fn segment<'a>(&mut self, segment: Part<'a>) -> Option<Part<'a>> {
        if let Some(fix) = foreign_segment(segment.text) {
            self.foreign(segment, fix);
            return None;
        }
        let Some(brace) = segment.text.find(['{', '}']) else {
            self.literal(segment);
            return None;
        };
        self.literal(segment.slice(0, brace));
        let parameter = segment.slice(brace, segment.text.len());
        if let Some(fix) = foreign_parameter(parameter.text) {
            self.foreign(parameter, fix);
            return None;
        }
        if let Some((reason, fix)) = malformed(parameter.text) {
            let diag = codes::BAD_PARAMETER.at(self.node.span, [&parameter.text, &reason]);
            self.report(parameter, fix.add_to(diag, parameter.text));
            return None;
        }
        Some(parameter)
    }

    fn foreign(&mut self, part: Part<'_>, fix: Fix) {
        let diag = codes::FOREIGN_PARAMETER.at(self.node.span, [&part.text]);
        self.report(part, fix.add_to(diag, part.text));
    }

    /// Reports the first character that a path cannot contain.
    fn literal(&mut self, literal: Part<'_>) {
        let bytes = literal.text.as_bytes();
        let is_hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
        let is_valid = |at: usize, character: char| match character {
            '%' => is_hex(at + 1) && is_hex(at + 2),
            _ => is_path_character(character),
        };
        let mut characters = literal.text.char_indices();
        let Some((at, character)) = characters.find(|(at, character)| !is_valid(*at, *character))
        else {
            return;
        };
        let character = literal.slice(at, at + character.len_utf8());
        let bytes = character.text.bytes().map(|byte| format!("%{byte:02X}"));
        let encoded = bytes.collect::<Vec<_>>().concat();
        let diag = codes::ROUTE_CHARACTER.at(self.node.span, [&character.text]);
        let diag = diag.help(format!("write `{encoded}`, as clients send it"));
        self.report(character, diag.replace(character.text, &encoded));
    }
}

/// Returns whether paths contain a character as it is (RFC 3986: `pchar`).
fn is_path_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@".contains(character)
}

/// How to fix a parameter.
enum Fix {
    /// The correct text.
    Write(String),
    Advice(String),
}

impl Fix {
    fn add_to(self, diag: Diag, written: &str) -> Diag {
        match self {
            Fix::Write(fixed) => diag
                .help(format!("write `{fixed}`"))
                .replace(written, &fixed),
            Fix::Advice(help) => diag.help(help),
        }
    }

    /// The parameter for a name in another syntax.
    fn parameter(name: &str, is_rest: bool) -> Fix {
        let name = name.replace(|character| !is_name_character(character), "_");
        Fix::Write(match (is_rest, name.trim_matches('_')) {
            (true, "") => "{*rest}".to_owned(),
            (true, name) => format!("{{*{name}}}"),
            (false, "") => "{id}".to_owned(),
            (false, name) => format!("{{{name}}}"),
        })
    }

    fn optional() -> Fix {
        let help = "write two routes: one without the segment, and one with `{name}`";
        Fix::Advice(help.to_owned())
    }
}

fn is_name_character(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '.')
}

/// Returns the fix of a segment that is a parameter in the syntax of another framework: `:id`, `<id>`, `[id]`, `*`.
fn foreign_segment(text: &str) -> Option<Fix> {
    if let Some(rest) = text.strip_prefix(':') {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        let (name, modifier) = rest.split_at(end.unwrap_or(rest.len()));
        return Some(match modifier {
            "?" => Fix::optional(),
            _ => Fix::parameter(name, matches!(modifier, "*" | "+")),
        });
    }
    if let Some(inner) = text
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
    {
        let (converter, name) = inner.rsplit_once(':').unwrap_or(("", inner));
        let is_rest = converter == "path" || name.ends_with("..");
        return Some(Fix::parameter(name.trim_end_matches('.'), is_rest));
    }
    if let Some(inner) = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        let name = inner.trim_start_matches('.');
        return Some(Fix::parameter(name, name.len() < inner.len()));
    }
    match text.strip_prefix('*')? {
        "" => {
            let help = "write `{*rest}` for the rest of the path, or `{name}` for a single segment";
            Some(Fix::Advice(help.to_owned()))
        }
        name => Some(Fix::parameter(name.trim_start_matches('*'), true)),
    }
}

/// Returns the fix of a parameter in braces with the syntax of another framework: `{id:int}`, `{id?}`, `{rest...}`.
fn foreign_parameter(text: &str) -> Option<Fix> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    if inner.starts_with('{') {
        return None;
    }
    if let Some(name) = inner.strip_suffix("...") {
        return Some(Fix::parameter(name, true));
    }
    if let Some(name) = inner.strip_prefix("**") {
        return Some(Fix::parameter(name, true));
    }
    if inner.ends_with('?') {
        return Some(Fix::optional());
    }
    let (name, pattern) = inner.split_once(':')?;
    let is_rest = name.starts_with('*') || pattern == "path" || pattern.contains(".*");
    Some(Fix::parameter(name, is_rest))
}

/// Returns the error of the text that begins at the first brace of a segment.
fn malformed(text: &str) -> Option<(&'static str, Fix)> {
    let inner = text.trim_matches(['{', '}']);
    let fixed = || Fix::parameter(inner.trim_start_matches('*'), inner.starts_with('*'));
    if text.starts_with('}') {
        let help = "write a parameter as `{name}`".to_owned();
        return Some(("has no opening brace", Fix::Advice(help)));
    }
    let Some(close) = text.find('}') else {
        return Some(("has no closing brace", fixed()));
    };
    let (parameter, after) = text.split_at(close + 1);
    if text.starts_with("{{") || after.starts_with('}') {
        return Some(("has too many braces", fixed()));
    }
    if after.contains('{') {
        let help = "separate the parameters by `/`, or write one parameter for the whole segment";
        return Some((
            "is not the only one in its segment",
            Fix::Advice(help.to_owned()),
        ));
    }
    if !after.is_empty() {
        let help = format!(
            "a parameter must end its segment: write `{parameter}`, whose values then contain `{after}`"
        );
        return Some(("does not end its segment", Fix::Advice(help)));
    }
    let name = inner.strip_prefix('*').unwrap_or(inner);
    if name.is_empty() {
        return Some(("has no name", fixed()));
    }
    (!name.chars().all(is_name_character)).then(|| ("has an invalid name", fixed()))
}
