//! Exporters that write spans and metrics to a file.

use crate::points::{self, Reading};
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use serde_json::json;
use std::fs::File;
use std::io::{self, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Writes spans, one JSON object per line.
#[derive(Debug)]
pub struct RecordExporter {
    file: Mutex<File>,
}

impl RecordExporter {
    /// Creates the file, or truncates an existing file.
    pub fn create(path: &str) -> io::Result<Self> {
        Ok(Self {
            file: Mutex::new(create(path)?),
        })
    }
}

fn create(path: &str) -> io::Result<File> {
    File::create(path).map_err(|error| io::Error::new(error.kind(), format!("{path}: {error}")))
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

/// Writes the last collection of metrics, one JSON object per series.
#[derive(Debug)]
pub struct MetricRecordExporter {
    path: String,
}

impl MetricRecordExporter {
    /// Creates the file, or truncates an existing file.
    pub fn create(path: &str) -> io::Result<Self> {
        create(path)?;
        Ok(Self {
            path: path.to_owned(),
        })
    }

    fn write(&self, metrics: &ResourceMetrics) -> io::Result<()> {
        let mut file = create(&self.path)?;
        for point in points::of(metrics) {
            let reading = match point.reading {
                Reading::Number(value) => json!({ "value": value }),
                Reading::Histogram {
                    count,
                    sum,
                    bounds,
                    buckets,
                } => json!({ "count": count, "sum": sum, "bounds": bounds, "buckets": buckets }),
            };
            let line = json!({
                "metric": point.metric,
                "unit": point.unit,
                "attributes": point.attributes,
                "reading": reading,
            });
            writeln!(file, "{line}")?;
        }
        Ok(())
    }
}

impl PushMetricExporter for MetricRecordExporter {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        self.write(metrics)
            .map_err(|error| OTelSdkError::InternalFailure(error.to_string()))
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }

    /// Cumulative, so that each collection contains all measurements since the start.
    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}
