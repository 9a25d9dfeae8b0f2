//! The trace context as a value.

use super::baggage::{self, ContractBaggage};
use super::malformed::MalformedTraceContext;
use super::trace::Trace;
use super::traceparent::Parent;
use crate::local;
use crate::parent::{IntoLink, IntoParent};
use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceId};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// Position in a trace, stored in a job, an outbox row or a message.
///
/// `B` is the baggage of a contract. `contract!` generates the type with the baggage of the contract, like
/// `billing::TraceContext`. [`otel_contract::TraceContext`](crate::TraceContext) has no baggage.
///
/// `OTEL_PROPAGATORS` of the installed set-up selects the headers and the parts of the text, see the [module](super).
///
/// Malformed input never makes a job fail: [`extract`](Self::extract) and deserialization return an empty context, and
/// [`problem`](Self::problem) returns the reason. Only [`str::parse`] returns an error. An operation with an empty context as
/// parent becomes a child of the current context, and an empty context as link adds no link.
///
/// Two contexts are equal if they have the same trace, state and baggage, regardless of the problem.
///
/// ```
/// use otel_contract::TraceContext;
///
/// # fn main() -> Result<(), otel_contract::propagation::MalformedTraceContext> {
/// let text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
/// let context: TraceContext = text.parse()?;
/// assert!(context.is_valid() && context.is_sampled());
/// assert_eq!(context.to_string(), text);
///
/// assert!("garbage".parse::<TraceContext>().is_err());
/// assert!(!TraceContext::from_lossy("garbage").is_valid());
/// # Ok(()) }
/// ```
pub struct TraceContext<B> {
    pub(super) parent: Parent,
    /// The `tracestate` as it is sent.
    pub(super) state: Option<Box<str>>,
    /// The `baggage` as it is sent, with the keys of the contract only.
    pub(super) baggage: Option<Box<str>>,
    pub(super) problem: Option<Box<MalformedTraceContext>>,
    pub(super) baggage_type: PhantomData<fn() -> B>,
}

impl<B> Default for TraceContext<B> {
    fn default() -> Self {
        Self {
            parent: Parent::NONE,
            state: None,
            baggage: None,
            problem: None,
            baggage_type: PhantomData,
        }
    }
}

impl<B: ContractBaggage> TraceContext<B> {
    /// Returns the context of the current span: the active operation, or a span of other instrumentation.
    #[must_use]
    pub fn current() -> Self {
        local::map_current(|context| Self::from(context)).unwrap_or_default()
    }

    /// Returns the current context with this trace and baggage; `None` if both are empty.
    #[must_use]
    pub fn to_context(&self) -> Option<Context> {
        let is_empty = self.parent == Parent::NONE && self.baggage.is_none();
        (!is_empty).then(|| self.add_to(local::current()))
    }

    /// Returns a context with this trace and baggage only.
    pub(super) fn to_isolated_context(&self) -> Context {
        self.add_to(Context::new())
    }

    fn add_to(&self, mut context: Context) -> Context {
        if self.parent != Parent::NONE {
            context = self.trace().continue_in(context);
        }
        baggage::with_received(context, self.baggage.as_deref(), &B::keys())
    }
}

impl<B> TraceContext<B> {
    /// Whether the context has a trace.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.parent.is_valid()
    }

    /// Whether the trace is sampled.
    #[must_use]
    pub fn is_sampled(&self) -> bool {
        self.parent.flags.is_sampled()
    }

    /// Returns the trace id; all zeros without a trace.
    #[must_use]
    pub fn trace_id(&self) -> TraceId {
        self.parent.trace_id
    }

    /// Returns the span id; all zeros without a trace.
    #[must_use]
    pub fn span_id(&self) -> SpanId {
        self.parent.span_id
    }

    /// Returns the `traceparent` of W3C Trace Context; `None` without a trace.
    #[must_use]
    pub fn traceparent(&self) -> Option<String> {
        self.parent.header()
    }

    /// Returns the `tracestate` of W3C Trace Context, if it is not empty.
    #[must_use]
    pub fn tracestate(&self) -> Option<&str> {
        self.state.as_deref()
    }

    /// Returns the reason why the input gave no context, or only a part of a context.
    #[must_use]
    pub fn problem(&self) -> Option<&MalformedTraceContext> {
        self.problem.as_deref()
    }

    /// Returns the span context of OpenTelemetry, marked as remote.
    #[must_use]
    pub fn span_context(&self) -> SpanContext {
        self.parent.span_context(self.state.as_deref())
    }

    /// Returns the trace, without baggage.
    pub(super) fn trace(&self) -> Trace {
        Trace {
            parent: self.parent,
            state: self.state.clone(),
            problem: None,
        }
    }
}

/// Without baggage.
impl<B> From<Trace> for TraceContext<B> {
    fn from(trace: Trace) -> Self {
        Self {
            parent: trace.parent,
            state: trace.state,
            problem: trace.problem.map(Box::new),
            ..Self::default()
        }
    }
}

/// Trace of the span in the context, and the entries of the context's baggage whose keys the contract lists.
impl<B: ContractBaggage> From<&Context> for TraceContext<B> {
    fn from(context: &Context) -> Self {
        Self {
            baggage: baggage::outgoing_header(context, &B::keys(), B::admit),
            ..Self::from(Trace::from_context(context))
        }
    }
}

impl<B: ContractBaggage> From<Context> for TraceContext<B> {
    fn from(context: Context) -> Self {
        Self::from(&context)
    }
}

/// Without baggage.
impl<B> From<&SpanContext> for TraceContext<B> {
    fn from(span: &SpanContext) -> Self {
        Self::from(Trace::from(span))
    }
}

impl<B> Clone for TraceContext<B> {
    fn clone(&self) -> Self {
        Self {
            parent: self.parent,
            state: self.state.clone(),
            baggage: self.baggage.clone(),
            problem: self.problem.clone(),
            baggage_type: PhantomData,
        }
    }
}

impl<B> PartialEq for TraceContext<B> {
    fn eq(&self, other: &Self) -> bool {
        self.parent == other.parent && self.state == other.state && self.baggage == other.baggage
    }
}

impl<B> Eq for TraceContext<B> {}

impl<B> Hash for TraceContext<B> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parent.hash(state);
        self.state.hash(state);
        self.baggage.hash(state);
    }
}

impl<B> fmt::Debug for TraceContext<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tuple = f.debug_tuple("TraceContext");
        tuple.field(&self.text(true, true));
        if let Some(problem) = &self.problem {
            tuple.field(&format_args!("{problem}"));
        }
        tuple.finish()
    }
}

impl<B: ContractBaggage> IntoParent for TraceContext<B> {
    fn to_context(&self) -> Option<Context> {
        Self::to_context(self)
    }
}

impl<B> IntoLink for TraceContext<B> {
    fn each(&self, link: &mut dyn FnMut(SpanContext)) {
        link(self.span_context());
    }
}
