//! Processors and reader that collect the telemetry of a scope.

use super::coverage::file;
use super::recording::{LostAttribute, Record, Recording, Span};
use crate::telemetry::Scoped;
use opentelemetry::{Context, InstrumentationScope, SpanId};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogProcessor, SdkLogRecord};
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{InstrumentKind, ManualReader, Pipeline, Temporality};
use opentelemetry_sdk::trace::{Span as SdkSpan, SpanData, SpanProcessor};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

/// Telemetry that the providers of a scope received.
#[derive(Debug, Default)]
pub(super) struct Collected {
    spans: Arc<Spans>,
    records: Arc<Mutex<Vec<Record>>>,
    reader: Arc<ManualReader>,
}

#[derive(Debug, Default)]
struct Spans {
    ended: Mutex<Vec<SpanData>>,
    running: Mutex<Vec<(SpanId, String)>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Collected {
    pub(super) fn span_processors(&self) -> Vec<Box<dyn SpanProcessor>> {
        vec![Box::new(SpanSink(self.spans.clone()))]
    }

    /// Returns a callback for the start of operations. The span processor sees the start of all other spans.
    pub(super) fn watch(&self) -> impl Fn(SpanId, &'static str) + use<> {
        let spans = self.spans.clone();
        move |id, name| lock(&spans.running).push((id, name.to_owned()))
    }

    pub(super) fn log_processor(&self) -> impl LogProcessor + use<> {
        LogSink(self.records.clone())
    }

    pub(super) fn reader(&self) -> impl MetricReader + use<> {
        SharedReader(self.reader.clone())
    }

    pub(super) fn recording(&self, telemetry: Scoped) -> Recording {
        // Metrics are collected first, because the callback of an observable may run an operation.
        let mut metrics = ResourceMetrics::default();
        let collected = telemetry.collect(|| self.reader.collect(&mut metrics));
        let ended = lock(&self.spans.ended).clone();
        let mut recording = Recording::from_spans(ended);
        // Collection fails after a shutdown of the meter provider, which discards the measurements.
        if matches!(collected, Some(Ok(()))) {
            recording.add_metrics(&metrics);
            file::note_points(&recording.points);
        }
        recording.records.clone_from(&lock(&self.records));
        let running = lock(&self.spans.running);
        recording.running = running.iter().map(|(_, name)| name.clone()).collect();
        let lost = telemetry.lost().into_iter();
        recording.lost = lost
            .map(|lost| LostAttribute {
                contract: lost.operation.contract.name.to_owned(),
                operation: lost.operation.name.to_owned(),
                key: lost.key.to_owned(),
            })
            .collect();
        recording
    }
}

#[derive(Debug)]
struct SpanSink(Arc<Spans>);

impl SpanProcessor for SpanSink {
    fn on_start(&self, span: &mut SdkSpan, _: &Context) {
        if let Some(data) = span.exported_data() {
            let Span { span_id, name, .. } = data.into();
            lock(&self.0.running).push((span_id, name));
        }
    }

    fn on_end(&self, span: SpanData) {
        let ended = span.span_context.span_id();
        lock(&self.0.running).retain(|(id, _)| *id != ended);
        file::note_span(|| span.clone().into());
        lock(&self.0.ended).push(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

#[derive(Debug)]
struct LogSink(Arc<Mutex<Vec<Record>>>);

impl LogProcessor for LogSink {
    fn emit(&self, record: &mut SdkLogRecord, scope: &InstrumentationScope) {
        let record = Record::from_sdk(record, scope);
        file::note_record(&record);
        lock(&self.0).push(record);
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// Reader shared with the meter provider, which takes ownership of its reader.
#[derive(Debug)]
struct SharedReader(Arc<ManualReader>);

impl MetricReader for SharedReader {
    fn register_pipeline(&self, pipeline: Weak<Pipeline>) {
        self.0.register_pipeline(pipeline);
    }

    fn collect(&self, metrics: &mut ResourceMetrics) -> OTelSdkResult {
        self.0.collect(metrics)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn temporality(&self, kind: InstrumentKind) -> Temporality {
        self.0.temporality(kind)
    }
}
