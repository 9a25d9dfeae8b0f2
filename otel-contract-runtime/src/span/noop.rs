//! Uninhabited counterparts of the tracer and the buffered span, for builds without set-ups and test scopes.

use super::Record;
use crate::clock::{Moment, Start};
use crate::definition::OperationDefinition;
use crate::prediction::SamplingPrediction;
use opentelemetry::trace::Link;
use opentelemetry::{Context, KeyValue};
use std::time::SystemTime;

/// Tracer of a set-up, which does not exist in this build.
#[derive(Debug)]
pub(crate) enum ContractTracer {}

/// Span buffered by an operation, which does not exist in this build.
#[derive(Clone, Copy, Debug)]
pub(crate) enum BufferedSpan {}

impl ContractTracer {
    pub(crate) fn is_predictable(&self) -> bool {
        match *self {}
    }

    pub(crate) fn has_no_processor(&self) -> bool {
        match *self {}
    }

    pub(crate) fn open(
        &'static self,
        _: &SamplingPrediction,
        _: &OperationDefinition,
        _: &Context,
        _: (&mut Vec<KeyValue>, &[Link]),
        _: Option<Moment>,
        _: impl FnOnce(Context, Option<(BufferedSpan, Start)>),
    ) -> bool {
        match *self {}
    }

    pub(crate) fn unsampled(&self, _: &Context) -> Option<Context> {
        match *self {}
    }
}

/// Result of ending a buffered span.
#[derive(Debug)]
pub(crate) struct EndedSpan;

impl EndedSpan {
    pub(crate) fn end(_: &Context, _: SystemTime) -> Self {
        Self
    }

    #[allow(clippy::unused_self)] // Same signature as in `tracer.rs`.
    pub(crate) fn is_ended_by_others(&self) -> bool {
        false
    }

    #[allow(clippy::unused_self)] // Same signature as in `tracer.rs`.
    pub(crate) fn has_attributes(&self) -> bool {
        false
    }
}

impl BufferedSpan {
    pub(crate) fn deliver(self, _: EndedSpan, _: &mut Record<'_>) -> bool {
        match self {}
    }
}
