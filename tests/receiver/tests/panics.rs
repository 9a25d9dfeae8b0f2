//! Panics in foreign callbacks, exporters and processors: the signals continue, and losses are counted.

#[allow(dead_code)] // Each test program uses only a part of the module.
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
use support::{PROTOCOLS, bounded, take_turn, telemetry, work};
use test_receiver::{Behaviour, Receiver};
use test_vocabulary::billing::setup;
use test_vocabulary::measures::metrics;

fn names(receiver: &Receiver) -> Vec<String> {
    let received = receiver.received();
    received
        .metrics()
        .map(|metric| metric.name.clone())
        .collect()
}

fn messages(report: &setup::Report) -> String {
    let messages = report.messages().map(|(_, message)| message.to_owned());
    messages.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_panic_of_a_callback_stops_no_metric() {
    let _turn = take_turn();
    for protocol in PROTOCOLS {
        bounded(move || {
            let receiver = Receiver::start(Behaviour::Accept);
            let guard = telemetry(&receiver.endpoint(), protocol, &[]).install();
            let guard = guard.expect("a valid set-up");
            work(&guard, 1);
            let panicking = Arc::new(AtomicBool::new(true));
            let is_panicking = panicking.clone();
            let observing = [
                metrics::workers().observe(move |workers| {
                    workers.observe(1, ());
                    assert!(!is_panicking.load(Ordering::Relaxed), "the queue is gone");
                }),
                metrics::workers().observe(|workers| workers.observe(2, ())),
                metrics::balance().observe(|balance| balance.observe(0.5, ())),
            ];
            // Another library, through the global provider.
            let is_panicking = panicking.clone();
            let _foreign = global::meter("foreign")
                .u64_observable_counter("foreign.count")
                .with_callback(move |observer| {
                    assert!(!is_panicking.load(Ordering::Relaxed), "not now");
                    observer.observe(7, &[]);
                })
                .build();
            let report = guard.flush();
            assert_eq!(report.points.failed, 2, "{protocol}\n{report}");
            assert!(!report.is_all_delivered(), "{report}");
            let text = messages(&report);
            assert!(text.contains("the callback of `"), "{text}");
            assert!(text.contains("panicked: "), "{text}");
            let seen = names(&receiver);
            for name in ["workers", "balance", "invoice.create.duration"] {
                assert!(seen.iter().any(|seen| seen == name), "{protocol}: {seen:?}");
            }
            // When the callbacks no longer panic, no further points fail, and the metric of the other library is
            // exported.
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
fn a_panic_of_an_unwrapped_callback_makes_the_report_incomplete() {
    let _turn = take_turn();
    for protocol in PROTOCOLS {
        bounded(move || {
            let receiver = Receiver::start(Behaviour::Accept);
            let guard = telemetry(&receiver.endpoint(), protocol, &[]).install();
            let guard = guard.expect("a valid set-up");
            work(&guard, 1);
            // The SDK's own provider, whose callbacks are not wrapped.
            let meters = guard.meter_provider().expect("metrics are exported");
            let _foreign = meters
                .meter("foreign")
                .u64_observable_counter("foreign.count")
                .with_callback(|_| panic!("not now"))
                .build();
            let report = guard.flush();
            assert!(!report.is_all_delivered(), "{report}");
            assert!(
                report.to_string().contains("points: flushing failed: "),
                "{report}"
            );
            let report = guard.shutdown();
            assert_eq!(report.spans.delivered, 1, "{report}");
            assert!(!report.is_all_delivered(), "{report}");
            assert!(
                report
                    .to_string()
                    .contains("points: shutting down failed: "),
                "{report}"
            );
        });
    }
}

/// Exporter that panics in the first export while it makes the future, and in the third while the future is polled.
#[derive(Debug, Default)]
struct Panicking {
    exports: AtomicUsize,
    panics_everywhere: bool,
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

    /// Panics if the exporter is to panic in every method.
    fn maybe_panic(&self) {
        assert!(!self.panics_everywhere, "no end");
    }
}

impl SpanExporter for Panicking {
    fn export(&self, _: Vec<SpanData>) -> impl Future<Output = OTelSdkResult> + Send {
        self.export()
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        self.maybe_panic();
        Ok(())
    }

    fn set_resource(&mut self, _: &Resource) {
        self.maybe_panic();
    }
}

impl LogExporter for Panicking {
    fn export(&self, _: LogBatch<'_>) -> impl Future<Output = OTelSdkResult> + Send {
        self.export()
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        self.maybe_panic();
        Ok(())
    }

    fn event_enabled(&self, _: opentelemetry::logs::Severity, _: &str, _: Option<&str>) -> bool {
        self.maybe_panic();
        true
    }
}

impl PushMetricExporter for Panicking {
    fn export(&self, _: &ResourceMetrics) -> impl Future<Output = OTelSdkResult> + Send {
        self.export()
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.maybe_panic();
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        self.maybe_panic();
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        self.maybe_panic();
        Temporality::Cumulative
    }
}

fn panicking(panics_everywhere: bool) -> setup::Setup {
    let exporter = || Panicking {
        panics_everywhere,
        ..Panicking::default()
    };
    telemetry("http://127.0.0.1:1", "grpc", &[])
        .with_span_exporter(exporter())
        .with_metric_exporter(exporter())
        .with_log_exporter(exporter())
}

#[test]
fn a_panic_of_an_exporter_stops_no_signal() {
    let _turn = take_turn();
    bounded(|| {
        let guard = panicking(false).install().expect("a valid set-up");
        for flushes in 1..=4 {
            work(&guard, 3);
            let report = guard.flush();
            for delivery in [report.spans, report.records] {
                assert_eq!(
                    delivery.delivered + delivery.failed,
                    3 * flushes,
                    "{report}"
                );
                // The first and the third export failed.
                assert_eq!(delivery.failed, 3 * flushes.div_ceil(2), "{report}");
            }
        }
        let report = guard.shutdown();
        assert!(report.in_time && report.points.delivered > 0, "{report}");
        assert!(
            report.points.failed > 0 && !report.is_all_delivered(),
            "{report}"
        );
        let text = messages(&report);
        assert!(text.contains("panicked: no result"), "{text}");
    });
}

#[test]
fn an_exporter_that_panics_in_every_method_is_reported_and_stops_nothing() {
    let _turn = take_turn();
    bounded(|| {
        let guard = panicking(true).install().expect("a valid set-up");
        work(&guard, 3);
        let report = guard.shutdown();
        assert!(report.in_time && !report.is_all_delivered(), "{report}");
        for signal in ["spans", "points", "log records"] {
            let named = report
                .to_string()
                .lines()
                .any(|line| line.starts_with(signal) && line.contains("panicked: no end"));
            assert!(named, "{signal}\n{report}");
        }
    });
}

/// Exporter whose shutdown fails without a panic.
#[derive(Debug)]
struct FailsAtShutdown;

impl SpanExporter for FailsAtShutdown {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Err(OTelSdkError::InternalFailure("the file is open".to_owned()))
    }
}

#[test]
fn an_error_that_the_sdk_hides_is_reported() {
    let _turn = take_turn();
    let none = [
        ("OTEL_METRICS_EXPORTER", "none"),
        ("OTEL_LOGS_EXPORTER", "none"),
    ];
    bounded(move || {
        let telemetry = telemetry("http://127.0.0.1:1", "grpc", &none);
        let guard = telemetry.with_span_exporter(FailsAtShutdown).install();
        let guard = guard.expect("a valid set-up");
        work(&guard, 1);
        assert!(guard.flush().is_all_delivered());
        let report = guard.shutdown();
        assert_eq!(
            (report.spans.delivered, report.spans.undelivered()),
            (1, 0),
            "{report}"
        );
        assert!(!report.is_all_delivered(), "{report}");
        assert!(report.to_string().contains("the file is open"), "{report}");
    });
}

/// Processor of the service that panics in every method.
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
fn a_panic_of_a_processor_loses_no_span() {
    use opentelemetry::trace::{Tracer as _, TracerProvider as _};
    let _turn = take_turn();
    for protocol in PROTOCOLS {
        bounded(move || {
            let receiver = Receiver::start(Behaviour::Accept);
            let telemetry = telemetry(&receiver.endpoint(), protocol, &[]);
            let guard = telemetry.with_span_end_processor(Processor).install();
            let guard = guard.expect("a valid set-up");
            // The operations of the service do not panic.
            work(&guard, 2);
            let tracer = guard
                .tracer_provider()
                .expect("a provider")
                .tracer("foreign");
            drop(tracer.start("foreign"));
            let report = guard.flush();
            assert_eq!(report.spans.delivered, 3, "{protocol}\n{report}");
            assert!(!report.is_all_delivered(), "{report}");
            let report = guard.shutdown();
            assert_eq!(
                (report.spans.delivered, report.spans.undelivered()),
                (3, 0),
                "{report}"
            );
            assert!(report.to_string().contains("panicked: no end"), "{report}");
            assert!(report.in_time && !report.is_all_delivered(), "{report}");
        });
    }
}
