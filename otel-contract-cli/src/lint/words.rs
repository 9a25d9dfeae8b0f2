//! Segments and words of a key.

/// Returns the last segment of a key: `item_count` of `order.item_count`.
pub(super) fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

/// Returns the segment before the last: `order` of `order.item_count`.
pub(super) fn parent(key: &str) -> Option<&str> {
    key.rsplit('.').nth(1)
}

/// Returns the words of a segment or key.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// Returns an approximate singular, which is good enough for comparisons.
pub(super) fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for ending in ["sses", "xes", "ches", "shes", "zes"] {
        if word.ends_with(ending) {
            return word.trim_end_matches("es").to_owned();
        }
    }
    match word.strip_suffix('s') {
        Some(stem)
            if word.len() > 3
                && !word.ends_with("ss")
                && !word.ends_with("us")
                && !word.ends_with("is") =>
        {
            stem.to_owned()
        }
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_become_singulars() {
        let words = [
            "orders", "entries", "classes", "status", "address", "boxes", "id",
        ];
        let singular = words.map(singular);
        assert_eq!(
            singular,
            ["order", "entry", "class", "status", "address", "box", "id"]
        );
        assert_eq!(
            (last("order.item_count"), parent("a.b.c")),
            ("item_count", Some("b"))
        );
    }
}
