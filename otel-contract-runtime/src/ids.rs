//! Identities of traces and spans, where no SDK is asked for them.

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId};
use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};

thread_local! {
    /// State of a generator (xoshiro256++); all zero: not seeded yet.
    static STATE: Cell<[u64; 4]> = const { Cell::new([0; 4]) };
}

/// Trace flag: the last 56 bits of the trace id are random (W3C Trace Context, level 2).
const RANDOM: TraceFlags = TraceFlags::new(0x02);

/// The identity of a new span, and the flags it takes over from its parent: all of them, also those that no
/// specification defines yet. A span without a valid parent begins a trace.
#[allow(clippy::inline_always)] // What was just written to memory in parts is slow to read as a whole.
#[inline(always)]
pub(crate) fn under(parent: &SpanContext) -> (TraceId, SpanId, TraceFlags) {
    if parent.is_valid() {
        let [span] = random();
        (parent.trace_id(), SpanId::from(span), parent.trace_flags())
    } else {
        let [high, low, span] = random();
        let trace = u128::from(high) << 64 | u128::from(low);
        (TraceId::from(trace), SpanId::from(span), RANDOM)
    }
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
    STATE.with(|state| state.set([a, b, c, d]));
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
    use opentelemetry::trace::TraceState;
    use std::collections::HashSet;

    #[test]
    fn identities_are_valid_and_differ() {
        let made: Vec<_> = (0..10_000).map(|_| under(&SpanContext::NONE)).collect();
        let is_valid =
            |trace: &TraceId, span: &SpanId| *trace != TraceId::INVALID && *span != SpanId::INVALID;
        assert!(made.iter().all(|(trace, span, _)| is_valid(trace, span)));
        let traces: HashSet<TraceId> = made.iter().map(|(trace, ..)| *trace).collect();
        let spans: HashSet<SpanId> = made.iter().map(|(_, span, _)| *span).collect();
        assert_eq!((traces.len(), spans.len()), (made.len(), made.len()));
    }

    #[test]
    fn a_root_has_the_random_flag_and_a_child_has_the_flags_of_its_parent() {
        let (trace, span, flags) = under(&SpanContext::NONE);
        assert_eq!(flags.to_u8(), 0x02);
        for flags in [0x00, 0x01, 0x03, 0xff] {
            let flags = TraceFlags::new(flags);
            let parent = SpanContext::new(trace, span, flags, true, TraceState::NONE);
            let (own_trace, own_span, own_flags) = under(&parent);
            assert_eq!((own_trace, own_flags), (trace, flags));
            assert_ne!(own_span, span);
        }
    }
}
