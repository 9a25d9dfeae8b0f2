//! Calls the forms and collects their observable behaviour.

use crate::support::{Form, Operation, location_text, note, take_dropped_outside, take_journal};
use opentelemetry::trace::Status;
use opentelemetry_sdk::trace::SpanData;
use otel_contract_tests::attributes;
use std::cell::Cell;
use std::fmt;
use std::panic::{self, catch_unwind};
use std::sync::Once;

thread_local! {
    static OBSERVED: Cell<bool> = const { Cell::new(false) };
}

/// Observable behaviour of a call.
#[derive(Debug, PartialEq)]
pub(crate) struct Behaviour {
    /// Result, or payload of the panic.
    result: Result<String, String>,
    /// Side effects, drops and locations, in their order.
    journal: Vec<String>,
}

impl fmt::Display for Behaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?}", self.result, self.journal)
    }
}

/// Calls a form and returns its observable behaviour.
pub(crate) fn observe(form: &Form) -> Behaviour {
    log_panics();
    take_journal();
    take_dropped_outside();
    OBSERVED.set(true);
    let result = catch_unwind(form.call);
    OBSERVED.set(false);
    Behaviour {
        result: result.map_err(|payload| match payload.downcast::<String>() {
            Ok(text) => *text,
            Err(payload) => match payload.downcast::<&'static str>() {
                Ok(text) => (*text).to_owned(),
                Err(payload) => format!("{:?}", payload.downcast::<u32>()),
            },
        }),
        journal: take_journal(),
    }
}

/// Installs a panic hook that logs panics of observed forms in the journal.
fn log_panics() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !OBSERVED.get() {
                return previous(info);
            }
            let location = info.location().map(location_text);
            note(format!("panic at {}", location.unwrap_or_default()));
        }));
    });
}

/// Compares the exported spans with the expected operations of a form.
pub(crate) fn compare_operations(spans: &[SpanData], expected: &[Operation]) -> Result<(), String> {
    let found = spans.iter().map(|span| {
        let status = match span.status {
            Status::Unset => "unset",
            Status::Error { .. } => "error",
            Status::Ok => "ok",
        };
        (&*span.name, status, attributes(span))
    });
    let expected = expected.iter().map(|operation| {
        let (status, class, pairs) = match operation {
            Operation::Success(pairs) => ("unset", None, pairs),
            Operation::Failure(class, pairs) => ("error", Some(*class), pairs),
            Operation::Cancelled(pairs) => ("error", Some("cancelled"), pairs),
        };
        let class = class.map(|class| ("error.type", class));
        let pairs = pairs.iter().copied().chain(class);
        let mut pairs: Vec<_> = pairs
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        pairs.sort();
        ("form.run", status, pairs)
    });
    let (found, expected): (Vec<_>, Vec<_>) = (found.collect(), expected.collect());
    if found == expected {
        return Ok(());
    }
    Err(format!("\n  recorded {found:?}\n  expected {expected:?}"))
}
