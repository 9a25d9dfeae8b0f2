//! Sorts sections in the order of the documentation.

use crate::lint;
use crate::text::Text;

/// Returns the text with sorted sections. Returns `None` if the sections are already sorted or cannot be separated
/// safely. Every line is kept, and empty lines still separate the sections.
pub(super) fn sections(text: &Text) -> Option<String> {
    let sections = lint::sections(text);
    let mut sorted = sections.clone();
    sorted.sort_by_key(|section| section.rank);
    if sorted == sections {
        return None;
    }
    let first = sections.first()?.lines.start;
    let is_blank = |number: &u32| text.line(*number).trim().is_empty();
    let blanks: Vec<usize> = sections
        .iter()
        .map(|section| section.lines.clone().rev().take_while(is_blank).count())
        .collect();
    let mut lines: Vec<&str> = (1..first).map(|number| text.line(number)).collect();
    for (section, blanks) in sorted.iter().zip(blanks) {
        let own = section.lines.clone().rev().skip_while(is_blank).count();
        let own = u32::try_from(own).ok()?;
        let content = section.lines.start..section.lines.start + own;
        lines.extend(content.map(|number| text.line(number)));
        lines.extend(std::iter::repeat_n("", blanks));
    }
    let line_ending = if text.as_str().contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let ordered = lines.join(line_ending);
    let sorted_lines = |text: &Text| {
        let count = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let mut lines: Vec<String> = (1..=count)
            .map(|line| text.line(line).trim_end().to_owned())
            .collect();
        lines.sort_unstable();
        lines
    };
    (sorted_lines(text) == sorted_lines(&Text::new(ordered.as_str()))).then_some(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_move_with_their_comments_and_keep_every_line() {
        let text = "# The shop.\n\n# Its name.\ncontract: shop\nbrief: Words. # ours\nversion: 1.0.0\n\n\
                    # What can go wrong.\nerrors:\n  lost: Gone.\n\n  # Late.\n  late: Late.\n\n\
                    attributes:\n  a.b: { type: boolean, brief: B. }\n# The end.\n";
        let ordered = "# The shop.\n\n# Its name.\ncontract: shop\nversion: 1.0.0\nbrief: Words. # ours\n\n\
                       attributes:\n  a.b: { type: boolean, brief: B. }\n# The end.\n\n\
                       # What can go wrong.\nerrors:\n  lost: Gone.\n\n  # Late.\n  late: Late.\n";
        assert_eq!(sections(&Text::new(text)).as_deref(), Some(ordered));
        assert_eq!(sections(&Text::new(ordered)), None);
    }

    #[test]
    fn the_schema_line_stays_on_top() {
        let text = "# Ours.\n# yaml-language-server: $schema=a.json\n# Its version.\nversion: 1.0.0\ncontract: shop\n";
        let ordered = "# Ours.\n# yaml-language-server: $schema=a.json\ncontract: shop\n# Its version.\nversion: 1.0.0\n";
        assert_eq!(sections(&Text::new(text)).as_deref(), Some(ordered));
    }

    #[test]
    fn unknown_lines_prevent_sorting() {
        for text in [
            "version: 1.0.0\nthings: []\ncontract: a\n",
            "---\nversion: 1.0.0\ncontract: a\n",
        ] {
            assert_eq!(sections(&Text::new(text)), None, "{text}");
        }
    }
}
