//! Name and location of an operation, and which spans are its.

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

pub(super) fn is<O: Operation>(span: &Span) -> bool {
    span.name == name::<O>() && span.scope.name() == O::contract().name
}
