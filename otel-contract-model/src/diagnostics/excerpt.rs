//! The source line of an error, prepared for a terminal, with carets under the error.

use crate::text::invisible;

/// The shown part of a source line: cut around the error, without tabs and control characters.
pub(super) struct Excerpt {
    pub(super) text: String,
    pub(super) indent: String,
    pub(super) carets: String,
}

impl Excerpt {
    /// The maximum length of a line that is shown whole.
    const WHOLE: usize = 200;
    /// The number of characters kept on either side of the error when a line is cut.
    const MARGIN: usize = 60;

    pub(super) fn new(line: &str, column: u32, length: u32) -> Excerpt {
        // A line has at least as many bytes as characters, and bytes are faster to count.
        let is_whole = line.len() <= Self::WHOLE || line.chars().count() <= Self::WHOLE;
        let start = column.saturating_sub(1) as usize;
        let from = if is_whole {
            0
        } else {
            start.saturating_sub(Self::MARGIN)
        };
        let length = if is_whole {
            length as usize
        } else {
            Self::MARGIN.min(length as usize)
        };
        let shown = if is_whole {
            usize::MAX
        } else {
            start - from + length + Self::MARGIN
        };
        let mut characters = after(line, from).chars();
        let mut text = String::from(if from > 0 { "…" } else { "" });
        let (mut indent, mut carets) = (usize::from(from > 0), 0);
        for (index, character) in characters.by_ref().take(shown).enumerate() {
            let width = push_shown(&mut text, character);
            if from + index < start {
                indent += width;
            } else if from + index < start + length {
                carets += width;
            }
        }
        if characters.next().is_some() {
            text.push('…');
        }
        Excerpt {
            text,
            indent: " ".repeat(indent),
            carets: "^".repeat(carets.max(1)),
        }
    }
}

/// Returns the rest of a line after a number of characters.
pub(super) fn after(line: &str, characters: usize) -> &str {
    let start = if line.is_ascii() {
        characters.min(line.len())
    } else {
        line.char_indices()
            .nth(characters)
            .map_or(line.len(), |(start, _)| start)
    };
    &line[start..]
}

/// Appends a character as a terminal can show it. Returns its width in columns.
fn push_shown(text: &mut String, character: char) -> usize {
    match character {
        '\t' => {
            text.push_str("    ");
            4
        }
        // Spaces of any width are shown; line separators are not.
        character
            if character.is_control()
                || matches!(character, '\u{2028}' | '\u{2029}')
                || invisible(character).is_some() && !character.is_whitespace() =>
        {
            text.push('\u{fffd}');
            1
        }
        character => {
            text.push(character);
            width(character)
        }
    }
}

/// Returns the width of a character in a terminal: two columns for East Asian wide characters and emoji, none for
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
    fn a_long_line_is_cut_around_the_error() {
        let line = format!("{}fault{}", "a".repeat(500), "b".repeat(500));
        let (text, indent, carets) = shown(&line, 501, 5);
        assert_eq!(text, format!("…{}fault{}…", "a".repeat(60), "b".repeat(60)));
        assert_eq!((indent, carets), (61, 5));
    }

    #[test]
    fn a_location_beyond_the_line_has_a_caret() {
        assert_eq!(shown("short", 40, 9), ("short".to_owned(), 5, 1));
    }
}
