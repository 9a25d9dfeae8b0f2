//! Integration with `tracing`: correlates the existing logs of a service with traces and operations.
//!
//! [`Correlated`] adds `trace_id`, `span_id`, `operation` and `service` to every record that `fmt` writes, as text or
//! JSON. The code that logs does not change:
//!
//! ```
//! # fn main() {
//! use otel_contract::logs::Correlated;
//!
//! tracing_subscriber::fmt()
//!     .map_writer(Correlated::new) // the one line to add
//!     .init();
//! # }
//! ```
//!
//! [`Correlated::with_attributes`] adds selected attributes of the current operation.
//!
//! A failed operation emits an event `<operation>.error`, whose target is the name of the contract. Its level is the
//! `severity` of the error class, `error` by default. Its field `error.type` is the error class. Its field `error.message`
//! is the text of the error, if the error type declares the text as safe. `RUST_LOG=billing=error` therefore shows the
//! failures of contract `billing`, and a log bridge to OpenTelemetry exports them as log records with the event name
//! `<operation>.error`. Only a returned error emits such an event: a panic has its own message, and a cancelled operation
//! has no error to log. An error class with `expected: true` emits no event.
//!
//! An error that several nested operations return emits one event, in the operation where it began: an operation whose
//! last child operation failed with the same error class emits none.
//!
//! A typed event of a contract (feature `logs`) is also an event of `tracing`: its target is the name of the contract, its
//! message is the `brief`, and its fields are the recorded attributes. No event is exported twice: if a logger of
//! OpenTelemetry records the event, telemetry is suppressed while subscribers of `tracing` are called, so a log bridge
//! ignores it. Without such a logger, a log bridge exports it.
//!
//! `tracing-opentelemetry` exports spans of `tracing` to OpenTelemetry. They are then parents and children of operations,
//! as nested in the code. This requires that the layer attaches the context of a span while the span is entered
//! (`with_context_activation(true)`), which is its default since 0.32. If the option is off, an operation inside a span
//! has the parent that was current before the span. `tracing` itself determines two things: the parent of a span is the
//! span that was current when the span was created, not when it is entered; and a span created with `parent:` has that
//! parent. An event of `tracing`, including a failure, is also added to the enclosing span of `tracing`, unless a filter
//! on that layer excludes it.

mod correlated;
#[cfg(feature = "logs")]
mod event;
mod failure;
mod site;

pub use correlated::{Correlated, CorrelatedWriter};
#[cfg(feature = "logs")]
pub(crate) use event::TracingEvent;
pub(crate) use failure::log_failure;
