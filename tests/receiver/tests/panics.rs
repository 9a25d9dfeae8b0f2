//! Foreign code that panics: callbacks, exporters and processors. The signals go on, and what was lost is counted.

#[allow(dead_code)] // Each test program uses a part of it.
mod support;

use opentelemetry::metrics::MeterProvider as _;
use opentelemetry::{Context, global};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::logs::{LogBatch, LogExporter};
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::{Span, SpanData, SpanExporter, SpanProcessor};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use support::{PROTOCOLS, bounded, telemetry, turn, work};
use test_receiver::{Behaviour, Receiver};
use test_vocabulary::billing::setup;
use test_vocabulary::measures::metrics;

fn names(receiver: &Receiver) -> Vec<String> {
    let received = receiver.received();
    received.metrics().map(|one| one.name.clone()).collect()
}

fn messages(report: &setup::Report) -> String {
    let messages = report.failures().map(|(_, message)| message.to_owned());
    messages.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_callback_that_panics_ends_no_metric() {
    let _turn = turn();
    for protocol in PROTOCOLS {
        bounded(move || {
            let receiver = Receiver::start(Behaviour::Accept);
            let guard = telemetry(&receiver.endpoint(), protocol, &[]).install();
            let guard = guard.expect("a sound set-up");
            work(&guard, 1);
            let panicking = Arc::new(AtomicBool::new(true));
            let asked = panicking.clone();
            let observing = [
                metrics::workers().observe(move |workers| {
                    workers.observe(1, ());
                    assert!(!asked.load(Ordering::Relaxed), "the queue is gone");
                }),
                metrics::workers().observe(|workers| workers.observe(2, ())),
                metrics::balance().observe(|balance| balance.observe(0.5, ())),
            ];
            // Another library, by the global provider.
            let asked = panicking.clone();
            let _foreign = global::meter("foreign")
                .u64_observable_counter("foreign.count")
                .with_callback(move |observer| {
                    assert!(!asked.load(Ordering::Relaxed), "not now");
                    observer.observe(7, &[]);
                })
                .build();
            let report = guard.flush();
            assert_eq!(report.points.failed, 2, "{protocol}\n{report}");
            assert!(!report.is_complete(), "{report}");
            let told = messages(&report);
            assert!(told.contains("the callback of `"), "{told}");
            assert!(told.contains("panicked: "), "{told}");
            let seen = names(&receiver);
            for name in ["workers", "balance", "invoice.create.duration"] {
                assert!(seen.iter().any(|seen| seen == name), "{protocol}: {seen:?}");
            }
            // Two values of a gauge: the last one counts, that of the callback that did not panic.
            panicking.store(false, Ordering::Relaxed);
            let report = guard.flush();
            assert_eq!(report.points.failed, 2, "{protocol}\n{report}");
            assert!(names(&receiver).iter().any(|seen| seen == "foreign.count"));
            drop(observing);
            let report = guard.shutdown();
            assert_eq!(
                (report.points.failed, report.in_time),
                (2, true),
                "{report}"
            );
        });
    }
}

#[test]
fn a_reader_that_is_gone_makes_the_report_incomplete() {
    let _turn = turn();
    for protocol in PROTOCOLS {
        bounded(move || {
            let receiver = Receiver::start(Behaviour::Accept);
            let guard = telemetry(&receiver.endpoint(), protocol, &[]).install();
            let guard = guard.expect("a sound set-up");
            work(&guard, 1);
            // The provider of the SDK itself, which nothing holds.
            let meters = guard.meter_provider().expect("metrics are exported");
            let _foreign = meters
                .meter("foreign")
                .u64_observable_counter("foreign.count")
                .with_callback(|_| panic!("not now"))
                .build();
            let report = guard.flush();
            assert!(!report.is_complete(), "{report}");
            assert!(
                report.to_string().contains("points: flushing failed: "),
                "{report}"
            );
            let report = guard.shutdown();
            assert_eq!(report.spans.delivered, 1, "{report}");
            assert!(!report.is_complete(), "{report}");
            assert!(
                report
                    .to_string()
                    .contains("points: shutting down failed: "),
                "{report}"
            );
        });
    }
}

/// Panics at every other export: the first time while its future is made, then while it is polled.
#[derive(Debug, Default)]
struct Panicking {
    exports: AtomicUsize,
    ends: bool,
}

impl Panicking {
    fn export(&self) -> impl Future<Output = OTelSdkResult> + Send + use<> {
        let export = self.exports.fetch_add(1, Ordering::Relaxed);
        assert!(export != 0, "no future");
        async move {
            assert!(export != 2, "no result");
            Ok(())
        }
    }

    fn end(&self) {
        assert!(!self.ends, "no end");
    }
}

impl SpanExporter for Panicking {
    fn export(&self, _: Vec<SpanData>) -> impl Future<Output = OTelSdkResult> + Send {
        self.export()
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        self.end();
        Ok(())
    }

    fn set_resource(&mut self, _: &Resource) {
        self.end();
    }
}

impl LogExporter for Panicking {
    fn export(&self, _: LogBatch<'_>) -> impl Future<Output = OTelSdkResult> + Send {
        self.export()
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        self.end();
        Ok(())
    }

    fn event_enabled(&self, _: opentelemetry::logs::Severity, _: &str, _: Option<&str>) -> bool {
        self.end();
        true
    }
}

impl PushMetricExporter for Panicking {
    fn export(&self, _: &ResourceMetrics) -> impl Future<Output = OTelSdkResult> + Send {
        self.export()
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.end();
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        self.end();
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        self.end();
        Temporality::Cumulative
    }
}

fn panicking(ends: bool) -> setup::Setup {
    let exporter = || Panicking {
        ends,
        ..Panicking::default()
    };
    telemetry("http://127.0.0.1:1", "grpc", &[])
        .with_span_exporter(exporter())
        .with_metric_exporter(exporter())
        .with_log_exporter(exporter())
}

#[test]
fn an_exporter_that_panics_ends_no_signal() {
    let _turn = turn();
    bounded(|| {
        let guard = panicking(false).install().expect("a sound set-up");
        for flushes in 1..=4 {
            work(&guard, 3);
            let report = guard.flush();
            for delivery in [report.spans, report.records] {
                assert_eq!(
                    delivery.delivered + delivery.failed,
                    3 * flushes,
                    "{report}"
                );
                // The first and the third export.
                assert_eq!(delivery.failed, 3 * flushes.div_ceil(2), "{report}");
            }
        }
        let report = guard.shutdown();
        assert!(report.in_time && report.points.delivered > 0, "{report}");
        assert!(
            report.points.failed > 0 && !report.is_complete(),
            "{report}"
        );
        let told = messages(&report);
        assert!(told.contains("panicked: no result"), "{told}");
    });
}

#[test]
fn an_exporter_that_panics_at_every_question_ends_nothing_and_is_named() {
    let _turn = turn();
    bounded(|| {
        let guard = panicking(true).install().expect("a sound set-up");
        work(&guard, 3);
        let report = guard.shutdown();
        assert!(report.in_time && !report.is_complete(), "{report}");
        for signal in ["spans", "points", "log records"] {
            let named = report
                .to_string()
                .lines()
                .any(|line| line.starts_with(signal) && line.contains("panicked: no end"));
            assert!(named, "{signal}\n{report}");
        }
    });
}

/// Fails to shut down, without a panic.
#[derive(Debug)]
struct Unending;

impl SpanExporter for Unending {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Err(OTelSdkError::InternalFailure("the file is open".to_owned()))
    }
}

#[test]
fn an_error_that_the_sdk_keeps_to_itself_is_told() {
    let _turn = turn();
    let none = [
        ("OTEL_METRICS_EXPORTER", "none"),
        ("OTEL_LOGS_EXPORTER", "none"),
    ];
    bounded(move || {
        let telemetry = telemetry("http://127.0.0.1:1", "grpc", &none);
        let guard = telemetry.with_span_exporter(Unending).install();
        let guard = guard.expect("a sound set-up");
        work(&guard, 1);
        assert!(guard.flush().is_complete());
        let report = guard.shutdown();
        assert_eq!(
            (report.spans.delivered, report.spans.lost()),
            (1, 0),
            "{report}"
        );
        assert!(!report.is_complete(), "{report}");
        assert!(report.to_string().contains("the file is open"), "{report}");
    });
}

/// A processor of the service that panics whenever it is called.
#[derive(Debug)]
struct Processor;

impl SpanProcessor for Processor {
    fn on_start(&self, _: &mut Span, _: &Context) {
        panic!("no start");
    }

    fn on_end(&self, _: SpanData) {
        panic!("no span");
    }

    fn force_flush(&self) -> OTelSdkResult {
        panic!("no flush");
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        panic!("no end");
    }

    fn set_resource(&mut self, _: &Resource) {
        panic!("no resource");
    }
}

#[test]
fn a_processor_that_panics_takes_no_span_away() {
    use opentelemetry::trace::{Tracer as _, TracerProvider as _};
    let _turn = turn();
    for protocol in PROTOCOLS {
        bounded(move || {
            let receiver = Receiver::start(Behaviour::Accept);
            let telemetry = telemetry(&receiver.endpoint(), protocol, &[]);
            let guard = telemetry.with_span_end_processor(Processor).install();
            let guard = guard.expect("a sound set-up");
            // The service does not notice.
            work(&guard, 2);
            let tracer = guard
                .tracer_provider()
                .expect("a provider")
                .tracer("foreign");
            drop(tracer.start("foreign"));
            let report = guard.flush();
            assert_eq!(report.spans.delivered, 3, "{protocol}\n{report}");
            assert!(!report.is_complete(), "{report}");
            let report = guard.shutdown();
            assert_eq!(
                (report.spans.delivered, report.spans.lost()),
                (3, 0),
                "{report}"
            );
            assert!(report.to_string().contains("panicked: no end"), "{report}");
            assert!(report.in_time && !report.is_complete(), "{report}");
        });
    }
}
