//! Reports attribute values that a handle sets after its operation has ended. Only debug builds report them.

use crate::definition::OperationDefinition;
use std::collections::HashSet;
use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

/// Writes the lost value of the attribute with this index to standard error, once per operation definition.
#[cold]
pub(crate) fn report(operation: &'static OperationDefinition, index: usize) {
    static REPORTED: Mutex<Option<HashSet<usize>>> = Mutex::new(None);
    let mut reported = REPORTED.lock().unwrap_or_else(PoisonError::into_inner);
    let address = std::ptr::from_ref(operation).addr();
    let is_new = reported.get_or_insert_default().insert(address);
    drop(reported);
    if is_new {
        let (name, key) = (operation.name, operation.attributes[index].key);
        let text = format!(
            "otel-contract: `{key}` of operation `{name}` was set after the operation ended, so its value is lost\n  \
             = note: debug builds report this once per operation\n  = help: {HELP}\n"
        );
        // An error of writing is ignored: the report must not make the operation fail.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
}

/// The fix.
pub(crate) const HELP: &str =
    "set the attribute before the function returns, or await the task that owns the handle";
