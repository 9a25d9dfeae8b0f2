//! Limits of attributes, events and links, set by variables.

use super::environment::{MAX_NUMBER, Reader};
use crate::span::Limits;
use opentelemetry_sdk::trace::SpanLimits;

/// Limits of the attributes of a log record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RecordLimits {
    pub(super) count: usize,
    /// Maximum length of values in characters; `None`: no limit.
    pub(super) value_length: Option<usize>,
}

/// Default limit of attributes, events and links, as in the specification.
const COUNT: u32 = 128;

/// Reads the limits of spans, their events and their links. A limit for spans takes precedence over the general limit.
pub(super) fn read_span_limits(reader: &mut Reader<'_>) -> Limits {
    let general = read_count(reader, "OTEL_ATTRIBUTE_COUNT_LIMIT").unwrap_or(COUNT);
    let mut limit = |name: &str, default| read_count(reader, name).unwrap_or(default);
    let counts = SpanLimits {
        max_attributes_per_span: limit("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", general),
        max_attributes_per_event: limit("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", general),
        max_attributes_per_link: limit("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", general),
        max_events_per_span: limit("OTEL_SPAN_EVENT_COUNT_LIMIT", COUNT),
        max_links_per_span: limit("OTEL_SPAN_LINK_COUNT_LIMIT", COUNT),
    };
    let own = "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT";
    Limits {
        counts,
        value_length: read_value_length(reader, own),
    }
}

/// Reads the limits of log records. A limit for log records takes precedence over the general limit.
pub(super) fn read_record_limits(reader: &mut Reader<'_>) -> RecordLimits {
    let general = read_count(reader, "OTEL_ATTRIBUTE_COUNT_LIMIT").unwrap_or(COUNT);
    let own = read_count(reader, "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT");
    RecordLimits {
        count: own.unwrap_or(general) as usize,
        value_length: read_value_length(reader, "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT"),
    }
}

fn read_count(reader: &mut Reader<'_>, name: &str) -> Option<u32> {
    reader.count(name, (0, MAX_NUMBER))
}

fn read_value_length(reader: &mut Reader<'_>, own: &str) -> Option<usize> {
    let own = read_count(reader, own);
    let general = read_count(reader, "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT");
    own.or(general).map(|most| most as usize)
}
