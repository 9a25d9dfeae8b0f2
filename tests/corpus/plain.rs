//! The forms with an attribute of the same name that does nothing.

pub(crate) use test_inert::instrumented_operation;

#[path = "forms/mod.rs"]
pub(crate) mod all;
