//! Identity of an operation or an event: its name, its location in the contract, and its spans or records.

use super::recording::{Record, Span};
use crate::description::{Contract, Location};
use crate::event::Event;
use crate::operation::Operation;

pub(super) fn name<O: Operation>() -> &'static str {
    O::definition().name
}

pub(super) fn location<O: Operation>() -> Location {
    let contract: &Contract = O::contract();
    let operation = contract.operation(name::<O>());
    operation.map_or(contract.location, |operation| operation.location)
}

/// Whether the span is a span of operation `O`.
pub(super) fn is_span_of<O: Operation>(span: &Span) -> bool {
    span.name == name::<O>() && span.scope.name() == O::contract().name
}

pub(super) fn event_name<E: Event>() -> &'static str {
    E::definition().name
}

pub(super) fn event_location<E: Event>() -> Location {
    let contract: &Contract = E::contract();
    let event = contract.event(event_name::<E>());
    event.map_or(contract.location, |event| event.location)
}

/// Whether the record is a record of event `E`.
pub(super) fn is_record_of<E: Event>(record: &Record) -> bool {
    record.event_name.as_deref() == Some(event_name::<E>())
        && record.scope.name() == E::contract().name
}
