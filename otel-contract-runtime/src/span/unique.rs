//! Attribute lists with distinct keys: each key has the value that was set last, and no key is empty.

use opentelemetry::KeyValue;
use opentelemetry_sdk::trace::SpanData;
use std::collections::HashSet;

/// Maximum length of a list whose keys are compared pair by pair.
const SHORT: usize = 16;

/// Sets an attribute in a list of at most `max_length` attributes. Returns whether there was room. An attribute with an
/// empty key is ignored.
pub(super) fn set(list: &mut Vec<KeyValue>, attribute: KeyValue, max_length: u32) -> bool {
    if attribute.key.as_str().is_empty() {
        return true;
    }
    let mut present = list.iter_mut();
    if let Some(present) = present.find(|present| present.key == attribute.key) {
        present.value = attribute.value;
        return true;
    }
    let has_room = list.len() < max_length as usize;
    if has_room {
        list.push(attribute);
    }
    has_room
}

/// Removes duplicate and empty keys from a list, and limits its length. Returns the number of attributes for which there
/// was no room.
pub(super) fn dedup(list: &mut Vec<KeyValue>, max_length: u32) -> u32 {
    let capacity = list.len().min(max_length as usize);
    let mut dropped = 0;
    for attribute in std::mem::replace(list, Vec::with_capacity(capacity)) {
        dropped += u32::from(!set(list, attribute, max_length));
    }
    dropped
}

/// Removes duplicate and empty keys from an SDK span, its events and its links.
pub(super) fn remove_duplicates(span: &mut SpanData) {
    let events = span.events.events.iter_mut();
    let links = span.links.links.iter_mut();
    let lists = events
        .map(|event| &mut event.attributes)
        .chain(links.map(|link| &mut link.attributes));
    for list in lists.chain([&mut span.attributes]) {
        if !is_distinct(list) {
            dedup(list, u32::MAX);
        }
    }
}

fn is_distinct(list: &[KeyValue]) -> bool {
    let keys = || list.iter().map(|attribute| attribute.key.as_str());
    if keys().any(str::is_empty) {
        return false;
    }
    if list.len() > SHORT {
        let mut earlier = HashSet::with_capacity(list.len());
        return keys().all(|key| earlier.insert(key));
    }
    let is_first = |(index, key)| !keys().take(index).any(|earlier| earlier == key);
    keys().enumerate().all(is_first)
}

/// Merges the attributes that other code set on the span of an operation into the attributes of the operation. Returns
/// the attributes of other code whose keys the operation does not have.
///
/// The first `entry_attributes` attributes of the operation were set before the body ran: a value of other code replaces
/// them. The rest were set after it: they take precedence over a value of other code.
pub(super) fn merge(
    own: &mut [KeyValue],
    entry_attributes: usize,
    others: Vec<KeyValue>,
) -> Vec<KeyValue> {
    let mut added = Vec::with_capacity(others.len());
    for other in others {
        match own.iter().position(|own| own.key == other.key) {
            Some(index) if index < entry_attributes => own[index].value = other.value,
            Some(_) => {}
            None => added.push(other),
        }
    }
    added
}

/// Cuts a list to a maximum length. Returns the number of removed items.
pub(super) fn cut<T>(list: &mut Vec<T>, max_length: u32) -> u32 {
    let removed = list.len().saturating_sub(max_length as usize);
    if removed > 0 {
        list.truncate(max_length as usize);
    }
    u32::try_from(removed).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(pairs: &[(&'static str, i64)]) -> Vec<KeyValue> {
        let pairs = pairs.iter();
        pairs
            .map(|(key, value)| KeyValue::new(*key, *value))
            .collect()
    }

    #[test]
    fn the_last_value_of_a_key_wins_even_beyond_the_limit() {
        let mut short = list(&[("a", 1), ("", 2), ("b", 3), ("a", 4), ("c", 5), ("b", 6)]);
        assert!(!is_distinct(&short));
        assert_eq!(dedup(&mut short, 2), 1);
        assert_eq!(short, list(&[("a", 4), ("b", 6)]));
        assert!(is_distinct(&short));
    }

    #[test]
    fn duplicates_are_found_in_long_lists_too() {
        let long = |last: usize| -> Vec<KeyValue> {
            let keys = (0..100).chain([last]);
            keys.map(|n| KeyValue::new(format!("k{n}"), 1)).collect()
        };
        assert!(is_distinct(&long(100)));
        assert!(!is_distinct(&long(7)));
    }

    #[test]
    fn the_value_set_last_wins_whether_the_operation_or_other_code_set_it() {
        let mut own = list(&[("entry", 1), ("both", 1), ("late", 1)]);
        let others = list(&[("both", 2), ("late", 2), ("other", 2)]);
        assert_eq!(merge(&mut own, 2, others), list(&[("other", 2)]));
        assert_eq!(own, list(&[("entry", 1), ("both", 2), ("late", 1)]));
    }
}
