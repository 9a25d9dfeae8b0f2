//! Text of a collector, an exporter or a variable, made safe to print.

use opentelemetry_sdk::error::OTelSdkError;

/// Maximum length of printed text, in characters.
const MAX_LENGTH: usize = 300;

/// Returns the text on one line, truncated to 300 characters. Characters that control a terminal are escaped.
pub(super) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(MAX_LENGTH));
    for (position, character) in text.trim().chars().enumerate() {
        if position == MAX_LENGTH {
            shown.push('…');
            break;
        }
        if is_invisible(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Returns the reason of an SDK error, without the prefix of internal failures.
pub(super) fn reason(error: &OTelSdkError) -> String {
    match error {
        OTelSdkError::InternalFailure(reason) => reason.clone(),
        error => error.to_string(),
    }
}

/// Whether a character is a control character, a line separator, a mark that changes the direction of text, or another
/// character without a width.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line_of_limited_length() {
        assert_eq!(printable(" span is too old \n"), "span is too old");
        assert_eq!(
            printable("a\nb\u{1b}[31m\u{202e}"),
            "a\\u{a}b\\u{1b}[31m\\u{202e}"
        );
        let long = "ü".repeat(10 * MAX_LENGTH);
        assert_eq!(printable(&long), format!("{}…", "ü".repeat(MAX_LENGTH)));
        let exact = "x".repeat(MAX_LENGTH);
        assert_eq!(printable(&exact), exact);
    }
}
