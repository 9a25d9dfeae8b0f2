//! Traces as trees across services, with their events and log lines.

use super::logs::Logs;
use super::sink::{self, Received};
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Duration;

/// Formats every trace, in the order of their start.
pub(super) fn format(received: &Received, logs: &Logs) -> String {
    let mut text = String::new();
    let spans: Vec<ServiceSpan> = received.spans().map(ServiceSpan::new).collect();
    let mut roots: Vec<&ServiceSpan> = spans
        .iter()
        .filter(|root| root.span.parent_span_id.is_empty())
        .collect();
    roots.sort_by_key(|root| root.span.start_time_unix_nano);
    let tree = Tree::new(&spans);
    for root in roots {
        let trace_id = hex(&root.span.trace_id);
        let _ = writeln!(text, "\ntrace {trace_id}");
        tree.draw(root, 0, &mut text);
        let events = received
            .records()
            .filter(|(_, event)| hex(&event.trace_id) == trace_id);
        for (service, event) in events {
            let _ = writeln!(
                text,
                "  event {service:<16} {:<23} span {}  {}",
                event.event_name,
                hex(&event.span_id),
                sink::format_attributes(&event.attributes).join(" "),
            );
        }
        for line in logs.of_trace(&trace_id) {
            let _ = writeln!(text, "  log   {line}");
        }
    }
    text.push('\n');
    text
}

/// A span with its service.
struct ServiceSpan<'a> {
    service: &'a str,
    span: &'a Span,
}

impl<'a> ServiceSpan<'a> {
    fn new((service, span): (&'a str, &'a Span)) -> Self {
        Self { service, span }
    }
}

struct Tree<'a> {
    children: HashMap<&'a [u8], Vec<&'a ServiceSpan<'a>>>,
}

impl<'a> Tree<'a> {
    fn new(spans: &'a [ServiceSpan<'a>]) -> Self {
        let mut children: HashMap<&[u8], Vec<&ServiceSpan>> = HashMap::new();
        for child in spans {
            children
                .entry(&child.span.parent_span_id)
                .or_default()
                .push(child);
        }
        for siblings in children.values_mut() {
            siblings.sort_by_key(|sibling| sibling.span.start_time_unix_nano);
        }
        Self { children }
    }

    fn draw(&self, node: &ServiceSpan<'_>, depth: usize, text: &mut String) {
        let ServiceSpan { service, span } = node;
        let name = format!("{}{}", "  ".repeat(depth), span.name);
        let duration = Duration::from_nanos(
            span.end_time_unix_nano
                .saturating_sub(span.start_time_unix_nano),
        );
        let is_error = span
            .status
            .as_ref()
            .is_some_and(|status| status.code() == StatusCode::Error);
        let status = if is_error { "ERROR" } else { "" };
        let _ = writeln!(
            text,
            "  {service:<16} {name:<32} {:>8.1} ms  {status:<5} {}",
            duration.as_secs_f64() * 1e3,
            sink::format_attributes(&span.attributes).join(" "),
        );
        for link in &span.links {
            let _ = writeln!(
                text,
                "  {:<16} {}→ span {} of trace {}",
                "",
                "  ".repeat(depth + 1),
                hex(&link.span_id),
                hex(&link.trace_id),
            );
        }
        for child in self
            .children
            .get(span.span_id.as_slice())
            .into_iter()
            .flatten()
        {
            self.draw(child, depth + 1, text);
        }
    }
}

fn hex(id: &[u8]) -> String {
    id.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
