//! Attributes of spans: a key has one value, the last one that was set, and no key is empty.

use opentelemetry::KeyValue;
use opentelemetry_sdk::trace::SpanData;
use std::collections::HashSet;

/// Lists up to this length are compared pair by pair.
const SHORT: usize = 16;

/// Sets an attribute in a list of at most `most`. Whether there was room.
pub(super) fn set(list: &mut Vec<KeyValue>, attribute: KeyValue, most: u32) -> bool {
    if attribute.key.as_str().is_empty() {
        return true;
    }
    if let Some(known) = list.iter_mut().find(|known| known.key == attribute.key) {
        known.value = attribute.value;
        return true;
    }
    let has_room = list.len() < most as usize;
    if has_room {
        list.push(attribute);
    }
    has_room
}

/// Sets the attributes of a list one after the other; for how many there was no room.
pub(super) fn distinct(list: &mut Vec<KeyValue>, most: u32) -> u32 {
    let room = list.len().min(most as usize);
    let mut dropped = 0;
    for attribute in std::mem::replace(list, Vec::with_capacity(room)) {
        dropped += u32::from(!set(list, attribute, most));
    }
    dropped
}

/// Sets what a span of the SDK has more than once, or under an empty key.
pub(super) fn make_distinct(span: &mut SpanData) {
    let events = span.events.events.iter_mut();
    let links = span.links.links.iter_mut();
    let lists = events
        .map(|event| &mut event.attributes)
        .chain(links.map(|link| &mut link.attributes));
    for list in lists.chain([&mut span.attributes]) {
        if !is_distinct(list) {
            distinct(list, u32::MAX);
        }
    }
}

fn is_distinct(list: &[KeyValue]) -> bool {
    let keys = || list.iter().map(|attribute| attribute.key.as_str());
    if keys().any(str::is_empty) {
        return false;
    }
    if list.len() > SHORT {
        let mut known = HashSet::with_capacity(list.len());
        return keys().all(|key| known.insert(key));
    }
    let is_first = |(index, key)| !keys().take(index).any(|earlier| earlier == key);
    keys().enumerate().all(is_first)
}

/// Of what others set on the span of an operation, the attributes under keys that the operation does not have. What
/// others set counts over the first `entered` attributes of the operation, which were set before the body ran, and the
/// rest of them over what others set.
pub(super) fn merged(own: &mut [KeyValue], entered: usize, others: Vec<KeyValue>) -> Vec<KeyValue> {
    let mut added = Vec::with_capacity(others.len());
    for other in others {
        match own.iter().position(|own| own.key == other.key) {
            Some(index) if index < entered => own[index].value = other.value,
            Some(_) => {}
            None => added.push(other),
        }
    }
    added
}

/// Cuts a list to a limit; how many went.
pub(super) fn cut<T>(list: &mut Vec<T>, most: u32) -> u32 {
    let over = list.len().saturating_sub(most as usize);
    if over > 0 {
        list.truncate(most as usize);
    }
    u32::try_from(over).unwrap_or(u32::MAX)
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
    fn the_last_value_of_a_key_counts_also_beyond_the_limit() {
        let mut short = list(&[("a", 1), ("", 2), ("b", 3), ("a", 4), ("c", 5), ("b", 6)]);
        assert!(!is_distinct(&short));
        assert_eq!(distinct(&mut short, 2), 1);
        assert_eq!(short, list(&[("a", 4), ("b", 6)]));
        assert!(is_distinct(&short));
    }

    #[test]
    fn long_lists_are_compared_as_short_ones_are() {
        let long = |last: usize| -> Vec<KeyValue> {
            let keys = (0..100).chain([last]);
            keys.map(|n| KeyValue::new(format!("k{n}"), 1)).collect()
        };
        assert!(is_distinct(&long(100)));
        assert!(!is_distinct(&long(7)));
    }

    #[test]
    fn what_was_set_last_counts_whoever_set_it() {
        let mut own = list(&[("entry", 1), ("both", 1), ("late", 1)]);
        let others = list(&[("both", 2), ("late", 2), ("other", 2)]);
        assert_eq!(merged(&mut own, 2, others), list(&[("other", 2)]));
        assert_eq!(own, list(&[("entry", 1), ("both", 2), ("late", 1)]));
    }
}
