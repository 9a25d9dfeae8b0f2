//! One file for each mistake, with its message. Programs that must work are in `programs.rs`, except programs that need
//! a separate crate.
//!
//! `TRYBUILD=overwrite cargo test -p otel-contract-tests --test ui` rewrites the messages; a
//! refreshed snapshot is a commit of its own.

use std::path::Path;

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
fn mistakes_are_errors_with_advice() {
    let cases = trybuild::TestCases::new();
    for name in FOLDERS {
        cases.compile_fail(format!("ui/{name}/fail/*.rs"));
    }
}

#[test]
fn programs_that_need_a_separate_crate_run() {
    trybuild::TestCases::new().pass("ui/instrumented_operation/pass_alone/*.rs");
}

/// rustc shows source lines of `core` and `std` only if the component `rust-src` is installed.
#[test]
fn no_message_shows_a_line_of_the_standard_library() {
    let mut messages = 0;
    for name in FOLDERS {
        let folder = Path::new("ui").join(name).join("fail");
        for entry in std::fs::read_dir(&folder).expect("every macro has mistakes") {
            let path = entry.expect("the folder can be read").path();
            if path
                .extension()
                .is_some_and(|extension| extension == "stderr")
            {
                let text = std::fs::read_to_string(&path).expect("a message is text");
                let of_std = text.lines().find(|line| {
                    ["$RUST", "/rustc/", "/library/"]
                        .iter()
                        .any(|path| line.contains(path))
                });
                assert_eq!(of_std, None, "{}", path.display());
                messages += 1;
            }
        }
    }
    assert!(messages > 0);
}
