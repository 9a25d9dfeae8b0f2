//! Limiter of a bounded attribute: the first `limit` values are recorded unchanged, any other as `_OTHER`.

use super::table::Table;
use crate::capped::CappedText;
use crate::definition::OTHER;
use foldhash::fast::RandomState;
use opentelemetry::Value;
use std::hash::{BuildHasher, Hasher as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Admitted values of one attribute, each with its code on metrics.
///
/// A lookup takes no lock. The values are never freed, like the installation they belong to, so that spans can refer to
/// them without reference counts.
#[derive(Debug)]
pub(crate) struct Limiter {
    limit: usize,
    hasher: RandomState,
    /// Hash tables with open addressing. Each segment has twice the size of the preceding segment and is at most half
    /// full, so that entries never move, and a small limit or few values cost little memory.
    segments: [OnceLock<Segment>; SEGMENTS],
    /// Admitted values by code.
    texts: Table<&'static str>,
    /// Number of admitted values.
    count: Mutex<usize>,
    /// How often `_OTHER` was recorded instead of a value.
    rejected: AtomicU64,
    /// Set once the limit is reached.
    full: OnceLock<()>,
}

type Segment = Box<[OnceLock<Entry>]>;

#[derive(Debug)]
struct Entry {
    text: &'static str,
    code: usize,
}

/// Size of the first segment: enough for 32 values.
const FIRST: usize = 64;

/// Number of segments, enough for any limit of 32 bits.
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
            rejected: AtomicU64::new(0),
            full: OnceLock::new(),
        }
    }

    /// Returns the code of a text, which is admitted if there is room. The code of `_OTHER` is the limit.
    pub(crate) fn admit(&self, text: &str) -> u64 {
        self.admit_bytes(text.as_bytes(), || text)
    }

    /// Returns the code of a text that is stored as bytes. The bytes are validated as UTF-8 only if the text is admitted.
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
        // Read before the lookup: otherwise a value that another thread admits in between would be rejected.
        let full = self.full.get().is_some();
        let present = self.find(bytes, hash);
        let code = present.or_else(|| {
            if full {
                None
            } else {
                self.insert(text(), hash)
            }
        });
        match code {
            Some(code) => code as u64,
            None => {
                self.rejected.fetch_add(1, Ordering::Relaxed);
                self.limit as u64
            }
        }
    }

    /// Returns the text with this code; `None`: `_OTHER`.
    pub(crate) fn text(&self, code: u64) -> Option<&'static str> {
        self.texts.get(code).copied()
    }

    /// Returns the attribute value for a code.
    pub(crate) fn value(&self, code: u64) -> Value {
        Value::from(self.text(code).unwrap_or(OTHER))
    }

    /// Returns how often a value was rejected.
    pub(crate) fn rejected(&self) -> u64 {
        self.rejected.load(Ordering::Relaxed)
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
        // The first segment contains 32 values, each further segment twice as many as the preceding one.
        let number = (code / (FIRST / 2) + 1).ilog2() as usize;
        let segment = self.segments[number].get_or_init(|| {
            let mut entries = Vec::new();
            entries.resize_with(FIRST << number, OnceLock::new);
            entries.into_boxed_slice()
        });
        let free = probe(segment, text.as_bytes(), hash).err()?;
        let _ = segment[free].set(Entry { text, code });
        *count += 1;
        Some(code)
    }
}

/// Returns the code of a text, or the index of the empty entry where the text would be inserted.
#[inline]
fn probe(segment: &[OnceLock<Entry>], text: &[u8], hash: u64) -> Result<usize, usize> {
    let mask = segment.len() - 1;
    #[allow(clippy::cast_possible_truncation)] // Only the low bits determine the index.
    let mut index = hash as usize & mask;
    loop {
        match segment[index].get() {
            Some(entry) if entry.text.as_bytes() == text => return Ok(entry.code),
            Some(_) => index = (index + 1) & mask,
            None => return Err(index),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_values_are_admitted_and_keep_their_codes() {
        let limiter = Limiter::new(2);
        assert_eq!(limiter.admit("a"), 0);
        assert_eq!(limiter.admit("b"), 1);
        assert_eq!(limiter.admit("c"), 2);
        assert_eq!(limiter.admit("a"), 0);
        let texts = [0, 1, 2].map(|code| limiter.value(code).to_string());
        assert_eq!(texts, ["a", "b", "_OTHER"]);
        assert_eq!(limiter.rejected(), 1);
    }

    #[test]
    fn the_value_other_uses_no_room_and_is_not_counted_as_rejected() {
        let limiter = Limiter::new(1);
        assert_eq!(limiter.admit("_OTHER"), 1);
        assert_eq!(limiter.admit("a"), 0);
        assert_eq!(limiter.rejected(), 0);
    }

    #[test]
    fn every_value_up_to_a_large_limit_has_its_own_code() {
        let limiter = Limiter::new(10_000);
        for round in 0..2 {
            for number in 0..10_100_u64 {
                let code = limiter.admit(&format!("value {number}"));
                assert_eq!(code, number.min(10_000), "round {round}");
            }
        }
        assert_eq!(limiter.rejected(), 200);
        assert_eq!(limiter.value(9_999).to_string(), "value 9999");
    }

    #[test]
    fn racing_threads_agree_and_use_every_code() {
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
                .map(|thread| thread.join().unwrap_or_default())
                .collect()
        });
        let mut used: Vec<u64> = codes[0]
            .iter()
            .copied()
            .filter(|code| *code < 100)
            .collect();
        used.sort_unstable();
        assert_eq!(used, (0..100).collect::<Vec<u64>>(), "each code once");
        for other in &codes[1..] {
            for (first, other) in codes[0].iter().zip(other) {
                assert!(
                    first == other,
                    "the same value has the same code: {first} {other}"
                );
            }
        }
    }
}
