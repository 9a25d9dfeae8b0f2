//! What a context shows of a running operation.

use super::unique::{distinct, set};
use opentelemetry::KeyValue;
use opentelemetry::trace::{Event, Link, Span, SpanContext, SpanRef, Status};
use opentelemetry_sdk::trace::{SpanEvents, SpanLimits, SpanLinks};
use std::borrow::Cow;
use std::cell::Cell;
use std::time::SystemTime;

/// The span of a running operation, as others see it.
#[derive(Debug)]
pub(super) struct ContractSpan {
    context: SpanContext,
    limits: &'static SpanLimits,
    added: Option<Box<Added>>,
    ended: bool,
}

/// What others than the operation gave its span; few spans have any.
#[derive(Debug, Default)]
pub(super) struct Added {
    pub(super) name: Option<Cow<'static, str>>,
    pub(super) attributes: Vec<KeyValue>,
    pub(super) dropped_attributes: u32,
    pub(super) events: SpanEvents,
    pub(super) links: SpanLinks,
    pub(super) status: Status,
    /// When they ended it. It is exported when the operation ends, as it was then.
    pub(super) end: Option<SystemTime>,
}

impl ContractSpan {
    pub(super) fn new(context: SpanContext, limits: &'static SpanLimits) -> Self {
        Self {
            context,
            limits,
            added: None,
            ended: false,
        }
    }

    /// Where to add something, as long as it runs.
    fn add(&mut self) -> Option<&mut Added> {
        (!self.ended).then(|| &mut **self.added.get_or_insert_default())
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
        let Some(added) = self.add() else {
            return;
        };
        if added.events.len() < limits.max_events_per_span as usize {
            let dropped = distinct(&mut attributes, limits.max_attributes_per_event);
            let event = Event::new(name, timestamp, attributes, dropped);
            added.events.events.push(event);
        } else {
            added.events.dropped_count += 1;
        }
    }

    fn span_context(&self) -> &SpanContext {
        &self.context
    }

    fn is_recording(&self) -> bool {
        !self.ended
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        let most = self.limits.max_attributes_per_span;
        let Some(added) = self.add() else {
            return;
        };
        let has_room = set(&mut added.attributes, attribute, most);
        added.dropped_attributes += u32::from(!has_room);
    }

    fn set_status(&mut self, status: Status) {
        if let Some(added) = self.add() {
            added.status = stronger(std::mem::take(&mut added.status), status);
        }
    }

    fn update_name<T: Into<Cow<'static, str>>>(&mut self, name: T) {
        if let Some(added) = self.add() {
            added.name = Some(name.into());
        }
    }

    fn add_link(&mut self, context: SpanContext, mut attributes: Vec<KeyValue>) {
        let limits = self.limits;
        let Some(added) = self.add() else {
            return;
        };
        if added.links.len() < limits.max_links_per_span as usize {
            let dropped = distinct(&mut attributes, limits.max_attributes_per_link);
            let link = Link::new(context, attributes, dropped);
            added.links.links.push(link);
        } else {
            added.links.dropped_count += 1;
        }
    }

    fn end_with_timestamp(&mut self, timestamp: SystemTime) {
        if HANDING_OVER.get() == HandingOver::Asked {
            self.ended = true;
            let state = match self.added.take() {
                // At the end of its thread the place may be gone.
                Some(added) => match ADDED.try_with(|place| place.set(Some(added))) {
                    Ok(()) => HandingOver::Added,
                    Err(_) => HandingOver::Nothing,
                },
                None => HandingOver::Nothing,
            };
            HANDING_OVER.with(|asked| asked.set(state));
        } else if let Some(added) = self.add() {
            added.end = Some(timestamp);
            self.ended = true;
        }
    }
}

/// Ok over Error over Unset, as the specification orders them.
pub(super) fn stronger(one: Status, other: Status) -> Status {
    if other > one { other } else { one }
}

/// A context lets nobody at its span but by the methods of one. So the operation asks for what others
/// added here, and then ends the span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HandingOver {
    Nothing,
    Asked,
    Added,
}

thread_local! {
    static HANDING_OVER: Cell<HandingOver> = const { Cell::new(HandingOver::Nothing) };
    static ADDED: Cell<Option<Box<Added>>> = const { Cell::new(None) };
}

/// Ends the span of an operation; what others added to it.
#[inline]
pub(super) fn end(span: &SpanRef<'_>, at: SystemTime) -> Option<Box<Added>> {
    HANDING_OVER.with(|state| state.set(HandingOver::Asked));
    span.end_with_timestamp(at);
    match HANDING_OVER.with(|state| state.replace(HandingOver::Nothing)) {
        HandingOver::Added => ADDED.try_with(Cell::take).ok().flatten(),
        HandingOver::Nothing | HandingOver::Asked => None,
    }
}
