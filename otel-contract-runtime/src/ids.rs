//! Identities of traces and spans, where no SDK is asked for them.

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};
use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};

thread_local! {
    /// State of a generator (xoshiro256++); all zero: not seeded yet.
    static STATE: Cell<[u64; 4]> = const { Cell::new([0; 4]) };
}

/// The identity of a span.
#[cfg(any(feature = "setup", feature = "testing"))]
#[inline]
pub(crate) fn span() -> SpanId {
    let [span] = random();
    SpanId::from(span)
}

/// The identities of a trace that begins, and of its first span.
#[inline]
pub(crate) fn trace_and_span() -> (TraceId, SpanId) {
    let [high, low, span] = random();
    let trace = u128::from(high) << 64 | u128::from(low);
    (TraceId::from(trace), SpanId::from(span))
}

/// A span that begins a trace and is not sampled.
#[inline]
pub(crate) fn unsampled() -> SpanContext {
    let (trace, span) = trace_and_span();
    SpanContext::new(trace, span, TraceFlags::default(), false, TraceState::NONE)
}

/// Random numbers, none of them 0, which would be no identity. All at once: a state that was just
/// written is slow to read.
#[inline]
fn random<const N: usize>() -> [u64; N] {
    let [mut a, mut b, mut c, mut d] = match STATE.get() {
        [0, 0, 0, 0] => seed(),
        state => state,
    };
    let mut numbers = [0; N];
    for number in &mut numbers {
        *number = a.wrapping_add(d).rotate_left(23).wrapping_add(a).max(1);
        let shifted = b << 17;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= shifted;
        d = d.rotate_left(45);
    }
    STATE.set([a, b, c, d]);
    numbers
}

/// From the keys of the thread, which the system gave; hashing tells the four apart.
#[cold]
fn seed() -> [u64; 4] {
    let keys = RandomState::new();
    [1, 2, 3, 4].map(|number: u64| keys.hash_one(number) | 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn identities_are_valid_and_differ() {
        let made: Vec<SpanContext> = (0..10_000).map(|_| unsampled()).collect();
        assert!(made.iter().all(|one| one.is_valid() && !one.is_sampled()));
        let traces: HashSet<TraceId> = made.iter().map(SpanContext::trace_id).collect();
        assert_eq!(traces.len(), made.len());
    }
}
