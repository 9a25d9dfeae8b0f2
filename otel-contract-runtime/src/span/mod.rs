//! Spans of a set-up, and of test scopes.
//!
//! An SDK's span can be shown to every processor when it starts, and is made for that: it holds all it
//! records, its tracer and its limits, and is moved whole wherever it goes. A set-up knows its processors,
//! and that none of them looks at a span before it has ended. So an operation keeps what it records where
//! it runs, and what its context shows to others is small: an identity, and what they add. They meet in the
//! SDK's `SpanData` when the operation ends. What other instrumentation records goes through the SDK's
//! tracer, to the same processors.

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
pub(crate) use noop::{BufferedSpan, ContractTracer, Ended};
#[cfg(any(feature = "setup", feature = "testing"))]
pub(crate) use pipeline::Pipeline;
#[cfg(any(feature = "setup", feature = "testing"))]
pub(crate) use processors::Processors;
#[cfg(any(feature = "setup", feature = "testing"))]
pub(crate) use tracer::{BufferedSpan, ContractTracer, Ended};

use crate::definition::OperationDefinition;
use opentelemetry::trace::{Link, Status};
use opentelemetry::{Context, KeyValue};
use std::time::SystemTime;

/// What an operation recorded.
#[derive(Debug)]
#[cfg_attr(
    not(any(feature = "setup", feature = "testing")),
    expect(dead_code, reason = "no span is buffered")
)]
pub(crate) struct Record<'a> {
    pub(crate) definition: &'static OperationDefinition,
    /// Where its span is.
    pub(crate) context: &'a Context,
    pub(crate) start: SystemTime,
    pub(crate) end: SystemTime,
    pub(crate) attributes: &'a mut Vec<KeyValue>,
    /// How many of them there were when the body began: what others added came after those.
    pub(crate) entered: usize,
    pub(crate) links: &'a mut Vec<Link>,
    pub(crate) status: Option<Status>,
}
