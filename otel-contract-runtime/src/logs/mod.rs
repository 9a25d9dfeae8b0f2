//! Beside `tracing`: what a team logs already, with the trace and the operation it belongs to.
//!
//! [`Correlated`] puts `trace_id`, `span_id`, `operation` and `service` on every record that `fmt`
//! writes, as text or JSON, and no line that logs changes:
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
//! An operation that fails is an event `<operation>.error` at error level, whose target is the
//! contract's name, with its class as `error.type` and, where the error calls its text safe, that as
//! `error.message`. So `RUST_LOG=billing=error` shows the failures of a contract, and a log bridge to
//! OpenTelemetry exports them as log records of that name. Only what a function returned is such an event: a panic
//! has its own message, and a cancelled operation has no error to log.
//!
//! Spans of `tracing` come to OpenTelemetry through `tracing-opentelemetry`, and are then parents and
//! children of operations, as the code has it. That takes what is its default since 0.32, that it
//! attaches the context of a span while the span is entered (`with_context_activation(true)`): with it
//! off, an operation inside a span hangs under whatever was current before. Two things stay as they are
//! in `tracing`: a span has the parent that was current when it was made, not when it is entered, and
//! one made with `parent:` has that one. And an event of `tracing`, failures included, is also put on
//! the span of `tracing` around it, unless a filter on that layer says otherwise.

mod correlated;
mod failure;

pub use correlated::{Correlated, CorrelatedWriter};
pub(crate) use failure::log_failure;
