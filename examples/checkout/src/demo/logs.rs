//! What the services log: a line of JSON each, which names its trace.

use serde_json::Value;
use std::fmt;
use std::io::BufRead;
use std::sync::{Arc, Mutex, PoisonError};

/// The lines of all services, in the order they came.
#[derive(Clone, Default)]
pub(super) struct Logs(Arc<Mutex<Vec<Value>>>);

impl Logs {
    /// Takes what a service writes, to its end. What is no log line goes on to standard error.
    pub(super) fn take_all(&self, from: impl BufRead) {
        for line in from.lines().map_while(Result::ok) {
            match serde_json::from_str(&line) {
                Ok(record @ Value::Object(_)) => self.all(|all| all.push(record)),
                _ => eprintln!("{line}"),
            }
        }
    }

    /// The lines of one trace.
    pub(super) fn of_trace(&self, trace_id: &str) -> Vec<String> {
        self.all(|all| {
            let of_trace = all.iter().filter(|one| one["trace_id"] == trace_id);
            of_trace.map(shown).collect()
        })
    }

    fn all<T>(&self, ask: impl FnOnce(&mut Vec<Value>) -> T) -> T {
        ask(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Display for Logs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.all(|all| all.iter().map(Value::to_string).collect::<Vec<_>>());
        lines.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// Everything but the time, and the trace, which is known here.
fn shown(record: &Value) -> String {
    let known = ["level", "service", "operation", "span_id"];
    let [level, service, operation, span] = known.map(|key| record[key].as_str().unwrap_or("-"));
    let own = record.as_object().into_iter().flatten();
    let own = own.filter(|(key, _)| {
        !known.contains(&key.as_str())
            && !["timestamp", "target", "trace_id", "message"].contains(&key.as_str())
    });
    let own: Vec<String> = own.map(|(key, value)| format!("{key}={value}")).collect();
    let message = record["message"].as_str().unwrap_or_default();
    let line = format!(
        "{level:<5} {service:<16} {operation:<23} span {span}  {message} {}",
        own.join(" ")
    );
    line.trim_end().to_owned()
}
