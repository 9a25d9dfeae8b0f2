//! Edits of a text, each a range of bytes and what takes its place.

use crate::finding::Finding;
use crate::text::Text;
use std::ops::Range;

/// What takes the place of some bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

/// The word that a finding wants to see in place of another. `None`: what stands there is not what it
/// thinks, as behind an alias or over several lines.
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

/// Makes the edits; of two that overlap the first. Gives how many were made.
pub(super) fn apply(text: &str, mut edits: Vec<Edit>) -> (String, usize) {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    edits.dedup();
    let mut mended = String::with_capacity(text.len());
    let (mut at, mut made) = (0, 0);
    for edit in edits {
        if edit.range.start < at || text[edit.range.clone()] == edit.text {
            continue;
        }
        mended.push_str(&text[at..edit.range.start]);
        mended.push_str(&edit.text);
        at = edit.range.end;
        made += 1;
    }
    mended.push_str(&text[at..]);
    (mended, made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_edits_that_overlap_the_first_is_made() {
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
