//! Comments that start inside a value: ` #` ends text without quotes and hides the rest of the line.

use crate::scan::Position;

/// The comment of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment<'l> {
    /// The column of the `#` in characters, from 1.
    pub column: usize,
    /// The part of the line before the comment.
    pub before: &'l str,
    /// The comment, including the `#`.
    pub text: &'l str,
}

/// Returns the comment of a line. A `#` starts a comment at the start of the line, after a space, and after `[`, `{`
/// or `,`, but not inside quotes.
#[must_use]
pub fn comment(line: &str) -> Option<Comment<'_>> {
    let mut quote = None;
    let mut previous = ' ';
    // Whether a quote at this position would be the first character of a value.
    let mut begins = true;
    let mut column = 0;
    // The column of a closing single quote. A second quote right after it is an escape.
    let mut closed = None;
    for (at, character) in line.char_indices() {
        column += 1;
        match quote {
            Some('"') if previous == '\\' => {
                // An escaped character, even a backslash, neither ends the quote nor starts an escape.
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

/// Returns the comment that causes a syntax error at a position, with a description of the cause: the comment starts
/// inside a value, or hides a closing bracket or a comma.
pub(crate) fn causing_error(text: &str, at: Position) -> Option<(Position, &'static str)> {
    /// The maximum distance in lines to a comment that hides a closing bracket.
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
    // Parsing usually stops on the line after the comment.
    let mut lines_upward = lines.iter().enumerate().rev().take(FAR);
    let nearest_line = lines_upward
        .clone()
        .find(|(index, line)| index + 1 < at.line && !line.trim().is_empty());
    let nearest_line = nearest_line.map(|(index, _)| index);
    lines_upward.find_map(|(index, line)| {
        let comment = comment(line)?;
        let position = Position {
            line: index + 1,
            column: comment.column,
        };
        let no_space_after_hash = comment
            .text
            .chars()
            .nth(1)
            .is_some_and(|next| !next.is_whitespace());
        match unclosed(comment.before) {
            Some(closing) if comment.text.contains(closing) => Some((position, CLOSES)),
            // A `#` directly before a word, on the nearest line above, and a comma after it: probably text.
            _ if no_space_after_hash
                && nearest_line == Some(index)
                && comment.text.contains(',') =>
            {
                Some((position, IN_A_VALUE))
            }
            _ => None,
        }
    })
}

/// Returns the closing character of the innermost bracket that is open at the end of a text.
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
    fn a_comment_starts_after_a_space_outside_of_quotes() {
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
            assert_eq!(comment(line).map(|comment| comment.column), found, "{line}");
        }
    }
}
