//! An operation from its start to its end.

mod attributes;
mod span;
#[cfg(all(test, feature = "setup", feature = "testing"))]
mod time_tests;

use crate::clock::{Elapsed, Moment, Reading};
use crate::current;
use crate::definition::{Admitted, OperationDefinition};
use crate::local;
use crate::measure::Measuring;
use crate::outcome::Failure;
use crate::prediction::Decision;
use crate::probe::Returned;
use crate::slots::{Handle, Late, Slots};
use crate::span::BufferedSpan;
use crate::telemetry::{self, ContractTelemetry, OperationInstruments};
use opentelemetry::trace::{Link, Status, TraceContextExt as _};
use opentelemetry::{Context, ContextGuard, KeyValue};
use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

/// A started operation. It takes its entry attributes, [begins](Self::begin) when its body is about to
/// run, and ends once: with the outcome it is told, or as panicked or cancelled when it is dropped
/// before.
#[allow(clippy::struct_excessive_bools)] // Facts that do not exclude each other.
#[derive(Debug)]
pub struct ActiveOperation {
    pub(crate) definition: &'static OperationDefinition,
    /// `None` where nothing is recorded.
    pub(crate) telemetry: Option<&'static ContractTelemetry>,
    span: SpanState,
    /// What the span is started with.
    pub(crate) parent: Option<Context>,
    pub(crate) attributes: Vec<KeyValue>,
    pub(crate) links: Vec<Link>,
    /// What the body runs in; `None` where nothing would change.
    pub(crate) context: Option<Context>,
    /// When it started, where something records that.
    pub(crate) since: Option<Moment>,
    /// The same on the wall clock, once the span is placed in time.
    start: Option<SystemTime>,
    /// What placed it, of a span that a provider is still to be asked for.
    reading: Option<Reading>,
    pub(crate) measuring: Measuring,
    pub(crate) slots: Option<Arc<Slots>>,
    /// Of a span that is buffered: a bit for each attribute that was given and may be given again.
    given: u64,
    /// Of a span that is buffered: whether the sampler has added attributes.
    sampler_added: bool,
    /// Of a span that is buffered: how many attributes it had when its body began.
    entered: usize,
    /// An operation that runs while unwinding has not failed by that.
    pub(crate) was_panicking: bool,
    /// Whether the body ran: not if an attribute's expression panicked, or waited and was cancelled.
    /// Nothing is measured then, since not all dimensions are known.
    begun: bool,
    /// Whether it counts among those that run under a set-up.
    counted: bool,
    ended: bool,
}

/// What becomes of the span.
#[derive(Clone, Copy, Debug)]
enum SpanState {
    /// It does not record.
    Off,
    /// It will be recorded, and has not started: an SDK takes attributes best at the start.
    Pending,
    /// It records.
    Sdk,
    /// It records: its attributes are kept here until it ends.
    Buffered(BufferedSpan),
}

/// Runs a synchronous body inside the operation.
///
/// The closure is `FnOnce` by this signature: inferred from its body it might be `FnMut`, and a
/// reference returned out of `&mut self` would not live long enough.
#[inline]
pub fn call<R>(_: Returned<R>, running: &mut ActiveOperation, body: impl FnOnce() -> R) -> R {
    running.begin();
    let guard = running.attach();
    let result = body();
    drop(guard);
    result
}

/// A synchronous body that returns a value nobody else sees, such as a closure of `impl Fn`: the operation ends with
/// the scope, successful unless a panic ends it.
#[derive(Debug)]
pub struct Scope<'a> {
    running: &'a mut ActiveOperation,
    guard: Option<ContextGuard>,
}

impl<'a> Scope<'a> {
    /// Begins the body.
    #[must_use]
    pub fn new(running: &'a mut ActiveOperation) -> Self {
        running.begin();
        let guard = running.attach();
        Self { running, guard }
    }
}

impl Drop for Scope<'_> {
    fn drop(&mut self) {
        self.guard.take();
        if self.running.was_panicking || !std::thread::panicking() {
            self.running.succeed();
        }
    }
}

/// What statements that set attributes give: a `return` or `?` in an attribute, also one from a macro, has no type to
/// leave them by.
#[derive(Clone, Copy, Debug)]
pub struct AttributesSet;

// What is kept of an operation is taken out when it ends, by a panic too.
impl std::panic::UnwindSafe for ActiveOperation {}
impl std::panic::RefUnwindSafe for ActiveOperation {}

impl ActiveOperation {
    /// Not started yet. It stays where it is: what was just written is slow to move.
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
            measuring: Measuring::NOTHING,
            slots: None,
            given: 0,
            sampler_added: false,
            entered: 0,
            was_panicking: false,
            begun: false,
            counted: false,
            ended: false,
        }
    }

    /// Whether the span records attributes; where not, they are not even evaluated.
    #[inline]
    #[must_use]
    pub fn is_recording(&self) -> bool {
        !matches!(self.span, SpanState::Off)
    }

    /// Whether this attribute will be recorded, by the span or as a dimension.
    #[must_use]
    pub fn wants(&self, index: usize) -> bool {
        self.is_recording() || self.measures(self.definition.attributes[index].dimension.is_some())
    }

    /// Whether an attribute is measured by, given whether it is a dimension.
    #[inline]
    #[must_use]
    pub fn measures(&self, dimension: bool) -> bool {
        dimension && self.measuring.is_on()
    }

    /// Hands the operation over to what outlives the function.
    pub(crate) fn take(&mut self) -> Self {
        let mut left = Self::new(self.definition);
        left.ended = true;
        std::mem::replace(self, left)
    }

    /// Records nothing: a future is the operation instead.
    pub(crate) fn leave_to_future(&mut self) {
        self.ended = true;
    }

    /// Asks the sampler. `deferred`: attributes may be given again later. `most`: how many attributes will be given, if all are.
    pub fn start(&mut self, deferred: bool, most: usize) {
        if !telemetry::is_idle() {
            self.start_under(None, deferred, most, |_, _| {});
        }
    }

    /// Starts under this parent, or the current context. `seen`: sets what the sampler sees.
    #[inline]
    pub(crate) fn start_under(
        &mut self,
        parent: Option<Context>,
        deferred: bool,
        most: usize,
        seen: impl FnOnce(&mut Self, &ContractTelemetry),
    ) {
        let definition = self.definition;
        let parent = telemetry::keep_scope(parent);
        let telemetry = telemetry::under(parent.as_ref(), definition.contract);
        let instruments = telemetry.and_then(|telemetry| telemetry.operation(definition));
        let found = telemetry.map(|telemetry| (telemetry, instruments));
        // Suppression belongs to the thread's context; a remote parent does not lift it.
        let decision = match &parent {
            Some(_) if Context::is_current_telemetry_suppressed() => None,
            Some(parent) => Some(self.predict(parent, found, most)),
            None => Context::map_current(|it| {
                let suppressed = it.is_telemetry_suppressed();
                (!suppressed).then(|| self.predict(it, found, most))
            }),
        };
        let Some(decision) = decision else {
            return;
        };
        let Some(telemetry) = telemetry else {
            self.context = parent;
            return;
        };
        match (decision, self.span) {
            // Nobody was asked, and it has been opened.
            (_, SpanState::Buffered(_)) => {
                seen(self, telemetry);
                definition.contract.add_other_keys(&mut self.attributes);
            }
            (Decision::Ask { .. } | Decision::Record, _) => {
                self.parent = parent;
                seen(self, telemetry);
                match telemetry.own_tracer() {
                    Some(tracer) => self.open(tracer, telemetry),
                    None if decision == Decision::Record => self.span = SpanState::Pending,
                    None => self.build(telemetry),
                }
            }
            (Decision::DropWithParent | Decision::Drop, _) if self.context.is_some() => {}
            (Decision::DropWithParent | Decision::Drop, _) => self.identify(parent, telemetry),
        }
        if deferred {
            self.defer(telemetry);
        }
    }

    /// What will become of the span, as far as that is known; what can be done about it without any code but
    /// ours is done, since the thread's context is borrowed meanwhile.
    #[inline]
    fn predict(
        &mut self,
        parent: &Context,
        found: Option<(
            &'static ContractTelemetry,
            Option<&'static OperationInstruments>,
        )>,
        most: usize,
    ) -> Decision {
        let Some((telemetry, instruments)) = found else {
            return Decision::DropWithParent;
        };
        let definition = self.definition;
        let prediction = telemetry.prediction(definition);
        let mut decision = prediction.decision_in(parent, parent.span().span_context());
        self.telemetry = Some(telemetry);
        self.was_panicking = std::thread::panicking();
        self.measuring.instruments = instruments;
        if decision.is_likely_recorded() {
            // The SDK keeps this vector, so it gets the size it will need, with `error.type`.
            self.attributes = Vec::with_capacity(most + 1);
        }
        match (decision, telemetry.own_tracer()) {
            (Decision::Record, Some(tracer)) if tracer.is_predictable() => {
                self.open_under(parent, tracer, prediction);
            }
            // The span is sampled, and no processor takes it: it needs an identity and no attributes.
            (Decision::Record, Some(tracer)) if tracer.is_unseen() => {
                self.attributes = Vec::new();
                if !self.open_under(parent, tracer, prediction) {
                    self.context = Some(parent.clone());
                }
                decision = Decision::Drop;
            }
            // Now, since attributes are evaluated before the provider is asked for the span.
            (Decision::Record, None) => {
                self.place(Reading::start(parent.span().span_context()));
            }
            // What happens within must know that it is not sampled, and not have the identity of what is around.
            (Decision::DropWithParent | Decision::Drop, Some(tracer)) => {
                let context = tracer.unsampled(parent);
                self.context = context.map(|context| current::within(context, definition));
            }
            _ => {}
        }
        if self.since.is_none() && (decision.may_record() || self.measuring.is_on()) {
            self.since = Some(Moment::now());
        }
        decision
    }

    #[cold]
    fn defer(&mut self, telemetry: &'static ContractTelemetry) {
        if self.is_recording() || self.measuring.is_on() {
            let slots = Slots::new(self.definition, telemetry, self.is_recording());
            self.slots = Some(Arc::new(slots));
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
        if std::mem::replace(&mut self.begun, true) {
            return;
        }
        if let Some(telemetry) = self.telemetry {
            if matches!(self.span, SpanState::Pending) {
                self.build(telemetry);
            }
            self.measuring.begin(self.definition, telemetry.limits());
            self.entered = self.attributes.len();
            self.counted = telemetry.begin(self.is_recording(), self.measuring.is_on());
        }
    }

    /// Attaches what the body runs in, until the guard goes.
    #[inline]
    #[must_use]
    pub fn attach(&self) -> Option<ContextGuard> {
        self.context.clone().and_then(local::attach)
    }

    pub(crate) fn context(&self) -> Context {
        self.context.clone().unwrap_or_else(local::current)
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
        self.end(None, None);
    }

    /// Ends the operation as failed.
    pub fn fail(&mut self, failure: Failure) {
        #[cfg(feature = "tracing")]
        self.tell(&failure);
        let Failure { class, description } = failure;
        let description = description.unwrap_or(Cow::Borrowed(""));
        self.end(Some(class), Some(Status::Error { description }));
    }

    /// Tells a failure to `tracing`, whether or not anything else records.
    #[cfg(feature = "tracing")]
    fn tell(&mut self, failure: &Failure) {
        if self.ended || local::is_ending() {
            return;
        }
        if let (Some(telemetry), SpanState::Pending) = (self.telemetry, self.span) {
            self.build(telemetry);
        }
        let Failure { class, description } = failure;
        let context = self.context.as_ref();
        crate::logs::failed(self.definition, class, description.as_deref(), context);
    }

    /// What waited in the slots; dimensions among it count from here on.
    #[cold]
    fn close(&mut self, slots: &Slots) -> Option<Late> {
        let values = slots.close();
        for (index, value) in values.iter().flatten() {
            self.measure(*index, value);
        }
        values
    }

    /// Ends where the thread does, and nothing can be recorded: it only runs no longer.
    #[cold]
    fn abandon(&mut self, telemetry: &ContractTelemetry) {
        self.measuring.leave(telemetry.limits());
        if matches!(self.span, SpanState::Sdk) {
            // An SDK's span would end and be exported when it is dropped, without the outcome.
            std::mem::forget(self.context.take());
        }
    }

    /// Ends it once. `class`: how, unless it succeeded.
    #[inline]
    fn end(&mut self, class: Option<&'static str>, status: Option<Status>) {
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
            self.build(telemetry);
        }
        let values = match self.slots.take() {
            Some(slots) => self.close(&slots),
            None => None,
        };
        let took = since.elapsed();
        if self.begun {
            let (definition, measuring) = (self.definition, &self.measuring);
            measuring.end(definition, telemetry.limits(), took, class);
        }
        let handed_on = self.end_span(telemetry, took, values, class, status);
        if self.counted {
            telemetry.end(handed_on);
        }
    }

    /// Ends the span. Whether it was handed to the processors of a set-up.
    #[inline]
    fn end_span(
        &mut self,
        telemetry: &ContractTelemetry,
        took: Elapsed,
        values: Option<Late>,
        class: Option<&'static str>,
        status: Option<Status>,
    ) -> bool {
        if matches!(self.span, SpanState::Off) {
            return false;
        }
        let Some(start) = self.start else {
            return false;
        };
        let end = start + took.as_duration();
        match self.span {
            SpanState::Buffered(buffered) => {
                self.hand_on(buffered, telemetry, values, class, status, (start, end))
            }
            _ => {
                self.tell_span(telemetry, values, class, status, end);
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
