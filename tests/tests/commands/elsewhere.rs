//! Commands that the test does not run.

/// Commands that this test does not run.
pub(super) const ELSEWHERE: &[(&str, Reason)] = &[
    (
        "cargo test --workspace",
        Reason::RunBy(".ci/run", "cargo test --workspace"),
    ),
    (
        "OTEL_CONTRACT_COVERAGE=\"$PWD/target/otel-coverage\" cargo test --workspace",
        Reason::Because("runs every test; `coverage_files` runs test processes with the variable"),
    ),
    (
        "cargo test -p test-corpus -p test-corpus-2021",
        Reason::RunBy(".ci/run", "cargo test --workspace"),
    ),
    (
        "benches/instructions.sh",
        Reason::RunBy(".ci/run", "benches/instructions.sh"),
    ),
    (
        "cargo run --release -p otel-contract-benches --bin operation",
        Reason::RunBy("xtask/src/main.rs", "operation"),
    ),
    (
        "cargo run --release -p otel-contract-benches --bin operation -- 2001 --plot docs/performance.svg",
        Reason::Because("measures for minutes, and overwrites the plot of the guide"),
    ),
    (
        "cargo run --release -p otel-contract-benches --bin metrics",
        Reason::Because("measures for minutes"),
    ),
    (
        "cargo run --release -p otel-contract-benches --bin metrics -- 401",
        Reason::Because("measures for minutes"),
    ),
    (
        "cargo run --release -p otel-contract-benches --features edges --bin edges",
        Reason::Because("measures for a minute"),
    ),
    (
        "cargo run -p otel-contract-benches --bin compile-time",
        Reason::RunBy("xtask/src/main.rs", "compile-time"),
    ),
    (
        "cargo run -p otel-contract-benches --bin compile-time -- 500 3",
        Reason::Because("compiles for minutes"),
    ),
    (
        "cargo run -p otel-contract-benches --bin compile-time -- 500 5 quick",
        Reason::Because("compiles for minutes"),
    ),
    (
        "cargo run --release -p otel-contract-benches --no-default-features --bin operation",
        Reason::Because("measures for minutes"),
    ),
    ("cargo check", Reason::Because("names a measurement")),
    ("cargo build", Reason::Because("names a measurement")),
    (
        "cargo build --release",
        Reason::Because("names a measurement"),
    ),
    (
        "cargo install --path otel-contract-cli",
        Reason::Because(
            "compiles the command line in the release profile; `.ci/package` builds it from its package",
        ),
    ),
    (
        "cargo install otel-contract-cli",
        Reason::Because("the crates are not published yet"),
    ),
    (
        "cargo install --locked otel-contract-cli",
        Reason::Because("the crates are not published yet"),
    ),
    (
        "cargo otel-contract",
        Reason::Because("names the command line"),
    ),
    (
        "cargo otel-contract diff",
        Reason::Because("names a command; `docs/review.md` shows it with its arguments"),
    ),
    // The checks and steps of a release.
    (".ci/run", Reason::Because("runs this test")),
    (
        ".ci/deny",
        Reason::Because("needs the network and `cargo deny`; `.ci/run` runs it if it is installed"),
    ),
    (
        ".ci/minimal-versions",
        Reason::Because("compiles all dependencies again"),
    ),
    (
        ".ci/package",
        Reason::Because("compiles all dependencies again"),
    ),
    ("cargo xtask bench", Reason::Because("measures for minutes")),
    (
        "cargo xtask editor",
        Reason::Because("installs rust-analyzer"),
    ),
    ("cargo deny", Reason::RunBy(".ci/deny", "cargo deny check")),
    (
        "cargo check --workspace",
        Reason::RunBy(".ci/run", "cargo clippy --workspace"),
    ),
    (
        "cargo doc -p otel-contract --all-features --no-deps",
        Reason::Because(
            "compiles all features; `.ci/run` builds the documentation of the workspace",
        ),
    ),
    (
        "cargo publish -p otel-contract-definition",
        Reason::Because("publishes"),
    ),
    (
        "cargo publish -p otel-contract-model",
        Reason::Because("publishes"),
    ),
    (
        "cargo publish -p otel-contract-yaml",
        Reason::Because("publishes"),
    ),
    (
        "cargo publish -p otel-contract-compiler",
        Reason::Because("publishes"),
    ),
    (
        "cargo publish -p otel-contract-macros",
        Reason::Because("publishes"),
    ),
    (
        "cargo publish -p otel-contract-runtime",
        Reason::Because("publishes"),
    ),
    (
        "cargo publish -p otel-contract",
        Reason::Because("publishes"),
    ),
    (
        "cargo publish -p otel-contract-cli",
        Reason::Because("publishes"),
    ),
    ("cargo publish", Reason::Because("publishes")),
    ("cargo yank", Reason::Because("changes the registry")),
];

/// Why a command is not run here.
pub(super) enum Reason {
    /// A script or program of the repository runs the command: its path, and the text that shows it.
    RunBy(&'static str, &'static str),
    /// Nothing runs the command.
    Because(&'static str),
}
