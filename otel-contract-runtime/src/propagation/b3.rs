//! B3, the propagation format of Zipkin: <https://github.com/openzipkin/b3-propagation>.

use super::malformed::MalformedTraceContext;
use super::trace::{Trace, Values};
use super::traceparent::{Parent, parse_hex};
use crate::received::B3State;
use opentelemetry::trace::{SpanId, TraceFlags, TraceId};

const SINGLE: &str = "b3";
const TRACE_ID: &str = "x-b3-traceid";
const SPAN_ID: &str = "x-b3-spanid";
const PARENT_SPAN_ID: &str = "x-b3-parentspanid";
const SAMPLED: &str = "x-b3-sampled";
const FLAGS: &str = "x-b3-flags";

/// Headers of the single-header format.
pub(super) const SINGLE_FIELDS: [&str; 1] = [SINGLE];
/// Headers that are written in the multi-header format. [`PARENT_SPAN_ID`] is not written: a span context of
/// OpenTelemetry does not contain the id of the parent span.
pub(super) const MULTI_FIELDS: [&str; 4] = [TRACE_ID, SPAN_ID, SAMPLED, FLAGS];
/// Headers of both formats.
pub(super) const ALL_FIELDS: [&str; 6] =
    [SINGLE, TRACE_ID, SPAN_ID, PARENT_SPAN_ID, SAMPLED, FLAGS];

/// Reads the single header, or the multiple headers if the single header is missing or malformed.
pub(super) fn read(values: Values<'_>) -> Trace {
    // The first value of a header is used.
    let first = |name: &str| {
        let value = values(name).into_iter().next();
        value.map(|value| value.trim_matches([' ', '\t']).to_owned())
    };
    let single = first(SINGLE).map(|header| parse_single(&header));
    if let Some(Ok(parent)) = single {
        return Trace {
            parent,
            ..Trace::default()
        };
    }
    let problem = single.and_then(Result::err);
    match parse_multi(first) {
        Ok(parent) => Trace {
            parent,
            problem,
            ..Trace::default()
        },
        Err(other) => Trace::malformed(problem.unwrap_or(other)),
    }
}

fn malformed<T>(part: &'static str, why: &'static str) -> Result<T, MalformedTraceContext> {
    Err(MalformedTraceContext::new(part, why))
}

/// Parses the single header: `{trace id}-{span id}[-{sampling}[-{parent span id}]]`, or only the sampling state.
fn parse_single(header: &str) -> Result<Parent, MalformedTraceContext> {
    let fields: Vec<&str> = header.split('-').collect();
    let (ids, state) = match fields.as_slice() {
        [state] => (None, Some(*state)),
        [trace, span] => (Some((trace, span)), None),
        [trace, span, state] => (Some((trace, span)), Some(*state)),
        [trace, span, state, parent] => {
            if parse_digits(parent, &[16]).is_none() {
                return malformed(
                    SINGLE,
                    "its parent span id is not 16 lowercase hexadecimal digits",
                );
            }
            (Some((trace, span)), Some(*state))
        }
        _ => return malformed(SINGLE, "it has more than four fields"),
    };
    let (b3, sampled) = match state {
        None => (B3State::Deferred, false),
        Some("0") => (B3State::Deny, false),
        Some("1") => (B3State::Accept, true),
        Some("d") => (B3State::Debug, true),
        Some(_) => return malformed(SINGLE, "its sampling state is not `0`, `1` or `d`"),
    };
    match ids {
        Some((trace, span)) => parse_parent(SINGLE, trace, span, b3, sampled),
        None => Ok(without_trace(b3, sampled)),
    }
}

/// Parses the headers that start with `x-b3-`.
fn parse_multi(value: impl Fn(&str) -> Option<String>) -> Result<Parent, MalformedTraceContext> {
    let (trace, span) = (value(TRACE_ID), value(SPAN_ID));
    let debug = value(FLAGS).is_some_and(|flags| flags == "1");
    let (b3, sampled) = match value(SAMPLED).as_deref() {
        // The debug flag implies that the trace is sampled.
        _ if debug => (B3State::Debug, true),
        None => (B3State::Deferred, false),
        // `false` and `true` were written before B3 had a specification.
        Some("0" | "false") => (B3State::Deny, false),
        Some("1" | "true") => (B3State::Accept, true),
        Some(_) => return malformed(SAMPLED, "it is neither `0` nor `1`"),
    };
    match (trace, span) {
        (Some(trace), Some(span)) => {
            if value(PARENT_SPAN_ID).is_some_and(|id| parse_digits(&id, &[16]).is_none()) {
                return malformed(PARENT_SPAN_ID, "it is not 16 lowercase hexadecimal digits");
            }
            parse_parent(TRACE_ID, &trace, &span, b3, sampled)
        }
        (None, None) if b3 == B3State::Deferred => Ok(Parent::NONE),
        (None, None) => Ok(without_trace(b3, sampled)),
        (Some(_), None) => malformed(SPAN_ID, "it is missing"),
        (None, Some(_)) => malformed(TRACE_ID, "it is missing"),
    }
}

fn parse_parent(
    part: &'static str,
    trace: &str,
    span: &str,
    b3: B3State,
    sampled: bool,
) -> Result<Parent, MalformedTraceContext> {
    // A trace id of 64 bits is the lower half of a trace id of 128 bits.
    let Some(trace) = parse_digits(trace, &[16, 32]) else {
        return malformed(
            part,
            "its trace id is not 16 or 32 lowercase hexadecimal digits",
        );
    };
    let span = parse_digits(span, &[16]).and_then(|span| u64::try_from(span).ok());
    let Some(span) = span else {
        return malformed(part, "its span id is not 16 lowercase hexadecimal digits");
    };
    if trace == 0 || span == 0 {
        return malformed(part, "an id is all zeros");
    }
    Ok(Parent {
        trace_id: TraceId::from(trace),
        span_id: SpanId::from(span),
        flags: TraceFlags::NOT_SAMPLED.with_sampled(sampled),
        b3: match b3 {
            // With a trace, the `sampled` flag distinguishes these states.
            B3State::Deny | B3State::Accept => B3State::Decided,
            other => other,
        },
    })
}

/// Returns a sampling state without a trace.
fn without_trace(b3: B3State, sampled: bool) -> Parent {
    Parent {
        flags: TraceFlags::NOT_SAMPLED.with_sampled(sampled),
        b3,
        ..Parent::NONE
    }
}

fn parse_digits(text: &str, lengths: &[usize]) -> Option<u128> {
    let fits = lengths.contains(&text.len());
    fits.then(|| parse_hex(text.as_bytes()))?
}

/// Returns the written sampling state; `None` if the receiver decides.
fn sampling_state(parent: Parent) -> Option<&'static str> {
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
    let header = match (parent.is_valid(), sampling_state(parent)) {
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
    match sampling_state(parent) {
        None => {}
        // The debug flag implies that the trace is sampled, so `x-b3-sampled` is not written.
        Some("d") => set(FLAGS, Some("1".to_owned())),
        Some(state) => set(SAMPLED, Some(state.to_owned())),
    }
}
