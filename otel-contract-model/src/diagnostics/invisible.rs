//! Invisible characters, which messages name if they may cause an error.

use crate::scan::Position;
use crate::text::invisible;

use super::excerpt::after;

/// The invisible characters in a part of a line, each named once (`U+00A0 NO-BREAK SPACE`), and the advice to fix them.
pub(super) struct Invisible {
    pub(super) names: String,
    pub(super) advice: String,
}

impl Invisible {
    /// Finds the invisible characters among the characters that an error underlines.
    pub(super) fn within(line: &str, column: u32, length: u32) -> Option<Invisible> {
        let start = column.saturating_sub(1) as usize;
        let covered: Vec<char> = after(line, start).chars().take(length as usize).collect();
        Invisible::of(&covered)
    }

    fn of(covered: &[char]) -> Option<Invisible> {
        let mut found: Vec<char> = Vec::new();
        for character in covered {
            if invisible(*character).is_some() && !found.contains(character) {
                found.push(*character);
            }
        }
        let names: Vec<String> = found.iter().map(|character| named(*character)).collect();
        let (last, first) = names.split_last()?;
        let names = if first.is_empty() {
            last.clone()
        } else {
            format!("{} and {last}", first.join(", "))
        };
        // Between two words, the character may be meant as a space.
        let inner = covered
            .get(1..covered.len().saturating_sub(1))
            .unwrap_or_default();
        let separates = found
            .iter()
            .all(|character| character.is_whitespace() && inner.contains(character));
        let advice = if separates {
            format!("remove {names}, or use a plain space")
        } else {
            format!("remove {names}")
        };
        Some(Invisible { names, advice })
    }
}

/// Returns line, column and character if an invisible character is at this position.
pub(crate) fn at(text: &str, Position { line, column }: Position) -> Option<(usize, usize, char)> {
    let there = text.lines().nth(line.checked_sub(1)?)?;
    let character = there.chars().nth(column.checked_sub(1)?)?;
    invisible(character).map(|_| (line, column, character))
}

/// Returns the last invisible character in the first `line` lines that is at a position where YAML expects a space or
/// nothing. Such a character changes how YAML reads the rest of the line. The result is line and column, both from 1,
/// and the character.
pub(crate) fn in_structure(text: &str, line: usize) -> Option<(usize, usize, char)> {
    /// The maximum number of lines to search. A character further up would have caused an earlier error.
    const FAR: usize = 200;
    let before: Vec<&str> = text.lines().take(line).collect();
    let lines = before.iter().enumerate().rev().take(FAR);
    lines.into_iter().find_map(|(index, line)| {
        let (column, character) = in_line(line)?;
        Some((index + 1, column, character))
    })
}

/// Finds an invisible character in the indentation, after a leading dash, or after the colon of a key.
fn in_line(line: &str) -> Option<(usize, char)> {
    let mut structural = true;
    let mut in_key = true;
    for (column, character) in line.chars().enumerate() {
        if structural && invisible(character).is_some() {
            return Some((column + 1, character));
        }
        let begins = structural;
        structural = match character {
            ' ' => begins,
            '-' => begins && in_key,
            ':' => in_key && !begins,
            _ => false,
        };
        // A colon after several words belongs to prose, not to a key.
        in_key &=
            character.is_alphanumeric() || "_.<>-/\"'".contains(character) || begins && structural;
        if !in_key && !structural {
            return None;
        }
    }
    None
}

/// Returns the name of a character: `U+00A0 NO-BREAK SPACE`.
pub(crate) fn named(character: char) -> String {
    let name = invisible(character).unwrap_or_default();
    format!("U+{:04X} {name}", u32::from(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_and_advice(line: &str) -> Option<(String, String)> {
        let length = u32::try_from(line.chars().count()).expect("a short line");
        Invisible::within(line, 1, length).map(|found| (found.names, found.advice))
    }

    #[test]
    fn each_invisible_character_is_named_once() {
        let some = |names: &str, advice: &str| Some((names.to_owned(), advice.to_owned()));
        assert_eq!(names_and_advice("order id"), None);
        assert_eq!(
            names_and_advice("order\u{a0}id"),
            some(
                "U+00A0 NO-BREAK SPACE",
                "remove U+00A0 NO-BREAK SPACE, or use a plain space"
            )
        );
        assert_eq!(
            names_and_advice("a\u{200b}\u{200b}\u{feff}"),
            some(
                "U+200B ZERO WIDTH SPACE and U+FEFF BYTE ORDER MARK",
                "remove U+200B ZERO WIDTH SPACE and U+FEFF BYTE ORDER MARK"
            )
        );
    }

    #[test]
    fn the_last_character_in_the_structure_is_found() {
        let text = "a: 1\nb:\u{a0}2\nc: d\u{a0}e\nf: 3\n";
        assert_eq!(in_structure(text, 4), Some((2, 3, '\u{a0}')));
        assert_eq!(in_structure(text, 1), None);
        assert_eq!(
            in_structure("---\n\u{feff}a: 1", 2),
            Some((2, 1, '\u{feff}'))
        );
        assert_eq!(in_structure("  \u{3000}a: 1", 9), Some((1, 3, '\u{3000}')));
        assert_eq!(in_structure("  -\u{a0}a", 1), Some((1, 4, '\u{a0}')));
        assert_eq!(in_structure("  - \u{a0}a", 1), Some((1, 5, '\u{a0}')));
        assert_eq!(
            in_structure("  order.id:\u{a0}{ a: b }", 1),
            Some((1, 12, '\u{a0}'))
        );
        // Prose.
        assert_eq!(in_structure("brief: Le prix\u{a0}:\u{a0}5", 1), None);
        assert_eq!(in_structure("  a-\u{a0}b", 1), None);
    }
}
