//! An operation while its body runs, and its end.

use crate::entry::Started;
use crate::outcome::{Failure, Outcome};
use crate::slots::Slots;
use opentelemetry::trace::{Status, TraceContextExt as _};
use opentelemetry::{Context, ContextGuard, KeyValue, Value};
use std::borrow::Cow;
use std::sync::Arc;

/// A running operation. Ends once: with the outcome it is told, or as panicked or cancelled when it
/// is dropped before.
#[derive(Debug)]
pub struct Running {
    /// What the body runs in; `None` where nothing would change.
    context: Option<Context>,
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
    pub(crate) fn new(context: Option<Context>, slots: Option<Arc<Slots>>) -> Self {
        Self {
            context,
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

    /// Whether late attributes will be recorded.
    #[must_use]
    pub fn is_recording(&self) -> bool {
        match (&self.slots, &self.context) {
            (Some(_), _) => true,
            (None, Some(context)) => context.span().is_recording(),
            (None, None) => false,
        }
    }

    /// Sets an attribute known only at the end.
    pub fn set(&self, key: (usize, &'static str), value: Option<Value>) {
        let (index, key) = key;
        if let Some(slots) = &self.slots {
            crate::slots::Handle::new(Some(slots.clone())).set(index, value);
        } else if let (Some(context), Some(value)) = (&self.context, value) {
            context.span().set_attribute(KeyValue::new(key, value));
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
        let Some(context) = self.context.take() else {
            return;
        };
        let span = context.span();
        if let Some(slots) = self.slots.take() {
            span.set_attributes(slots.close());
        }
        let (class, description) = match outcome {
            Outcome::Success => (None, None),
            Outcome::Failure(failure) => (Some(failure.class), Some(failure.description)),
            Outcome::Panic => (Some("panic"), Some(None)),
            Outcome::Cancelled => (Some("cancelled"), None),
        };
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
