//! Without set-ups no operation holds its span.

use super::Record;
use crate::clock::{Moment, Start};
use crate::definition::OperationDefinition;
use crate::prediction::SamplingPrediction;
use opentelemetry::trace::Link;
use opentelemetry::{Context, KeyValue};
use std::time::SystemTime;

/// There is none.
#[derive(Debug)]
pub(crate) enum ContractTracer {}

/// There is none.
#[derive(Clone, Copy, Debug)]
pub(crate) enum BufferedSpan {}

impl ContractTracer {
    pub(crate) fn is_predictable(&self) -> bool {
        match *self {}
    }

    pub(crate) fn is_unseen(&self) -> bool {
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

/// What never comes of a span.
#[derive(Debug)]
pub(crate) struct Ended;

impl Ended {
    pub(crate) fn of(_: &Context, _: SystemTime) -> Self {
        Self
    }

    #[allow(clippy::unused_self)] // As the one there is.
    pub(crate) fn by_others(&self) -> bool {
        false
    }

    #[allow(clippy::unused_self)] // As the one there is.
    pub(crate) fn has_attributes(&self) -> bool {
        false
    }
}

impl BufferedSpan {
    pub(crate) fn hand_on(self, _: Ended, _: &mut Record<'_>) -> bool {
        match self {}
    }
}
