//! The UI case that denies every warning, built with the workspace: trybuild runs only the compiler, and clippy checks
//! only code that the workspace builds.

#[path = "../ui/instrumented_operation/pass/denied_warnings.rs"]
mod denied_warnings;

#[test]
fn expansions_cause_no_warnings() {
    denied_warnings::main();
}
