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
//! OpenTelemetry exports them as log records of that name. Failures only: a panic has its own message,
//! and a cancelled operation is no error.
//!
//! Spans of `tracing` come to OpenTelemetry through `tracing-opentelemetry`, and are then parents and
//! children of operations, as the code has it. That takes what is its default since 0.32, that it
//! attaches the context of a span while the span is entered (`with_context_activation(true)`).

mod correlated;
mod failure;

pub use correlated::{Correlated, CorrelatedWriter};
pub(crate) use failure::failed;
