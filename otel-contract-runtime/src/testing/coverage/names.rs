//! Names of the entries that tests can record, as reports and coverage files show them.
//! `otel-contract-cli/src/coverage/entries.rs` forms the same names.

pub(super) fn operation(name: &str) -> String {
    format!("operation {name}")
}

pub(super) fn error_of(class: &str, operation: &str) -> String {
    format!("error {class} of {operation}")
}

/// An error class that no operation lists.
pub(super) fn error(class: &str) -> String {
    format!("error {class}")
}

pub(super) fn value(key: &str, value: &str) -> String {
    format!("value {key} = {value}")
}

pub(super) fn metric(name: &str) -> String {
    format!("metric {name}")
}

pub(super) fn event(name: &str) -> String {
    format!("event {name}")
}
