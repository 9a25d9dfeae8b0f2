//! The measuring programs: this program, and the programs that count allocations and instructions.

use crate::report::Figures;
use otel_contract_benches::scene::Scene;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) struct Programs {
    own: PathBuf,
}

impl Programs {
    /// Builds the programs that `cargo run` did not build.
    pub(crate) fn build() -> Result<Self, Box<dyn Error>> {
        let mut build = cargo();
        build.args(["build", "-q", "--release", "-p", "otel-contract-benches"]);
        build.args(["--bin", "allocations", "--bin", "calls"]);
        build.args((!cfg!(feature = "tsc")).then_some("--no-default-features"));
        output(build.current_dir(root()))?;
        Ok(Self {
            own: std::env::current_exe()?,
        })
    }

    fn other(&self, name: &str) -> PathBuf {
        self.own.with_file_name(name)
    }

    /// Returns the nanoseconds per call of every peer.
    pub(crate) fn times(&self, scene: Scene, rounds: usize) -> Result<Figures, Box<dyn Error>> {
        let mut run = Command::new(&self.own);
        figures(run.args(["measure", scene.name(), &rounds.to_string()]), 1)
    }

    /// Returns the allocations and bytes per call of every peer.
    pub(crate) fn allocations(&self, scene: Scene) -> Result<[Figures; 2], Box<dyn Error>> {
        let run = || {
            let mut run = Command::new(self.other("allocations"));
            run.arg(scene.name());
            run
        };
        Ok([figures(&mut run(), 1)?, figures(&mut run(), 2)?])
    }

    /// Returns the instructions per call of a peer; `None` without valgrind.
    pub(crate) fn instructions(&self, scene: Scene, peer: &str) -> Option<f64> {
        const CALLS: u32 = 1_000;
        let mut run = Command::new("valgrind");
        run.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
        run.arg("--toggle-collect=*counted_calls*");
        run.arg(self.other("calls"));
        run.args([scene.name(), peer, &CALLS.to_string()]);
        let output = run.output().ok().filter(|output| output.status.success())?;
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let (_, count) = text.split_once("Collected :")?;
        let count: f64 = count.split_whitespace().next()?.parse().ok()?;
        Some(count / f64::from(CALLS))
    }
}

/// Returns a command for the cargo that runs this program.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Returns the folder of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Runs a program and returns its output. On failure, the error contains standard error.
pub(crate) fn output(command: &mut Command) -> Result<String, Box<dyn Error>> {
    let output = command
        .output()
        .map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(format!("{command:?}: {}\n{errors}", output.status).into())
}

/// Reads one column of figures from lines with a name and figures.
fn figures(command: &mut Command, column: usize) -> Result<Figures, Box<dyn Error>> {
    let text = output(command)?;
    let figure = |line: &str| {
        let mut cells = line.split('\t');
        let name = cells.next()?.to_owned();
        Some((name, cells.nth(column - 1)?.parse().ok()?))
    };
    text.lines()
        .map(|line| figure(line).ok_or_else(|| format!("expected figures, found `{line}`").into()))
        .collect()
}
