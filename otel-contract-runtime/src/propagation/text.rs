//! A trace context as one line of text.

use super::baggage::{self, ContractBaggage};
use super::context::TraceContext;
use super::malformed::MalformedTraceContext;
use super::{BAGGAGE, TRACEPARENT, TRACESTATE, traceparent, tracestate};
use std::fmt;
use std::str::FromStr;

/// `traceparent`, then `;tracestate=…` and `;baggage=…` where there is any; nothing for an empty
/// context. Inside a `tracestate`, `;` and `%` are written as `%3B` and `%25`.
impl<B> fmt::Display for TraceContext<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_valid() {
            self.parent.write(f)?;
        }
        if let Some(state) = &self.state {
            let state = state.replace('%', "%25").replace(';', "%3B");
            write!(f, ";{TRACESTATE}={state}")?;
        }
        match &self.baggage {
            Some(baggage) => write!(f, ";{BAGGAGE}={baggage}"),
            None => Ok(()),
        }
    }
}

/// Reads what is displayed; a bare `traceparent` will do, and empty text is an empty context. Of the
/// baggage, what the contract does not know is left out.
///
/// For text that may be anything, and must not stop a job, use
/// [`from_lossy`](TraceContext::from_lossy).
impl<B: ContractBaggage> FromStr for TraceContext<B> {
    type Err = MalformedTraceContext;

    fn from_str(text: &str) -> Result<Self, MalformedTraceContext> {
        let mut context = Self::default();
        let mut parts = text.trim_ascii().split(';');
        match parts.next() {
            None | Some("") => {}
            Some(parent) => context.parent = traceparent::parse(parent)?,
        }
        for part in parts {
            match part.split_once('=') {
                Some((TRACESTATE, state)) if context.is_valid() => {
                    let state = state.replace("%3B", ";").replace("%25", "%");
                    context.state = tracestate::parse(&state)?;
                }
                Some((BAGGAGE, baggage)) => {
                    context.baggage = baggage::parse(baggage, &B::keys(), B::admit);
                }
                _ => {
                    return Err(MalformedTraceContext::new(
                        TRACEPARENT,
                        "it is followed by something else than `;tracestate=` and `;baggage=`",
                    ));
                }
            }
        }
        Ok(context)
    }
}

impl<B: ContractBaggage> TraceContext<B> {
    /// Reads text that may be anything: of what is malformed it makes an empty context, whose
    /// [`problem`](Self::problem) says why.
    ///
    /// ```
    /// use otel_contract::TraceContext;
    ///
    /// let context = TraceContext::from_lossy("00-0af7651916cd43dd8448eb211c80319c");
    /// assert!(!context.is_valid());
    /// let problem = context.problem().expect("it is too short");
    /// assert_eq!(problem.to_string(), "malformed `traceparent`: it is shorter than 55 characters");
    /// ```
    #[must_use]
    pub fn from_lossy(text: &str) -> Self {
        text.parse().unwrap_or_else(Self::without)
    }

    /// Nothing, for this reason.
    pub(super) fn without(problem: MalformedTraceContext) -> Self {
        Self {
            problem: Some(problem.into()),
            ..Self::default()
        }
    }
}
