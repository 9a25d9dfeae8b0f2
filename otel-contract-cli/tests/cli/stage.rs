//! A temporary folder per test, and the binary run in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A contract without findings.
pub(crate) const VALID: &str = "# yaml-language-server: $schema=otel-contract.schema.json
contract: shop
version: 1.0.0
brief: Telemetry vocabulary of the shop.
owners: [\"@acme/shop\"]
defaults: { privacy: internal }

attributes:
  order.id: { type: string, cardinality: unbounded, brief: Number on the receipt. }
";

/// A folder that contains only the files of a test.
pub(crate) struct Stage {
    pub(crate) folder: PathBuf,
}

/// Result of a run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Stage {
    pub(crate) fn new(name: &str) -> Stage {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("cli")
            .join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("the folder");
        let stage = Stage { folder };
        // Marks the root of a workspace, so that searches end here.
        stage.write("Cargo.toml", "[workspace]\nmembers = []\n");
        stage
    }

    /// Creates a stage with one contract, `contract.yaml`.
    pub(crate) fn with(name: &str, contract: &str) -> Stage {
        let stage = Stage::new(name);
        stage.write("contract.yaml", contract);
        stage
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        fs::write(path, text).expect("the file is written");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.folder.join(path)).expect("the file")
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-otel-contract"));
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env("GITHUB_WORKSPACE", &self.folder)
            .env_remove("CLICOLOR_FORCE")
            .env_remove("NO_COLOR");
        command
    }

    /// Runs the binary with these arguments.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        ended(self.command(arguments).output().expect("the binary runs"))
    }
}

pub(crate) fn ended(output: Output) -> Run {
    Run {
        code: output.status.code().expect("the process was not killed"),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}

impl Run {
    /// Returns the rules of a JSON report, in order.
    pub(crate) fn rules(&self) -> Vec<String> {
        let report: serde_json::Value = serde_json::from_str(&self.stdout).expect("JSON");
        let findings = report["findings"].as_array().expect("findings");
        let rules = findings.iter().map(|finding| finding["rule"].as_str());
        rules.map(|rule| rule.expect("a rule").to_owned()).collect()
    }
}
