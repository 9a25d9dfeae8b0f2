//! The text of a trace context, which is one line.

use super::baggage::{self, ContractBaggage};
use super::context::TraceContext;
use super::malformed::MalformedTraceContext;
use super::mode::PropagationMode;
use super::traceparent::Parent;
use super::{BAGGAGE, TRACEPARENT, TRACESTATE, traceparent, tracestate};
use crate::received::B3State;
use std::fmt;
use std::str::FromStr;

/// Name of the part of the text with the B3 sampling state.
const B3: &str = "b3";

/// Writes `traceparent`, then `;tracestate=…`, `;b3=…` and `;baggage=…` if they are not empty. The text of an empty context is
/// empty. In a `tracestate`, `;` and `%` are written as `%3B` and `%25`.
///
/// Trace and baggage are omitted if `OTEL_PROPAGATORS` of the installed set-up does not propagate them. The notation does not
/// depend on the formats of the variable, so a process with other formats can read the text.
impl<B> fmt::Display for TraceContext<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = PropagationMode::current();
        write!(f, "{:?}", self.text(mode.has_trace(), mode.has_baggage()))
    }
}

/// The B3 sampling states that a `traceparent` cannot express.
const B3_STATES: [(B3State, &str); 4] = [
    (B3State::Deferred, "deferred"),
    (B3State::Debug, "debug"),
    (B3State::Deny, "deny"),
    (B3State::Accept, "accept"),
];

/// Parts of a context to write as text.
struct Text<'a> {
    parent: Parent,
    state: Option<&'a str>,
    baggage: Option<&'a str>,
}

impl<B> TraceContext<B> {
    /// Returns the text, with or without the trace and the baggage.
    pub(super) fn text(&self, trace: bool, baggage: bool) -> impl fmt::Debug {
        Text {
            parent: if trace { self.parent } else { Parent::NONE },
            state: self.state.as_deref().filter(|_| trace),
            baggage: self.baggage.as_deref().filter(|_| baggage),
        }
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.parent.is_valid() {
            self.parent.write(f)?;
        }
        if let Some(state) = self.state {
            let state = state.replace('%', "%25").replace(';', "%3B");
            write!(f, ";{TRACESTATE}={state}")?;
        }
        let mut states = B3_STATES.iter();
        if let Some((_, state)) = states.find(|(state, _)| *state == self.parent.b3) {
            write!(f, ";{B3}={state}")?;
        }
        match self.baggage {
            Some(baggage) => write!(f, ";{BAGGAGE}={baggage}"),
            None => Ok(()),
        }
    }
}

/// Applies a B3 sampling state to the parsed trace, or to the trace that starts here if none was parsed.
fn apply_b3(b3: &str, parent: &mut Parent) -> Result<(), MalformedTraceContext> {
    let mut states = B3_STATES.iter().filter(|(state, _)| {
        let forbids_trace = matches!(state, B3State::Deny | B3State::Accept);
        let requires_trace = *state == B3State::Deferred;
        !(forbids_trace && parent.is_valid() || requires_trace && !parent.is_valid())
    });
    let Some((state, _)) = states.find(|(_, name)| *name == b3) else {
        return Err(MalformedTraceContext::new(B3, "it is not a B3 state"));
    };
    parent.b3 = *state;
    let is_sampled = matches!(state, B3State::Debug | B3State::Accept);
    parent.flags = parent.flags.with_sampled(is_sampled);
    Ok(())
}

/// Parses the text of `Display`. A `traceparent` alone is valid, and empty text is an empty context. Baggage that the contract
/// does not list is omitted, and so are parts that `OTEL_PROPAGATORS` of the installed set-up does not propagate.
///
/// Use [`from_lossy`](TraceContext::from_lossy) for untrusted text that must not make a job fail.
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
                Some((B3, state)) => apply_b3(state, &mut context.parent)?,
                Some((BAGGAGE, baggage)) => {
                    context.baggage = baggage::filter_header(baggage, &B::keys(), B::admit);
                }
                _ => {
                    return Err(MalformedTraceContext::new(
                        TRACEPARENT,
                        "only `;tracestate=`, `;b3=` and `;baggage=` may follow it",
                    ));
                }
            }
        }
        let mode = PropagationMode::current();
        if !mode.has_trace() {
            (context.parent, context.state) = (Parent::NONE, None);
        }
        if !mode.has_baggage() {
            context.baggage = None;
        }
        Ok(context)
    }
}

impl<B: ContractBaggage> TraceContext<B> {
    /// Parses untrusted text. Malformed text gives an empty context, whose [`problem`](Self::problem) is the reason.
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
        text.parse().unwrap_or_else(Self::malformed)
    }

    /// Returns an empty context with this problem.
    pub(super) fn malformed(problem: MalformedTraceContext) -> Self {
        Self {
            problem: Some(problem.into()),
            ..Self::default()
        }
    }
}
