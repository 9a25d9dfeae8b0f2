//! A vocabulary in the middle of renaming.
//!
//! Nothing depends on this crate: one more contract beside the others would change what the compiler calls
//! their types.

otel_contract::contract!("schema/renames.yaml");
