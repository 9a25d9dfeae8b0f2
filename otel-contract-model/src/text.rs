//! Escapes text of a contract for terminals and Markdown.
//!
//! The prose of a contract is always shown as text. It never becomes markup, code or a terminal command.

/// Escapes text for a terminal. Control characters and marks that reorder text are escaped (`\u{1b}`); line feeds and
/// tabs are kept.
///
/// ```
/// use otel_contract_model::text::visible;
/// assert_eq!(visible("a\u{1b}[31mb\n"), "a\\u{1b}[31mb\n");
/// ```
#[must_use]
pub fn visible(text: &str) -> String {
    escape(text, |character| !matches!(character, '\n' | '\t'))
}

/// Escapes text for one line of a terminal. Like [`visible`], but line breaks and the spaces around them become one
/// space.
///
/// ```
/// use otel_contract_model::text::line;
/// assert_eq!(line("one\n  two\n\nthree\n"), "one two three");
/// ```
#[must_use]
pub fn line(text: &str) -> String {
    let lines = text.split(['\n', '\r']).map(str::trim);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    escape(&lines.join(" "), |character| character != '\t')
}

fn escape(text: &str, is_escaped: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_control_or_bidi(character) && is_escaped(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Returns whether a character controls the terminal or changes the order of the text after it.
#[must_use]
pub fn is_control_or_bidi(character: char) -> bool {
    let reorders = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    character.is_control() || reorders
}

/// Returns the Unicode name of a character that is invisible or looks like a space. Returns `None` for visible
/// characters, the plain space, tabs and line breaks.
///
/// ```
/// use otel_contract_model::text::invisible;
/// assert_eq!(invisible('\u{200b}'), Some("ZERO WIDTH SPACE"));
/// assert_eq!(invisible(' '), None);
/// ```
#[must_use]
pub fn invisible(character: char) -> Option<&'static str> {
    if matches!(character, ' ' | '\t' | '\n' | '\r') {
        return None;
    }
    let known = NAMES.binary_search_by_key(&character, |(known, _)| *known);
    match known {
        Ok(index) => Some(NAMES[index].1),
        Err(_) if character.is_control() => Some("CONTROL CHARACTER"),
        Err(_) if matches!(character, '\u{e0000}'..='\u{e007f}') => Some("TAG CHARACTER"),
        Err(_) => None,
    }
}

/// The invisible characters, sorted. Variation selectors are not included: they change how an emoji looks.
const NAMES: &[(char, &str)] = &[
    ('\u{0}', "NULL"),
    ('\u{7}', "BELL"),
    ('\u{8}', "BACKSPACE"),
    ('\u{b}', "LINE TABULATION"),
    ('\u{c}', "FORM FEED"),
    ('\u{1b}', "ESCAPE"),
    ('\u{7f}', "DELETE"),
    ('\u{85}', "NEXT LINE"),
    ('\u{a0}', "NO-BREAK SPACE"),
    ('\u{ad}', "SOFT HYPHEN"),
    ('\u{34f}', "COMBINING GRAPHEME JOINER"),
    ('\u{61c}', "ARABIC LETTER MARK"),
    ('\u{115f}', "HANGUL CHOSEONG FILLER"),
    ('\u{1160}', "HANGUL JUNGSEONG FILLER"),
    ('\u{1680}', "OGHAM SPACE MARK"),
    ('\u{180e}', "MONGOLIAN VOWEL SEPARATOR"),
    ('\u{2000}', "EN QUAD"),
    ('\u{2001}', "EM QUAD"),
    ('\u{2002}', "EN SPACE"),
    ('\u{2003}', "EM SPACE"),
    ('\u{2004}', "THREE-PER-EM SPACE"),
    ('\u{2005}', "FOUR-PER-EM SPACE"),
    ('\u{2006}', "SIX-PER-EM SPACE"),
    ('\u{2007}', "FIGURE SPACE"),
    ('\u{2008}', "PUNCTUATION SPACE"),
    ('\u{2009}', "THIN SPACE"),
    ('\u{200a}', "HAIR SPACE"),
    ('\u{200b}', "ZERO WIDTH SPACE"),
    ('\u{200c}', "ZERO WIDTH NON-JOINER"),
    ('\u{200d}', "ZERO WIDTH JOINER"),
    ('\u{200e}', "LEFT-TO-RIGHT MARK"),
    ('\u{200f}', "RIGHT-TO-LEFT MARK"),
    ('\u{2028}', "LINE SEPARATOR"),
    ('\u{2029}', "PARAGRAPH SEPARATOR"),
    ('\u{202a}', "LEFT-TO-RIGHT EMBEDDING"),
    ('\u{202b}', "RIGHT-TO-LEFT EMBEDDING"),
    ('\u{202c}', "POP DIRECTIONAL FORMATTING"),
    ('\u{202d}', "LEFT-TO-RIGHT OVERRIDE"),
    ('\u{202e}', "RIGHT-TO-LEFT OVERRIDE"),
    ('\u{202f}', "NARROW NO-BREAK SPACE"),
    ('\u{205f}', "MEDIUM MATHEMATICAL SPACE"),
    ('\u{2060}', "WORD JOINER"),
    ('\u{2061}', "FUNCTION APPLICATION"),
    ('\u{2062}', "INVISIBLE TIMES"),
    ('\u{2063}', "INVISIBLE SEPARATOR"),
    ('\u{2064}', "INVISIBLE PLUS"),
    ('\u{2066}', "LEFT-TO-RIGHT ISOLATE"),
    ('\u{2067}', "RIGHT-TO-LEFT ISOLATE"),
    ('\u{2068}', "FIRST STRONG ISOLATE"),
    ('\u{2069}', "POP DIRECTIONAL ISOLATE"),
    ('\u{3000}', "IDEOGRAPHIC SPACE"),
    ('\u{3164}', "HANGUL FILLER"),
    ('\u{feff}', "BYTE ORDER MARK"),
    ('\u{ffa0}', "HALFWIDTH HANGUL FILLER"),
];

/// Escapes text for Markdown, as rendered by GitHub, wikis and others.
pub mod markdown {
    use super::Renderer;

    /// Escapes text of a line, a list item or a table cell. Only code between single backticks keeps its formatting.
    ///
    /// ```
    /// use otel_contract_model::text::markdown::text;
    /// assert_eq!(text("see `a.b` <i> [c](d)"), r"see `a.b` &lt;i&gt; \[c\](d)");
    /// ```
    #[must_use]
    pub fn text(text: &str) -> String {
        Renderer::Any.text(text)
    }

    /// Escapes text of several paragraphs. Indented or fenced lines are part of a paragraph.
    ///
    /// ```
    /// use otel_contract_model::text::markdown::prose;
    /// assert_eq!(prose("a\nb\n\n    c"), "a\nb\n\nc");
    /// ```
    #[must_use]
    pub fn prose(text: &str) -> String {
        Renderer::Any.prose(text)
    }

    /// Formats a name or value as code. If a code span cannot contain the text, escapes it as plain text.
    ///
    /// ```
    /// use otel_contract_model::text::markdown::code;
    /// assert_eq!([code("a_b"), code("a`b"), code("")], ["`a_b`", "a&#96;b", ""]);
    /// ```
    #[must_use]
    pub fn code(name: &str) -> String {
        Renderer::Any.code(name)
    }
}

/// Escapes text for the documentation of generated items. Differs from [`markdown`] in two ways: rustdoc converts
/// quotes, `--` and `...`, and warns about URLs that are not links.
pub mod rustdoc {
    use super::Renderer;

    /// Escapes text of a line, like [`markdown::text`](super::markdown::text).
    #[must_use]
    pub fn text(text: &str) -> String {
        Renderer::Rustdoc.text(text)
    }

    /// Escapes text of several paragraphs, like [`markdown::prose`](super::markdown::prose).
    #[must_use]
    pub fn prose(text: &str) -> String {
        Renderer::Rustdoc.prose(text)
    }

    /// Formats a name or value as code, like [`markdown::code`](super::markdown::code).
    #[must_use]
    pub fn code(name: &str) -> String {
        Renderer::Rustdoc.code(name)
    }
}

/// The renderer of the Markdown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Renderer {
    Any,
    Rustdoc,
}

impl Renderer {
    fn text(self, text: &str) -> String {
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
                self.push(&mut written, first, rest, before);
                before = before.then(first);
            }
        }
        written
    }

    fn prose(self, text: &str) -> String {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let lines: Vec<String> = text.trim().lines().map(|line| self.text(line)).collect();
        let mut prose = String::new();
        for (index, line) in lines.iter().enumerate() {
            // Collapse blank lines.
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

    fn code(self, name: &str) -> String {
        let name = line(name);
        let span = format!("`{name}`");
        if code_span(&span) == Some(span.as_str()) {
            return span;
        }
        let mut written = String::with_capacity(name.len());
        let mut before = Before::START;
        for (index, character) in name.char_indices() {
            let after = &name[index + character.len_utf8()..];
            self.push(&mut written, character, after, before);
            before = before.then(character);
        }
        written
    }

    fn push(self, written: &mut String, character: char, after: &str, before: Before) {
        let starts = before.previous.is_none();
        let is_next_to = |other: char| before.previous == Some(other) || after.starts_with(other);
        let in_word = before.previous.is_some_and(char::is_alphanumeric)
            && after.starts_with(char::is_alphanumeric);
        let in_rustdoc = self == Renderer::Rustdoc;
        let is_markup = match character {
            // A backtick becomes a character reference, because a backslash before a backtick does not work inside a
            // code span. For `<`, `>` and `&`, some renderers support only character references.
            '`' => return written.push_str("&#96;"),
            '<' => return written.push_str("&lt;"),
            '>' => return written.push_str("&gt;"),
            '&' => return written.push_str("&amp;"),
            '\\' | '*' | '[' | ']' | '~' | '|' | '#' | '$' => true,
            '_' => !in_word,
            '-' => starts || in_rustdoc && is_next_to('-'),
            '.' => !starts && before.only_digits || in_rustdoc && is_next_to('.'),
            ')' => !starts && before.only_digits,
            '+' | '=' => starts,
            '"' | '\'' => in_rustdoc,
            ':' => starts || in_rustdoc && after.starts_with("//"),
            _ => false,
        };
        if is_markup {
            written.push('\\');
        }
        written.push(character);
    }
}

/// Returns the code span at the start of a text. Only single backticks count: longer runs of backticks have another
/// meaning.
fn code_span(text: &str) -> Option<&str> {
    let (inner, after) = text.strip_prefix('`')?.split_once('`')?;
    // In a table, a bar ends the cell even inside code, and can be escaped only by a backslash.
    let plain = !inner.contains(['|', '\\']) && !after.starts_with('`');
    let is_code = plain && !inner.trim().is_empty();
    is_code.then_some(&text[..inner.len() + 2])
}

/// The context before a character. At the start of a line, a sign or a number marks a list item. Some signs are markup
/// only next to certain characters.
#[derive(Clone, Copy)]
struct Before {
    previous: Option<char>,
    /// Whether all characters so far are digits.
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

#[cfg(test)]
mod tests {
    use super::{NAMES, invisible, line, markdown, rustdoc, visible};

    #[test]
    fn invisible_characters_have_names() {
        assert!(NAMES.is_sorted_by(|a, b| a.0 < b.0));
        for (character, name) in NAMES {
            assert_eq!(invisible(*character), Some(*name));
        }
        assert_eq!(invisible('\u{1}'), Some("CONTROL CHARACTER"));
        assert_eq!(invisible('\u{e0041}'), Some("TAG CHARACTER"));
        for seen in [' ', '\t', 'a', 'é', '値', '\u{fe0f}', '😀'] {
            assert_eq!(invisible(seen), None, "{seen}");
        }
        // All Unicode spaces are plain or named.
        let spaces = ('\0'..=char::MAX).filter(|character| character.is_whitespace());
        for space in spaces {
            assert!(
                space.is_ascii_whitespace() || invisible(space).is_some(),
                "{space:?}"
            );
        }
    }

    #[test]
    fn a_contract_cannot_control_a_terminal() {
        for (text, shown) in [
            ("plain – text\n\tand more", "plain – text\n\tand more"),
            ("\u{1b}]0;title\u{7}", "\\u{1b}]0;title\\u{7}"),
            ("a\rb\u{8}\u{7f}", "a\\u{d}b\\u{8}\\u{7f}"),
            ("\u{9b}31m\u{85}", "\\u{9b}31m\\u{85}"),
            ("\u{202e}gnp\u{2066}", "\\u{202e}gnp\\u{2066}"),
            // The following characters occur in Persian words and in emoji, and are not escaped.
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
    fn markup_is_escaped() {
        for (text, written) in [
            ("# Heading", r"\# Heading"),
            ("- item", r"\- item"),
            ("+ item", r"\+ item"),
            ("12. item, not 1.2 or v1.", r"12\. item, not 1.2 or v1."),
            ("3) item (of 4)", r"3\) item (of 4)"),
            ("==", r"\=="),
            ("a -- b ... c-d", r"a \-\- b \.\.\. c-d"),
            ("> quote", "&gt; quote"),
            ("| a | b |", r"\| a \| b \|"),
            ("[Foo] ![x](y) [^1]", r"\[Foo\] !\[x\](y) \[^1\]"),
            ("<script>&amp;", "&lt;script&gt;&amp;amp;"),
            ("on_success __a__ b__c _", r"on_success \_\_a\_\_ b\_\_c \_"),
            ("*a* _b_ ~~c~~ $d$", r"\*a\* \_b\_ \~\~c\~\~ \$d\$"),
            ("don't \"quote\" C:\\d", "don\\'t \\\"quote\\\" C:\\\\d"),
            ("https://example.com/a", r"https\://example.com/a"),
            ("  \t indented", "indented"),
        ] {
            assert_eq!(rustdoc::text(text), written);
        }
    }

    #[test]
    fn only_single_backticks_are_code() {
        for (text, written) in [
            ("use `a_b` or `c`", "use `a_b` or `c`"),
            ("`a``b`", "&#96;a&#96;`b`"),
            ("``a``", "&#96;&#96;a&#96;&#96;"),
            ("one ` tick", "one &#96; tick"),
            ("` `", "&#96; &#96;"),
            ("`a|b` `c\\`", r"&#96;a\|b&#96; &#96;c\\&#96;"),
            ("```rust", "&#96;&#96;&#96;rust"),
        ] {
            assert_eq!(rustdoc::text(text), written);
        }
        assert_eq!(rustdoc::code("a`b`|"), r"a&#96;b&#96;\|");
        assert_eq!(rustdoc::code("`a`"), "&#96;a&#96;");
        assert_eq!(rustdoc::code("a_b <c>"), "`a_b <c>`");
    }

    #[test]
    fn prose_has_paragraphs_but_no_code_blocks() {
        let note = "First:\n\n    let a = 1;\n\tb\n\n\n```rust\npanic!()\n```\r\n\r\n~~~\nx\n";
        assert_eq!(
            rustdoc::prose(note),
            "First:\n\nlet a = 1;\nb\n\n&#96;&#96;&#96;rust\npanic!()\n&#96;&#96;&#96;\n\n\\~\\~\\~\nx"
        );
        assert_eq!(rustdoc::prose("\n  a\n\n"), "a");
    }

    #[test]
    fn other_renderers_leave_quotes_dashes_and_addresses_alone() {
        let text = "\"a\" -- don't ... https://example.com";
        assert_eq!(markdown::text(text), text);
        assert_eq!(markdown::prose("- a\n\n    *b*"), "\\- a\n\n\\*b\\*");
        assert_eq!(markdown::code("a|b"), "a\\|b");
    }
}
