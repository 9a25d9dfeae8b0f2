//! A vocabulary in the middle of renaming.
//!
//! A crate of its own: one more contract beside the others would change what the compiler calls their types.

otel_contract::contract!("schema/renames.yaml");
