//! Warnings about old names.
//!
//! `TRYBUILD=overwrite cargo test -p test-renames --test ui` rewrites the messages.

#[test]
fn old_names_are_accepted_with_a_warning() {
    trybuild::TestCases::new().compile_fail("ui/*.rs");
}
