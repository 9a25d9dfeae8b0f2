//! Builds crates outside the workspace: after an edit of an included file, with errors in the contract, and with
//! different features of `otel-contract`.
//!
//! `OTEL_CONTRACT_BLESS=1` rewrites the expected messages.

#[path = "fixtures/prose.rs"]
mod prose;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Crate outside the workspace, with one contract.
struct Fixture {
    folder: PathBuf,
}

impl Fixture {
    fn new(name: &str, features: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("fixtures")
            .join(name);
        let _ = fs::remove_dir_all(&folder);
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .expect("the workspace");
        let fixture = Self { folder };
        let manifest = format!(
            "[package]\nname = \"fixture-{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\notel-contract = {{ path = \"{}\"{features} }}\n",
            root.join("otel-contract").display(),
        );
        fixture.write("Cargo.toml", &manifest);
        fs::copy(root.join("Cargo.lock"), fixture.folder.join("Cargo.lock"))
            .expect("the lock file");
        let sources = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fixtures")
            .join(name);
        for (from, to) in [
            ("lib.rs", "src/lib.rs"),
            ("main.rs", "src/main.rs"),
            ("contract.yaml", "contract.yaml"),
            ("more.yaml", "more.yaml"),
        ] {
            if let Ok(text) = fs::read_to_string(sources.join(from)) {
                fixture.write(to, &text);
            }
        }
        fixture
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        fs::write(path, text).expect("the file is written");
    }

    /// Messages of the compiler; empty on success.
    fn check(&self) -> String {
        let output = self.cargo("check");
        let printed = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.success(), printed.is_empty(), "{printed}");
        printed
    }

    /// Runs the crate and returns its output.
    fn run(&self) -> String {
        let output = self.cargo("run");
        let printed = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && printed.is_empty(), "{printed}");
        String::from_utf8(output.stdout).expect("the output is text")
    }

    fn cargo(&self, command: &str) -> Output {
        self.command(command).output().expect("cargo runs")
    }

    fn command(&self, command: &str) -> Command {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args([command, "--quiet", "--color=never"])
            .current_dir(&self.folder)
            // One target folder for the projects of all tests, so that dependencies are built once.
            .env(
                "CARGO_TARGET_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("projects-target"),
            )
            .env_remove("RUSTFLAGS");
        cargo
    }

    fn assert_messages(&self, name: &str) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fixtures")
            .join(name)
            .join("expected.stderr");
        let printed = self.check();
        if std::env::var_os("OTEL_CONTRACT_BLESS").is_some() {
            fs::write(&path, &printed).expect("the expected text is written");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(printed, expected, "see {}", path.display());
    }
}

#[test]
fn an_edit_of_an_included_file_rebuilds() {
    let fixture = Fixture::new("rebuild", "");
    assert_eq!(fixture.check(), "");
    let more = fs::read_to_string(fixture.folder.join("more.yaml")).expect("the included file");
    fixture.write("more.yaml", &more.replace("plus", "premium"));
    let printed = fixture.check();
    assert!(
        printed.contains("no variant or associated item named `Plus` found"),
        "{printed}"
    );
    fixture.write("more.yaml", &more);
    assert_eq!(fixture.check(), "");
}

#[test]
fn a_contract_with_errors_reports_only_those_errors() {
    Fixture::new("faulty", "").assert_messages("faulty");
    Fixture::new("faulty-signals", ", features = [\"logs\"]").assert_messages("faulty-signals");
}

#[test]
fn metrics_over_budget_and_invalid_dimensions_are_reported_together() {
    Fixture::new("dimensions", "").assert_messages("dimensions");
}

#[test]
fn a_contract_with_hashed_attributes_needs_the_feature() {
    Fixture::new("hash", "").assert_messages("hash");
    let with = Fixture::new("hash", ", features = [\"hash\"]");
    assert_eq!(with.check(), "");
}

#[test]
fn points_are_the_same_without_the_features_for_bound_instruments() {
    let unbound = "default-features = false";
    let fixture = Fixture::new("unbound", &format!(", {unbound}, features = [\"sdk\"]"));
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (from, to) in [
        ("src/everything.rs", "src/everything.rs"),
        ("src/points.rs", "src/points.rs"),
        ("vocabulary/schema/measures.yaml", "contract.yaml"),
    ] {
        let text = fs::read_to_string(tests.join(from)).expect("a file of the tests");
        fixture.write(to, &text);
    }
    let manifest = fixture.folder.join("Cargo.toml");
    let manifest = fs::read_to_string(manifest).expect("the manifest was written");
    let (api, sdk) = (
        format!("opentelemetry = {{ version = \"0.33\", {unbound} }}\n"),
        format!(
            "opentelemetry_sdk = {{ version = \"0.33\", {unbound}, features = [\"experimental_metrics_custom_reader\"] }}\n"
        ),
    );
    fixture.write("Cargo.toml", &format!("{manifest}{api}{sdk}"));
    let once = otel_contract_tests::everything::expected().join("\n");
    // The program prints the points twice: with the view of the contract and without.
    assert_eq!(fixture.run(), format!("{once}\n\n{once}\n\n"));
}

#[test]
fn recording_events_needs_the_feature() {
    Fixture::new("events", "").assert_messages("events");
    let with = Fixture::new("events", ", features = [\"logs\"]");
    assert_eq!(with.check(), "");
}

#[test]
fn every_item_that_needs_a_feature_names_it() {
    for name in [
        "no-actix",
        "no-clients",
        "no-setup",
        "no-testing",
        "no-tokio",
        "no-tower",
    ] {
        Fixture::new(name, "").assert_messages(name);
    }
    // The message also shows sources of the crate, so it is not pinned as a whole.
    let messages = Fixture::new("no-http", "").check();
    for part in [
        "error[E0277]: `Headers` is not a carrier of a trace context",
        "--> src/lib.rs:7:34",
        "`http::HeaderMap` is a carrier with the feature `http` of `otel-contract`",
        "the header map of actix-web and awc is a carrier with the feature `actix`",
        "`TraceContext::from_extractor(…)` and `inject_into(…)`",
    ] {
        assert!(messages.contains(part), "{messages}");
    }
    assert_eq!(messages.matches("error[").count(), 1, "{messages}");
}

#[test]
fn a_client_layer_starts_only_operations_whose_required_attributes_it_knows() {
    // The messages also show sources of the crate, so they are not pinned as a whole.
    let messages = Fixture::new("each-request", ", features = [\"tower\"]").check();
    for part in [
        "error[E0277]: operation `door.open` requires `door.side`, and the client layer does not know it",
        "--> src/lib.rs:5:42",
        "make `door.side` `recommended` in the contract, and add it to the extensions of the request, as `doors::DoorSide`",
        "note: contract `doors` 0.1.0, contract.yaml:14:3",
        // An attribute of `ok(…)`, and one that the contract protects.
        "error[E0277]: operation `door.lock` requires `door.key` and `url.scheme`, and the client layer does not know them",
        "--> src/lib.rs:6:42",
        "error[E0277]: `DoorPaint` is not an operation of HTTP requests",
        "--> src/lib.rs:7:42",
        "the operation needs `kind: client` and attributes that the layer sets",
    ] {
        assert!(messages.contains(part), "{messages}");
    }
    assert_eq!(messages.matches("error[").count(), 3, "{messages}");
}
