//! Sampling decisions that are known before the SDK is asked.
//!
//! An SDK takes a span's attributes best when it is asked to start it, in one vector; but whether they
//! are worth evaluating only its sampler knows. The sampler of a contract therefore says why it decided:
//! because a parent did, or always so for this operation. From then on the decision is known before.

use crate::received::{self, B3State};
use opentelemetry::Context;
use opentelemetry::trace::SpanContext;
use std::cell::Cell;
use std::sync::atomic::{AtomicU8, Ordering};

/// Why a sampler decided as it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The parent was decided so.
    Parent,
    /// Spans of this name that begin a trace always are.
    Always(bool),
}

thread_local! {
    /// What the sampler said of the span that is being started.
    static SAID: Cell<Option<Reason>> = const { Cell::new(None) };
}

/// Said by a sampler, of the span it is asked about.
pub fn say(reason: Reason) {
    SAID.set(Some(reason));
}

/// Forgets what a sampler said, where another one has the last word.
#[cfg(any(feature = "setup", feature = "testing"))]
pub(crate) fn forget() {
    SAID.set(None);
}

/// What is known of one operation.
#[derive(Debug, Default)]
pub(crate) struct SamplingPrediction(AtomicU8);

/// With a parent, spans are sampled as it is.
const FOLLOWS: u8 = 1;
/// Without one, they always are.
const ALWAYS: u8 = 2;
/// Without one, they never are.
const NEVER: u8 = 4;
/// A decision was not as foreseen: some other sampler has a say. Nothing is foreseen any more.
const MISTAKEN: u8 = 8;
/// The last one that began a trace was recorded.
const RECORDED: u8 = 16;

/// What is known of a span before it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Nothing: the sampler has to be asked. `likely`: it will be recorded as its parent is, or as the
    /// last one was that began a trace; only memory depends on it.
    Ask { likely: bool },
    /// It will be recorded.
    Record,
    /// It will not, since its parent is not sampled.
    Follow,
    /// It will not, and it begins a trace.
    Never,
}

impl Decision {
    pub(crate) fn is_likely_recorded(self) -> bool {
        matches!(self, Self::Ask { likely: true } | Self::Record)
    }

    pub(crate) fn may_record(self) -> bool {
        matches!(self, Self::Ask { .. } | Self::Record)
    }
}

impl SamplingPrediction {
    /// The decision about a span under this parent, if it is known.
    #[inline]
    pub(crate) fn decision(&self, parent: &SpanContext) -> Decision {
        let known = self.0.load(Ordering::Relaxed);
        let sound = known & MISTAKEN == 0;
        match (parent.is_valid(), known & (ALWAYS | NEVER)) {
            (true, _) if !sound || known & FOLLOWS == 0 => Decision::Ask {
                likely: parent.is_sampled(),
            },
            (true, _) if parent.is_sampled() => Decision::Record,
            (true, _) => Decision::Follow,
            (false, ALWAYS) if sound => Decision::Record,
            (false, NEVER) if sound => Decision::Never,
            (false, _) => Decision::Ask {
                likely: known & RECORDED != 0,
            },
        }
    }

    /// The decision about a span in this context, under the span it holds. Where B3 left the decision to this process, or sent one without a trace,
    /// only the sampler knows.
    #[inline]
    pub(crate) fn decision_in(&self, context: &Context, parent: &SpanContext) -> Decision {
        match received::b3(context, parent) {
            B3State::Decided => self.decision(parent),
            _ => Decision::Ask {
                likely: parent.is_sampled(),
            },
        }
    }

    /// A span is about to start: what its sampler says from here on is about it.
    #[inline]
    pub(crate) fn before(&self, context: &Context, parent: &SpanContext) -> Decision {
        let foreseen = self.decision_in(context, parent);
        if matches!(foreseen, Decision::Ask { .. }) {
            SAID.set(None);
        }
        foreseen
    }

    /// The span has started; `recording`: whether it records.
    #[inline]
    pub(crate) fn after(&self, foreseen: Decision, parent: &SpanContext, recording: bool) {
        match foreseen {
            Decision::Record if !recording => self.learn(MISTAKEN),
            Decision::Follow | Decision::Never if recording => self.learn(MISTAKEN),
            Decision::Record | Decision::Follow | Decision::Never => {}
            Decision::Ask { likely } => {
                match (SAID.take(), parent.is_valid()) {
                    // The sampler that said so did not have the last word.
                    (Some(Reason::Parent), true) if parent.is_sampled() != recording => {
                        self.learn(MISTAKEN);
                    }
                    (Some(Reason::Always(always)), false) if always != recording => {
                        self.learn(MISTAKEN);
                    }
                    (Some(Reason::Parent), true) => self.learn(FOLLOWS),
                    (Some(Reason::Always(true)), false) => self.learn(ALWAYS),
                    (Some(Reason::Always(false)), false) => self.learn(NEVER),
                    _ => {}
                }
                if !parent.is_valid() && recording != likely {
                    self.0.fetch_xor(RECORDED, Ordering::Relaxed);
                }
            }
        }
    }

    #[cold]
    fn learn(&self, what: u8) {
        self.0.fetch_or(what, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry::trace::{SpanId, TraceFlags, TraceId, TraceState};

    fn parent(sampled: bool) -> SpanContext {
        let flags = TraceFlags::default().with_sampled(sampled);
        let (trace, span) = (TraceId::from(1), SpanId::from(1));
        SpanContext::new(trace, span, flags, true, TraceState::NONE)
    }

    fn ask(likely: bool) -> Decision {
        Decision::Ask { likely }
    }

    fn started(
        prediction: &SamplingPrediction,
        parent: &SpanContext,
        said: Option<Reason>,
        recording: bool,
    ) {
        let foreseen = prediction.before(&Context::new(), parent);
        if let Some(reason) = said {
            say(reason);
        }
        prediction.after(foreseen, parent, recording);
    }

    #[test]
    fn what_a_sampler_says_is_known_from_then_on() {
        let (prediction, root) = (SamplingPrediction::default(), SpanContext::NONE);
        assert_eq!(prediction.decision(&root), ask(false));
        started(&prediction, &root, Some(Reason::Always(true)), true);
        assert_eq!(prediction.decision(&root), Decision::Record);
        assert_eq!(prediction.decision(&parent(true)), ask(true));
        started(&prediction, &parent(true), Some(Reason::Parent), true);
        assert_eq!(prediction.decision(&parent(true)), Decision::Record);
        assert_eq!(prediction.decision(&parent(false)), Decision::Follow);
    }

    #[test]
    fn of_a_sampler_that_says_nothing_nothing_is_known() {
        let (prediction, root) = (SamplingPrediction::default(), SpanContext::NONE);
        started(&prediction, &root, None, true);
        started(&prediction, &parent(true), None, true);
        assert_eq!(prediction.decision(&root), ask(true));
        assert_eq!(prediction.decision(&parent(false)), ask(false));
        assert_eq!(prediction.decision(&parent(true)), ask(true));
    }

    #[test]
    fn after_a_mistake_nothing_is_foreseen() {
        let (prediction, root) = (SamplingPrediction::default(), SpanContext::NONE);
        started(&prediction, &root, Some(Reason::Always(true)), true);
        started(&prediction, &root, None, false);
        assert_eq!(prediction.decision(&root), ask(true));
        started(&prediction, &root, Some(Reason::Always(true)), false);
        assert_eq!(prediction.decision(&root), ask(false));
    }

    #[test]
    fn a_sampler_that_is_overruled_by_another_one_is_not_believed() {
        let root = SpanContext::NONE;
        for (parent, said, recording) in [
            (&parent(false), Reason::Parent, true),
            (&parent(true), Reason::Parent, false),
            (&root, Reason::Always(false), true),
            (&root, Reason::Always(true), false),
        ] {
            let prediction = SamplingPrediction::default();
            started(&prediction, parent, Some(said), recording);
            assert!(matches!(prediction.decision(parent), Decision::Ask { .. }));
        }
        // Overruled after its word was taken for known.
        let prediction = SamplingPrediction::default();
        started(&prediction, &parent(false), Some(Reason::Parent), false);
        assert_eq!(prediction.decision(&parent(false)), Decision::Follow);
        started(&prediction, &parent(false), Some(Reason::Parent), true);
        assert_eq!(prediction.decision(&parent(false)), ask(false));
    }
}
