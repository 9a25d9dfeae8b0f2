//! Comments that begin in the middle of a value: ` #` ends text without quotes, and takes the rest of the line.

use crate::scan::Position;

/// A comment of a line: the column of its `#`, from 1, and its text from there on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment<'l> {
    /// The column of the `#` in characters, from 1.
    pub column: usize,
    /// The line before it.
    pub before: &'l str,
    /// The comment with its `#`.
    pub text: &'l str,
}

/// The comment of a line. A `#` begins one at the beginning, after a blank, and after what opens or parts the items of
/// a list in brackets, but not within quotes.
#[must_use]
pub fn comment(line: &str) -> Option<Comment<'_>> {
    let mut quote = None;
    let mut previous = ' ';
    // Whether a quote here would be the first character of a value.
    let mut begins = true;
    let mut column = 0;
    // Where a single quote closed: another one right after it is an escaped one.
    let mut closed = None;
    for (at, character) in line.char_indices() {
        column += 1;
        match quote {
            Some('"') if previous == '\\' => {
                // An escaped character is no sign, be it another backslash.
                previous = ' ';
                continue;
            }
            Some(open) if character == open => {
                quote = None;
                closed = (open == '\'').then_some(column);
            }
            None if character == '#' && (previous.is_whitespace() || "[{,".contains(previous)) => {
                let (before, text) = line.split_at(at);
                return Some(Comment {
                    column,
                    before,
                    text,
                });
            }
            None if character == '\'' && closed == Some(column - 1) => quote = Some(character),
            None if begins && matches!(character, '"' | '\'') => quote = Some(character),
            Some(_) | None => {}
        }
        begins = quote.is_none()
            && (matches!(character, '[' | '{' | ',' | ':' | '-')
                || begins && character.is_whitespace());
        previous = character;
    }
    None
}

/// The comment for which a text cannot be read on at a place: it begins there, or takes what would close a bracket
/// or part its items. With what it does.
pub(crate) fn in_the_way(text: &str, at: Position) -> Option<(Position, &'static str)> {
    /// A bracket that is open for longer is not closed by mistake.
    const FAR: usize = 50;
    const IN_A_VALUE: &str = "`#` starts a comment in the middle of a value";
    const CLOSES: &str = "`#` starts a comment that hides the closing bracket";
    let lines: Vec<&str> = text.lines().take(at.line).collect();
    if let Some(comment) = lines
        .get(at.line.checked_sub(1)?)
        .and_then(|line| comment(line))
        && comment.column == at.column
    {
        return Some((at, IN_A_VALUE));
    }
    // The line at which reading ends is most often the one after.
    let mut above = lines.iter().enumerate().rev().take(FAR);
    let first = above
        .clone()
        .find(|(index, line)| index + 1 < at.line && !line.trim().is_empty());
    let first = first.map(|(index, _)| index);
    above.find_map(|(index, line)| {
        let comment = comment(line)?;
        let place = Position {
            line: index + 1,
            column: comment.column,
        };
        let directly = comment
            .text
            .chars()
            .nth(1)
            .is_some_and(|next| !next.is_whitespace());
        match unclosed(comment.before) {
            Some(closing) if comment.text.contains(closing) => Some((place, CLOSES)),
            _ if directly && first == Some(index) && comment.text.contains(',') => {
                Some((place, IN_A_VALUE))
            }
            _ => None,
        }
    })
}

/// What would close the bracket that is still open at the end of a text.
fn unclosed(text: &str) -> Option<char> {
    let mut open = Vec::new();
    for character in text.chars() {
        match character {
            '{' => open.push('}'),
            '[' => open.push(']'),
            '}' | ']' => {
                open.pop();
            }
            _ => {}
        }
    }
    open.pop()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_begins_after_a_blank_outside_of_quotes() {
        for (line, found) in [
            ("brief: Issue #12", Some(14)),
            ("brief: C# is it", None),
            ("brief: \"Issue #12\" # later", Some(20)),
            ("brief: 'it''s #1' #x", Some(19)),
            ("brief: \"a \\\" #b\" # c", Some(18)),
            ("brief: \"a\\\\\" # c", Some(14)),
            ("brief: don't #x", Some(14)),
            ("# whole", Some(1)),
            ("a: [#b]", Some(5)),
            ("url: http://a/#b", None),
        ] {
            assert_eq!(comment(line).map(|it| it.column), found, "{line}");
        }
    }
}
