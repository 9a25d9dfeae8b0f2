//! A vocabulary in the middle of renaming.
//!
//! No crate depends on this one. If it were part of the build of other tests, rustc would print the type names of the
//! other contracts with longer paths.

otel_contract::contract!("schema/renames.yaml");
