//! An exporter that writes each span to a file, as the SDK gave it.

use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use serde_json::json;
use std::fs::File;
use std::io::{self, Write as _};
use std::sync::{Mutex, PoisonError};

/// One JSON object a line.
#[derive(Debug)]
pub struct RecordExporter {
    file: Mutex<File>,
}

impl RecordExporter {
    /// Starts the file anew.
    pub fn create(path: &str) -> io::Result<Self> {
        let file = File::create(path)
            .map_err(|error| io::Error::new(error.kind(), format!("{path}: {error}")))?;
        Ok(Self {
            file: Mutex::new(file),
        })
    }
}

impl SpanExporter for RecordExporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        for span in batch {
            let attributes: Vec<_> = span
                .attributes
                .iter()
                .map(|attribute| json!([attribute.key.as_str(), attribute.value.to_string()]))
                .collect();
            let nanos = span
                .end_time
                .duration_since(span.start_time)
                .unwrap_or_default()
                .as_nanos();
            let line = json!({
                "trace": span.span_context.trace_id().to_string(),
                "span": span.span_context.span_id().to_string(),
                "parent": span.parent_span_id.to_string(),
                "name": span.name,
                "started": span.start_time.duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_nanos(),
                "nanos": nanos,
                "status": format!("{:?}", span.status),
                "attributes": attributes,
            });
            writeln!(file, "{line}")
                .map_err(|error| OTelSdkError::InternalFailure(error.to_string()))?;
        }
        Ok(())
    }
}
