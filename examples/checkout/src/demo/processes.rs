//! Processes of the demonstration: the same binary, each with another command.

use super::logs::Logs;
use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;

/// Destination of the telemetry.
pub(super) enum Destination {
    /// Endpoint of a collector. All other settings come from the variables.
    Collector(String),
    /// Endpoint of the sink in this process.
    Sink(String),
}

/// A running service. Dropping it stops the service, because that closes the service's standard input.
pub(super) struct Process {
    name: String,
    pub(super) url: String,
    child: Child,
    /// Kept open, so that the service can write to its standard output.
    _stdout: BufReader<ChildStdout>,
    logs: JoinHandle<()>,
}

impl Process {
    /// Starts a service, and waits until it listens.
    pub(super) fn start(
        arguments: &[&str],
        destination: &Destination,
        logs: &Logs,
    ) -> Result<Self, Box<dyn Error>> {
        let name = arguments.first().copied().unwrap_or_default().to_owned();
        let mut command = Command::new(std::env::current_exe()?);
        command.args(arguments).arg("--stop-at-end-of-input");
        if std::env::var_os("CHECKOUT_PROTECTION_KEY").is_none() {
            command.env(
                "CHECKOUT_PROTECTION_KEY",
                "a key for demonstrations, and for nothing else",
            );
        }
        match destination {
            Destination::Collector(endpoint) => {
                command.env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
            }
            Destination::Sink(endpoint) => {
                let names = std::env::vars_os().map(|(name, _)| name);
                for variable in names.filter(|name| name.to_string_lossy().starts_with("OTEL_")) {
                    command.env_remove(variable);
                }
                command.env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
            }
        }
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = piped.stderr(Stdio::piped()).spawn()?;
        let stderr = child
            .stderr
            .take()
            .ok_or("standard error of the service is not piped")?;
        let stdout = child
            .stdout
            .take()
            .ok_or("standard output of the service is not piped")?;
        let logs = {
            let logs = logs.clone();
            std::thread::spawn(move || logs.read_all(BufReader::new(stderr)))
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

    /// Stops the service, and waits until it has delivered its telemetry.
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
