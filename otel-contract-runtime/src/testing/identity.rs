//! Identity of an operation: its name, its location in the contract, and its spans.

use super::recording::Span;
use crate::description::{Contract, Location};
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
