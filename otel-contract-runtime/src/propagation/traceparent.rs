//! `traceparent` of W3C Trace Context, level 2: 55 characters.

use super::malformed::MalformedTraceContext;
use super::{TRACEPARENT, tracestate};
use crate::received::B3State;
use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId};

/// The span that a trace is continued from, and how it was sampled; all zeros for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Parent {
    pub(crate) trace_id: TraceId,
    pub(crate) span_id: SpanId,
    /// The flags that level 2 defines.
    pub(crate) flags: TraceFlags,
    pub(crate) b3: B3State,
}

/// The second bit: the trace id is random.
pub(crate) const RANDOM: TraceFlags = TraceFlags::new(2);

/// The flags that level 2 defines. It requires that vendors set all others to zero.
const KNOWN: TraceFlags = TraceFlags::new(3);

impl Parent {
    pub(crate) const NONE: Self = Self {
        trace_id: TraceId::INVALID,
        span_id: SpanId::INVALID,
        flags: TraceFlags::NOT_SAMPLED,
        b3: B3State::Decided,
    };

    /// The span as it is sent: nothing for one that is not valid.
    pub(crate) fn of(span: &SpanContext) -> Self {
        if !span.is_valid() {
            return Self::NONE;
        }
        Self {
            trace_id: span.trace_id(),
            span_id: span.span_id(),
            flags: span.trace_flags() & KNOWN,
            b3: B3State::Decided,
        }
    }

    pub(crate) fn is_valid(self) -> bool {
        self.trace_id != TraceId::INVALID && self.span_id != SpanId::INVALID
    }

    /// The span as OpenTelemetry has it, from another process.
    pub(crate) fn span_context(self, state: Option<&str>) -> SpanContext {
        let state = state.map(tracestate::to_opentelemetry).unwrap_or_default();
        SpanContext::new(self.trace_id, self.span_id, self.flags, true, state)
    }

    pub(crate) fn write(self, f: &mut impl std::fmt::Write) -> std::fmt::Result {
        let Self {
            trace_id,
            span_id,
            flags,
            ..
        } = self;
        write!(f, "00-{trace_id}-{span_id}-{:02x}", flags.to_u8())
    }

    /// The header; `None` where there is no trace.
    pub(crate) fn header(self) -> Option<String> {
        let mut text = String::with_capacity(LENGTH);
        let written = self.is_valid().then(|| self.write(&mut text));
        written.map(|_| text)
    }
}

impl Default for Parent {
    fn default() -> Self {
        Self::NONE
    }
}

/// Bytes of a `traceparent` of version `00`.
const LENGTH: usize = 55;

/// Reads a `traceparent`. A later version is read as far as this one knows it, as the specification
/// asks: it may be longer, and goes on with a dash.
pub(crate) fn parse(text: &str) -> Result<Parent, MalformedTraceContext> {
    let wrong = |why| Err(MalformedTraceContext::new(TRACEPARENT, why));
    let bytes = text.as_bytes();
    if bytes.len() < LENGTH {
        return wrong("it is shorter than 55 characters");
    }
    let (known, beyond) = bytes.split_at(LENGTH);
    let [v1, v2, b'-', rest @ ..] = known else {
        return wrong("it does not begin with a version and a dash");
    };
    let Some(version) = hex(&[*v1, *v2]) else {
        return wrong("its version is not two lowercase hexadecimal digits");
    };
    match (version, beyond) {
        (0xff, _) => return wrong("version `ff` is not allowed"),
        (0, [_, ..]) => {
            return wrong("it is longer than 55 characters, the length of version `00`");
        }
        (_, [] | [b'-', ..]) => {}
        (_, _) => return wrong("it continues without a dash after 55 characters"),
    }
    let (trace, span, flags) = match (&rest[..32], rest[32], &rest[33..49], rest[49], &rest[50..]) {
        (trace, b'-', span, b'-', flags) => (hex(trace), hex(span), hex(flags)),
        _ => return wrong("its parts are not separated by dashes"),
    };
    let (Some(trace), Some(span), Some(flags)) = (trace, span, flags) else {
        return wrong("its parts are not lowercase hexadecimal digits");
    };
    if trace == 0 {
        return wrong("its trace id is all zeros");
    }
    if span == 0 {
        return wrong("its parent id is all zeros");
    }
    Ok(Parent {
        trace_id: TraceId::from(trace),
        span_id: SpanId::from(u64::try_from(span).unwrap_or_default()),
        flags: TraceFlags::new(u8::try_from(flags).unwrap_or_default()) & KNOWN,
        b3: B3State::Decided,
    })
}

/// A number of lowercase digits, at most 32 of them.
pub(super) fn hex(digits: &[u8]) -> Option<u128> {
    digits.iter().try_fold(0, |number: u128, digit| {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some((number << 4) | u128::from(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn what_the_specification_shows_is_read_and_written_back() {
        for text in [
            GOOD,
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03",
        ] {
            let mut back = String::new();
            parse(text)
                .expect("an example of the specification")
                .write(&mut back)
                .expect("a string takes anything");
            assert_eq!(back, text);
        }
    }

    #[test]
    fn a_later_version_is_read_as_far_as_it_is_known() {
        for text in [
            "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-comes",
        ] {
            assert!(parse(text) == parse(GOOD), "{text}");
        }
    }

    #[test]
    fn the_flags_that_level_2_defines_are_kept_and_the_others_set_to_zero() {
        for (received, kept) in [
            (0x00, 0),
            (0x01, 1),
            (0x02, 2),
            (0x03, 3),
            (0x08, 0),
            (0x09, 1),
            (0xff, 3),
        ] {
            for version in ["00", "cc"] {
                let text = format!(
                    "{version}-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-{received:02x}"
                );
                let flags = parse(&text).expect("well formed").flags.to_u8();
                assert_eq!(flags, kept, "{text}");
            }
        }
    }

    #[test]
    fn anything_else_is_refused_and_the_reason_given() {
        for (text, why) in [
            ("", "shorter than 55"),
            (&GOOD[..54], "shorter than 55"),
            (&format!("{GOOD}-")[..], "longer than 55"),
            (&GOOD.to_uppercase(), "not lowercase"),
            (&GOOD.replace('-', "_"), "version and a dash"),
            (&GOOD.replacen("00-", "ff-", 1), "`ff`"),
            (&GOOD.replacen("00-", "zz-", 1), "version is not"),
            (&GOOD.replacen("00-0af7", "00-0 f7", 1), "not lowercase"),
            (&GOOD.replacen("c-b", "cb-", 1), "separated by dashes"),
            (
                &format!("{}.x", GOOD.replacen("00-", "01-", 1)),
                "without a dash",
            ),
            (
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "trace id",
            ),
            (
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "parent id",
            ),
            (&GOOD.replacen("0af7", "äf7", 1), "not lowercase"),
        ] {
            let said = parse(text).expect_err("refused").to_string();
            assert!(said.contains(why), "{text}: {said}");
        }
    }
}
