//! A vocabulary in the middle of renaming.
//!
//! No crate depends on this one: another contract beside the others would change the names of their types in messages
//! of the compiler.

otel_contract::contract!("schema/renames.yaml");
