//! Every form, in the order of its chapter.

mod aliases;
mod async_functions;
mod async_traits;
mod bodies;
mod boxed;
mod callers;
mod closures;
mod control_flow;
mod drops;
mod free;
mod generated;
mod generics;
mod impl_future;
mod iterators;
mod late;
mod names;
mod outcomes;
mod panics;
mod patterns;
mod receivers;
mod recursion;
mod temporaries;
mod traits;

pub(crate) use super::instrumented_operation;
use crate::harness::Form;

/// What every file of forms begins with.
pub(crate) mod prelude {
    pub(crate) use super::instrumented_operation;
    pub(crate) use crate::harness::Operation::{Cancelled, Failure, Success};
    pub(crate) use crate::harness::{
        Broken, Form, Inside, Noisy, auto_traits, drive, first_poll, form, note, note_caller,
        pause, show, unwind_traits,
    };
    pub(crate) use otel_contract_tests::block_on;
    pub(crate) use std::future::Future;
    pub(crate) use std::pin::Pin;
    pub(crate) use test_vocabulary::forms;
}

/// The forms of every file.
pub(crate) const ALL: &[&[Form]] = &[
    free::FORMS,
    bodies::FORMS,
    receivers::FORMS,
    traits::FORMS,
    async_functions::FORMS,
    async_traits::FORMS,
    boxed::FORMS,
    impl_future::FORMS,
    closures::FORMS,
    iterators::FORMS,
    generics::FORMS,
    aliases::FORMS,
    names::FORMS,
    generated::FORMS,
    patterns::FORMS,
    control_flow::FORMS,
    drops::FORMS,
    temporaries::FORMS,
    panics::FORMS,
    outcomes::FORMS,
    recursion::FORMS,
    callers::FORMS,
    late::FORMS,
];
