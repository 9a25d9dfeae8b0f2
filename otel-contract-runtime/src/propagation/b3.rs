//! B3, the format of Zipkin: <https://github.com/openzipkin/b3-propagation>.

use super::malformed::MalformedTraceContext;
use super::trace::{Trace, Values};
use super::traceparent::{Parent, hex};
use crate::received::B3State;
use opentelemetry::trace::{SpanId, TraceFlags, TraceId};

const SINGLE: &str = "b3";
const TRACE_ID: &str = "x-b3-traceid";
const SPAN_ID: &str = "x-b3-spanid";
const PARENT_SPAN_ID: &str = "x-b3-parentspanid";
const SAMPLED: &str = "x-b3-sampled";
const FLAGS: &str = "x-b3-flags";

/// What is written as one header.
pub(super) const SINGLE_FIELDS: [&str; 1] = [SINGLE];
/// What is written as several headers. OpenTelemetry does not pass on the parent's parent.
pub(super) const MULTI_FIELDS: [&str; 4] = [TRACE_ID, SPAN_ID, SAMPLED, FLAGS];
pub(super) const ALL_FIELDS: [&str; 6] =
    [SINGLE, TRACE_ID, SPAN_ID, PARENT_SPAN_ID, SAMPLED, FLAGS];

/// Reads the single header, and the others where it gives nothing.
pub(super) fn read(values: Values<'_>) -> Trace {
    // The first value of a header wins.
    let first = |name: &str| {
        let value = values(name).into_iter().next();
        value.map(|value| value.trim_matches([' ', '\t']).to_owned())
    };
    let single = first(SINGLE).map(|header| single(&header));
    if let Some(Ok(parent)) = single {
        return Trace {
            parent,
            ..Trace::default()
        };
    }
    let problem = single.and_then(Result::err);
    match multi(first) {
        Ok(parent) => Trace {
            parent,
            problem,
            ..Trace::default()
        },
        Err(other) => Trace::without(problem.unwrap_or(other)),
    }
}

fn wrong<T>(part: &'static str, why: &'static str) -> Result<T, MalformedTraceContext> {
    Err(MalformedTraceContext::new(part, why))
}

/// `{trace id}-{span id}[-{sampling}[-{parent span id}]]`, or the sampling state alone.
fn single(header: &str) -> Result<Parent, MalformedTraceContext> {
    let fields: Vec<&str> = header.split('-').collect();
    let (ids, state) = match fields.as_slice() {
        [state] => (None, Some(*state)),
        [trace, span] => (Some((trace, span)), None),
        [trace, span, state] => (Some((trace, span)), Some(*state)),
        [trace, span, state, parent] => {
            if digits(parent, &[16]).is_none() {
                return wrong(SINGLE, "its parent span id is not 16 hexadecimal digits");
            }
            (Some((trace, span)), Some(*state))
        }
        _ => return wrong(SINGLE, "it has more than four fields"),
    };
    let (b3, sampled) = match state {
        None => (B3State::Deferred, false),
        Some("0") => (B3State::Deny, false),
        Some("1") => (B3State::Accept, true),
        Some("d") => (B3State::Debug, true),
        Some(_) => return wrong(SINGLE, "its sampling state is not `0`, `1` or `d`"),
    };
    match ids {
        Some((trace, span)) => parent(SINGLE, trace, span, b3, sampled),
        None => Ok(alone(b3, sampled)),
    }
}

/// The headers that begin with `x-b3-`.
fn multi(value: impl Fn(&str) -> Option<String>) -> Result<Parent, MalformedTraceContext> {
    let (trace, span) = (value(TRACE_ID), value(SPAN_ID));
    let debug = value(FLAGS).is_some_and(|flags| flags == "1");
    let (b3, sampled) = match value(SAMPLED).as_deref() {
        // It implies that the trace is sampled.
        _ if debug => (B3State::Debug, true),
        None => (B3State::Deferred, false),
        // Words that were written before there was a specification.
        Some("0" | "false") => (B3State::Deny, false),
        Some("1" | "true") => (B3State::Accept, true),
        Some(_) => return wrong(SAMPLED, "it is neither `0` nor `1`"),
    };
    match (trace, span) {
        (Some(trace), Some(span)) => {
            if value(PARENT_SPAN_ID).is_some_and(|id| digits(&id, &[16]).is_none()) {
                return wrong(PARENT_SPAN_ID, "it is not 16 lowercase hexadecimal digits");
            }
            parent(TRACE_ID, &trace, &span, b3, sampled)
        }
        (None, None) if b3 == B3State::Deferred => Ok(Parent::NONE),
        (None, None) => Ok(alone(b3, sampled)),
        (Some(_), None) => wrong(SPAN_ID, "it is missing"),
        (None, Some(_)) => wrong(TRACE_ID, "it is missing"),
    }
}

fn parent(
    part: &'static str,
    trace: &str,
    span: &str,
    b3: B3State,
    sampled: bool,
) -> Result<Parent, MalformedTraceContext> {
    // An id of 64 bits is the lower half of one of 128 bits.
    let Some(trace) = digits(trace, &[16, 32]) else {
        return wrong(
            part,
            "its trace id is not 16 or 32 lowercase hexadecimal digits",
        );
    };
    let span = digits(span, &[16]).and_then(|span| u64::try_from(span).ok());
    let Some(span) = span else {
        return wrong(part, "its span id is not 16 lowercase hexadecimal digits");
    };
    if trace == 0 || span == 0 {
        return wrong(part, "an id is all zeros");
    }
    Ok(Parent {
        trace_id: TraceId::from(trace),
        span_id: SpanId::from(span),
        flags: TraceFlags::NOT_SAMPLED.with_sampled(sampled),
        b3: match b3 {
            // The flag is enough to tell these apart where there is a trace.
            B3State::Deny | B3State::Accept => B3State::Decided,
            other => other,
        },
    })
}

/// A sampling state without a trace.
fn alone(b3: B3State, sampled: bool) -> Parent {
    Parent {
        flags: TraceFlags::NOT_SAMPLED.with_sampled(sampled),
        b3,
        ..Parent::NONE
    }
}

fn digits(text: &str, lengths: &[usize]) -> Option<u128> {
    let fits = lengths.contains(&text.len());
    fits.then(|| hex(text.as_bytes()))?
}

/// `None` where the receiver is to decide.
fn sampling(parent: Parent) -> Option<&'static str> {
    match parent.b3 {
        B3State::Deferred => None,
        B3State::Debug => Some("d"),
        B3State::Decided | B3State::Deny | B3State::Accept => {
            Some(if parent.flags.is_sampled() { "1" } else { "0" })
        }
    }
}

pub(super) fn write_single(parent: Parent, set: &mut dyn FnMut(&'static str, Option<String>)) {
    let Parent {
        trace_id, span_id, ..
    } = parent;
    let header = match (parent.is_valid(), sampling(parent)) {
        (true, None) => format!("{trace_id}-{span_id}"),
        (true, Some(state)) => format!("{trace_id}-{span_id}-{state}"),
        (false, Some(state)) if parent != Parent::NONE => state.to_owned(),
        (false, _) => return,
    };
    set(SINGLE, Some(header));
}

pub(super) fn write_multi(parent: Parent, set: &mut dyn FnMut(&'static str, Option<String>)) {
    if parent == Parent::NONE {
        return;
    }
    if parent.is_valid() {
        set(TRACE_ID, Some(parent.trace_id.to_string()));
        set(SPAN_ID, Some(parent.span_id.to_string()));
    }
    match sampling(parent) {
        None => {}
        // It implies that the trace is sampled, which is then not written as well.
        Some("d") => set(FLAGS, Some("1".to_owned())),
        Some(state) => set(SAMPLED, Some(state.to_owned())),
    }
}
