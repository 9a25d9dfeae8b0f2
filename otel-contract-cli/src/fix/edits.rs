//! Text edits: byte ranges with their replacement.

use crate::finding::Finding;
use crate::text::Text;
use std::ops::Range;

/// Replacement of a byte range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

/// Returns the edit for the replacement of a finding. Returns `None` if the source text differs from the expected word:
/// for example, the word comes from an alias or from text of several lines.
pub(super) fn replacement(text: &Text, finding: &Finding) -> Option<Edit> {
    let replacement = finding.replacement.as_ref()?;
    let at = &finding.place.at;
    let mut range = text.bytes(at.line, at.column, finding.place.length)?;
    let written = &text.as_str()[range.clone()];
    let quoted = ['"', '\''].iter().any(|quote| {
        written.len() >= 2 && written.starts_with(*quote) && written.ends_with(*quote)
    });
    if quoted {
        range = range.start + 1..range.end - 1;
    }
    (text.as_str()[range.clone()] == replacement.from).then(|| Edit {
        range,
        text: replacement.to.clone(),
    })
}

/// Applies the edits and returns their number. If two edits overlap, only the first is applied.
pub(super) fn apply(text: &str, mut edits: Vec<Edit>) -> (String, usize) {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    edits.dedup();
    let mut edited = String::with_capacity(text.len());
    let (mut at, mut made) = (0, 0);
    for edit in edits {
        if edit.range.start < at || text[edit.range.clone()] == edit.text {
            continue;
        }
        edited.push_str(&text[at..edit.range.start]);
        edited.push_str(&edit.text);
        at = edit.range.end;
        made += 1;
    }
    edited.push_str(&text[at..]);
    (edited, made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_two_overlapping_edits_is_applied() {
        let edit = |range, text: &str| Edit {
            range,
            text: text.to_owned(),
        };
        let edits = vec![
            edit(4..7, "c"),
            edit(0..3, "a"),
            edit(2..5, "b"),
            edit(0..3, "a"),
        ];
        assert_eq!(apply("one two", edits), ("a c".to_owned(), 2));
        assert_eq!(apply("one", vec![edit(0..3, "one")]), ("one".to_owned(), 0));
    }
}
