//! Sorts numbers.

use super::edits::Edit;
use crate::finding::Place;
use crate::text::Text;
use std::ops::Range;

/// Sorts boundaries and removes duplicates. Comments stay with their numbers.
pub(super) fn buckets(text: &Text, place: &Place) -> Option<Edit> {
    list_in_brackets(text, place).or_else(|| list_of_lines(text, place))
}

/// Swaps the bounds of a range: `range: [5, 0]` becomes `[0, 5]`.
pub(super) fn range(text: &Text, place: &Place) -> Option<Edit> {
    let bytes = text.bytes(place.at.line, place.at.column, place.length)?;
    let written = text.as_str()[bytes.clone()]
        .strip_prefix('[')?
        .strip_suffix(']')?;
    let (first, second) = written.split_once(',')?;
    let (first, second): (i64, i64) = (first.trim().parse().ok()?, second.trim().parse().ok()?);
    (first > second).then(|| Edit {
        range: bytes,
        text: format!("[{second}, {first}]"),
    })
}

/// Returns the edit that sorts the list in brackets around a position, if it contains only numbers.
fn list_in_brackets(text: &Text, place: &Place) -> Option<Edit> {
    let line = text.range(place.at.line)?;
    let at = text.bytes(place.at.line, place.at.column, 1)?.start;
    let all = text.as_str();
    let open = line.start + all[line.start..at].rfind('[')? + 1;
    let close = at + all[at..line.end].find(']')?;
    let numbers: Option<Vec<(f64, &str)>> = all[open..close]
        .split(',')
        .map(|number| Some((number.trim().parse().ok()?, number.trim())))
        .collect();
    let sorted: Vec<&str> = increasing(numbers?, |_| true)?
        .into_iter()
        .map(|(_, number)| number)
        .collect();
    Some(Edit {
        range: open..close,
        text: sorted.join(", "),
    })
}

/// Returns the edit that sorts the block list around a position: `- 0.5  # a comment`.
fn list_of_lines(text: &Text, place: &Place) -> Option<Edit> {
    let item = |number: u32| -> Option<(f64, &str)> {
        let line = text.line(number);
        let value = line.trim_start().strip_prefix("- ")?;
        let value = value.split('#').next()?.trim();
        Some((value.parse().ok()?, line))
    };
    let here = place.at.line;
    item(here)?;
    let first = (1..=here)
        .rev()
        .take_while(|line| item(*line).is_some())
        .last()?;
    let end = u32::try_from(text.len()).ok()?;
    let last = (here..=end)
        .take_while(|line| item(*line).is_some())
        .last()?;
    let lines: Vec<(f64, &str)> = (first..=last).filter_map(item).collect();
    // A duplicate is only removed if it has no comment.
    let sorted = increasing(lines, |line| !line.contains('#'))?;
    let range: Range<usize> = text.range(first)?.start..text.range(last)?.end;
    let line_ending = if text.as_str()[range.clone()].contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let sorted: Vec<&str> = sorted.into_iter().map(|(_, line)| line).collect();
    Some(Edit {
        range,
        text: sorted.join(line_ending),
    })
}

/// Sorts numbers and removes duplicates. Returns `None` if an item is not a number, or if a duplicate must not be
/// removed.
fn increasing(
    mut numbers: Vec<(f64, &str)>,
    may_remove: impl Fn(&str) -> bool,
) -> Option<Vec<(f64, &str)>> {
    if numbers.iter().any(|(number, _)| !number.is_finite()) {
        return None;
    }
    numbers.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut kept: Vec<(f64, &str)> = Vec::new();
    for (number, written) in numbers {
        // Same comparison as in the model: each boundary must be greater than the previous boundary.
        if kept.last().is_some_and(|(last, _)| *last >= number) {
            if !may_remove(written) {
                return None;
            }
            continue;
        }
        kept.push((number, written));
    }
    Some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use otel_contract_model::Location;

    fn place(line: u32, column: u32, length: u32) -> Place {
        let at = Location {
            file: "a.yaml".into(),
            line,
            column,
        };
        Place { at, length }
    }

    fn edited(text: &str, edit: Option<Edit>) -> String {
        let edit = edit.expect("an edit");
        super::super::edits::apply(text, vec![edit]).0
    }

    #[test]
    fn boundaries_in_brackets_are_sorted() {
        let text = "buckets: [1, 0.1, 1.0, 5] # s\n";
        let edit = buckets(&Text::new(text), &place(1, 14, 3));
        assert_eq!(edited(text, edit), "buckets: [0.1, 1, 5] # s\n");
    }

    #[test]
    fn boundaries_on_lines_keep_their_comments() {
        let text = "buckets:\n  - 1 # slow\n  - 0.1 # fast\n  - 5\nunit: s\n";
        let edit = buckets(&Text::new(text), &place(3, 5, 3));
        assert_eq!(
            edited(text, edit),
            "buckets:\n  - 0.1 # fast\n  - 1 # slow\n  - 5\nunit: s\n"
        );
        let text = "  - 1 # slow\n  - 1 # again\n";
        assert_eq!(buckets(&Text::new(text), &place(2, 5, 1)), None);
    }

    #[test]
    fn a_reversed_range_is_swapped() {
        let text = "range: [5, -1]\n";
        let edit = range(&Text::new(text), &place(1, 8, 7));
        assert_eq!(edited(text, edit), "range: [-1, 5]\n");
        assert_eq!(range(&Text::new("range: [5]"), &place(1, 8, 3)), None);
    }
}
