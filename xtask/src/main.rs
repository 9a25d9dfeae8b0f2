//! Commands for maintainers. Each runs a few other commands that are easy to forget; CONTRIBUTING.md lists them.

mod editor;
mod structure;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const COMMANDS: &[(&str, &str, &[Step])] = &[
    (
        "check",
        "formatting, clippy and the structure of the crates",
        &[
            Step::Cargo(&["fmt", "--all", "--", "--check"]),
            Step::Cargo(&[
                "clippy",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ]),
            Step::Structure,
        ],
    ),
    (
        "structure",
        "no module imports a module of a higher layer; no file or function is longer than its limit",
        &[Step::Structure],
    ),
    (
        "test",
        "every test",
        &[Step::Cargo(&["test", "--workspace"])],
    ),
    (
        "bench",
        "what an operation costs, and what compiling it costs; takes minutes",
        &[
            Step::Cargo(&[
                "run",
                "--release",
                "-p",
                "otel-contract-benches",
                "--bin",
                "operation",
            ]),
            Step::Cargo(&[
                "run",
                "-p",
                "otel-contract-benches",
                "--bin",
                "compile-time",
                "--",
                "500",
                "3",
            ]),
        ],
    ),
    (
        "bless",
        "rewrites every snapshot; read the difference before it is committed",
        &[
            Step::Bless(
                "OTEL_CONTRACT_BLESS",
                "1",
                &["-p", "otel-contract-model", "-p", "otel-contract-cli"],
            ),
            Step::Bless(
                "INSTA_UPDATE",
                "always",
                &[
                    "-p",
                    "otel-contract-macros",
                    "-p",
                    "otel-contract-compiler",
                    "-p",
                    "otel-contract-cli",
                ],
            ),
            Step::Bless(
                "TRYBUILD",
                "overwrite",
                &["-p", "otel-contract-tests", "--test", "ui"],
            ),
        ],
    ),
    (
        "docs",
        "the documentation of every crate",
        &[Step::Cargo(&["doc", "--workspace", "--no-deps"])],
    ),
    (
        "editor",
        "checks what rust-analyzer offers within `#[instrumented_operation]`; installs rust-analyzer",
        &[Step::Editor],
    ),
];

/// One step of a command.
enum Step {
    Cargo(&'static [&'static str]),
    /// Runs `cargo test` with an environment variable that makes tests rewrite their expected output.
    Bless(&'static str, &'static str, &'static [&'static str]),
    Structure,
    Editor,
}

impl Step {
    fn run(&self, root: &Path) -> bool {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(root);
        match self {
            Self::Cargo(arguments) => cargo.args(*arguments),
            Self::Bless(variable, value, arguments) => {
                cargo.arg("test").args(*arguments).env(variable, value)
            }
            Self::Structure => return structure::check(root),
            Self::Editor => return editor::check(root),
        };
        match cargo.status() {
            Ok(status) => status.success(),
            Err(error) => {
                eprintln!("error: cargo cannot be started: {error}");
                false
            }
        }
    }
}

fn main() -> ExitCode {
    let command = std::env::args().nth(1).unwrap_or_default();
    let Some((_, _, steps)) = COMMANDS.iter().find(|(name, ..)| *name == command) else {
        for (name, meaning, _) in COMMANDS {
            println!("cargo xtask {name:<10} {meaning}");
        }
        let asked_for_help = ["", "help", "--help"].contains(&command.as_str());
        return if asked_for_help {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        };
    };
    let root = root();
    if steps.iter().all(|step| step.run(&root)) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The folder of the workspace.
fn root() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    folder.parent().unwrap_or(folder).to_owned()
}
