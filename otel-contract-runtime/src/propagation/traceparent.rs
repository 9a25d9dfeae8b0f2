//! `traceparent` of W3C Trace Context, level 2: 55 characters.

use super::malformed::MalformedTraceContext;
use super::{TRACEPARENT, tracestate};
use crate::received::B3State;
use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId};

/// The parent span of a continued trace, with its sampling state; all zeros without a parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Parent {
    pub(crate) trace_id: TraceId,
    pub(crate) span_id: SpanId,
    /// The flags that level 2 defines.
    pub(crate) flags: TraceFlags,
    pub(crate) b3: B3State,
}

/// The second flag: the trace id is random.
pub(crate) const RANDOM: TraceFlags = TraceFlags::new(2);

/// The flags that level 2 defines. Vendors must set all other flags to zero.
const KNOWN: TraceFlags = TraceFlags::new(3);

impl Parent {
    pub(crate) const NONE: Self = Self {
        trace_id: TraceId::INVALID,
        span_id: SpanId::INVALID,
        flags: TraceFlags::NOT_SAMPLED,
        b3: B3State::Decided,
    };

    /// Returns the span as it is sent; empty for an invalid span.
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

    /// Returns the span context of OpenTelemetry, marked as remote.
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

    /// Returns the header; `None` without a trace.
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

/// Length of a `traceparent` of version `00` in bytes.
const LENGTH: usize = 55;

/// Parses a `traceparent`. The specification requires that the known parts of a later version are read: it may be longer, and
/// the additional part starts with a dash.
pub(crate) fn parse(text: &str) -> Result<Parent, MalformedTraceContext> {
    let malformed = |why| Err(MalformedTraceContext::new(TRACEPARENT, why));
    let bytes = text.as_bytes();
    if bytes.len() < LENGTH {
        return malformed("it is shorter than 55 characters");
    }
    let (known, beyond) = bytes.split_at(LENGTH);
    let [v1, v2, b'-', rest @ ..] = known else {
        return malformed("it does not begin with a version and a dash");
    };
    let Some(version) = parse_hex(&[*v1, *v2]) else {
        return malformed("its version is not two lowercase hexadecimal digits");
    };
    match (version, beyond) {
        (0xff, _) => return malformed("version `ff` is not allowed"),
        (0, [_, ..]) => {
            return malformed("it is longer than 55 characters, the length of version `00`");
        }
        (_, [] | [b'-', ..]) => {}
        (_, _) => return malformed("it continues without a dash after 55 characters"),
    }
    let (trace, span, flags) = match (&rest[..32], rest[32], &rest[33..49], rest[49], &rest[50..]) {
        (trace, b'-', span, b'-', flags) => (parse_hex(trace), parse_hex(span), parse_hex(flags)),
        _ => return malformed("its parts are not separated by dashes"),
    };
    let (Some(trace), Some(span), Some(flags)) = (trace, span, flags) else {
        return malformed("its parts are not lowercase hexadecimal digits");
    };
    if trace == 0 {
        return malformed("its trace id is all zeros");
    }
    if span == 0 {
        return malformed("its parent id is all zeros");
    }
    Ok(Parent {
        trace_id: TraceId::from(trace),
        span_id: SpanId::from(u64::try_from(span).unwrap_or_default()),
        flags: TraceFlags::new(u8::try_from(flags).unwrap_or_default()) & KNOWN,
        b3: B3State::Decided,
    })
}

/// Parses at most 32 lowercase hexadecimal digits.
pub(super) fn parse_hex(digits: &[u8]) -> Option<u128> {
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
    fn examples_of_the_specification_are_read_and_written_back() {
        for text in [
            GOOD,
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03",
        ] {
            let mut back = String::new();
            parse(text)
                .expect("an example of the specification")
                .write(&mut back)
                .expect("writing to a string succeeds");
            assert_eq!(back, text);
        }
    }

    #[test]
    fn the_known_parts_of_a_later_version_are_read() {
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
    fn malformed_headers_are_rejected_with_the_reason() {
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
            let message = parse(text).expect_err("malformed").to_string();
            assert!(message.contains(why), "{text}: {message}");
        }
    }
}
