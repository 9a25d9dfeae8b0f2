//! Ids of traces and spans, for spans that no SDK creates.

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId};
use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};

thread_local! {
    /// State of the random number generator (xoshiro256++). All zeros: not seeded yet.
    static STATE: Cell<[u64; 4]> = const { Cell::new([0; 4]) };
}

/// Trace flag: the last 56 bits of the trace id are random (W3C Trace Context, level 2).
const RANDOM: TraceFlags = TraceFlags::new(0x02);

/// Returns the ids and the trace flags of a new span. A child inherits all flags of its parent, including flags that no
/// specification defines yet. A span without a valid parent begins a trace.
#[allow(clippy::inline_always)] // The result would be slow to read back: “Store forwarding” in `active_operation`.
#[inline(always)]
pub(crate) fn new_span(parent: &SpanContext) -> (TraceId, SpanId, TraceFlags) {
    if parent.is_valid() {
        let [span] = random();
        (parent.trace_id(), SpanId::from(span), parent.trace_flags())
    } else {
        let [high, low, span] = random();
        let trace = u128::from(high) << 64 | u128::from(low);
        (TraceId::from(trace), SpanId::from(span), RANDOM)
    }
}

/// Returns random numbers greater than 0, because 0 is not a valid id. All numbers come from one call: a second
/// call would read back the state that the first call has just written, which is slow.
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
    STATE.with(|state| state.set([a, b, c, d]));
    numbers
}

/// Returns the initial state: four hashes under random keys. The standard library gets the keys from the operating system
/// once per thread.
#[cold]
fn seed() -> [u64; 4] {
    let keys = RandomState::new();
    [1, 2, 3, 4].map(|number: u64| keys.hash_one(number) | 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry::trace::TraceState;
    use std::collections::HashSet;

    #[test]
    fn ids_are_valid_and_distinct() {
        let ids: Vec<_> = (0..10_000).map(|_| new_span(&SpanContext::NONE)).collect();
        let is_valid =
            |trace: &TraceId, span: &SpanId| *trace != TraceId::INVALID && *span != SpanId::INVALID;
        assert!(ids.iter().all(|(trace, span, _)| is_valid(trace, span)));
        let traces: HashSet<TraceId> = ids.iter().map(|(trace, ..)| *trace).collect();
        let spans: HashSet<SpanId> = ids.iter().map(|(_, span, _)| *span).collect();
        assert_eq!((traces.len(), spans.len()), (ids.len(), ids.len()));
    }

    #[test]
    fn a_root_has_the_random_flag_and_a_child_has_the_flags_of_its_parent() {
        let (trace, span, flags) = new_span(&SpanContext::NONE);
        assert_eq!(flags.to_u8(), 0x02);
        for flags in [0x00, 0x01, 0x03, 0xff] {
            let flags = TraceFlags::new(flags);
            let parent = SpanContext::new(trace, span, flags, true, TraceState::NONE);
            let (child_trace, child_span, child_flags) = new_span(&parent);
            assert_eq!((child_trace, child_flags), (trace, flags));
            assert_ne!(child_span, span);
        }
    }
}
