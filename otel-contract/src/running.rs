//! An operation from its start to its end.

use crate::clock::Moment;
use crate::definition::{Admitted, OperationDefinition, Recorded};
use crate::measure::Measuring;
use crate::outcome::{Failure, Outcome};
use crate::slots::{Handle, Slots, Values};
use crate::telemetry::ContractTelemetry;
use opentelemetry::trace::{Status, TraceContextExt as _};
use opentelemetry::{Context, ContextGuard, KeyValue};
use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

/// A started operation. It takes its entry attributes, [begins](Self::begin) when its body is about to
/// run, and ends once: with the outcome it is told, or as panicked or cancelled when it is dropped
/// before.
#[derive(Debug)]
pub struct Running {
    pub(crate) definition: &'static OperationDefinition,
    /// `None` where nothing is recorded.
    pub(crate) telemetry: Option<&'static ContractTelemetry>,
    /// What the body runs in; `None` where nothing would change.
    pub(crate) context: Option<Context>,
    /// Whether the span in the context records.
    pub(crate) recording: bool,
    /// When it started, where something records that.
    pub(crate) since: Option<Moment>,
    pub(crate) measuring: Option<Measuring>,
    pub(crate) slots: Option<Arc<Slots>>,
    /// An operation that runs while unwinding has not failed by that.
    pub(crate) was_panicking: bool,
    /// Whether the body ran: not if an attribute's expression panicked, or waited and was cancelled.
    /// Nothing is measured then, since not all dimensions are known.
    begun: bool,
    ended: bool,
}

/// Runs a synchronous body inside the operation.
///
/// The closure is `FnOnce` by this signature: inferred from its body it might be `FnMut`, and a
/// reference returned out of `&mut self` would not live long enough.
#[inline]
pub fn call<R>(mut running: Running, body: impl FnOnce() -> R) -> (R, Running) {
    running.begin();
    let guard = running.attach();
    let result = body();
    drop(guard);
    (result, running)
}

impl Running {
    pub(crate) fn new(definition: &'static OperationDefinition) -> Self {
        Self {
            definition,
            telemetry: None,
            context: None,
            recording: false,
            since: None,
            measuring: None,
            slots: None,
            was_panicking: false,
            begun: false,
            ended: false,
        }
    }

    /// Whether the span records attributes; where not, they are not even evaluated.
    #[inline]
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.recording
    }

    /// Whether this attribute will be recorded, by the span or as a dimension.
    #[must_use]
    pub fn wants(&self, index: usize) -> bool {
        self.recording || self.measures(self.definition.attributes[index].dimension.is_some())
    }

    /// Whether an attribute is measured by, given whether it is a dimension.
    #[inline]
    #[must_use]
    pub fn measures(&self, dimension: bool) -> bool {
        dimension && self.measuring.is_some()
    }

    /// Takes the attributes given at entry, up to `N`.
    #[inline]
    pub fn filling<const N: usize>(&mut self) -> Filling<'_, N> {
        Filling {
            running: self,
            values: [const { None }; N],
            count: 0,
        }
    }

    /// Sets an attribute.
    pub fn set(&mut self, index: usize, value: Option<Recorded<'_>>) {
        let mut admitted = [self.admit(index, value)];
        self.record(&mut admitted);
    }

    /// The value as it may be recorded; a dimension counts from here on.
    fn admit(&mut self, index: usize, value: Option<Recorded<'_>>) -> Option<(usize, Admitted)> {
        let value = self.telemetry?.admit(self.definition, index, value?);
        self.measure(index, &value);
        Some((index, value))
    }

    /// Shows values that were admitted on the span, in one go.
    fn record(&mut self, admitted: &mut [Option<(usize, Admitted)>]) {
        let definition = self.definition;
        let admitted = admitted.iter_mut().filter_map(Option::take);
        // What the sampler has seen stays as it was.
        let mut late = admitted.filter(|(index, _)| !definition.attributes[*index].sampled);
        if let Some(slots) = &self.slots {
            slots.keep(late);
        } else if let (Some(context), Some(telemetry), true) =
            (&self.context, self.telemetry, self.recording)
        {
            let shown = late.filter_map(|(index, value)| telemetry.shown(definition, index, value));
            context.span().set_attributes(shown);
        } else {
            late.by_ref().for_each(drop);
        }
    }

    #[inline]
    pub(crate) fn measure(&mut self, index: usize, value: &Admitted) {
        let dimension = self.definition.attributes[index].dimension;
        if let (Some(measuring), Some(dimension), Admitted::Code(code)) =
            (&mut self.measuring, dimension, value)
        {
            measuring.set(dimension, *code);
        }
    }

    /// Sets attributes from here on; records nothing unless the operation was started deferred.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle::new(self.slots.clone())
    }

    /// The body is about to run: what was given so far is what it is counted by while it runs.
    pub fn begin(&mut self) {
        self.begun = true;
        if let (Some(measuring), Some(telemetry)) = (&mut self.measuring, self.telemetry) {
            measuring.begin(self.definition, telemetry);
        }
    }

    /// Attaches what the body runs in, until the guard goes.
    #[must_use]
    pub fn attach(&self) -> Option<ContextGuard> {
        self.context.clone().map(Context::attach)
    }

    pub(crate) fn context(&self) -> Context {
        self.context.clone().unwrap_or_else(Context::current)
    }

    /// Ends the operation as the function did.
    pub fn finish<T>(self, outcome: Result<&T, Failure>) {
        match outcome {
            Ok(_) => self.succeed(),
            Err(failure) => self.fail(failure),
        }
    }

    /// Ends the operation as succeeded.
    pub fn succeed(mut self) {
        self.end(Outcome::Success);
    }

    /// Ends the operation as failed.
    pub fn fail(mut self, failure: Failure) {
        self.end(Outcome::Failure(failure));
    }

    fn end(&mut self, outcome: Outcome) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let (Some(telemetry), Some(since)) = (self.telemetry, self.since) else {
            return;
        };
        let (class, description) = match outcome {
            Outcome::Success => (None, None),
            Outcome::Failure(failure) => (Some(failure.class), Some(failure.description)),
            Outcome::Panic => (Some("panic"), Some(None)),
            Outcome::Cancelled => (Some("cancelled"), None),
        };
        let values = self.slots.take().and_then(|slots| slots.close());
        for (index, value) in values.iter().flat_map(Values::iter) {
            self.measure(index, value);
        }
        let took = since.elapsed();
        if let (Some(measuring), true) = (&self.measuring, self.begun) {
            measuring.end(self.definition, telemetry, took, class);
        }
        let (Some(context), true) = (&self.context, self.recording) else {
            return;
        };
        let span = context.span();
        if let Some(values) = values {
            let shown = |(index, value)| telemetry.shown(self.definition, index, value);
            span.set_attributes(values.into_iter().filter_map(shown));
        }
        if let Some(class) = class {
            span.set_attribute(KeyValue::new("error.type", class));
        }
        if let Some(description) = description {
            let description = description.unwrap_or(Cow::Borrowed(""));
            span.set_status(Status::Error { description });
        }
        span.end_with_timestamp(since.wall() + took);
    }
}

/// The attributes given at entry, until all are there.
#[derive(Debug)]
pub struct Filling<'a, const N: usize> {
    running: &'a mut Running,
    values: [Option<(usize, Admitted)>; N],
    count: usize,
}

impl<const N: usize> Filling<'_, N> {
    /// Sets an attribute, where it [is wanted](Running::wants).
    #[inline]
    pub fn set(&mut self, index: usize, value: Option<Recorded<'_>>) {
        let admitted = self.running.admit(index, value);
        if let Some(place) = self.values.get_mut(self.count) {
            *place = admitted;
            self.count += 1;
        }
    }

    /// All attributes are there.
    #[inline]
    pub fn done(mut self) {
        self.running.record(&mut self.values);
    }
}

impl<const N: usize> Deref for Filling<'_, N> {
    type Target = Running;

    fn deref(&self) -> &Running {
        self.running
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        let panicked = !self.was_panicking && std::thread::panicking();
        self.end(if panicked {
            Outcome::Panic
        } else {
            Outcome::Cancelled
        });
    }
}
