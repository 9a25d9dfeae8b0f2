//! Traces as trees across services, each with what was logged in it.

use super::logs::Logs;
use super::sink::{self, Received};
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Duration;

/// Every trace, in the order they began.
pub(super) fn drawn(received: &Received, logs: &Logs) -> String {
    let mut text = String::new();
    let spans: Vec<Drawn> = received.spans().map(Drawn::new).collect();
    let mut roots: Vec<&Drawn> = spans
        .iter()
        .filter(|one| one.span.parent_span_id.is_empty())
        .collect();
    roots.sort_by_key(|one| one.span.start_time_unix_nano);
    let tree = Tree::new(&spans);
    for root in roots {
        let trace_id = hex(&root.span.trace_id);
        let _ = writeln!(text, "\ntrace {trace_id}");
        tree.draw(root, 0, &mut text);
        let events = received
            .records()
            .filter(|(_, one)| hex(&one.trace_id) == trace_id);
        for (service, event) in events {
            let _ = writeln!(
                text,
                "  event {service:<16} {:<23} span {}  {}",
                event.event_name,
                hex(&event.span_id),
                sink::shown(&event.attributes).join(" "),
            );
        }
        for line in logs.of_trace(&trace_id) {
            let _ = writeln!(text, "  log   {line}");
        }
    }
    text.push('\n');
    text
}

/// A span and the service it comes from.
struct Drawn<'a> {
    service: &'a str,
    span: &'a Span,
}

impl<'a> Drawn<'a> {
    fn new((service, span): (&'a str, &'a Span)) -> Self {
        Self { service, span }
    }
}

struct Tree<'a> {
    children: HashMap<&'a [u8], Vec<&'a Drawn<'a>>>,
}

impl<'a> Tree<'a> {
    fn new(spans: &'a [Drawn<'a>]) -> Self {
        let mut children: HashMap<&[u8], Vec<&Drawn>> = HashMap::new();
        for one in spans {
            children
                .entry(&one.span.parent_span_id)
                .or_default()
                .push(one);
        }
        for siblings in children.values_mut() {
            siblings.sort_by_key(|one| one.span.start_time_unix_nano);
        }
        Self { children }
    }

    fn draw(&self, drawn: &Drawn<'_>, depth: usize, text: &mut String) {
        let Drawn { service, span } = drawn;
        let name = format!("{}{}", "  ".repeat(depth), span.name);
        let took = Duration::from_nanos(
            span.end_time_unix_nano
                .saturating_sub(span.start_time_unix_nano),
        );
        let failed = span
            .status
            .as_ref()
            .is_some_and(|status| status.code() == StatusCode::Error);
        let failed = if failed { "ERROR" } else { "" };
        let _ = writeln!(
            text,
            "  {service:<16} {name:<32} {:>8.1} ms  {failed:<5} {}",
            took.as_secs_f64() * 1e3,
            sink::shown(&span.attributes).join(" "),
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
