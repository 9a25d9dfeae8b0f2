//! A trace context as a value.

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

/// Where in a trace something was made, to be kept with it: in a job, an outbox row, a message.
///
/// `B` is what of the contract's baggage travels along; `contract!` generates the type to use, as
/// `billing::TraceContext`. [`otel_contract::TraceContext`](crate::TraceContext) carries none.
///
/// Headers and text follow `OTEL_PROPAGATORS` of the installed set-up, as the [module](super) explains.
///
/// What was read from outside is never an error that loses the job: of malformed text
/// [`extract`](Self::extract) and deserialising make an empty context, and
/// [`problem`](Self::problem) says why. Only [`str::parse`] refuses it. An empty context continues
/// nothing: an operation with it as parent hangs under the current context, and links to nothing.
///
/// Two are equal when they lead to the same place, whatever was wrong with their text.
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
    /// In the form it is sent in; `None` where there is none.
    pub(super) state: Option<Box<str>>,
    /// In the form it is sent in, and only what the contract knows.
    pub(super) baggage: Option<Box<str>>,
    pub(super) problem: Option<Box<MalformedTraceContext>>,
    pub(super) of: PhantomData<fn() -> B>,
}

impl<B> Default for TraceContext<B> {
    fn default() -> Self {
        Self {
            parent: Parent::NONE,
            state: None,
            baggage: None,
            problem: None,
            of: PhantomData,
        }
    }
}

impl<B: ContractBaggage> TraceContext<B> {
    /// That of the operation, or any other span, that is running here.
    #[must_use]
    pub fn current() -> Self {
        local::map_current(|context| Self::from(context)).unwrap_or_default()
    }

    /// The context to continue in, on top of the current one; `None` where there is nothing to
    /// continue.
    #[must_use]
    pub fn to_context(&self) -> Option<Context> {
        let is_empty = self.parent == Parent::NONE && self.baggage.is_none();
        (!is_empty).then(|| self.on_top_of(local::current()))
    }

    /// The context that holds this one and nothing else.
    pub(super) fn alone(&self) -> Context {
        self.on_top_of(Context::new())
    }

    fn on_top_of(&self, mut context: Context) -> Context {
        if self.parent != Parent::NONE {
            context = self.trace().continued(context);
        }
        baggage::received(context, self.baggage.as_deref(), &B::keys())
    }
}

impl<B> TraceContext<B> {
    /// Whether it leads anywhere.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.parent.is_valid()
    }

    /// Whether the trace is being recorded.
    #[must_use]
    pub fn is_sampled(&self) -> bool {
        self.parent.flags.is_sampled()
    }

    /// Which trace; all zeros for none.
    #[must_use]
    pub fn trace_id(&self) -> TraceId {
        self.parent.trace_id
    }

    /// Which span of it; all zeros for none.
    #[must_use]
    pub fn span_id(&self) -> SpanId {
        self.parent.span_id
    }

    /// The `traceparent` of W3C Trace Context; `None` where there is no trace.
    #[must_use]
    pub fn traceparent(&self) -> Option<String> {
        self.parent.header()
    }

    /// The `tracestate` of W3C Trace Context, if any.
    #[must_use]
    pub fn tracestate(&self) -> Option<&str> {
        self.state.as_deref()
    }

    /// Why what this was read from gave no context, or only a part of one.
    #[must_use]
    pub fn problem(&self) -> Option<&MalformedTraceContext> {
        self.problem.as_deref()
    }

    /// As OpenTelemetry has it, from another process.
    #[must_use]
    pub fn span_context(&self) -> SpanContext {
        self.parent.span_context(self.state.as_deref())
    }

    /// The trace, without baggage.
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

/// That of the context's span, with what of its baggage the contract knows.
impl<B: ContractBaggage> From<&Context> for TraceContext<B> {
    fn from(context: &Context) -> Self {
        Self {
            baggage: baggage::sent(context, &B::keys(), B::admit),
            ..Self::from(Trace::of(context))
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
            of: PhantomData,
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
        let mut shown = f.debug_tuple("TraceContext");
        shown.field(&self.text(true, true));
        if let Some(problem) = &self.problem {
            shown.field(&format_args!("{problem}"));
        }
        shown.finish()
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
