//! An operation from its start to its end.

use crate::clock;
use crate::definition::{Admitted, OperationDefinition, Recorded};
use crate::entry::Entry;
use crate::measure::Measuring;
use crate::outcome::{Failure, Outcome};
use crate::slots::{Handle, Slots, Values};
use crate::telemetry::{self, ContractTelemetry};
use opentelemetry::trace::{Link, SpanBuilder, Status, TraceContextExt as _};
use opentelemetry::{Context, ContextGuard, KeyValue, Value};
use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

/// A started operation. It takes its entry attributes, [begins](Self::begin) when its body is about to
/// run, and ends once: with the outcome it is told, or as panicked or cancelled when it is dropped
/// before.
#[derive(Debug)]
pub struct Running {
    pub(crate) definition: &'static OperationDefinition,
    /// `None` where nothing is recorded.
    pub(crate) telemetry: Option<&'static ContractTelemetry>,
    /// What the span is started with, while it has not: where it is known that it will be recorded, it
    /// waits for its attributes, which an SDK takes best at the start.
    pub(crate) pending: bool,
    pub(crate) parent: Option<Context>,
    pub(crate) attributes: Vec<KeyValue>,
    pub(crate) links: Vec<Link>,
    /// What the body runs in; `None` where nothing would change.
    pub(crate) context: Option<Context>,
    /// Whether the span in the context records.
    pub(crate) recording: bool,
    /// When it started, where something records that.
    pub(crate) since: Option<Instant>,
    /// The same on the wall clock, once the span has started.
    wall: Option<SystemTime>,
    pub(crate) measuring: Measuring,
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
pub fn call<R>(running: &mut Running, body: impl FnOnce() -> R) -> R {
    running.begin();
    let guard = running.attach();
    let result = body();
    drop(guard);
    result
}

impl Running {
    /// Not started yet. It stays where it is: what was just written is slow to move.
    #[inline]
    #[must_use]
    pub fn new(definition: &'static OperationDefinition) -> Self {
        Self {
            definition,
            telemetry: None,
            pending: false,
            parent: None,
            attributes: Vec::new(),
            links: Vec::new(),
            context: None,
            recording: false,
            since: None,
            wall: None,
            measuring: Measuring::new(),
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
        dimension && self.measuring.is_on()
    }

    /// Asks the sampler. `deferred`: attributes may be given again later, so they wait for the end in
    /// slots. `most`: how many attributes will be given, if all are.
    #[inline]
    pub fn start(&mut self, deferred: bool, most: usize) {
        Entry::new(self.definition).start(self, deferred, most);
    }

    /// Sets an attribute.
    ///
    /// Inlined as far as the kind of the value goes, which is known where this is called: what was
    /// just written to memory in parts is slow to read back as a whole.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub fn set(&mut self, index: usize, value: Option<Recorded<'_>>) {
        match value {
            Some(Recorded::Code(code)) => self.set_code(index, code),
            Some(Recorded::Text(text)) => self.set_text(index, text),
            Some(Recorded::Value(value)) => self.set_value(index, value),
            None => {}
        }
    }

    /// Sets an attribute to a value of its set.
    pub fn set_code(&mut self, index: usize, code: u64) {
        let Some(telemetry) = self.telemetry else {
            return;
        };
        let attribute = &self.definition.attributes[index];
        if let (Some(dimension), true) = (attribute.dimension, self.measuring.is_on()) {
            self.measuring.set(dimension, code);
        }
        // What the sampler has seen stays as it was.
        if !self.recording || attribute.sampled {
            return;
        }
        let limits = telemetry.limits();
        if let Some(slots) = &self.slots {
            slots.keep(index, Admitted::Code(code));
        } else if self.pending {
            limits.show_code(attribute.attribute, code, &mut self.attributes);
        } else if let Some(context) = &self.context {
            let mut shown = Vec::new();
            limits.show_code(attribute.attribute, code, &mut shown);
            context.span().set_attributes(shown);
        }
    }

    /// Sets an attribute to a text that was given as it is.
    pub fn set_text(&mut self, index: usize, text: &str) {
        let Some(telemetry) = self.telemetry else {
            return;
        };
        let attribute = self.definition.attributes[index].attribute;
        match telemetry.limits().bounded(attribute, text) {
            Some(code) => self.set_code(index, code),
            None if self.recording => {
                self.set_unbounded(index, Value::String(text.to_owned().into()));
            }
            None => {}
        }
    }

    /// Sets an attribute to any value.
    pub fn set_value(&mut self, index: usize, value: Value) {
        let Some(telemetry) = self.telemetry else {
            return;
        };
        let attribute = self.definition.attributes[index].attribute;
        let code = match &value {
            Value::String(text) => telemetry.limits().bounded(attribute, text.as_str()),
            _ => None,
        };
        match code {
            Some(code) => self.set_code(index, code),
            None => self.set_unbounded(index, value),
        }
    }

    #[inline]
    fn set_unbounded(&mut self, index: usize, value: Value) {
        let attribute = &self.definition.attributes[index];
        if !self.recording || attribute.sampled {
            return;
        }
        let key = self.definition.contract.attributes[attribute.attribute].key;
        if let Some(slots) = &self.slots {
            slots.keep(index, Admitted::Value(value));
        } else if self.pending {
            self.attributes.push(KeyValue::new(key, value));
        } else if let Some(context) = &self.context {
            context.span().set_attribute(KeyValue::new(key, value));
        }
    }

    /// Starts the span.
    pub(crate) fn build(&mut self, telemetry: &ContractTelemetry) {
        let implicit;
        let parent = match &self.parent {
            Some(parent) => parent,
            None => {
                implicit = Context::current();
                &implicit
            }
        };
        self.pending = false;
        self.wall = self.since.map(clock::wall);
        let links = std::mem::take(&mut self.links);
        let builder = SpanBuilder {
            span_kind: Some(self.definition.kind.clone()),
            name: Cow::Borrowed(self.definition.name),
            start_time: self.wall,
            attributes: Some(std::mem::take(&mut self.attributes)),
            events: None,
            links: (!links.is_empty()).then_some(links),
        };
        match telemetry.start(self.definition, builder, parent) {
            Some((context, recording)) => {
                self.context = Some(context);
                self.recording = recording;
            }
            None => {
                telemetry::looked(!telemetry.is_unmeasured());
                self.context = self.parent.take();
                self.recording = false;
            }
        }
    }

    #[inline]
    pub(crate) fn measure(&mut self, index: usize, value: &Admitted) {
        let dimension = self.definition.attributes[index].dimension;
        if let (Some(dimension), Admitted::Code(code)) = (dimension, value) {
            self.measuring.set(dimension, *code);
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
        if let (Some(telemetry), true) = (self.telemetry, self.pending) {
            self.build(telemetry);
        }
        if let Some(telemetry) = self.telemetry {
            self.measuring.begin(self.definition, telemetry);
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
    pub fn finish<T>(&mut self, outcome: Result<&T, Failure>) {
        match outcome {
            Ok(_) => self.succeed(),
            Err(failure) => self.fail(failure),
        }
    }

    /// Ends the operation as succeeded.
    pub fn succeed(&mut self) {
        self.end(Outcome::Success);
    }

    /// Ends the operation as failed.
    pub fn fail(&mut self, failure: Failure) {
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
        if self.pending {
            self.build(telemetry);
        }
        let values = self.slots.take().and_then(|slots| slots.close());
        for (index, value) in values.iter().flat_map(Values::iter) {
            self.measure(index, value);
        }
        let took = since.elapsed();
        if self.begun {
            let (definition, measuring) = (self.definition, &self.measuring);
            measuring.end(definition, telemetry, took, class);
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
        let started = self.wall.unwrap_or_else(|| clock::wall(since));
        span.end_with_timestamp(started + took);
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
