//! One file for each form that must work and each mistake that must be told.
//!
//! `TRYBUILD=overwrite cargo test -p otel-contract-tests --test ui` writes the messages anew; a
//! refreshed snapshot is a commit of its own.

const FOLDERS: [&str; 7] = [
    "contract",
    "instrumented_operation",
    "error_class",
    "attribute_value",
    "attributes",
    "metrics",
    "testing",
];

#[test]
fn forms_that_work_run_and_mistakes_are_told() {
    let cases = trybuild::TestCases::new();
    for name in FOLDERS {
        cases.pass(format!("ui/{name}/pass/*.rs"));
        cases.compile_fail(format!("ui/{name}/fail/*.rs"));
    }
}
