//! Names in messages, and suggestions for misspelled names.

/// Returns the nearest candidate for `did you mean`, or `None` if no candidate is near.
///
/// Names that differ only in separators and case (`orderId`, `order_id`, `order.id`) are nearest. Other names are
/// compared by edit distance. The distance may be a third of the length of the longer name, at most 4. For names of at
/// most four letters, the distance may be 1.
///
/// ```
/// use otel_contract_definition::names::nearest;
/// assert_eq!(nearest("orderId", ["account.id", "order.id"]), Some("order.id"));
/// assert_eq!(nearest("acount.id", ["account.id", "order.id"]), Some("account.id"));
/// assert_eq!(nearest("colour", ["account.id", "order.id"]), None);
/// ```
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_of(name, &mut candidates.into_iter())
}

/// Not generic, so that it is compiled only once.
fn nearest_of<'a>(name: &str, candidates: &mut dyn Iterator<Item = &'a str>) -> Option<&'a str> {
    let squeezed = squeeze(name);
    let name: Vec<char> = name.to_lowercase().chars().collect();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let limit = match name.len() {
            0..=4 => 1,
            length => length.max(candidate.len()).div_ceil(3).min(4),
        };
        let limit = best.map_or(limit, |(distance, _)| limit.min(distance.saturating_sub(1)));
        if !squeezed.is_empty() && squeeze(candidate) == squeezed {
            return Some(candidate);
        }
        // Names of very different lengths cannot be near. This skips most candidates.
        if name.len().abs_diff(candidate.len()) > limit {
            continue;
        }
        let candidate_characters: Vec<char> = candidate.to_lowercase().chars().collect();
        let distance = distance(&name, &candidate_characters);
        if distance <= limit && distance < name.len() {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Returns the attribute keys to suggest for an unknown key: the nearest key, or the keys that contain all its segments or
/// consist of some of its segments, side by side and in order. Returns none of the latter if there are more than three.
///
/// ```
/// use otel_contract_definition::names::similar_keys;
/// assert_eq!(similar_keys("order", ["account.id", "order.id"]), ["order.id"]);
/// assert_eq!(similar_keys("show", ["account.id", "show.id"]), ["show.id"]);
/// assert_eq!(similar_keys("id", ["account.id", "show.id"]), ["account.id", "show.id"]);
/// assert_eq!(similar_keys("job.show.id", ["show.id", "show.title"]), ["show.id"]);
/// ```
#[must_use]
pub fn similar_keys<'a>(key: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    similar_of(key, candidates.into_iter().collect())
}

/// Not generic, so that it is compiled only once.
fn similar_of<'a>(key: &str, candidates: Vec<&'a str>) -> Vec<&'a str> {
    if let Some(near) = nearest(key, candidates.iter().copied()) {
        return vec![near];
    }
    let shares_segments = |candidate: &&str| {
        let (key, candidate) = (format!(".{key}."), format!(".{candidate}."));
        candidate.contains(&key) || key.contains(&candidate)
    };
    let found: Vec<&str> = candidates.into_iter().filter(shares_segments).collect();
    if found.len() > 3 { Vec::new() } else { found }
}

/// Normalizes a name: keeps letters and digits, in lower case.
#[must_use]
pub fn squeeze(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Returns the edit distance between two names. Swapping two neighbors is one edit.
#[must_use]
pub fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let mut edits = (last[j] + usize::from(from != to))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && *from == b[j - 1] && a[i - 1] == *to {
                edits = edits.min(before_last[j - 1] + 1);
            }
            row.push(edits);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

/// Returns a key as users write the key in a macro: without quotes if every part is a word, otherwise as a string
/// literal.
#[must_use]
pub fn spelled(key: &str) -> String {
    let word = |part: &str| {
        part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
    };
    if key.split('.').all(word) {
        key.to_owned()
    } else {
        format!("{key:?}")
    }
}

/// Joins words in backticks: `` `a`, `b` and `c` ``.
#[must_use]
pub fn quoted<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    joined(&mut words.into_iter(), "and")
}

/// Joins alternatives in backticks: `` `a`, `b` or `c` ``.
#[must_use]
pub fn alternatives<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    joined(&mut words.into_iter(), "or")
}

fn joined(words: &mut dyn Iterator<Item = &str>, conjunction: &str) -> String {
    let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} {conjunction} {last}", before.join(", ")),
        None => String::new(),
    }
}
