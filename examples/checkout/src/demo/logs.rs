//! Logs of the services: JSON lines with the identifier of their trace.

use serde_json::Value;
use std::fmt;
use std::io::BufRead;
use std::sync::{Arc, Mutex, PoisonError};

/// The log lines of all services, in the order of their arrival.
#[derive(Clone, Default)]
pub(super) struct Logs(Arc<Mutex<Vec<Value>>>);

impl Logs {
    /// Reads the output of a service to its end. Lines that are not JSON objects are printed to standard error.
    pub(super) fn read_all(&self, output: impl BufRead) {
        for line in output.lines().map_while(Result::ok) {
            match serde_json::from_str(&line) {
                Ok(record @ Value::Object(_)) => self.with(|records| records.push(record)),
                _ => eprintln!("{line}"),
            }
        }
    }

    /// Formats the log records of one trace.
    pub(super) fn of_trace(&self, trace_id: &str) -> Vec<String> {
        self.with(|records| {
            let of_trace = records
                .iter()
                .filter(|record| record["trace_id"] == trace_id);
            of_trace.map(format_record).collect()
        })
    }

    fn with<T>(&self, access: impl FnOnce(&mut Vec<Value>) -> T) -> T {
        access(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Display for Logs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.with(|records| records.iter().map(Value::to_string).collect::<Vec<_>>());
        lines.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// Formats a log record without the time, and without the trace, which is printed above.
fn format_record(record: &Value) -> String {
    let columns = ["level", "service", "operation", "span_id"];
    let [level, service, operation, span] = columns.map(|key| record[key].as_str().unwrap_or("-"));
    let other_fields = record.as_object().into_iter().flatten().filter(|(key, _)| {
        !columns.contains(&key.as_str())
            && !["timestamp", "target", "trace_id", "message"].contains(&key.as_str())
    });
    let fields: Vec<String> = other_fields
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let message = record["message"].as_str().unwrap_or_default();
    let line = format!(
        "{level:<5} {service:<16} {operation:<23} span {span}  {message} {}",
        fields.join(" ")
    );
    line.trim_end().to_owned()
}
