//! The measured crates.

use std::cell::Cell;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Number of functions per module.
const MODULE: usize = 20;

/// One of the compared crates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Crate {
    Ours,
    Instrument,
    Plain,
}

impl Crate {
    pub(crate) const ALL: [Self; 3] = [Self::Ours, Self::Instrument, Self::Plain];

    fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Instrument => "instrument",
            Self::Plain => "plain",
        }
    }

    fn dependencies(self) -> &'static str {
        match self {
            Self::Ours => "vocabulary = { path = \"../vocabulary\" }",
            Self::Instrument => "tracing = \"0.1\"",
            Self::Plain => "",
        }
    }

    fn attribute(self, index: usize) -> String {
        match self {
            Self::Ours => format!(
                "#[instrumented_operation(bench::WorkN{index}, order.id = order_id, account.tier = tier, retry.attempt = attempt, queue.name = queue, item.count = count)]"
            ),
            Self::Instrument => format!(
                "#[tracing::instrument(name = \"work.n{index}\", skip_all, err, fields(order.id = order_id, account.tier = tier.as_str(), retry.attempt = attempt, queue.name = queue, item.count = count))]"
            ),
            Self::Plain => String::new(),
        }
    }

    fn head(self) -> &'static str {
        match self {
            Self::Ours => {
                "use crate::{Attempt, Failed, Queue, Tier};\nuse vocabulary::bench::{self, instrumented_operation};\n"
            }
            Self::Instrument | Self::Plain => "use crate::{Attempt, Failed, Queue, Tier};\n",
        }
    }

    fn types(self) -> &'static str {
        match self {
            Self::Ours => {
                "pub use vocabulary::bench::{AccountTier as Tier, QueueName as Queue, RetryAttempt as Attempt};\n\
                 #[derive(Debug, vocabulary::bench::ErrorClass)]\n\
                 #[error_class(vocabulary::bench, broken)]\n\
                 pub struct Failed;\n"
            }
            Self::Instrument | Self::Plain => {
                "#[derive(Clone, Copy, Debug)] pub enum Tier { Free, Pro }\n\
                 impl Tier { pub fn as_str(self) -> &'static str { match self { Self::Free => \"free\", Self::Pro => \"pro\" } } }\n\
                 pub type Attempt = i64;\n\
                 pub type Queue = str;\n\
                 #[derive(Debug)] pub struct Failed;\n"
            }
        }
    }
}

/// A separate workspace in `target`, so that its files are never committed.
pub(crate) struct Project {
    folder: PathBuf,
    functions: usize,
    /// Number of changes so far, which makes each changed text unique.
    changes: Cell<usize>,
}

impl Project {
    pub(crate) fn write(root: &Path, functions: usize) -> io::Result<Self> {
        let folder = root.join("target/compile-time");
        let project = Self {
            folder,
            functions,
            changes: Cell::new(0),
        };
        project.file(
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"vocabulary\", \"ours\", \"instrument\", \"plain\"]\n",
        )?;
        // The versions with which the project is tested.
        if !project.folder.join("Cargo.lock").exists() {
            fs::copy(root.join("Cargo.lock"), project.folder.join("Cargo.lock"))?;
        }
        project.vocabulary(root)?;
        for package in Crate::ALL {
            let name = package.name();
            project.file(
                &format!("{name}/Cargo.toml"),
                &manifest(name, package.dependencies()),
            )?;
            project.file(&format!("{name}/src/lib.rs"), &project.library(package))?;
            for module in 0..functions.div_ceil(MODULE) {
                project.file(
                    &format!("{name}/src/m{module}.rs"),
                    &project.module(package, module, 0),
                )?;
            }
        }
        Ok(project)
    }

    fn vocabulary(&self, root: &Path) -> io::Result<()> {
        let dependency = format!(
            "otel-contract = {{ path = \"{}\" }}",
            root.join("otel-contract").display()
        );
        self.file(
            "vocabulary/Cargo.toml",
            &manifest("vocabulary", &dependency),
        )?;
        self.file(
            "vocabulary/src/lib.rs",
            "otel_contract::contract!(\"bench.yaml\");\n",
        )?;
        let mut contract = String::from(CONTRACT);
        for index in 0..self.functions {
            let _ = write!(
                contract,
                "  work.n{index}:\n    brief: Work of kind {index}.\n    attributes:\n      order.id: required\n      account.tier: required\n      retry.attempt: required\n      queue.name: required\n      item.count: required\n    errors: [broken]\n",
            );
        }
        self.file("vocabulary/bench.yaml", &contract)
    }

    fn library(&self, package: Crate) -> String {
        let mut text = String::from(package.types());
        text.push_str(DISPLAY);
        for module in 0..self.functions.div_ceil(MODULE) {
            let _ = writeln!(text, "pub mod m{module};");
        }
        text
    }

    fn module(&self, package: Crate, module: usize, touched: usize) -> String {
        let mut text = String::from(package.head());
        for index in
            (module * MODULE..(module + 1) * MODULE).take_while(|index| *index < self.functions)
        {
            let touched = if index % MODULE == 0 { touched } else { 0 };
            let _ = write!(
                text,
                "\n{}\npub async fn work_{index}(order_id: &str, tier: Tier, attempt: Attempt, queue: &Queue, count: u32) -> Result<u64, Failed> {{\n    let sum = order_id.len() as u64 + u64::from(count) + {touched};\n    let _ = (tier, attempt);\n    let queue: &str = queue.as_ref();\n    std::future::ready(()).await;\n    if queue.is_empty() {{\n        return Err(Failed);\n    }}\n    Ok(sum + {index})\n}}\n",
                package.attribute(index),
            );
        }
        text
    }

    fn file(&self, path: &str, text: &str) -> io::Result<()> {
        write_file(&self.folder.join(path), text)
    }

    /// Checks or builds a crate.
    pub(crate) fn make(&self, command: CargoCommand, package: Crate) -> Result<(), Box<dyn Error>> {
        let mut arguments = command.arguments();
        arguments.extend(["-q", "-p", package.name()]);
        self.cargo(&arguments)
    }

    /// Changes a comment of the contract.
    pub(crate) fn touch_contract(&self) -> io::Result<()> {
        let path = self.folder.join("vocabulary/bench.yaml");
        let text = fs::read_to_string(path)?;
        let text = text.trim_end_matches(|c| c != '\n');
        self.file(
            "vocabulary/bench.yaml",
            &format!("{text}# Change {}.", self.change()),
        )
    }

    /// Removes the build results of a crate. Its dependencies stay built.
    pub(crate) fn clean(
        &self,
        command: CargoCommand,
        package: Crate,
    ) -> Result<(), Box<dyn Error>> {
        let mut arguments = vec!["clean", "-q", "-p", package.name()];
        arguments.extend(command.release.then_some("--release"));
        self.cargo(&arguments)
    }

    /// Changes the body of one function.
    pub(crate) fn touch(&self, package: Crate) -> io::Result<()> {
        self.file(
            &format!("{}/src/m0.rs", package.name()),
            &self.module(package, 0, self.change()),
        )
    }

    fn change(&self) -> usize {
        self.changes.update(|changes| changes + 1);
        self.changes.get()
    }

    fn cargo(&self, arguments: &[&str]) -> Result<(), Box<dyn Error>> {
        cargo(&self.folder, arguments)
    }
}

/// The measured cargo command and its profile.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CargoCommand {
    pub(crate) build: bool,
    pub(crate) release: bool,
}

impl CargoCommand {
    fn arguments(self) -> Vec<&'static str> {
        let mut arguments = vec![if self.build { "build" } else { "check" }];
        arguments.extend(self.release.then_some("--release"));
        arguments
    }
}

/// Runs cargo in a folder. On failure, the error contains the output of cargo.
pub(crate) fn cargo(folder: &Path, arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    cargo_with(folder, arguments, &[])
}

/// Runs cargo in a folder with environment variables.
pub(crate) fn cargo_with(
    folder: &Path,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> Result<(), Box<dyn Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(arguments)
        .envs(variables.iter().copied())
        .current_dir(folder)
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(format!("cargo {arguments:?}:\n{errors}").into())
}

/// Writes a file, unless its text is unchanged. A new modification time would cause a rebuild.
pub(crate) fn write_file(path: &Path, text: &str) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::write(path, text)
}

pub(crate) fn manifest(name: &str, dependencies: &str) -> String {
    format!(
        "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n"
    )
}

/// `tracing::instrument(err)` requires `Display`.
const DISPLAY: &str = "\
impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(\"failed\") }
}
";

const CONTRACT: &str = "\
contract: bench
version: 0.1.0
brief: As many operations as functions.
owners: [\"@bench\"]
defaults: { privacy: internal }
attributes:
  order.id: { type: string, cardinality: unbounded, brief: Order. }
  account.tier: { values: [free, pro], brief: Tier. }
  retry.attempt: { type: int, range: [0, 5], brief: Attempt. }
  queue.name: { type: string, cardinality: bounded, limit: 50, brief: Queue. }
  item.count: { type: int, cardinality: unbounded, brief: Items. }
errors:
  broken: It broke.
operations:
";
