//! Spans of a set-up, and of test scopes.
//!
//! An SDK span can be shown to every processor when it starts. It therefore contains everything it records, its tracer
//! and its limits, and every move copies all of them. A set-up knows its processors, and no processor of a set-up reads
//! a span before the span has ended. An operation therefore buffers what it records, and its context shows a small span
//! to other code: a span context, and what other code adds. Both are combined in the SDK's `SpanData` when the operation
//! ends. Spans of other instrumentation come from the SDK's tracer and go to the same processors.

#[cfg(any(feature = "setup", feature = "testing"))]
mod contract_span;
#[cfg(any(feature = "setup", feature = "testing"))]
mod limits;
#[cfg(not(any(feature = "setup", feature = "testing")))]
mod noop;
#[cfg(any(feature = "setup", feature = "testing"))]
mod pipeline;
#[cfg(any(feature = "setup", feature = "testing"))]
mod processors;
#[cfg(any(feature = "setup", feature = "testing"))]
mod tracer;
#[cfg(any(feature = "setup", feature = "testing"))]
mod unique;

#[cfg(feature = "setup")]
pub(crate) use limits::Limits;
#[cfg(all(feature = "setup", feature = "logs"))]
pub(crate) use limits::shorten;
#[cfg(not(any(feature = "setup", feature = "testing")))]
pub(crate) use noop::{BufferedSpan, ContractTracer, EndedSpan};
#[cfg(any(feature = "setup", feature = "testing"))]
pub(crate) use pipeline::Pipeline;
#[cfg(any(feature = "setup", feature = "testing"))]
pub(crate) use processors::Processors;
#[cfg(any(feature = "setup", feature = "testing"))]
pub(crate) use tracer::{BufferedSpan, ContractTracer, EndedSpan};

use crate::definition::OperationDefinition;
use opentelemetry::trace::{Link, Status};
use opentelemetry::{Context, KeyValue};
use std::time::SystemTime;

/// The record of an operation that has ended.
#[derive(Debug)]
#[cfg_attr(
    not(any(feature = "setup", feature = "testing")),
    expect(dead_code, reason = "no span is buffered")
)]
pub(crate) struct Record<'a> {
    pub(crate) definition: &'static OperationDefinition,
    /// The context that contains the span.
    pub(crate) context: &'a Context,
    pub(crate) start: SystemTime,
    pub(crate) end: SystemTime,
    pub(crate) attributes: &'a mut Vec<KeyValue>,
    /// Number of attributes that were set before the body began. Other code added attributes later than these.
    pub(crate) entry_attributes: usize,
    pub(crate) links: &'a mut Vec<Link>,
    pub(crate) status: Option<Status>,
}
