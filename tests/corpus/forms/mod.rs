//! All forms, one module for each subject.

mod aliases;
mod arguments;
mod async_drops;
mod async_functions;
mod async_traits;
mod bodies;
mod boxed;
mod callers;
mod closures;
mod control_flow;
mod drop_order;
mod drops;
mod free;
mod futures;
mod generated;
mod generated_types;
mod generics;
mod handles;
mod impl_future;
mod inferred_closures;
mod iterators;
mod late;
mod names;
mod names_in_bodies;
mod outcomes;
mod panics;
mod patterns;
mod receivers;
mod recursion;
mod returned_handles;
mod shadowing_bodies;
mod signatures;
mod std_traits;
mod tail_temporaries;
mod temporaries;
mod traits;
mod unwinding;

pub(crate) use super::instrumented_operation;
use crate::support::Form;

/// Imports and constants that every file of forms uses.
pub(crate) mod prelude {
    pub(crate) use super::instrumented_operation;
    pub(crate) use crate::support::Operation::{Cancelled, Failure, Success};
    pub(crate) use crate::support::{
        Broken, Form, Inside, Noisy, Operation, auto_traits, block_on, drive, first_poll, form,
        note, note_caller, pause, show, unwind_traits,
    };
    pub(crate) use std::future::Future;
    pub(crate) use std::pin::Pin;
    pub(crate) use test_vocabulary::forms;

    /// One operation that succeeds, without attributes.
    pub(crate) const SUCCESS: &[Operation] = &[Success(&[])];
    /// Operations of [`drive!`]: one succeeds and one is cancelled.
    pub(crate) const SUCCESS_AND_CANCELLED: &[Operation] = &[Success(&[]), Cancelled(&[])];
    /// One operation that panics.
    pub(crate) const PANIC: &[Operation] = &[Failure("panic", &[])];
}

/// Forms of all files.
pub(crate) const ALL: &[&[Form]] = &[
    free::FORMS,
    bodies::FORMS,
    receivers::FORMS,
    traits::FORMS,
    std_traits::FORMS,
    async_functions::FORMS,
    async_traits::FORMS,
    boxed::FORMS,
    impl_future::FORMS,
    closures::FORMS,
    iterators::FORMS,
    generics::FORMS,
    aliases::FORMS,
    names::FORMS,
    names_in_bodies::FORMS,
    generated::FORMS,
    generated_types::FORMS,
    patterns::FORMS,
    control_flow::FORMS,
    drops::FORMS,
    async_drops::FORMS,
    temporaries::FORMS,
    panics::FORMS,
    outcomes::FORMS,
    recursion::FORMS,
    callers::FORMS,
    late::FORMS,
    handles::FORMS,
    arguments::FORMS,
    inferred_closures::FORMS,
    drop_order::FORMS,
    futures::FORMS,
    returned_handles::FORMS,
    shadowing_bodies::FORMS,
    signatures::FORMS,
    tail_temporaries::FORMS,
    unwinding::FORMS,
];
