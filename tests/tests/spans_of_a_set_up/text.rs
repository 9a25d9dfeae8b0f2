//! Text of spans, identical in every run.

use crate::cases::explicit_end;
use opentelemetry::trace::{SpanId, TraceFlags};
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::trace::SpanData;

/// Text of a value; owned and static strings have the same text.
fn value(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{:?}", text.as_str()),
        other => format!("{other:?}"),
    }
}

/// Text of spans, in the order of their ends; ids are replaced by small numbers.
pub(crate) fn text(spans: &[SpanData]) -> String {
    let mut known: Vec<String> = Vec::new();
    let mut number = |id: String| {
        let position = known.iter().position(|other| *other == id);
        position.unwrap_or_else(|| {
            known.push(id);
            known.len() - 1
        })
    };
    let listed = |pairs: &[KeyValue]| {
        let pairs = pairs.iter();
        let pairs = pairs.map(|pair| format!("{}={}", pair.key, value(&pair.value)));
        pairs.collect::<Vec<_>>().join(" ")
    };
    let mut lines = Vec::new();
    for span in spans {
        assert!(span.start_time <= span.end_time, "{span:?}");
        let context = &span.span_context;
        let parent = match span.parent_span_id {
            id if id == SpanId::INVALID || id == SpanId::from(9) => format!("{id}"),
            id => number(id.to_string()).to_string(),
        };
        lines.push(format!(
            "{} {} in {} under {parent} {} {:?} {:?} {:?} {:?} [{}] -{} {:?} {:?}",
            span.name,
            number(context.span_id().to_string()),
            number(context.trace_id().to_string()),
            span.parent_span_is_remote,
            // The SDK does not set the random flag for its trace ids.
            context.trace_flags() & !TraceFlags::new(0x02),
            context.trace_state(),
            span.span_kind,
            span.status,
            listed(&span.attributes),
            span.dropped_attributes_count,
            span.instrumentation_scope,
            context.is_remote(),
        ));
        for event in span.events.iter() {
            lines.push(format!(
                "  event {} {} -{}",
                event.name,
                listed(&event.attributes),
                event.dropped_attributes_count
            ));
        }
        for link in span.links.iter() {
            lines.push(format!(
                "  link {:?} {} -{}",
                link.span_context,
                listed(&link.attributes),
                link.dropped_attributes_count
            ));
        }
        lines.push(format!(
            "  -{} events, -{} links, explicit end: {}",
            span.events.dropped_count,
            span.links.dropped_count,
            span.end_time == explicit_end()
        ));
    }
    lines.join("\n")
}
