//! The error of a malformed trace context.

use std::fmt;

/// The reason why text is not a [`TraceContext`](super::TraceContext). The message does not contain the text, because the
/// text is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MalformedTraceContext {
    /// Name of the malformed header or part of the text.
    part: &'static str,
    why: &'static str,
}

impl MalformedTraceContext {
    pub(super) const fn new(part: &'static str, why: &'static str) -> Self {
        Self { part, why }
    }
}

impl fmt::Display for MalformedTraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "malformed `{}`: {}", self.part, self.why)
    }
}

impl std::error::Error for MalformedTraceContext {}
