//! A trace context as a value.

use super::baggage::{self, ContractBaggage};
use super::carrier::Carrier;
use super::malformed::MalformedTraceContext;
use super::traceparent::{self, Parent};
use super::{BAGGAGE, TRACEPARENT, TRACESTATE, tracestate};
use crate::local;
use crate::parent::{IntoLink, IntoParent};
use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, Injector};
use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// Where in a trace something was made, to be kept with it: in a job, an outbox row, a message.
///
/// `B` is what of the contract's baggage travels along; `contract!` generates the type to use, as
/// `billing::TraceContext`. [`otel_contract::TraceContext`](crate::TraceContext) carries none.
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

    /// Reads headers or a map of strings. What is malformed is left out, and
    /// [`problem`](Self::problem) says why.
    ///
    /// ```
    /// use otel_contract::TraceContext;
    /// use std::collections::HashMap;
    ///
    /// let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    /// let headers = HashMap::from([("traceparent".to_owned(), traceparent.to_owned())]);
    /// let context = TraceContext::extract(&headers);
    /// assert_eq!(context.span_id().to_string(), "b7ad6b7169203331");
    /// ```
    #[must_use]
    pub fn extract(carrier: &(impl Carrier + ?Sized)) -> Self {
        let of = |name: &str| {
            let mut values = Vec::new();
            carrier.each(name, &mut |value| values.push(value.to_owned()));
            values
        };
        Self::of_headers(&of(TRACEPARENT), &of(TRACESTATE), &of(BAGGAGE))
    }

    /// Reads through OpenTelemetry's `Extractor`, as [`extract`](Self::extract) does.
    #[must_use]
    pub fn from_extractor(extractor: &dyn Extractor) -> Self {
        let of = |name: &str| -> Vec<String> {
            let values = extractor.get_all(name).unwrap_or_default();
            values.into_iter().map(str::to_owned).collect()
        };
        Self::of_headers(&of(TRACEPARENT), &of(TRACESTATE), &of(BAGGAGE))
    }

    /// Headers may come several times: the lists are then one list, the trace is then unknown.
    fn of_headers(parents: &[String], states: &[String], baggage: &[String]) -> Self {
        let mut context = Self {
            baggage: baggage::parse(&baggage.join(","), &B::keys(), B::admit),
            ..Self::default()
        };
        let parent = match parents {
            [] => return context,
            [parent] => traceparent::parse(parent.trim_matches([' ', '\t'])),
            _ => Err(MalformedTraceContext::new(
                TRACEPARENT,
                "it is given more than once",
            )),
        };
        match parent {
            Ok(parent) => context.parent = parent,
            Err(problem) => {
                context.problem = Some(problem.into());
                return context;
            }
        }
        // A state that is malformed leaves the trace as it is (W3C Trace Context, "tracestate").
        match tracestate::parse(&states.join(",")) {
            Ok(state) => context.state = state,
            Err(problem) => context.problem = Some(problem.into()),
        }
        context
    }

    /// Writes headers or a map of strings; those of an earlier context are replaced, and removed
    /// where this one has nothing to say.
    ///
    /// ```
    /// use otel_contract::TraceContext;
    /// use std::collections::BTreeMap;
    ///
    /// let context = TraceContext::from_lossy("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    /// let mut headers = BTreeMap::new();
    /// context.inject(&mut headers);
    /// assert_eq!(headers["traceparent"], context.to_string());
    /// ```
    pub fn inject(&self, carrier: &mut (impl Carrier + ?Sized)) {
        carrier.set(TRACEPARENT, self.traceparent().as_deref());
        carrier.set(TRACESTATE, self.state.as_deref());
        carrier.set(BAGGAGE, self.baggage.as_deref());
    }

    /// Writes through OpenTelemetry's `Injector`, which cannot remove what was there before.
    pub fn inject_into(&self, injector: &mut dyn Injector) {
        let headers = [
            (TRACEPARENT, self.traceparent()),
            (TRACESTATE, self.state.as_deref().map(str::to_owned)),
            (BAGGAGE, self.baggage.as_deref().map(str::to_owned)),
        ];
        for (name, value) in headers {
            if let Some(value) = value {
                injector.set(name, value);
            }
        }
    }

    /// The context to continue in, on top of the current one; `None` where there is nothing to
    /// continue.
    #[must_use]
    pub fn to_context(&self) -> Option<Context> {
        if !self.is_valid() && self.baggage.is_none() {
            return None;
        }
        let mut context = local::current();
        if self.is_valid() {
            context = context.with_remote_span_context(self.span_context());
        }
        Some(baggage::received(
            context,
            self.baggage.as_deref(),
            &B::keys(),
        ))
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
        self.parent.sampled
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
        let mut text = String::with_capacity(55);
        let written = self.is_valid().then(|| self.parent.write(&mut text));
        written.map(|_| text)
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
        let Parent {
            trace_id, span_id, ..
        } = self.parent;
        let flags: TraceFlags = self.parent.flags();
        let state = self.state.as_deref().map(tracestate::to_opentelemetry);
        SpanContext::new(trace_id, span_id, flags, true, state.unwrap_or_default())
    }
}

/// That of the context's span, with what of its baggage the contract knows.
impl<B: ContractBaggage> From<&Context> for TraceContext<B> {
    fn from(context: &Context) -> Self {
        let span = context.span();
        Self {
            baggage: baggage::sent(context, &B::keys(), B::admit),
            ..Self::from(span.span_context())
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
        if !span.is_valid() {
            return Self::default();
        }
        let state: &TraceState = span.trace_state();
        Self {
            parent: Parent {
                trace_id: span.trace_id(),
                span_id: span.span_id(),
                sampled: span.is_sampled(),
            },
            state: tracestate::parse(&state.header()).unwrap_or_default(),
            ..Self::default()
        }
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
        shown.field(&format_args!("{self}"));
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
