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
        if is_hidden(character) && decides(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Whether a terminal shows a character by doing something: a control character, or a mark that changes the order
/// in which the text after it is shown.
#[must_use]
pub fn is_hidden(character: char) -> bool {
    let reorders = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    character.is_control() || reorders
}

/// The Unicode name of a character that nobody sees, or that looks like a plain space and is none. `None`: it can be
/// seen, or is a space, a tab or a line break.
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

/// Invisible characters in order. Those that choose the look of an emoji are part of what is seen.
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

/// Text in Markdown, as GitHub, wikis and others read it.
pub mod markdown {
    use super::Renderer;

    /// Text within a line, a list item or the cell of a table. Only what is between single backticks keeps a
    /// meaning: it is shown as code.
    ///
    /// ```
    /// use otel_contract_model::text::markdown::text;
    /// assert_eq!(text("see `a.b` <i> [c](d)"), r"see `a.b` &lt;i&gt; \[c\](d)");
    /// ```
    #[must_use]
    pub fn text(text: &str) -> String {
        Renderer::Any.text(text)
    }

    /// Text of several paragraphs. Lines that are indented or fenced are part of a paragraph like any other.
    ///
    /// ```
    /// use otel_contract_model::text::markdown::prose;
    /// assert_eq!(prose("a\nb\n\n    c"), "a\nb\n\nc");
    /// ```
    #[must_use]
    pub fn prose(text: &str) -> String {
        Renderer::Any.prose(text)
    }

    /// A name or value as code. Where a code span cannot hold it, it is text without any code.
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

/// Text in the documentation of generated items. As [`markdown`], but rustdoc also makes quotes curly and asks for
/// links around addresses.
pub mod rustdoc {
    use super::Renderer;

    /// Text within a line, as [`markdown::text`](super::markdown::text).
    #[must_use]
    pub fn text(text: &str) -> String {
        Renderer::Rustdoc.text(text)
    }

    /// Text of several paragraphs, as [`markdown::prose`](super::markdown::prose).
    #[must_use]
    pub fn prose(text: &str) -> String {
        Renderer::Rustdoc.prose(text)
    }

    /// A name or value as code, as [`markdown::code`](super::markdown::code).
    #[must_use]
    pub fn code(name: &str) -> String {
        Renderer::Rustdoc.code(name)
    }
}

/// Who renders the Markdown.
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
            // One blank line parts paragraphs as well as two.
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
        let beside = |other: char| before.previous == Some(other) || after.starts_with(other);
        let in_word = before.previous.is_some_and(char::is_alphanumeric)
            && after.starts_with(char::is_alphanumeric);
        let in_rustdoc = self == Renderer::Rustdoc;
        let is_markup = match character {
            // A backslash does not take a backtick's meaning away where a code span may end, and of the others
            // some renderers know only the reference.
            '`' => return written.push_str("&#96;"),
            '<' => return written.push_str("&lt;"),
            '>' => return written.push_str("&gt;"),
            '&' => return written.push_str("&amp;"),
            '\\' | '*' | '[' | ']' | '~' | '|' | '#' | '$' => true,
            '_' => !in_word,
            '-' => starts || in_rustdoc && beside('-'),
            '.' => !starts && before.only_digits || in_rustdoc && beside('.'),
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

/// The code span that a text begins with: between single backticks, since longer runs open something else.
fn code_span(text: &str) -> Option<&str> {
    let (inner, after) = text.strip_prefix('`')?.split_once('`')?;
    // In a table a bar ends the cell, also within code, and a backslash is its only escape.
    let plain = !inner.contains(['|', '\\']) && !after.starts_with('`');
    let is_code = plain && !inner.trim().is_empty();
    is_code.then_some(&text[..inner.len() + 2])
}

/// What is known of the characters before one: a sign or a number that begins a line is the marker of a list, and
/// some signs have a meaning beside others.
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
        // Whatever Unicode calls a space is plain or named.
        let spaces = ('\0'..=char::MAX).filter(|character| character.is_whitespace());
        for space in spaces {
            assert!(
                space.is_ascii_whitespace() || invisible(space).is_some(),
                "{space:?}"
            );
        }
    }

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
            assert_eq!(rustdoc::text(text), written);
        }
        assert_eq!(rustdoc::code("a`b`|"), r"a&#96;b&#96;\|");
        assert_eq!(rustdoc::code("`a`"), "&#96;a&#96;");
        assert_eq!(rustdoc::code("a_b <c>"), "`a_b <c>`");
    }

    #[test]
    fn prose_is_paragraphs_and_no_code_blocks() {
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
