//! The compiler reports the same warnings about a function with and without the attribute.
//!
//! The forms of the corpus, and the functions of `warned.rs`, are checked with and without the attribute in a separate
//! package, and the warnings are compared: lint, text and location.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Lint, text and location of a warning.
type Warning = (String, String, String);

const LINTS: &str = "#![warn(
    unused, nonstandard_style, let_underscore, rust_2018_idioms, single_use_lifetimes,
    trivial_casts, trivial_numeric_casts, unused_qualifications, unused_lifetimes, unused_results,
    unused_import_braces, explicit_outlives_requirements, meta_variable_misuse, redundant_lifetimes,
    unit_bindings, unreachable_pub, variant_size_differences, unsafe_op_in_unsafe_fn
)]
";

fn package(edition: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("corpus-warnings")
        .join(edition);
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tests = corpus.parent().expect("the folder of the tests");
    let path = |name: &str| tests.join(name).display().to_string();
    let manifest = format!(
        "[package]\nname = \"corpus-warnings-{edition}\"\nversion = \"0.1.0\"\nedition = \"{edition}\"\n\n\
         [workspace]\n\n[features]\nannotated = []\n\n[dependencies]\n\
         test-vocabulary = {{ path = \"{}\" }}\ntest-inert = {{ path = \"{}\" }}\n\
         opentelemetry = {{ version = \"*\", default-features = false }}\nasync-trait = \"*\"\n",
        path("vocabulary"),
        path("inert"),
    );
    let library = format!(
        "{LINTS}
        #[path = \"{support}\"]
        #[allow(warnings)]
        mod support;
        pub mod subject {{
            #[cfg(feature = \"annotated\")]
            pub(crate) use test_vocabulary::forms::instrumented_operation;
            #[cfg(not(feature = \"annotated\"))]
            pub(crate) use test_inert::instrumented_operation;
            #[path = \"{forms}\"]
            pub(crate) mod all;
            #[path = \"{warned}\"]
            pub mod warned;
        }}
        pub fn calls() -> Vec<fn() -> String> {{
            subject::all::ALL.iter().copied().flatten().map(|form| form.call).collect()
        }}",
        support = corpus.join("support.rs").display(),
        forms = corpus.join("forms/mod.rs").display(),
        warned = corpus.join("warned.rs").display(),
    );
    let lock = tests.parent().expect("the workspace").join("Cargo.lock");
    fs::create_dir_all(folder.join("src")).expect("the folder is made");
    fs::write(folder.join("Cargo.toml"), manifest).expect("the manifest is written");
    fs::write(folder.join("src/lib.rs"), library).expect("the library is written");
    fs::copy(lock, folder.join("Cargo.lock")).expect("the lock file of the workspace is copied");
    folder
}

fn warnings(folder: &Path, features: &[&str]) -> BTreeSet<Warning> {
    // One target folder for the projects of all tests, so that dependencies are built once.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("projects-target");
    let output = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--message-format", "json"])
        .args(features)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    let messages = String::from_utf8(output.stdout).expect("messages are text");
    assert!(output.status.success(), "{errors}\n{messages}");
    messages.lines().filter_map(warning).collect()
}

fn warning(line: &str) -> Option<Warning> {
    let line: serde_json::Value = serde_json::from_str(line).expect("one message on each line");
    if line["reason"] != "compiler-message" {
        return None;
    }
    let message = &line["message"];
    let text = message["message"].as_str().unwrap_or_default().to_owned();
    let lint = message["code"]["code"].as_str()?.to_owned();
    let spans = message["spans"].as_array().into_iter().flatten();
    let primary = spans
        .filter(|span| span["is_primary"] == true)
        .map(|span| {
            let file = span["file_name"].as_str().unwrap_or_default();
            let name = file.rsplit(['/', '\\']).next().unwrap_or_default();
            format!("{name}:{}:{}", span["line_start"], span["column_start"])
        })
        .collect::<Vec<_>>();
    Some((lint, text, primary.join(" ")))
}

fn compare(edition: &str) {
    let folder = package(edition);
    let plain = warnings(&folder, &[]);
    let annotated = warnings(&folder, &["--features", "annotated"]);
    assert!(
        plain.len() > 30,
        "expected more than 30 warnings, found {}",
        plain.len()
    );
    let only = |left: &BTreeSet<Warning>, right: &BTreeSet<Warning>| {
        let difference: Vec<String> = left
            .difference(right)
            .map(|(lint, text, location)| format!("  {location}: {lint}: {text}"))
            .collect();
        difference.join("\n")
    };
    assert!(
        plain == annotated,
        "\nonly with the attribute\n{}\nonly without the attribute\n{}",
        only(&annotated, &plain),
        only(&plain, &annotated),
    );
}

#[test]
fn warnings_are_the_same_in_edition_2024() {
    compare("2024");
}

#[test]
fn warnings_are_the_same_in_edition_2021() {
    compare("2021");
}
