//! An operation from its start to its end.
//!
//! # Store forwarding
//!
//! A CPU passes a stored value directly to a later load only if a single store wrote all bytes of the load. A wide load of
//! a value that several narrow stores wrote waits until the stores have reached the cache: store forwarding fails. A move
//! or a clone of a value that was just written is often such a load. The hot path therefore writes values to their final
//! location, and is inlined where the compiler knows the kind of a value. A comment that calls a value slow to read back
//! refers to this effect.

mod attributes;
mod logged;
#[cfg(feature = "edge")]
mod shared;
mod span;
mod start;
#[cfg(all(test, feature = "setup", feature = "testing"))]
mod time_tests;

#[cfg(feature = "edge")]
pub(crate) use shared::{HandlerOutcome, SharedOperation};

use crate::clock::{Elapsed, Moment, Reading};
use crate::definition::{Admitted, OperationDefinition};
use crate::local;
#[cfg(feature = "tracing")]
use crate::logged::LoggedAttributes;
use crate::measure::Measurements;
use crate::outcome::Failure;
use crate::probe::Returned;
use crate::slots::{Handle, LateValues, Slots};
use crate::span::BufferedSpan;
use crate::telemetry::ContractTelemetry;
use opentelemetry::trace::{Link, Status};
use opentelemetry::{Context, ContextGuard, KeyValue};
use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

/// An operation between its start and its end.
///
/// Its entry attributes are set before it [begins](Self::begin), which is when its body is about to run. It ends once: with
/// a given outcome, or as panicked or cancelled if it is dropped without an outcome.
#[allow(clippy::struct_excessive_bools)] // The flags are independent of each other.
#[derive(Debug)]
pub struct ActiveOperation {
    pub(crate) definition: &'static OperationDefinition,
    /// `None`: nothing is recorded.
    pub(crate) telemetry: Option<&'static ContractTelemetry>,
    span: SpanState,
    /// Explicit parent of a span that has not started; `None`: the current context.
    pub(crate) parent: Option<Context>,
    pub(crate) attributes: Vec<KeyValue>,
    pub(crate) links: Vec<Link>,
    /// Context of the body; `None`: the body runs in the current context.
    pub(crate) context: Option<Context>,
    /// Start on the monotonic clock, if a span or a metric needs it.
    pub(crate) since: Option<Moment>,
    /// Start on the wall clock, once it is known.
    start: Option<SystemTime>,
    /// Clock reading behind `start`, for an SDK span that has not been created yet.
    reading: Option<Reading>,
    pub(crate) measurements: Measurements,
    /// Storage for attributes that may be set again; `None`: the operation was not started as deferred.
    pub(crate) slots: Option<Arc<Slots>>,
    /// Buffered span: a bit for each attribute that has a value. Only kept if an attribute may get a second value.
    already_set: u64,
    /// Buffered span: whether the sampler or a server layer has set attributes that the operation may replace.
    may_replace: bool,
    /// Buffered span: number of attributes that were set before the body began.
    entry_attributes: usize,
    /// Whether the thread was unwinding at the start: the operation has not failed because of that panic.
    pub(crate) was_panicking: bool,
    /// Whether the body began. It does not if the expression of an attribute panics or is cancelled. Then nothing is
    /// measured, because some dimensions are unknown.
    begun: bool,
    /// Whether the set-up counts the operation as unfinished.
    counted: bool,
    ended: bool,
    /// The request that the operation was taken from, and that ends it.
    #[cfg(feature = "edge")]
    shared: Option<Arc<SharedOperation>>,
    /// Attributes for log records, if a log writer requests some.
    #[cfg(feature = "tracing")]
    logged: Option<LoggedAttributes>,
}

/// State of the span of an operation.
#[derive(Clone, Copy, Debug)]
enum SpanState {
    /// The span does not record.
    Off,
    /// The span will record, but has not started: an SDK span is cheapest when it gets its attributes at the start.
    Pending,
    /// An SDK span that records.
    Sdk,
    /// A span that records, and whose attributes the operation keeps until it ends.
    Buffered(BufferedSpan),
}

/// Runs a synchronous body inside the operation.
///
/// This signature makes the closure `FnOnce`. If it was inferred from its body, it might be `FnMut`, and a reference
/// returned from `&mut self` would not live long enough.
#[inline]
pub fn call<R>(_: Returned<R>, operation: &mut ActiveOperation, body: impl FnOnce() -> R) -> R {
    operation.begin();
    let guard = operation.attach();
    let result = body();
    drop(guard);
    result
}

/// Scope of a synchronous body whose returned value is not inspected, such as an `impl Fn` closure. The operation ends
/// with the scope: it succeeds unless the body panics.
#[derive(Debug)]
pub struct Scope<'a> {
    operation: &'a mut ActiveOperation,
    guard: Option<ContextGuard>,
}

impl<'a> Scope<'a> {
    /// Begins the body.
    #[must_use]
    pub fn new(operation: &'a mut ActiveOperation) -> Self {
        operation.begin();
        let guard = operation.attach();
        Self { operation, guard }
    }
}

impl Drop for Scope<'_> {
    fn drop(&mut self) {
        self.guard.take();
        if self.operation.was_panicking || !std::thread::panicking() {
            self.operation.succeed();
        }
    }
}

/// Type of the block of statements that set attributes. A `return` or `?` in the expression of an attribute, even from a
/// macro, does not match this type and is an error.
#[derive(Clone, Copy, Debug)]
pub struct AttributesSet;

// After a panic, an operation is only ended, and an operation that has ended is not read again.
impl std::panic::UnwindSafe for ActiveOperation {}
impl std::panic::RefUnwindSafe for ActiveOperation {}

impl ActiveOperation {
    /// Creates an operation that has not started. It is started in place, because moving a value that was just written
    /// would read it back, which is slow (“Store forwarding” in the module's documentation).
    #[inline]
    #[must_use]
    pub fn new(definition: &'static OperationDefinition) -> Self {
        Self {
            definition,
            telemetry: None,
            span: SpanState::Off,
            parent: None,
            attributes: Vec::new(),
            links: Vec::new(),
            context: None,
            since: None,
            start: None,
            reading: None,
            measurements: Measurements::OFF,
            slots: None,
            already_set: 0,
            may_replace: false,
            entry_attributes: 0,
            was_panicking: false,
            begun: false,
            counted: false,
            ended: false,
            #[cfg(feature = "edge")]
            shared: None,
            #[cfg(feature = "tracing")]
            logged: None,
        }
    }

    /// Whether attributes that are not dimensions are evaluated: the span records, or log records may show attributes.
    #[inline]
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.has_recording_span() || self.is_logged()
    }

    /// Whether the span records.
    #[inline]
    pub(crate) fn has_recording_span(&self) -> bool {
        !matches!(self.span, SpanState::Off)
    }

    /// Whether the attribute with this index will be recorded, by the span, as a dimension or for log records.
    #[must_use]
    pub fn wants(&self, index: usize) -> bool {
        self.has_recording_span()
            || self.measures(self.definition.attributes[index].dimension.is_some())
            || self.logs(index)
    }

    /// Whether an attribute is recorded on metrics; `dimension`: whether it is a dimension.
    #[inline]
    #[must_use]
    pub fn measures(&self, dimension: bool) -> bool {
        dimension && self.measurements.is_on()
    }

    /// Moves the operation into a value that outlives the function, and leaves an ended operation behind.
    pub(crate) fn take(&mut self) -> Self {
        let mut ended = Self::new(self.definition);
        ended.ended = true;
        std::mem::replace(self, ended)
    }

    /// Records nothing here, because the returned future starts the operation.
    pub(crate) fn leave_to_future(&mut self) {
        self.ended = true;
    }

    #[inline]
    pub(crate) fn measure(&mut self, index: usize, value: &Admitted) {
        let dimension = self.definition.attributes[index].dimension;
        if let (Some(dimension), Admitted::Code(code)) = (dimension, value) {
            self.measurements.set(dimension, *code);
        }
    }

    /// Returns a handle that sets attributes from now on. It records nothing unless the operation was started as
    /// deferred.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle::new(self.slots.clone())
    }

    /// Begins the body. The dimensions that are set by now determine the series of the metric of active operations.
    pub fn begin(&mut self) {
        if std::mem::replace(&mut self.begun, true) {
            return;
        }
        if let Some(telemetry) = self.telemetry {
            if matches!(self.span, SpanState::Pending) {
                self.start_sdk_span(telemetry);
            }
            self.measurements
                .begin(self.definition, telemetry.limiters());
            self.entry_attributes = self.attributes.len();
            self.counted = telemetry.begin(self.has_recording_span(), self.measurements.is_on());
        }
        self.begin_logging();
    }

    /// Attaches the context of the body until the guard is dropped.
    #[inline]
    #[must_use]
    pub fn attach(&self) -> Option<ContextGuard> {
        // A derived context may have more, such as baggage.
        #[cfg(feature = "edge")]
        if self.is_in_request() {
            return None;
        }
        self.context.clone().and_then(local::attach)
    }

    pub(crate) fn context(&self) -> Context {
        self.context.clone().unwrap_or_else(local::current)
    }

    /// Ends the operation with the outcome of the function.
    pub fn finish<T>(&mut self, outcome: Result<&T, Failure>) {
        match outcome {
            Ok(_) => self.succeed(),
            Err(failure) => self.fail(failure),
        }
    }

    /// Ends the operation as succeeded.
    pub fn succeed(&mut self) {
        #[cfg(feature = "tracing")]
        crate::current::note_success(self.context.as_ref());
        self.end(None, None);
    }

    /// Ends the operation as failed.
    pub fn fail(&mut self, failure: Failure) {
        #[cfg(feature = "tracing")]
        self.log_failure(&failure);
        let Failure {
            class,
            description,
            is_expected,
            ..
        } = failure;
        let description = description.unwrap_or(Cow::Borrowed(""));
        let status = (!is_expected).then_some(Status::Error { description });
        self.end(Some(class), status);
    }

    /// Emits the failure as an event of `tracing`, even if no span or metric records. An error that a child operation has
    /// returned was already emitted there.
    #[cfg(feature = "tracing")]
    fn log_failure(&mut self, failure: &Failure) {
        if self.ended || local::is_ending() {
            return;
        }
        if let (Some(telemetry), SpanState::Pending) = (self.telemetry, self.span) {
            self.start_sdk_span(telemetry);
        }
        let context = self.context.as_ref();
        let is_new = crate::current::note_failure(context, failure.class);
        if is_new && !failure.is_expected {
            crate::logs::log_failure(self.definition, failure, context);
        }
    }

    /// Takes the deferred values out of the slots, and sets the dimensions among them.
    #[cold]
    fn close(&mut self, slots: &Slots) -> Option<LateValues> {
        let values = slots.close();
        for (index, value) in values.iter().flatten() {
            self.measure(*index, value);
        }
        values
    }

    /// Ends the operation on a thread that is ending, where no span can be recorded: only the metric of active operations
    /// is updated.
    #[cold]
    fn abandon(&mut self, telemetry: &ContractTelemetry) {
        self.measurements.decrement_active(telemetry.limiters());
        if matches!(self.span, SpanState::Sdk) {
            // Dropping an SDK span would end and export it without the outcome.
            std::mem::forget(self.context.take());
        }
    }

    /// Ends the operation unless it has ended. `class`: the error class; `None`: the operation succeeded.
    #[inline]
    pub(crate) fn end(&mut self, class: Option<&'static str>, status: Option<Status>) {
        #[cfg(feature = "edge")]
        if self.give_back(class, status.as_ref()) {
            return;
        }
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let (Some(telemetry), Some(since)) = (self.telemetry, self.since) else {
            return;
        };
        if local::is_ending() {
            self.abandon(telemetry);
            return;
        }
        if matches!(self.span, SpanState::Pending) {
            self.start_sdk_span(telemetry);
        }
        let values = match self.slots.take() {
            Some(slots) => self.close(&slots),
            None => None,
        };
        let duration = since.elapsed();
        if self.begun {
            let (definition, measurements) = (self.definition, &self.measurements);
            measurements.end(definition, telemetry.limiters(), duration, class);
        }
        let was_delivered = self.end_span(telemetry, duration, values, class, status);
        if self.counted {
            telemetry.end(was_delivered);
        }
    }

    /// Ends the span. Returns whether it was passed to the processors of a set-up.
    #[inline]
    fn end_span(
        &mut self,
        telemetry: &ContractTelemetry,
        duration: Elapsed,
        values: Option<LateValues>,
        class: Option<&'static str>,
        status: Option<Status>,
    ) -> bool {
        if matches!(self.span, SpanState::Off) {
            return false;
        }
        let Some(start) = self.start else {
            return false;
        };
        let end = start + duration.as_duration();
        match self.span {
            SpanState::Buffered(buffered) => {
                self.end_buffered_span(buffered, telemetry, values, class, status, (start, end))
            }
            _ => {
                self.end_sdk_span(telemetry, values, class, status, end);
                false
            }
        }
    }
}

impl Drop for ActiveOperation {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        if !self.was_panicking && std::thread::panicking() {
            self.end(Some("panic"), Some(Status::error("")));
        } else {
            self.end(Some("cancelled"), Some(Status::error("")));
        }
    }
}
