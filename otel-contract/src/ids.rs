//! Identities of spans that are not sampled, where no SDK needs to be asked for one.

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};
use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};

thread_local! {
    /// State of a generator (wyrand); 0: not seeded yet.
    static STATE: Cell<u64> = const { Cell::new(0) };
}

/// A span that begins a trace and is not sampled.
pub(crate) fn unsampled() -> SpanContext {
    let trace = u128::from(random()) << 64 | u128::from(random());
    SpanContext::new(
        TraceId::from(trace),
        SpanId::from(random()),
        TraceFlags::default(),
        false,
        TraceState::NONE,
    )
}

/// A random number, never 0, which would be no identity.
fn random() -> u64 {
    let mut state = STATE.get();
    if state == 0 {
        state = RandomState::new().hash_one(0_u8);
    }
    state = state.wrapping_add(0xa076_1d64_78bd_642f);
    STATE.set(state);
    let product = u128::from(state) * u128::from(state ^ 0xe703_7ed1_a0b4_28db);
    #[allow(clippy::cast_possible_truncation)] // Both halves are used.
    let folded = (product >> 64) as u64 ^ product as u64;
    folded.max(1)
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
