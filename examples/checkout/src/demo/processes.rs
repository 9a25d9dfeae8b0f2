//! The other processes: this binary again, each with a command of its own.

use super::logs::Logs;
use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;

/// Where telemetry goes.
pub(super) enum Destination {
    /// A collector somebody runs; everything but the endpoint is as the variables say.
    Collector(String),
    /// The sink of this process.
    Sink(String),
}

/// A running service. It stops when it is dropped, since its standard input then ends.
pub(super) struct Process {
    name: String,
    pub(super) url: String,
    child: Child,
    /// Kept open, so that the service may write to it.
    _stdout: BufReader<ChildStdout>,
    logs: JoinHandle<()>,
}

impl Process {
    /// Starts it, and waits until it listens.
    pub(super) fn start(
        arguments: &[&str],
        destination: &Destination,
        logs: &Logs,
    ) -> Result<Self, Box<dyn Error>> {
        let name = arguments.first().copied().unwrap_or_default().to_owned();
        let mut command = Command::new(std::env::current_exe()?);
        command.args(arguments).arg("--with-parent");
        if std::env::var_os("CHECKOUT_PROTECTION_KEY").is_none() {
            command.env("CHECKOUT_PROTECTION_KEY", "a key for demonstrations");
        }
        match destination {
            Destination::Collector(endpoint) => {
                command.env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
            }
            Destination::Sink(endpoint) => {
                let all = std::env::vars_os().map(|(name, _)| name);
                for variable in all.filter(|name| name.to_string_lossy().starts_with("OTEL_")) {
                    command.env_remove(variable);
                }
                command.env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
            }
        }
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = piped.stderr(Stdio::piped()).spawn()?;
        let stderr = child.stderr.take().ok_or("a pipe")?;
        let stdout = child.stdout.take().ok_or("a pipe")?;
        let logs = {
            let logs = logs.clone();
            std::thread::spawn(move || logs.take_all(BufReader::new(stderr)))
        };
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        stdout.read_line(&mut line)?;
        let url = line
            .split_whitespace()
            .find(|word| word.starts_with("http://"));
        let Some(url) = url.map(|url| url.trim_end_matches('/').to_owned()) else {
            let _ = child.wait();
            let _ = logs.join();
            return Err(format!("`checkout {name}` did not start").into());
        };
        Ok(Self {
            name,
            url,
            child,
            _stdout: stdout,
            logs,
        })
    }

    /// Tells it to stop, and waits until it has delivered what it recorded.
    pub(super) fn stop(mut self) -> Result<(), Box<dyn Error>> {
        drop(self.child.stdin.take());
        let status = self.child.wait()?;
        let _ = self.logs.join();
        if status.success() {
            return Ok(());
        }
        Err(format!("`checkout {}` ended with {status}", self.name).into())
    }
}
