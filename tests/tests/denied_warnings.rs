//! The case that denies every warning, built here as well: trybuild runs the compiler, and only what is
//! built with the workspace is seen by clippy.

#[path = "../ui/instrumented_operation/pass/denied_warnings.rs"]
mod denied_warnings;

#[test]
fn nothing_in_an_expansion_warns() {
    denied_warnings::main();
}
