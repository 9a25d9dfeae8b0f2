//! Operations that are still active when telemetry is shut down: the report and `otel_contract.lost` count them.

#![allow(missing_docs)]

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::InMemoryLogExporter;
use opentelemetry_sdk::metrics::InMemoryMetricExporter;
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, Metric, MetricData, ResourceMetrics, ScopeMetrics,
};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SpanData, SpanExporter};
use otel_contract_tests::block_on;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;
use test_vocabulary::billing::setup::{Guard, Report, Setup};
use test_vocabulary::billing::{self, task::InContext as _};
use test_vocabulary::forms::{self, instrumented_operation};
use test_vocabulary::measures;

#[derive(Default)]
struct Exported {
    spans: InMemorySpanExporter,
    points: InMemoryMetricExporter,
}

impl Exported {
    /// Points of `otel_contract.lost` in the last export: signal, reason and count.
    fn lost(&self) -> Vec<(String, String, u64)> {
        let exports = self
            .points
            .get_finished_metrics()
            .expect("metrics are in memory");
        let metrics = exports.iter().flat_map(ResourceMetrics::scope_metrics);
        let metrics = metrics.flat_map(ScopeMetrics::metrics);
        let last = metrics
            .filter(|metric| metric.name() == "otel_contract.lost")
            .last();
        let Some(AggregatedMetrics::U64(MetricData::Sum(sum))) = last.map(Metric::data) else {
            return Vec::new();
        };
        let points = sum.data_points().map(|point| {
            let attribute = |key: &str| {
                let mut attributes = point.attributes();
                let found = attributes.find(|attribute| attribute.key.as_str() == key);
                found
                    .map(|attribute| attribute.value.to_string())
                    .unwrap_or_default()
            };
            let (signal, reason) = (
                attribute("otel_contract.signal"),
                attribute("otel_contract.reason"),
            );
            (signal, reason, point.value())
        });
        points.filter(|(_, _, count)| *count > 0).collect()
    }
}

/// Providers belong to the process: tests take turns.
fn take_turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn setup() -> Setup {
    let resource = billing::Resource {
        service_name: "billing-api".into(),
        service_version: "1.0.0".into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    };
    let none =
        ["TRACES", "METRICS", "LOGS"].map(|signal| (format!("OTEL_{signal}_EXPORTER"), "none"));
    billing::telemetry(resource).variables(none)
}

fn install_both(exported: &Exported) -> Guard {
    let setup = setup()
        .with_span_exporter(exported.spans.clone())
        .with_metric_exporter(exported.points.clone());
    setup.install().expect("a valid set-up")
}

fn form() -> otel_contract::Active<forms::FormRun> {
    forms::FormRun {}.start()
}

type Boxed = Pin<Box<dyn Future<Output = ()> + Send>>;

fn pending(future: &mut Boxed) {
    let mut context = std::task::Context::from_waker(Waker::noop());
    assert!(future.as_mut().poll(&mut context).is_pending());
}

#[instrumented_operation(forms::FormRun)]
async fn waits() {
    std::future::pending::<()>().await;
}

#[instrumented_operation(forms::PlainRun)]
fn shuts_down_inside(guard: Guard) -> Report {
    guard.shutdown()
}

#[instrumented_operation(forms::PlainRun)]
async fn shuts_down_inside_async(guard: Guard) -> Report {
    guard.shutdown()
}

#[test]
fn a_function_that_shuts_telemetry_down_is_counted() {
    let _turn = take_turn();
    let exported = Exported::default();
    let report = shuts_down_inside(install_both(&exported));
    assert_eq!(report.unfinished, 1, "{report}");
    assert!(!report.is_all_delivered());
    assert!(
        report.to_string().contains("\noperations: 1 had not ended"),
        "{report}"
    );
    let lost = ("operations".to_owned(), "unfinished".to_owned(), 1);
    assert_eq!(exported.lost(), [lost]);
    let report = block_on(shuts_down_inside_async(install_both(&exported)));
    assert_eq!(report.unfinished, 1, "{report}");
}

#[test]
fn operations_that_ended_before_the_shutdown_are_not_counted() {
    let _turn = take_turn();
    let exported = Exported::default();
    let guard = install_both(&exported);
    form().succeed();
    drop(form());
    // Started on one thread and ended on another.
    let moved: Vec<_> = (0..8).map(|_| form()).collect();
    std::thread::spawn(|| moved.into_iter().for_each(otel_contract::Active::succeed))
        .join()
        .expect("operations end anywhere");
    let mut dropped: Boxed = Box::pin(waits());
    pending(&mut dropped);
    drop(dropped);
    let report = guard.shutdown();
    assert_eq!(
        (report.unfinished, report.spans.delivered),
        (0, 11),
        "{report}"
    );
    assert!(report.is_all_delivered(), "{report}");
    assert_eq!(exported.lost(), []);
}

#[test]
fn operations_of_every_kind_and_contract_are_counted() {
    let _turn = take_turn();
    let exported = Exported::default();
    let guard = install_both(&exported);
    let mut suspended: Boxed = Box::pin(waits());
    pending(&mut suspended);
    let mut elsewhere: Boxed = Box::pin(waits().in_current_context());
    let elsewhere = std::thread::spawn(move || {
        pending(&mut elsewhere);
        elsewhere
    });
    let elsewhere = elsewhere.join().expect("the thread ends");
    let never_polled: Boxed = Box::pin(waits());
    let by_hand = form();
    let job = measures::JobRun {
        queue_name: test_vocabulary::measures::QueueName::capped("mail"),
    };
    let job = job.start();
    let order_id = billing::OrderId::new("ord_1");
    let account = billing::Account {
        account_id: "acc_1".into(),
        account_tier: billing::AccountTier::Pro,
    };
    let invoice = billing::InvoiceCreate { order_id, account }.start();
    // Before the shutdown, active operations do not count as lost.
    for report in [guard.report(), guard.flush()] {
        assert_eq!(report.unfinished, 0, "{report}");
        assert!(report.is_all_delivered(), "{report}");
    }
    let report = guard.shutdown();
    assert_eq!(report.unfinished, 5, "{report}");
    drop((suspended, elsewhere, never_polled, by_hand, job, invoice));
}

/// At most 127 threads have their own count of unfinished operations; all other threads share one.
#[test]
fn operations_on_threads_that_share_a_count_are_counted() {
    let _turn = take_turn();
    let exported = Exported::default();
    let guard = install_both(&exported);
    let (all, last) = (
        Arc::new(std::sync::Barrier::new(201)),
        Arc::new(std::sync::Barrier::new(201)),
    );
    let threads: Vec<_> = (0..200)
        .map(|_| {
            let (all, last) = (all.clone(), last.clone());
            std::thread::spawn(move || {
                form().succeed();
                let active = form();
                all.wait();
                last.wait();
                active
            })
        })
        .collect();
    all.wait();
    last.wait();
    let mut active: Vec<_> = threads
        .into_iter()
        .map(|thread| thread.join().expect("the thread ends"))
        .collect();
    active.truncate(150);
    assert_eq!(guard.shutdown().unfinished, 150);
}

#[test]
fn only_operations_with_exported_signals_are_counted() {
    let _turn = take_turn();
    let exported = Exported::default();
    let unsampled = || {
        let (trace, span) = (TraceId::from(7), SpanId::from(8));
        let parent = SpanContext::new(trace, span, TraceFlags::default(), true, TraceState::NONE);
        forms::FormRun {}.parent(parent).start()
    };
    let points = setup().with_metric_exporter(exported.points.clone());
    let guard = points.install().expect("a valid set-up");
    let running = (form(), unsampled());
    assert_eq!(guard.shutdown().unfinished, 2, "both have a duration");
    drop(running);

    let spans = setup().with_span_exporter(exported.spans.clone());
    // Points go to a user-supplied provider, which the guard does not shut down.
    let meters = opentelemetry_sdk::metrics::SdkMeterProvider::default();
    let guard = spans
        .with_meter_provider(meters)
        .install()
        .expect("a valid set-up");
    let running = (form(), unsampled());
    assert_eq!(guard.shutdown().unfinished, 1, "one has a sampled span");
    drop(running);

    let records = setup().with_log_exporter(InMemoryLogExporter::default());
    let guard = records.install().expect("a valid set-up");
    let running = form();
    assert_eq!(guard.shutdown().unfinished, 0);
    drop(running);

    let disabled = setup().variables([("OTEL_SDK_DISABLED", "true")]);
    let guard = disabled.install().expect("a valid set-up");
    let running = form();
    assert_eq!(guard.shutdown().unfinished, 0);
    drop(running);
}

/// Span exporter that ends an operation while it is shut down.
#[derive(Debug, Default, Clone)]
struct Ends(Arc<Mutex<Vec<otel_contract::Active<forms::FormRun>>>>);

impl SpanExporter for Ends {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        let active = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        active.into_iter().for_each(otel_contract::Active::succeed);
        Ok(())
    }
}

#[test]
fn an_operation_that_ends_too_late_is_counted_once() {
    let _turn = take_turn();
    let ends = Ends::default();
    let guard = setup().with_span_exporter(ends.clone()).install();
    let guard = guard.expect("a valid set-up");
    ends.0.lock().expect("no thread panicked").push(form());
    form().succeed();
    let report = guard.shutdown();
    assert_eq!(
        (report.unfinished, report.spans.undelivered()),
        (1, 0),
        "{report}"
    );
    assert_eq!(report.spans.delivered, 1, "{report}");
}

#[test]
fn an_operation_dropped_at_the_end_of_its_thread_is_counted() {
    struct Keeps(std::cell::RefCell<Option<otel_contract::Active<forms::FormRun>>>);
    impl Drop for Keeps {
        fn drop(&mut self) {
            drop(self.0.take());
        }
    }
    thread_local! {
        static KEEPS: Keeps = const { Keeps(std::cell::RefCell::new(None)) };
    }
    let _turn = take_turn();
    let exported = Exported::default();
    let guard = install_both(&exported);
    // Registered before OpenTelemetry's thread-local, so dropped after the context of the thread is destroyed.
    std::thread::spawn(|| KEEPS.with(|keeps| *keeps.0.borrow_mut() = Some(form())))
        .join()
        .expect("the thread ends");
    let report = guard.shutdown();
    assert_eq!(
        (report.unfinished, report.spans.delivered),
        (1, 0),
        "{report}"
    );
}

#[test]
fn each_set_up_counts_its_own_operations() {
    let _turn = take_turn();
    let (first, second) = (Exported::default(), Exported::default());
    let before = install_both(&first);
    let running = form();
    let after = install_both(&second);
    let others = (form(), form());
    assert_eq!(before.shutdown().unfinished, 1);
    assert_eq!(after.shutdown().unfinished, 2);
    drop((running, others));
}

#[test]
fn the_callback_on_report_receives_the_count() {
    let _turn = take_turn();
    let received = Arc::new(Mutex::new(None));
    let callback = received.clone();
    let guard = setup()
        .with_span_exporter(InMemorySpanExporter::default())
        .on_report(move |report| {
            *callback.lock().expect("no thread panicked") = Some(report.unfinished);
        })
        .install()
        .expect("a valid set-up");
    let running = form();
    drop(guard);
    assert_eq!(*received.lock().expect("no thread panicked"), Some(1));
    drop(running);
}
