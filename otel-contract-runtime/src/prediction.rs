//! Sampling decisions that are known before the sampler is asked.
//!
//! An SDK span is cheapest if it gets all its attributes at the start, in one vector. But only the sampler knows whether
//! the attributes are worth evaluating. The sampler of a contract therefore reports the reason for a decision: it
//! follows the decision about the parent, or it is the same for every root span of the operation. From then on,
//! decisions for the same reason are predicted.

use crate::received::{self, B3State};
use opentelemetry::Context;
use opentelemetry::trace::SpanContext;
use std::cell::Cell;
use std::sync::atomic::{AtomicU8, Ordering};

/// Reason for a sampling decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SamplingReason {
    /// The span follows the decision about its parent.
    Parent,
    /// Root spans of this name are always sampled (`true`) or never (`false`).
    EveryRoot(bool),
}

thread_local! {
    /// Reason that the sampler reported for the span that is being started.
    static NOTED_REASON: Cell<Option<SamplingReason>> = const { Cell::new(None) };
}

/// Reports the reason for the decision about the span that is being started. Called by samplers.
pub fn note_reason(reason: SamplingReason) {
    NOTED_REASON.set(Some(reason));
}

/// Discards the reported reason, because another sampler makes the final decision.
#[cfg(any(feature = "setup", feature = "testing"))]
pub(crate) fn discard_reason() {
    NOTED_REASON.set(None);
}

/// Facts about the sampling of one operation, as a set of bits.
#[derive(Debug, Default)]
pub(crate) struct SamplingPrediction(AtomicU8);

/// A span with a parent follows the decision about its parent.
const FOLLOWS_PARENT: u8 = 1;
/// Root spans are always sampled.
const ROOTS_SAMPLED: u8 = 2;
/// Root spans are never sampled.
const ROOTS_DROPPED: u8 = 4;
/// A decision differed from its prediction, so another sampler has influence: nothing is predicted any more.
const REFUTED: u8 = 8;
/// The last root span was recorded.
const LAST_ROOT_RECORDED: u8 = 16;

/// Predicted decision about a span, before it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Unknown: the sampler has to be asked. `likely` guesses whether the span will be recorded, by its parent or by
    /// the last root span. Only the amount of allocated memory depends on the guess.
    Ask { likely: bool },
    /// The span will be recorded.
    Record,
    /// The span will not be recorded, because its parent is not sampled.
    DropWithParent,
    /// The span will not be recorded, because it is a root span that is not sampled, or because there is no processor.
    Drop,
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
    /// Predicts the decision about a span with this parent.
    #[inline]
    pub(crate) fn decision(&self, parent: &SpanContext) -> Decision {
        let facts = self.0.load(Ordering::Relaxed);
        let is_reliable = facts & REFUTED == 0;
        match (parent.is_valid(), facts & (ROOTS_SAMPLED | ROOTS_DROPPED)) {
            (true, _) if !is_reliable || facts & FOLLOWS_PARENT == 0 => Decision::Ask {
                likely: parent.is_sampled(),
            },
            (true, _) if parent.is_sampled() => Decision::Record,
            (true, _) => Decision::DropWithParent,
            (false, ROOTS_SAMPLED) if is_reliable => Decision::Record,
            (false, ROOTS_DROPPED) if is_reliable => Decision::Drop,
            (false, _) => Decision::Ask {
                likely: facts & LAST_ROOT_RECORDED != 0,
            },
        }
    }

    /// Predicts the decision about a span that starts in this context. `parent`: the span of the context.
    ///
    /// Only the sampler knows the decision if B3 headers deferred it to this process or sent it without a trace.
    #[inline]
    pub(crate) fn decision_in(&self, context: &Context, parent: &SpanContext) -> Decision {
        match received::b3(context, parent) {
            B3State::Decided => self.decision(parent),
            _ => Decision::Ask {
                likely: parent.is_sampled(),
            },
        }
    }

    /// Predicts the decision about a span that is about to start, and discards the reason reported for an earlier span
    /// if the sampler has to be asked.
    #[inline]
    pub(crate) fn before_start(&self, context: &Context, parent: &SpanContext) -> Decision {
        let predicted = self.decision_in(context, parent);
        if matches!(predicted, Decision::Ask { .. }) {
            NOTED_REASON.set(None);
        }
        predicted
    }

    /// Learns from a span that has started; `recording`: whether the span records.
    #[inline]
    pub(crate) fn after_start(&self, predicted: Decision, parent: &SpanContext, recording: bool) {
        match predicted {
            Decision::Record if !recording => self.learn(REFUTED),
            Decision::DropWithParent | Decision::Drop if recording => self.learn(REFUTED),
            Decision::Record | Decision::DropWithParent | Decision::Drop => {}
            Decision::Ask { likely } => {
                match (NOTED_REASON.take(), parent.is_valid()) {
                    // Another sampler overruled the sampler that reported the reason.
                    (Some(SamplingReason::Parent), true) if parent.is_sampled() != recording => {
                        self.learn(REFUTED);
                    }
                    (Some(SamplingReason::EveryRoot(sampled)), false) if sampled != recording => {
                        self.learn(REFUTED);
                    }
                    (Some(SamplingReason::Parent), true) => self.learn(FOLLOWS_PARENT),
                    (Some(SamplingReason::EveryRoot(true)), false) => self.learn(ROOTS_SAMPLED),
                    (Some(SamplingReason::EveryRoot(false)), false) => self.learn(ROOTS_DROPPED),
                    _ => {}
                }
                if !parent.is_valid() && recording != likely {
                    self.0.fetch_xor(LAST_ROOT_RECORDED, Ordering::Relaxed);
                }
            }
        }
    }

    #[cold]
    fn learn(&self, fact: u8) {
        self.0.fetch_or(fact, Ordering::Relaxed);
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

    fn start_span(
        prediction: &SamplingPrediction,
        parent: &SpanContext,
        reason: Option<SamplingReason>,
        recording: bool,
    ) {
        let predicted = prediction.before_start(&Context::new(), parent);
        if let Some(reason) = reason {
            note_reason(reason);
        }
        prediction.after_start(predicted, parent, recording);
    }

    #[test]
    fn a_reported_reason_predicts_later_decisions() {
        let (prediction, root) = (SamplingPrediction::default(), SpanContext::NONE);
        assert_eq!(prediction.decision(&root), ask(false));
        start_span(
            &prediction,
            &root,
            Some(SamplingReason::EveryRoot(true)),
            true,
        );
        assert_eq!(prediction.decision(&root), Decision::Record);
        assert_eq!(prediction.decision(&parent(true)), ask(true));
        start_span(
            &prediction,
            &parent(true),
            Some(SamplingReason::Parent),
            true,
        );
        assert_eq!(prediction.decision(&parent(true)), Decision::Record);
        assert_eq!(
            prediction.decision(&parent(false)),
            Decision::DropWithParent
        );
    }

    #[test]
    fn decisions_without_a_reported_reason_are_not_predicted() {
        let (prediction, root) = (SamplingPrediction::default(), SpanContext::NONE);
        start_span(&prediction, &root, None, true);
        start_span(&prediction, &parent(true), None, true);
        assert_eq!(prediction.decision(&root), ask(true));
        assert_eq!(prediction.decision(&parent(false)), ask(false));
        assert_eq!(prediction.decision(&parent(true)), ask(true));
    }

    #[test]
    fn a_wrong_prediction_ends_all_predictions() {
        let (prediction, root) = (SamplingPrediction::default(), SpanContext::NONE);
        start_span(
            &prediction,
            &root,
            Some(SamplingReason::EveryRoot(true)),
            true,
        );
        start_span(&prediction, &root, None, false);
        assert_eq!(prediction.decision(&root), ask(true));
        start_span(
            &prediction,
            &root,
            Some(SamplingReason::EveryRoot(true)),
            false,
        );
        assert_eq!(prediction.decision(&root), ask(false));
    }

    #[test]
    fn a_reason_of_an_overruled_sampler_predicts_nothing() {
        let root = SpanContext::NONE;
        for (parent, reason, recording) in [
            (&parent(false), SamplingReason::Parent, true),
            (&parent(true), SamplingReason::Parent, false),
            (&root, SamplingReason::EveryRoot(false), true),
            (&root, SamplingReason::EveryRoot(true), false),
        ] {
            let prediction = SamplingPrediction::default();
            start_span(&prediction, parent, Some(reason), recording);
            assert!(matches!(prediction.decision(parent), Decision::Ask { .. }));
        }
        // Overruled after the reason was learned.
        let prediction = SamplingPrediction::default();
        start_span(
            &prediction,
            &parent(false),
            Some(SamplingReason::Parent),
            false,
        );
        assert_eq!(
            prediction.decision(&parent(false)),
            Decision::DropWithParent
        );
        start_span(
            &prediction,
            &parent(false),
            Some(SamplingReason::Parent),
            true,
        );
        assert_eq!(prediction.decision(&parent(false)), ask(false));
    }
}
