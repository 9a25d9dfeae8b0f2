//! Reports a route of the service that its contract does not have. Only debug builds report it.

use crate::definition::ContractDefinition;
use std::collections::HashSet;
use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

/// Writes to standard error that a request without a route was answered, once per contract. The path is not written: it
/// may contain personal data.
#[cold]
pub(super) fn report(contract: &'static ContractDefinition, status: u16) {
    static REPORTED: Mutex<Option<HashSet<&str>>> = Mutex::new(None);
    let mut reported = REPORTED.lock().unwrap_or_else(PoisonError::into_inner);
    let is_new = reported.get_or_insert_default().insert(contract.name);
    drop(reported);
    if is_new {
        let name = contract.name;
        let text = format!(
            "otel-contract: a request that matches no `route` of contract `{name}` was answered with status {status}\n  \
             = note: it is recorded with `_OTHER` as its route; debug builds report this once per contract\n  \
             = help: add the `route` to an operation of the contract\n"
        );
        // An error of writing is ignored: the report must not make the request fail.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
}
