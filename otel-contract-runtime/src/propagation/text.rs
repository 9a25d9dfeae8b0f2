//! A trace context as one line of text.

use super::baggage::{self, ContractBaggage};
use super::context::TraceContext;
use super::edge::Edge;
use super::malformed::MalformedTraceContext;
use super::traceparent::Parent;
use super::{BAGGAGE, TRACEPARENT, TRACESTATE, traceparent, tracestate};
use crate::received::B3State;
use std::fmt;
use std::str::FromStr;

/// The part of the text that holds a state of B3.
const B3: &str = "b3";

/// `traceparent`, then `;tracestate=…`, `;b3=…` and `;baggage=…` where there is any; nothing for an empty context. Inside a
/// `tracestate`, `;` and `%` are written as `%3B` and `%25`.
///
/// Of trace and baggage only what `OTEL_PROPAGATORS` of the installed set-up lets travel is written. The notation is the same
/// for each of them, so a reader that is configured otherwise can read it.
impl<B> fmt::Display for TraceContext<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let edge = Edge::current();
        write!(f, "{:?}", self.text(edge.has_trace(), edge.has_baggage()))
    }
}

/// The states of B3 that a `traceparent` has no room for.
const B3_STATES: [(B3State, &str); 4] = [
    (B3State::Deferred, "deferred"),
    (B3State::Debug, "debug"),
    (B3State::Deny, "deny"),
    (B3State::Accept, "accept"),
];

/// The text of a context.
struct Text<'a> {
    parent: Parent,
    state: Option<&'a str>,
    baggage: Option<&'a str>,
}

impl<B> TraceContext<B> {
    /// The text of these parts.
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

/// Applies a state of B3: to the trace that was read, or to the one that begins.
fn apply(b3: &str, parent: &mut Parent) -> Result<(), MalformedTraceContext> {
    let mut states = B3_STATES.iter().filter(|(state, _)| {
        let needs_none = matches!(state, B3State::Deny | B3State::Accept);
        let needs_one = *state == B3State::Deferred;
        !(needs_none && parent.is_valid() || needs_one && !parent.is_valid())
    });
    let Some((state, _)) = states.find(|(_, name)| *name == b3) else {
        return Err(MalformedTraceContext::new(B3, "it is not a B3 state"));
    };
    parent.b3 = *state;
    let is_sampled = matches!(state, B3State::Debug | B3State::Accept);
    parent.flags = parent.flags.with_sampled(is_sampled);
    Ok(())
}

/// Reads what is displayed; a bare `traceparent` will do, and empty text is an empty context. Baggage that the contract does
/// not list is left out, and so is what `OTEL_PROPAGATORS` of the installed set-up does not let travel.
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
                Some((B3, state)) => apply(state, &mut context.parent)?,
                Some((BAGGAGE, baggage)) => {
                    context.baggage = baggage::parse(baggage, &B::keys(), B::admit);
                }
                _ => {
                    return Err(MalformedTraceContext::new(
                        TRACEPARENT,
                        "only `;tracestate=`, `;b3=` and `;baggage=` may follow it",
                    ));
                }
            }
        }
        let edge = Edge::current();
        if !edge.has_trace() {
            (context.parent, context.state) = (Parent::NONE, None);
        }
        if !edge.has_baggage() {
            context.baggage = None;
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
