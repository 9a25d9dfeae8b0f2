//! What is said of old names.
//!
//! `TRYBUILD=overwrite cargo test -p test-renames --test ui` writes the messages anew.

#[test]
fn old_names_are_accepted_with_a_warning() {
    trybuild::TestCases::new().compile_fail("ui/*.rs");
}
