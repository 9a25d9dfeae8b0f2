//! Text of a collector or an exporter, as a report shows it.

use opentelemetry_sdk::error::OTelSdkError;

/// The longest message a report repeats, in characters.
const LONGEST: usize = 300;

/// The text on one line and at a length that fits a report. Characters that a terminal would obey are escaped.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(LONGEST));
    for (position, character) in text.trim().chars().enumerate() {
        if position == LONGEST {
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

/// The reason of an error of the SDK, without what every such error begins with.
pub(super) fn reason(error: &OTelSdkError) -> String {
    match error {
        OTelSdkError::InternalFailure(reason) => reason.clone(),
        error => error.to_string(),
    }
}

/// Control characters, line separators, and marks that change the direction of the text around them.
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
        assert_eq!(shown(" span is too old \n"), "span is too old");
        assert_eq!(
            shown("a\nb\u{1b}[31m\u{202e}"),
            "a\\u{a}b\\u{1b}[31m\\u{202e}"
        );
        let long = "ü".repeat(10 * LONGEST);
        assert_eq!(shown(&long), format!("{}…", "ü".repeat(LONGEST)));
        let exact = "x".repeat(LONGEST);
        assert_eq!(shown(&exact), exact);
    }
}
