//! The cap on a bounded attribute: the first `limit` values are recorded as they are, any other as
//! `_OTHER`.

use super::table::Table;
use crate::capped::CappedText;
use crate::definition::OTHER;
use foldhash::fast::RandomState;
use opentelemetry::Value;
use std::hash::{BuildHasher, Hasher as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// The values of one attribute that were let in, each with the code it has on metrics. Finding one
/// takes no lock. They are never freed, as the installation they belong to is not, so that a span can
/// show one without counting who holds it.
#[derive(Debug)]
pub(crate) struct Limiter {
    limit: usize,
    hasher: RandomState,
    /// Open addressing; each segment is twice the one before and at most half full, so that nothing
    /// ever moves and a small limit or few values cost little.
    segments: [OnceLock<Segment>; SEGMENTS],
    /// By code.
    texts: Table<&'static str>,
    /// How many were let in.
    count: Mutex<usize>,
    /// How often `_OTHER` was recorded instead of a value.
    refused: AtomicU64,
    /// Nothing will be let in any more.
    full: OnceLock<()>,
}

type Segment = Box<[OnceLock<Entry>]>;

#[derive(Debug)]
struct Entry {
    text: &'static str,
    code: usize,
}

/// Places of the first segment: enough for 32 values.
const FIRST: usize = 64;

/// Segments for any limit of 32 bits.
const SEGMENTS: usize = 28;

impl Limiter {
    pub(crate) fn new(limit: u32) -> Self {
        let limit = limit as usize;
        Self {
            limit,
            hasher: RandomState::default(),
            segments: [const { OnceLock::new() }; SEGMENTS],
            texts: Table::new(limit as u64),
            count: Mutex::new(0),
            refused: AtomicU64::new(0),
            full: OnceLock::new(),
        }
    }

    /// The code of a text: its own, or that of `_OTHER`, which is the limit.
    pub(crate) fn admit(&self, text: &str) -> u64 {
        self.admit_bytes(text.as_bytes(), || text)
    }

    /// The same of a text that is kept as bytes: whether it is a text is asked only where it is let in.
    pub(crate) fn admit_capped(&self, text: &CappedText) -> u64 {
        self.admit_bytes(text.as_bytes(), || text.as_str())
    }

    #[inline]
    fn admit_bytes<'a>(&self, bytes: &[u8], text: impl FnOnce() -> &'a str) -> u64 {
        if bytes == OTHER.as_bytes() {
            return self.limit as u64;
        }
        let mut hasher = self.hasher.build_hasher();
        hasher.write(bytes);
        let hash = hasher.finish();
        // Asked first: a value let in between looking for it and this would be refused.
        let full = self.full.get().is_some();
        let known = self.find(bytes, hash);
        let known = known.or_else(|| {
            if full {
                None
            } else {
                self.insert(text(), hash)
            }
        });
        match known {
            Some(code) => code as u64,
            None => {
                self.refused.fetch_add(1, Ordering::Relaxed);
                self.limit as u64
            }
        }
    }

    /// The text with this code; `None`: `_OTHER`.
    pub(crate) fn text(&self, code: u64) -> Option<&'static str> {
        self.texts.get(code).copied()
    }

    /// What is recorded for a code.
    pub(crate) fn value(&self, code: u64) -> Value {
        Value::from(self.text(code).unwrap_or(OTHER))
    }

    pub(crate) fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    #[inline]
    fn find(&self, text: &[u8], hash: u64) -> Option<usize> {
        let mut segments = self.segments.iter().map_while(OnceLock::get);
        segments.find_map(|segment| probe(segment, text, hash).ok())
    }

    fn insert(&self, text: &str, hash: u64) -> Option<usize> {
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(code) = self.find(text.as_bytes(), hash) {
            return Some(code);
        }
        if *count == self.limit {
            let _ = self.full.set(());
            return None;
        }
        let code = *count;
        let text: &'static str = Box::leak(Box::from(text));
        self.texts.get_or_init(code as u64, || text)?;
        // The first segment holds 32 values, each further one twice as many as the one before.
        let number = (code / (FIRST / 2) + 1).ilog2() as usize;
        let segment = self.segments[number].get_or_init(|| {
            let mut places = Vec::new();
            places.resize_with(FIRST << number, OnceLock::new);
            places.into_boxed_slice()
        });
        let free = probe(segment, text.as_bytes(), hash).err()?;
        let _ = segment[free].set(Entry { text, code });
        *count += 1;
        Some(code)
    }
}

/// The code of a text, or the place where it would stand.
#[inline]
fn probe(segment: &[OnceLock<Entry>], text: &[u8], hash: u64) -> Result<usize, usize> {
    let mask = segment.len() - 1;
    #[allow(clippy::cast_possible_truncation)] // Only the low bits choose the place.
    let mut place = hash as usize & mask;
    loop {
        match segment[place].get() {
            Some(entry) if entry.text.as_bytes() == text => return Ok(entry.code),
            Some(_) => place = (place + 1) & mask,
            None => return Err(place),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_to_come_are_let_in_and_keep_their_code() {
        let limiter = Limiter::new(2);
        assert_eq!(limiter.admit("a"), 0);
        assert_eq!(limiter.admit("b"), 1);
        assert_eq!(limiter.admit("c"), 2);
        assert_eq!(limiter.admit("a"), 0);
        let texts = [0, 1, 2].map(|code| limiter.value(code).to_string());
        assert_eq!(texts, ["a", "b", "_OTHER"]);
        assert_eq!(limiter.refused(), 1);
    }

    #[test]
    fn what_is_called_other_already_takes_no_place_and_is_not_refused() {
        let limiter = Limiter::new(1);
        assert_eq!(limiter.admit("_OTHER"), 1);
        assert_eq!(limiter.admit("a"), 0);
        assert_eq!(limiter.refused(), 0);
    }

    #[test]
    fn every_value_up_to_a_large_limit_has_a_code_of_its_own() {
        let limiter = Limiter::new(10_000);
        for round in 0..2 {
            for number in 0..10_100_u64 {
                let code = limiter.admit(&format!("value {number}"));
                assert_eq!(code, number.min(10_000), "round {round}");
            }
        }
        assert_eq!(limiter.refused(), 200);
        assert_eq!(limiter.value(9_999).to_string(), "value 9999");
    }

    #[test]
    fn threads_that_race_agree_and_use_every_place() {
        let limiter = Limiter::new(100);
        let admitted = |_| -> Vec<u64> {
            (0..150)
                .map(|n| limiter.admit(&format!("value {n}")))
                .collect()
        };
        let codes: Vec<Vec<u64>> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|n| scope.spawn(move || admitted(n))).collect();
            threads
                .into_iter()
                .map(|one| one.join().unwrap_or_default())
                .collect()
        });
        let mut used: Vec<u64> = codes[0]
            .iter()
            .copied()
            .filter(|code| *code < 100)
            .collect();
        used.sort_unstable();
        assert_eq!(used, (0..100).collect::<Vec<u64>>(), "each place once");
        for other in &codes[1..] {
            for (one, other) in codes[0].iter().zip(other) {
                assert!(
                    one == other,
                    "the same value has the same code: {one} {other}"
                );
            }
        }
    }
}
