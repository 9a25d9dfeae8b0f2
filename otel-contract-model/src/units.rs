//! Units of metrics: the grammar of UCUM's case-sensitive codes (<https://ucum.org/ucum>), with suggestions for
//! invalid units.
//!
//! ```text
//! main-term   = "/" term | term
//! term        = component { ( "." | "/" ) component }
//! component   = annotatable [ annotation ] | annotation | factor | "(" term ")"
//! annotatable = ( atom | prefix metric-atom ) [ [ "+" | "-" ] digits ]
//! annotation  = "{" printable ASCII without braces and spaces "}"
//! factor      = digits
//! ```

mod table;
#[cfg(test)]
mod tests;
mod tidy;
mod words;

/// The maximum length of an OpenTelemetry unit (metrics API, "instrument unit").
const LONGEST: usize = 63;

/// An error in a unit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UnitError {
    /// The reason, to append after a colon; empty if the unit as a whole is unknown.
    pub(crate) reason: String,
    /// How to fix the unit, if known.
    pub(crate) help: Option<String>,
}

/// Checks a unit that is not empty.
pub(crate) fn check(unit: &str) -> Result<(), UnitError> {
    let length = unit.chars().count();
    if length > LONGEST {
        let reason =
            format!("it has {length} characters, and OpenTelemetry allows at most {LONGEST}");
        return Err(error(
            reason,
            "shorten it, and put details into the `brief`",
        ));
    }
    let mut parser = Parser::new(unit);
    match parser.main_term() {
        Ok(()) if parser.unknown.is_empty() => Ok(()),
        Ok(()) => Err(UnitError {
            reason: parser.reason(unit),
            help: parser.advice().or_else(|| rewritten(&tidy::tidied(unit))),
        }),
        Err(UnitError { reason, help }) => {
            let help = rewritten(&tidy::tidied(unit)).or(help);
            Err(UnitError { reason, help })
        }
    }
}

/// Returns the help for a unit whose grammar has been corrected.
fn rewritten(unit: &str) -> Option<String> {
    let mut parser = Parser::new(unit);
    parser.main_term().ok()?;
    parser.advice()
}

fn error(reason: impl Into<String>, help: &str) -> UnitError {
    UnitError {
        reason: reason.into(),
        help: Some(help.to_owned()),
    }
}

/// Parses a unit, and rewrites it with suggestions for unknown names.
struct Parser<'a> {
    rest: &'a str,
    last: Option<char>,
    written: String,
    /// Words that are not names of units.
    unknown: Vec<&'a str>,
    /// An atom that has a prefix but does not allow one.
    prefixed: Option<&'a str>,
    /// Whether some unknown name has no suggestion.
    has_unknown_without_suggestion: bool,
    /// Notes on the suggestions.
    notes: Vec<String>,
}

impl<'a> Parser<'a> {
    fn new(unit: &'a str) -> Self {
        Parser {
            rest: unit,
            last: None,
            written: String::new(),
            unknown: Vec::new(),
            prefixed: None,
            has_unknown_without_suggestion: false,
            notes: Vec::new(),
        }
    }

    fn main_term(&mut self) -> Result<(), UnitError> {
        self.eat('/');
        self.term()?;
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    fn term(&mut self) -> Result<(), UnitError> {
        self.component()?;
        while self.eat('.') || self.eat('/') {
            self.component()?;
        }
        Ok(())
    }

    fn component(&mut self) -> Result<(), UnitError> {
        match self.rest.chars().next() {
            Some('{') => self.annotation(),
            Some('(') => self.parentheses(),
            Some('.' | '/' | ')') | None => Err(self.missing_component()),
            Some(next) if next == '}' || next.is_whitespace() => Err(self.unexpected()),
            Some(_) => {
                let word = self.word()?;
                if word.bytes().all(|byte| byte.is_ascii_digit()) {
                    self.written += word;
                    if self.rest.starts_with('{') {
                        return Err(error("a number cannot have braces", "remove the number"));
                    }
                    return Ok(());
                }
                self.unit(word)?;
                if self.rest.starts_with('{') {
                    self.annotation()?;
                }
                Ok(())
            }
        }
    }

    fn parentheses(&mut self) -> Result<(), UnitError> {
        self.eat('(');
        self.term()?;
        if self.eat(')') {
            Ok(())
        } else if self.rest.is_empty() {
            Err(error("`(` is not closed", "close it with `)`"))
        } else {
            Err(self.unexpected())
        }
    }

    fn annotation(&mut self) -> Result<(), UnitError> {
        self.eat('{');
        let Some(end) = self.rest.find(['{', '}']) else {
            return Err(error("`{` is not closed", "close it with `}`"));
        };
        let (text, after) = self.rest.split_at(end);
        if after.starts_with('{') {
            return Err(error("`{` inside braces", "keep one pair of braces"));
        }
        if text.is_empty() {
            let help = "name the counted thing: `\"{request}\"`";
            return Err(error("the braces are empty", help));
        }
        if text.contains(char::is_whitespace) {
            return Err(contains_space());
        }
        if let Some(other) = text.chars().find(|other| !other.is_ascii_graphic()) {
            let reason = format!("`{}` is not ASCII", other.escape_debug());
            return Err(error(reason, "write it in ASCII"));
        }
        self.written += text;
        self.rest = after;
        self.eat('}');
        Ok(())
    }

    /// Parses a name with its exponent.
    fn unit(&mut self, word: &'a str) -> Result<(), UnitError> {
        let (name, exponent) = split_exponent(word)?;
        if table::is_unit(name) {
            self.written += word;
            return Ok(());
        }
        self.unknown.push(name);
        let (unit, note) = if let Some(suggestion) = words::unit(name) {
            (suggestion.unit + exponent, suggestion.note)
        } else if let Some(atom) = table::plain_after_prefix(name) {
            self.prefixed = Some(atom);
            (format!("{atom}{exponent}"), None)
        } else if let Some(suggestion) = words::unit_in_another_case(name) {
            (suggestion.unit + exponent, suggestion.note)
        } else if let Some(counted) = words::counted(word) {
            (counted.unit, counted.note)
        } else {
            self.has_unknown_without_suggestion = true;
            return Ok(());
        };
        // A quotient in a denominator needs parentheses.
        if self.written.ends_with('/') && unit.contains('/') {
            self.written.extend(["(", &unit, ")"]);
        } else {
            self.written += &unit;
        }
        self.notes.extend(note);
        Ok(())
    }

    /// Returns the text up to an operator, a brace, a parenthesis or a space. Text in brackets is not split.
    fn word(&mut self) -> Result<&'a str, UnitError> {
        let mut end = 0;
        while let Some(next) = self.rest[end..].chars().next() {
            if next == '[' {
                let Some(length) = self.rest[end..].find(']') else {
                    return Err(error("`[` is not closed", "close it with `]`"));
                };
                end += length + 1;
            } else if is_delimiter(next) {
                break;
            } else {
                end += next.len_utf8();
            }
        }
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        self.last = word.chars().next_back();
        Ok(word)
    }

    /// Consumes a character if the rest starts with it.
    fn eat(&mut self, character: char) -> bool {
        let Some(rest) = self.rest.strip_prefix(character) else {
            return false;
        };
        self.rest = rest;
        self.last = Some(character);
        self.written.push(character);
        true
    }

    /// Returns the error of a missing component.
    fn missing_component(&self) -> UnitError {
        let reason = match (self.last, self.rest.chars().next()) {
            (Some(last), Some(next)) => format!("nothing between `{last}` and `{next}`"),
            (Some(last), None) => format!("nothing after `{last}`"),
            (None, Some(next)) => format!("nothing before `{next}`"),
            (None, None) => "it is empty".to_owned(),
        };
        error(reason, "complete it, or remove the operator")
    }

    /// Returns the error of an unexpected character.
    fn unexpected(&self) -> UnitError {
        let next = self.rest.chars().next();
        match next {
            Some(')') => error("unmatched `)`", "remove it, or open `(` before it"),
            Some('}') => error("unmatched `}`", "remove it, or open `{` before it"),
            Some(next) if next.is_whitespace() => contains_space(),
            _ => error(
                format!("`.` or `/` is missing before `{}`", self.rest),
                "multiply with `.`, divide with `/`",
            ),
        }
    }

    /// Returns the reason why a unit with unknown names is invalid.
    fn reason(&self, unit: &str) -> String {
        match self.prefixed {
            Some(atom) => format!("`{atom}` cannot have a prefix"),
            None if self.unknown == [unit] => String::new(),
            None => match self.unknown.as_slice() {
                [name] => format!("`{name}` is not in UCUM"),
                [first @ .., last] => {
                    format!("`{}` and `{last}` are not in UCUM", first.join("`, `"))
                }
                [] => String::new(),
            },
        }
    }

    /// Returns the help with the corrected unit, if known.
    fn advice(mut self) -> Option<String> {
        let mut parser = Parser::new(&self.written);
        let is_valid = parser.main_term().is_ok() && parser.unknown.is_empty();
        if self.has_unknown_without_suggestion || !is_valid || self.written.len() > LONGEST {
            return None;
        }
        // Quote the unit if YAML would misread it, also inside a flow mapping.
        let plain = |c: char| !matches!(c, '{' | '}' | '[' | ']' | ',');
        let letter = self.written.starts_with(|c: char| c.is_ascii_alphabetic());
        let unit = if letter && self.written.chars().all(plain) {
            self.written
        } else {
            format!("\"{}\"", self.written)
        };
        self.notes.dedup();
        self.notes.insert(0, format!("write `{unit}`"));
        Some(self.notes.join("; "))
    }
}

fn is_delimiter(character: char) -> bool {
    matches!(character, '.' | '/' | '(' | ')' | '{' | '}') || character.is_whitespace()
}

/// Splits a word into its name and its exponent, which may be empty.
fn split_exponent(word: &str) -> Result<(&str, &str), UnitError> {
    let is_digit = |character: char| character.is_ascii_digit();
    let is_sign = |character: char| matches!(character, '+' | '-' | '*' | '^');
    let ten = word.starts_with("10*") || word.starts_with("10^");
    let without_factor = word.trim_start_matches(is_digit);
    let factor = &word[..word.len() - without_factor.len()];
    if !ten && !factor.is_empty() {
        return Err(error(
            format!("`{factor}{without_factor}` joins a number and a unit"),
            "write the unit alone, or multiply with `.`",
        ));
    }
    // `10*-3` becomes `-3`.
    let base = if ten { &word[3..] } else { word };
    // `s-1` becomes `s-`.
    let without_digits = base.trim_end_matches(is_digit);
    // `s-` becomes `s`, if digits followed the sign.
    let without_exponent = without_digits
        .strip_suffix(['+', '-'])
        .filter(|_| without_digits.len() < base.len())
        .unwrap_or(without_digits);
    // `m^`, from `m^2`, becomes `m`. The part after the name is then not a valid exponent.
    let name = if ten {
        ""
    } else {
        without_exponent.trim_end_matches(|c| is_sign(c) || is_digit(c))
    };
    let start = word.len() - base.len();
    if name.len() < without_exponent.len() || start + without_exponent.len() == 0 {
        let exponent = &base[name.len()..];
        let help = "an exponent is an integer after the unit: `m2`, `s-1`";
        return Err(error(format!("`{exponent}` is not an exponent"), help));
    }
    Ok(word.split_at(start + without_exponent.len()))
}

fn contains_space() -> UnitError {
    error(
        "it contains a space",
        "remove the spaces; in braces, join words with `_`",
    )
}
