//! An operation while its body runs, and its end.

use crate::definition::{OperationDefinition, Recorded};
use crate::entry::Started;
use crate::measure::Measuring;
use crate::outcome::{Failure, Outcome};
use crate::slots::Slots;
use crate::telemetry::ContractTelemetry;
use opentelemetry::trace::{Status, TraceContextExt as _};
use opentelemetry::{Context, ContextGuard, KeyValue};
use std::borrow::Cow;
use std::sync::Arc;

/// A running operation. Ends once: with the outcome it is told, or as panicked or cancelled when it
/// is dropped before.
#[derive(Debug)]
pub struct Running {
    definition: &'static OperationDefinition,
    telemetry: Option<&'static ContractTelemetry>,
    /// What the body runs in; `None` where nothing would change.
    context: Option<Context>,
    measuring: Option<Measuring>,
    slots: Option<Arc<Slots>>,
    /// An operation that runs while unwinding has not failed by that.
    was_panicking: bool,
    ended: bool,
}

/// Runs a synchronous body inside the operation.
///
/// The closure is `FnOnce` by this signature: inferred from its body it might be `FnMut`, and a
/// reference returned out of `&mut self` would not live long enough.
pub fn call<R>(started: Started, body: impl FnOnce() -> R) -> (R, Running) {
    let running = Running::from(started);
    let guard = running.attach();
    let result = body();
    drop(guard);
    (result, running)
}

impl Running {
    pub(crate) fn new(
        definition: &'static OperationDefinition,
        telemetry: Option<&'static ContractTelemetry>,
        context: Option<Context>,
        measuring: Option<Measuring>,
        slots: Option<Arc<Slots>>,
    ) -> Self {
        Self {
            definition,
            telemetry,
            context,
            measuring,
            slots,
            was_panicking: std::thread::panicking(),
            ended: false,
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

    /// Whether this late attribute will be recorded, by the span or as a dimension.
    #[must_use]
    pub fn wants(&self, index: usize) -> bool {
        match &self.slots {
            Some(slots) => slots.wants(index),
            None => {
                let dimension = self.definition.attributes[index].dimension;
                (self.measuring.is_some() && dimension.is_some()) || self.span_records()
            }
        }
    }

    fn span_records(&self) -> bool {
        let context = self.context.as_ref().filter(|_| self.telemetry.is_some());
        context.is_some_and(|context| context.span().is_recording())
    }

    /// Sets an attribute known only at the end.
    pub fn set(&mut self, index: usize, value: Option<Recorded>) {
        let (Some(value), Some(telemetry)) = (value, self.telemetry) else {
            return;
        };
        let value = telemetry.admit(self.definition, index, value);
        if let Some(measuring) = &mut self.measuring {
            measuring.set(index, &value);
        }
        if let Some(slots) = &self.slots {
            slots.keep(index, value);
        } else if let (Some(context), Some(attribute)) = (
            &self.context,
            telemetry.shown(self.definition, index, value),
        ) {
            context.span().set_attribute(attribute);
        }
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
        #[cfg(feature = "tracing")]
        let failed = matches!(outcome, Outcome::Failure(_));
        let (class, description) = match outcome {
            Outcome::Success => (None, None),
            Outcome::Failure(failure) => (Some(failure.class), Some(failure.description)),
            Outcome::Panic => (Some("panic"), Some(None)),
            Outcome::Cancelled => (Some("cancelled"), None),
        };
        let values = self
            .slots
            .take()
            .map_or_else(Vec::new, |slots| slots.close());
        let mut measuring = self.measuring.take();
        if let Some(measuring) = &mut measuring {
            for (index, value) in &values {
                measuring.set(*index, value);
            }
        }
        if let Some(measuring) = measuring {
            measuring.end(class);
        }
        #[cfg(feature = "tracing")]
        if let (Some(class), true) = (class, failed) {
            let text = description.as_ref().and_then(Option::as_deref);
            crate::logs::failed(self.definition, class, text, self.context.as_ref());
        }
        let (Some(context), Some(telemetry)) = (self.context.take(), self.telemetry) else {
            return;
        };
        let span = context.span();
        if !values.is_empty() {
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
        span.end();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let panicked = !self.was_panicking && std::thread::panicking();
        self.end(if panicked {
            Outcome::Panic
        } else {
            Outcome::Cancelled
        });
    }
}
