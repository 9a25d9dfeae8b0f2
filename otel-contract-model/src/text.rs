//! Text of a contract in places that have a syntax of their own: terminals and Markdown.
//!
//! A contract is written by many hands, and its prose is text wherever it goes. It never becomes markup, code that
//! runs, or a command of a terminal.

/// Text as a terminal can show it: control characters and marks that reorder text are escaped (`\u{1b}`), line
/// feeds and tabs stay.
///
/// ```
/// use otel_contract_model::text::visible;
/// assert_eq!(visible("a\u{1b}[31mb\n"), "a\\u{1b}[31mb\n");
/// ```
#[must_use]
pub fn visible(text: &str) -> String {
    escaped(text, |character| !matches!(character, '\n' | '\t'))
}

/// Text as one line that a terminal can show: [`visible`], with a space for every line break and the blanks
/// around it.
///
/// ```
/// use otel_contract_model::text::line;
/// assert_eq!(line("one\n  two\n\nthree\n"), "one two three");
/// ```
#[must_use]
pub fn line(text: &str) -> String {
    let lines = text.split(['\n', '\r']).map(str::trim);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    escaped(&lines.join(" "), |character| character != '\t')
}

fn escaped(text: &str, decides: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if (character.is_control() || reorders(character)) && decides(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Whether a character changes the order in which the text after it is shown.
fn reorders(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Text in Markdown, as rustdoc, GitHub and others read it.
///
/// Backslashes and character references mean the same to all of them, so one form serves all.
pub mod markdown {
    use super::line;

    /// Text within a line, a list item or the cell of a table. Only what is between single backticks keeps a
    /// meaning: it is shown as code.
    ///
    /// ```
    /// use otel_contract_model::text::markdown::text;
    /// assert_eq!(text("see `a.b` <i> [c](d)"), r"see `a.b` \<i\> \[c\](d)");
    /// ```
    #[must_use]
    pub fn text(text: &str) -> String {
        let text = line(text);
        let mut written = String::with_capacity(text.len());
        let mut rest = text.as_str();
        let mut before = Before::START;
        while let Some(first) = rest.chars().next() {
            if let Some(span) = code_span(rest) {
                written.push_str(span);
                rest = &rest[span.len()..];
                before = before.then('`');
            } else {
                rest = &rest[first.len_utf8()..];
                push(&mut written, first, rest, before);
                before = before.then(first);
            }
        }
        written
    }

    /// Text of several paragraphs. Lines that are indented or fenced are part of a paragraph like any other.
    ///
    /// ```
    /// use otel_contract_model::text::markdown::prose;
    /// assert_eq!(prose("a\nb\n\n    c"), "a\nb\n\nc");
    /// ```
    #[must_use]
    pub fn prose(text: &str) -> String {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let lines: Vec<String> = text.trim().split('\n').map(self::text).collect();
        let mut prose = String::new();
        for (index, line) in lines.iter().enumerate() {
            // Two blank lines are one, so that nothing depends on how many there are.
            let repeated = line.is_empty() && lines.get(index + 1).is_none_or(String::is_empty);
            if repeated {
                continue;
            }
            if !prose.is_empty() {
                prose.push('\n');
            }
            prose.push_str(line);
        }
        prose
    }

    /// A name or value as code. Where a code span cannot hold it, it is [text](self::text).
    ///
    /// ```
    /// use otel_contract_model::text::markdown::code;
    /// assert_eq!([code("a_b"), code("a`b"), code("")], ["`a_b`", "a&#96;b", ""]);
    /// ```
    #[must_use]
    pub fn code(name: &str) -> String {
        let name = line(name);
        let span = format!("`{name}`");
        if code_span(&span) == Some(span.as_str()) {
            return span;
        }
        let mut written = String::with_capacity(name.len());
        let mut before = Before::START;
        for (index, character) in name.char_indices() {
            let after = &name[index + character.len_utf8()..];
            push(&mut written, character, after, before);
            before = before.then(character);
        }
        written
    }

    /// The code span that a text begins with: between single backticks, since longer runs open something else.
    fn code_span(text: &str) -> Option<&str> {
        let (inner, after) = text.strip_prefix('`')?.split_once('`')?;
        // In a table a bar ends the cell, also within code, and a backslash is its only escape.
        let plain = !inner.contains(['|', '\\']) && !after.starts_with('`');
        let is_code = plain && !inner.trim().is_empty();
        is_code.then_some(&text[..inner.len() + 2])
    }

    /// What is known of the characters before one: a sign or a number that begins a line is the marker of a list,
    /// and some signs have a meaning beside others.
    #[derive(Clone, Copy)]
    struct Before {
        previous: Option<char>,
        /// Nothing but digits so far.
        only_digits: bool,
    }

    impl Before {
        const START: Before = Before {
            previous: None,
            only_digits: true,
        };

        fn then(self, character: char) -> Before {
            Before {
                previous: Some(character),
                only_digits: self.only_digits && character.is_ascii_digit(),
            }
        }
    }

    fn push(written: &mut String, character: char, after: &str, before: Before) {
        let starts = before.previous.is_none();
        let beside = |other: char| before.previous == Some(other) || after.starts_with(other);
        let in_word = before.previous.is_some_and(char::is_alphanumeric)
            && after.starts_with(char::is_alphanumeric);
        let is_markup = match character {
            '`' => {
                // A backslash does not take a backtick's meaning away where a code span may end.
                written.push_str("&#96;");
                return;
            }
            // rustdoc makes the quotes curly.
            '\\' | '*' | '[' | ']' | '<' | '>' | '&' | '~' | '|' | '#' | '$' | '"' | '\'' => true,
            '_' => !in_word,
            '-' => starts || beside('-'),
            '.' => !starts && before.only_digits || beside('.'),
            ')' => !starts && before.only_digits,
            '+' | '=' => starts,
            // An address is text too; rustdoc would ask for a link.
            ':' => starts || after.starts_with("//"),
            _ => false,
        };
        if is_markup {
            written.push('\\');
        }
        written.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::{line, markdown, visible};

    #[test]
    fn a_terminal_gets_no_command_of_a_contract() {
        for (text, shown) in [
            ("plain – text\n\tand more", "plain – text\n\tand more"),
            ("\u{1b}]0;title\u{7}", "\\u{1b}]0;title\\u{7}"),
            ("a\rb\u{8}\u{7f}", "a\\u{d}b\\u{8}\\u{7f}"),
            ("\u{9b}31m\u{85}", "\\u{9b}31m\\u{85}"),
            ("\u{202e}gnp\u{2066}", "\\u{202e}gnp\\u{2066}"),
            // Part of words in Persian and of emoji.
            (
                "می\u{200c}خواهم 👩\u{200d}💻",
                "می\u{200c}خواهم 👩\u{200d}💻",
            ),
        ] {
            assert_eq!(visible(text), shown);
        }
        assert_eq!(line("a\r\n  ::error::b\r\u{1b}"), "a ::error::b \\u{1b}");
    }

    #[test]
    fn markup_is_text() {
        for (text, written) in [
            ("# Heading", r"\# Heading"),
            ("- item", r"\- item"),
            ("+ item", r"\+ item"),
            ("12. item, not 1.2 or v1.", r"12\. item, not 1.2 or v1."),
            ("3) item (of 4)", r"3\) item (of 4)"),
            ("==", r"\=="),
            ("a -- b ... c-d", r"a \-\- b \.\.\. c-d"),
            ("> quote", r"\> quote"),
            ("| a | b |", r"\| a \| b \|"),
            ("[Foo] ![x](y) [^1]", r"\[Foo\] !\[x\](y) \[^1\]"),
            ("<script>&amp;", r"\<script\>\&amp;"),
            ("on_success __a__ b__c _", r"on_success \_\_a\_\_ b\_\_c \_"),
            ("*a* _b_ ~~c~~ $d$", r"\*a\* \_b\_ \~\~c\~\~ \$d\$"),
            ("don't \"quote\" C:\\d", "don\\'t \\\"quote\\\" C:\\\\d"),
            ("https://example.com/a", r"https\://example.com/a"),
            ("  \t indented", "indented"),
        ] {
            assert_eq!(markdown::text(text), written);
        }
    }

    #[test]
    fn only_single_backticks_make_code() {
        for (text, written) in [
            ("use `a_b` or `c`", "use `a_b` or `c`"),
            ("`a``b`", "&#96;a&#96;`b`"),
            ("``a``", "&#96;&#96;a&#96;&#96;"),
            ("one ` tick", "one &#96; tick"),
            ("` `", "&#96; &#96;"),
            ("`a|b` `c\\`", r"&#96;a\|b&#96; &#96;c\\&#96;"),
            ("```rust", "&#96;&#96;&#96;rust"),
        ] {
            assert_eq!(markdown::text(text), written);
        }
        assert_eq!(markdown::code("a`b`|"), r"a&#96;b&#96;\|");
        assert_eq!(markdown::code("`a`"), "&#96;a&#96;");
        assert_eq!(markdown::code("a_b <c>"), "`a_b <c>`");
    }

    #[test]
    fn prose_is_paragraphs_and_no_code_blocks() {
        let note = "First:\n\n    let a = 1;\n\tb\n\n\n```rust\npanic!()\n```\r\n\r\n~~~\nx\n";
        assert_eq!(
            markdown::prose(note),
            "First:\n\nlet a = 1;\nb\n\n&#96;&#96;&#96;rust\npanic!()\n&#96;&#96;&#96;\n\n\\~\\~\\~\nx"
        );
        assert_eq!(markdown::prose("\n  a\n\n"), "a");
    }
}
