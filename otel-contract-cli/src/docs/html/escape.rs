//! Escapes text for HTML.

use otel_contract_model::text::visible;

/// Escapes text for elements and attribute values.
pub(super) fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in visible(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // A CI runner could read a line of the page as a command, so line breaks become spaces. HTML treats both the
            // same.
            '\n' => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}

/// Escapes a name and allows line breaks after its dots.
pub(super) fn breakable(name: &str) -> String {
    text(name).replace('.', ".<wbr>")
}

/// Escapes a sentence and formats its backticks as code.
pub(super) fn prose(sentence: &str) -> String {
    let parts: Vec<&str> = sentence.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return text(sentence);
    }
    let parts = parts.iter().enumerate().map(|(index, part)| {
        if index.is_multiple_of(2) {
            text(part)
        } else {
            format!("<code>{}</code>", breakable(part))
        }
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contract_text_is_escaped() {
        assert_eq!(
            prose("<script>alert('x')</script> & \"y\""),
            "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;y&quot;"
        );
        assert_eq!(prose("see `a.b`"), "see <code>a.<wbr>b</code>");
        assert_eq!(prose("`<b>`"), "<code>&lt;b&gt;</code>");
        assert_eq!(prose("one ` tick"), "one ` tick");
    }
}
