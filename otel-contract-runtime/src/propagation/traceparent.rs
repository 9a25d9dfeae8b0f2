//! `traceparent` of W3C Trace Context, level 1: 55 characters.

use super::TRACEPARENT;
use super::malformed::MalformedTraceContext;
use opentelemetry::trace::{SpanId, TraceFlags, TraceId};

/// Which span of which trace, and whether it is sampled; all zeros for none.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Parent {
    pub(super) trace_id: TraceId,
    pub(super) span_id: SpanId,
    pub(super) sampled: bool,
}

impl Parent {
    pub(super) const NONE: Self = Self {
        trace_id: TraceId::INVALID,
        span_id: SpanId::INVALID,
        sampled: false,
    };

    pub(super) fn is_valid(self) -> bool {
        self.trace_id != TraceId::INVALID && self.span_id != SpanId::INVALID
    }

    /// The flags that are passed on: of those the specification knows only `sampled` is ours to say.
    pub(super) fn flags(self) -> TraceFlags {
        TraceFlags::NOT_SAMPLED.with_sampled(self.sampled)
    }

    pub(super) fn write(self, f: &mut impl std::fmt::Write) -> std::fmt::Result {
        let Self {
            trace_id,
            span_id,
            sampled,
        } = self;
        write!(f, "00-{trace_id}-{span_id}-{:02x}", u8::from(sampled))
    }
}

/// Bytes of a `traceparent` of version `00`.
const LENGTH: usize = 55;

/// Reads a `traceparent`. A later version is read as far as this one knows it, as the specification
/// asks: it may be longer, and goes on with a dash.
pub(super) fn parse(text: &str) -> Result<Parent, MalformedTraceContext> {
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
        (0xff, _) => return wrong("version `ff` is no version"),
        (0, [_, ..]) => return wrong("it is longer than 55 characters, which version `00` is not"),
        (_, [] | [b'-', ..]) => {}
        (_, _) => return wrong("it goes on without a dash after 55 characters"),
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
        sampled: flags & 1 == 1,
    })
}

/// A number of lowercase digits, at most 32 of them.
fn hex(digits: &[u8]) -> Option<u128> {
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
    fn flags_of_later_levels_are_no_fault() {
        let text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-09";
        assert!(parse(text).is_ok_and(|parent| parent.sampled));
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
            let said = parse(text).err().expect("refused").to_string();
            assert!(said.contains(why), "{text}: {said}");
        }
    }
}
