//! Consistent probability sampling: the member `ot` of a trace state.
//!
//! A trace is kept if its randomness is at least a threshold of 56 bits. The randomness is the sub-key `rv`, or the last
//! 56 bits of the trace id. The threshold is propagated as sub-key `th`, so that a consumer that counts spans knows how
//! many traces each span represents (OpenTelemetry specification, "Probability Sampling").

use opentelemetry::trace::{SpanContext, TraceId, TraceState};

/// Key of OpenTelemetry's member of the trace state.
const MEMBER: &str = "ot";
/// Maximum length of the member's value, in bytes.
const MAX_LENGTH: usize = 256;
/// Number of hexadecimal digits of 56 bits.
const DIGITS: usize = 14;

/// Returns the trace state that a span inherits from its parent. A threshold that contradicts the decision about the
/// parent is removed.
#[inline]
pub(crate) fn inherited(parent: &SpanContext) -> TraceState {
    let state = parent.trace_state();
    // Most trace states are empty: no clone is needed.
    if *state == TraceState::NONE {
        TraceState::NONE
    } else {
        with_checked_threshold(parent)
    }
}

#[cold]
fn with_checked_threshold(parent: &SpanContext) -> TraceState {
    let state = parent.trace_state();
    let agrees = |threshold: &str| {
        let is_kept = threshold_of(threshold)
            .map(|threshold| randomness(state, parent.trace_id()) >= threshold);
        parent.is_valid() && is_kept == Some(parent.is_sampled())
    };
    if sub_key(state, "th").is_none_or(agrees) {
        state.clone()
    } else {
        with_threshold(state, None)
    }
}

/// Returns the trace state with this threshold, or without a threshold. All other members and sub-keys are kept.
pub(crate) fn with_threshold(state: &TraceState, threshold: Option<&str>) -> TraceState {
    if threshold.is_none() && sub_key(state, "th").is_none() {
        return state.clone();
    }
    let pairs = state
        .get(MEMBER)
        .into_iter()
        .flat_map(|member| member.split(';'));
    let other_pairs: Vec<&str> = pairs
        .filter(|pair| !pair.is_empty() && !pair.starts_with("th:"))
        .collect();
    let rest = other_pairs.join(";");
    let value = match threshold {
        None => rest,
        Some(threshold) if rest.is_empty() => format!("th:{threshold}"),
        // There is no room for the threshold: consumers then treat the probability as unknown.
        Some(threshold) if rest.len() + threshold.len() + ";th:".len() > MAX_LENGTH => rest,
        Some(threshold) => format!("{rest};th:{threshold}"),
    };
    let changed = if value.is_empty() {
        state.delete(MEMBER)
    } else {
        state.insert(MEMBER, value)
    };
    changed.unwrap_or_default()
}

/// Returns the 56 random bits of a trace.
fn randomness(state: &TraceState, trace: TraceId) -> u64 {
    let explicit = sub_key(state, "rv").filter(|value| value.len() == DIGITS);
    explicit.and_then(hexadecimal).unwrap_or_else(|| {
        let last = u128::from_be_bytes(trace.to_bytes()) % (1 << (4 * DIGITS));
        u64::try_from(last).unwrap_or(u64::MAX)
    })
}

fn threshold_of(text: &str) -> Option<u64> {
    let digits = u32::try_from(DIGITS.checked_sub(text.len())?).ok()?;
    Some(hexadecimal(text)? << (4 * digits))
}

fn sub_key<'a>(state: &'a TraceState, key: &str) -> Option<&'a str> {
    let pairs = state.get(MEMBER)?.split(';');
    let mut sub_keys = pairs.filter_map(|pair| pair.split_once(':'));
    sub_keys
        .find(|(sub_key, _)| *sub_key == key)
        .map(|(_, value)| value)
}

/// Parses a number of 1 to 14 lowercase hexadecimal digits.
fn hexadecimal(text: &str) -> Option<u64> {
    let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let is_number = (1..=DIGITS).contains(&text.len()) && text.bytes().all(is_digit);
    is_number.then(|| u64::from_str_radix(text, 16).ok())?
}

#[cfg(feature = "setup")]
pub(crate) use threshold::Threshold;

#[cfg(feature = "setup")]
mod threshold {
    use super::{DIGITS, MEMBER, TraceId, TraceState, randomness, with_threshold};

    /// Number of different values of 56 bits.
    const VALUES: u64 = 1 << 56;
    /// Number of digits of a threshold after its leading digits `f`, as the specification recommends.
    const PRECISION: u32 = 4;

    /// Minimum randomness of a trace that is kept.
    #[derive(Clone, Debug)]
    pub(crate) struct Threshold {
        value: u64,
        text: String,
        /// Trace state that contains only the threshold.
        alone: TraceState,
    }

    impl Threshold {
        /// Creates the threshold for a ratio of all traces, which is more than 0 and less than 1.
        pub(crate) fn of_ratio(ratio: f64) -> Self {
            let value = rounded(ratio);
            let digits = format!("{value:0DIGITS$x}");
            let text = match digits.trim_end_matches('0') {
                "" => "0",
                digits => digits,
            };
            Self {
                value,
                text: text.to_owned(),
                alone: TraceState::from_key_value([(MEMBER, format!("th:{text}"))])
                    .unwrap_or_default(),
            }
        }

        /// Returns whether a trace is kept, and the resulting trace state of its spans.
        pub(crate) fn decide(&self, state: &TraceState, trace: TraceId) -> (bool, TraceState) {
            let is_kept = randomness(state, trace) >= self.value;
            let state = match (is_kept, *state == TraceState::NONE) {
                (true, true) => self.alone.clone(),
                (true, false) => with_threshold(state, Some(&self.text)),
                (false, true) => TraceState::NONE,
                (false, false) => with_threshold(state, None),
            };
            (is_kept, state)
        }
    }

    /// Returns the threshold for a ratio, rounded to the number of digits that the specification recommends.
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )] // 2^56 can be represented exactly, and the product is between 0 and 2^56.
    fn rounded(ratio: f64) -> u64 {
        let exact = ((1.0 - ratio) * VALUES as f64) as u64;
        let zeros = (-ratio.log2()).max(0.0) as u32;
        let digits = (PRECISION + zeros / 4).min(DIGITS as u32 - 1);
        let unit = 1 << (4 * (DIGITS as u32 - digits));
        let rounded = (exact + unit / 2) / unit * unit;
        rounded.min(VALUES - unit)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn thresholds_match_the_table_in_the_specification() {
            for (one_in, text) in [
                (2.0, "8"),
                (3.0, "aaab"),
                (4.0, "c"),
                (5.0, "cccd"),
                (8.0, "e"),
                (10.0, "e666"),
                (16.0, "f"),
                (100.0, "fd70a"),
                (1_000.0, "ffbe77"),
                (10_000.0, "fff9724"),
                (100_000.0, "ffff583a"),
                (1_000_000.0, "ffffef39"),
            ] {
                assert_eq!(
                    Threshold::of_ratio(1.0 / one_in).text,
                    text,
                    "1 in {one_in}"
                );
            }
        }

        #[test]
        fn every_ratio_has_a_threshold_in_range() {
            for ratio in [
                f64::MIN_POSITIVE,
                1e-300,
                1e-17,
                0.5,
                0.999_999_999_999,
                1.0 - f64::EPSILON,
            ] {
                let threshold = Threshold::of_ratio(ratio);
                assert!(
                    threshold.value < VALUES && threshold.alone.get(MEMBER).is_some(),
                    "{ratio}"
                );
                assert!((1..=DIGITS).contains(&threshold.text.len()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry::trace::{SpanId, TraceFlags};

    const TRACE: u128 = 0x0af7_6519_16cd_43dd_84c0_0000_0000_0000;

    fn state(text: &str) -> TraceState {
        text.parse().expect("a valid trace state")
    }

    fn parent(text: &str, sampled: bool) -> SpanContext {
        let flags = TraceFlags::default().with_sampled(sampled);
        let (trace, span) = (TraceId::from(TRACE), SpanId::from(1));
        SpanContext::new(trace, span, flags, true, state(text))
    }

    #[test]
    fn randomness_is_the_end_of_the_trace_id_unless_it_is_explicit() {
        for (text, expected) in [
            ("", 0xc0_0000_0000_0000),
            ("vendor=1", 0xc0_0000_0000_0000),
            ("ot=rv:6e6d1a75832a2f", 0x6e_6d1a_7583_2a2f),
            ("ot=k1:13;rv:6e6d1a75832a2f;th:8", 0x6e_6d1a_7583_2a2f),
            ("ot=rv:6E6D1A75832A2F", 0xc0_0000_0000_0000),
            ("ot=rv:6e6d", 0xc0_0000_0000_0000),
            ("ot=rv:+e6d1a75832a2f", 0xc0_0000_0000_0000),
        ] {
            assert_eq!(
                randomness(&state(text), TraceId::from(TRACE)),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn setting_and_removing_a_threshold_keeps_everything_else() {
        for (before, threshold, after) in [
            ("a=1,b=2", Some("e666"), "ot=th:e666,a=1,b=2"),
            ("a=1,ot=th:8,b=2", Some("e666"), "ot=th:e666,a=1,b=2"),
            ("ot=p:8;th:8;r:62", Some("c"), "ot=p:8;r:62;th:c"),
            ("a=1,ot=p:8;th:8;r:62", None, "ot=p:8;r:62,a=1"),
            ("a=1,ot=th:8,b=2", None, "a=1,b=2"),
            ("a=1", None, "a=1"),
        ] {
            let changed = with_threshold(&state(before), threshold);
            assert_eq!(changed.header(), after, "{before}");
        }
        let full = format!("ot=k:{}", "x".repeat(250));
        assert_eq!(with_threshold(&state(&full), Some("e666")).header(), full);
    }

    #[test]
    fn a_threshold_that_contradicts_the_decision_is_not_inherited() {
        for (text, sampled, passed) in [
            ("ot=th:8,a=1", true, "ot=th:8,a=1"),
            ("ot=th:c", true, "ot=th:c"),
            ("ot=th:c1,a=1", true, "a=1"),
            ("ot=th:8;k:v", false, "ot=k:v"),
            ("ot=th:c1", false, "ot=th:c1"),
            (
                "ot=rv:ffffffffffffff;th:c1",
                true,
                "ot=rv:ffffffffffffff;th:c1",
            ),
            ("ot=th:XY", true, ""),
            ("ot=th:", true, ""),
            ("a=1", true, "a=1"),
        ] {
            assert_eq!(inherited(&parent(text, sampled)).header(), passed, "{text}");
        }
    }
}
