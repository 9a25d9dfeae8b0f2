//! What is wrong with text that should have been a trace context.

use std::fmt;

/// Why text is not a [`TraceContext`](super::TraceContext). The text itself is not repeated: it came from
/// outside, and may be anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MalformedTraceContext {
    /// A header, or a part of the text.
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
