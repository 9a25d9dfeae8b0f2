//! The span that the context of an active operation shows to other code.

use super::unique::{dedup, set};
use opentelemetry::KeyValue;
use opentelemetry::trace::{Event, Link, Span, SpanContext, SpanRef, Status};
use opentelemetry_sdk::trace::{SpanEvents, SpanLimits, SpanLinks};
use std::borrow::Cow;
use std::cell::Cell;
use std::time::SystemTime;

/// Span of an active operation, as code outside the operation sees it.
#[derive(Debug)]
pub(super) struct ContractSpan {
    context: SpanContext,
    limits: &'static SpanLimits,
    additions: Option<Box<Additions>>,
    ended: bool,
}

/// Additions of other code to the span of an operation. Few spans have any.
#[derive(Debug, Default)]
pub(super) struct Additions {
    pub(super) name: Option<Cow<'static, str>>,
    pub(super) attributes: Vec<KeyValue>,
    pub(super) dropped_attributes: u32,
    pub(super) events: SpanEvents,
    pub(super) links: SpanLinks,
    pub(super) status: Status,
    /// When other code ended the span. The span is still exported when the operation ends, with its entry attributes and
    /// the additions up to this time.
    pub(super) end: Option<SystemTime>,
}

impl ContractSpan {
    pub(super) fn new(context: SpanContext, limits: &'static SpanLimits) -> Self {
        Self {
            context,
            limits,
            additions: None,
            ended: false,
        }
    }

    /// The additions, unless the span has ended.
    fn open_additions(&mut self) -> Option<&mut Additions> {
        (!self.ended).then(|| &mut **self.additions.get_or_insert_default())
    }
}

impl Span for ContractSpan {
    fn add_event_with_timestamp<T: Into<Cow<'static, str>>>(
        &mut self,
        name: T,
        timestamp: SystemTime,
        mut attributes: Vec<KeyValue>,
    ) {
        let limits = self.limits;
        let Some(additions) = self.open_additions() else {
            return;
        };
        if additions.events.len() < limits.max_events_per_span as usize {
            let dropped = dedup(&mut attributes, limits.max_attributes_per_event);
            let event = Event::new(name, timestamp, attributes, dropped);
            additions.events.events.push(event);
        } else {
            additions.events.dropped_count += 1;
        }
    }

    fn span_context(&self) -> &SpanContext {
        &self.context
    }

    fn is_recording(&self) -> bool {
        !self.ended
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        let max_attributes = self.limits.max_attributes_per_span;
        let Some(additions) = self.open_additions() else {
            return;
        };
        let has_room = set(&mut additions.attributes, attribute, max_attributes);
        additions.dropped_attributes += u32::from(!has_room);
    }

    fn set_status(&mut self, status: Status) {
        if let Some(additions) = self.open_additions() {
            additions.status = stronger(std::mem::take(&mut additions.status), status);
        }
    }

    fn update_name<T: Into<Cow<'static, str>>>(&mut self, name: T) {
        if let Some(additions) = self.open_additions() {
            additions.name = Some(name.into());
        }
    }

    fn add_link(&mut self, context: SpanContext, mut attributes: Vec<KeyValue>) {
        let limits = self.limits;
        let Some(additions) = self.open_additions() else {
            return;
        };
        if additions.links.len() < limits.max_links_per_span as usize {
            let dropped = dedup(&mut attributes, limits.max_attributes_per_link);
            let link = Link::new(context, attributes, dropped);
            additions.links.links.push(link);
        } else {
            additions.links.dropped_count += 1;
        }
    }

    fn end_with_timestamp(&mut self, timestamp: SystemTime) {
        if HANDOVER.get() == Handover::Requested {
            self.ended = true;
            let state = match self.additions.take() {
                // A thread that ends may have destroyed the thread-local already.
                Some(additions) => match ADDITIONS.try_with(|cell| cell.set(Some(additions))) {
                    Ok(()) => Handover::Filled,
                    Err(_) => Handover::Idle,
                },
                None => Handover::Idle,
            };
            HANDOVER.with(|handover| handover.set(state));
        } else if let Some(additions) = self.open_additions() {
            additions.end = Some(timestamp);
            self.ended = true;
        }
    }
}

/// Returns the status that takes precedence: Ok over Error over Unset, as the specification orders them.
pub(super) fn stronger(first: Status, second: Status) -> Status {
    if second > first { second } else { first }
}

/// State of passing the additions of a span to its operation.
///
/// The span in a context is accessible only through the methods of the `Span` trait. The operation therefore requests
/// the additions here and then ends the span, which moves them to [`ADDITIONS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Handover {
    Idle,
    Requested,
    Filled,
}

thread_local! {
    static HANDOVER: Cell<Handover> = const { Cell::new(Handover::Idle) };
    static ADDITIONS: Cell<Option<Box<Additions>>> = const { Cell::new(None) };
}

/// Ends the span of an operation, and returns the additions of other code.
#[inline]
pub(super) fn end(span: &SpanRef<'_>, at: SystemTime) -> Option<Box<Additions>> {
    HANDOVER.with(|handover| handover.set(Handover::Requested));
    span.end_with_timestamp(at);
    match HANDOVER.with(|handover| handover.replace(Handover::Idle)) {
        Handover::Filled => ADDITIONS.try_with(Cell::take).ok().flatten(),
        Handover::Idle | Handover::Requested => None,
    }
}
