//! The forms with the attribute.

pub(crate) use test_vocabulary::forms::instrumented_operation;

#[path = "forms/mod.rs"]
pub(crate) mod all;
