//! An exporter that prints each finished trace as an indented tree.

use opentelemetry::trace::{SpanId, Status};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Keeps the spans of a trace until its root has ended, then prints them.
#[derive(Debug, Default)]
pub struct TreeExporter {
    waiting: Mutex<Vec<SpanData>>,
}

impl SpanExporter for TreeExporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for span in batch {
            let is_root = span.parent_span_id == SpanId::INVALID;
            let trace = span.span_context.trace_id();
            waiting.push(span);
            if is_root {
                let finished = waiting.extract_if(.., |span| span.span_context.trace_id() == trace);
                println!("{}", draw(&finished.collect::<Vec<_>>()));
            }
        }
        Ok(())
    }
}

/// Formats a trace: children under their parents, in the order of their start.
fn draw(spans: &[SpanData]) -> String {
    let mut children: HashMap<SpanId, Vec<&SpanData>> = HashMap::new();
    for span in spans {
        children.entry(span.parent_span_id).or_default().push(span);
    }
    for siblings in children.values_mut() {
        siblings.sort_by_key(|span| span.start_time);
    }
    let mut text = String::new();
    draw_below(SpanId::INVALID, 0, &children, &mut text);
    text
}

fn draw_below(
    parent: SpanId,
    depth: usize,
    children: &HashMap<SpanId, Vec<&SpanData>>,
    text: &mut String,
) {
    for span in children.get(&parent).into_iter().flatten() {
        let indent = "   ".repeat(depth);
        let title = format!("{indent}{}", span.name);
        let line = format!("{title:<40} {:>9}  {}", duration(span), status(span));
        let _ = writeln!(text, "{}", line.trim_end());
        for attribute in &span.attributes {
            let _ = writeln!(text, "{indent}   · {} = {}", attribute.key, attribute.value);
        }
        draw_below(span.span_context.span_id(), depth + 1, children, text);
    }
}

fn duration(span: &SpanData) -> String {
    let duration = span
        .end_time
        .duration_since(span.start_time)
        .unwrap_or(Duration::ZERO);
    format!("{:.1} ms", duration.as_secs_f64() * 1000.0)
}

fn status(span: &SpanData) -> String {
    match &span.status {
        Status::Unset => String::new(),
        Status::Ok => "ok".to_owned(),
        Status::Error { description } if description.is_empty() => "ERROR".to_owned(),
        Status::Error { description } => format!("ERROR {description}"),
    }
}
