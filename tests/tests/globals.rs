//! Providers that are set only through OpenTelemetry's globals, as in services that do not use `Providers`.
//!
//! This is a separate binary: after an installation, operations no longer follow the globals. The last step tests that.

use opentelemetry::global;
use opentelemetry::metrics::MeterProvider;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use otel_contract_tests::everything::{expected, record};
use otel_contract_tests::foreign::{HandWritten, Wrapper};
use otel_contract_tests::points::Meters;
use test_vocabulary::measures::{self, metrics};

fn spans() -> (SdkTracerProvider, InMemorySpanExporter) {
    let exporter = InMemorySpanExporter::default();
    let builder = SdkTracerProvider::builder().with_simple_exporter(exporter.clone());
    (builder.build(), exporter)
}

fn count(exporter: &InMemorySpanExporter) -> usize {
    let spans = exporter.get_finished_spans();
    spans.expect("spans are kept in memory").len()
}

fn set(provider: impl MeterProvider + Send + Sync + 'static) {
    global::set_meter_provider(provider);
}

/// The steps run one after another, because the process has one set of globals.
#[test]
fn the_global_providers_are_followed_through_every_replacement() {
    telemetry_is_lost_until_a_provider_is_set();
    every_provider_receives_all_telemetry();
    operations_end_under_the_providers_of_their_start();
    callbacks_move_to_the_next_provider();
    callbacks_that_are_kept_forever_move_to_the_next_provider();
    an_installation_replaces_the_globals();
}

/// Measurements that are recorded, and operations that start, before a provider is set are lost. A callback that is
/// registered before a provider is set is called later.
fn telemetry_is_lost_until_a_provider_is_set() {
    record();
    let early = measures::JobRun {
        queue_name: measures::QueueName::capped("early"),
    }
    .start();
    let observing = metrics::workers().observe(|workers| workers.observe(3, ()));
    let meters = Meters::with_view(measures::view);
    let (tracers, exporter) = spans();
    set(meters.provider.clone());
    global::set_tracer_provider(tracers);
    early.succeed();
    assert_eq!(count(&exporter), 0);
    record();
    assert_eq!(count(&exporter), 3);
    let mut expected = expected();
    expected.push("workers{} 3".to_owned());
    assert_eq!(
        meters.text(),
        expected,
        "a callback registered before the provider is called too"
    );
    drop(observing);
}

fn every_provider_receives_all_telemetry() {
    for meters in [Meters::with_view(measures::view), Meters::plain()] {
        set(meters.provider.clone());
        record();
        assert_eq!(meters.text(), expected());
        set(Wrapper(meters.provider.clone()));
        metrics::load().record(0.25, ());
        assert!(
            meters.text().contains(&"load{} 0.25".to_owned()),
            "the same provider, wrapped"
        );
    }
    let provider = HandWritten::default();
    set(provider.clone());
    record();
    assert_eq!(provider.take().len(), 57);
    // A provider that was set before is used again, and the previous provider receives nothing.
    let meters = Meters::plain();
    set(meters.provider.clone());
    record();
    set(provider.clone());
    record();
    set(meters.provider.clone());
    metrics::load().record(0.5, ());
    assert_eq!(provider.take().len(), 57);
    assert!(meters.text().contains(&"load{} 0.5".to_owned()));
}

fn operations_end_under_the_providers_of_their_start() {
    let (before, after) = (
        Meters::with_view(measures::view),
        Meters::with_view(measures::view),
    );
    let ((old, old_spans), (new, new_spans)) = (spans(), spans());
    set(before.provider.clone());
    // The SDK shuts down a provider when its last handle is dropped. Services keep a handle to flush it.
    let _kept = old.clone();
    global::set_tracer_provider(old);
    let running = measures::JobRun {
        queue_name: measures::QueueName::capped("mail"),
    }
    .start();
    set(after.provider.clone());
    global::set_tracer_provider(new);
    let later = measures::JobRun {
        queue_name: measures::QueueName::capped("post"),
    }
    .start();
    running.succeed();
    later.succeed();
    assert_eq!((count(&old_spans), count(&new_spans)), (1, 1));
    let points = |queue: &str| {
        [
            format!("job.run.active{{queue.name={queue}}} 0"),
            format!("job.run.duration{{queue.name={queue}}} ×1"),
        ]
    };
    assert_eq!(before.text(), points("mail"));
    assert_eq!(after.text(), points("post"));
}

fn callbacks_move_to_the_next_provider() {
    let observing = metrics::workers().observe(|workers| workers.observe(3, ()));
    for _ in 0..2 {
        let meters = Meters::with_view(measures::view);
        set(meters.provider.clone());
        // OpenTelemetry does not report a replacement; otel-contract notices it at the next recording.
        metrics::load().record(0.75, ());
        assert_eq!(meters.text(), ["load{} 0.75", "workers{} 3"]);
    }
    drop(observing);
}

fn callbacks_that_are_kept_forever_move_to_the_next_provider() {
    let observing = metrics::balance().observe(|balance| balance.observe(1.0, ()));
    observing.forever();
    for _ in 0..2 {
        let meters = Meters::plain();
        set(meters.provider.clone());
        metrics::load().record(0.75, ());
        assert_eq!(meters.text(), ["balance{} 1", "load{} 0.75"]);
    }
}

fn an_installation_replaces_the_globals() {
    let (before, installed, later) = (Meters::plain(), Meters::plain(), Meters::plain());
    set(before.provider.clone());
    let (tracers, exporter) = spans();
    let providers = measures::Providers::new();
    providers.with_tracer_provider(tracers).install();
    let job = measures::JobRun {
        queue_name: measures::QueueName::capped("mail"),
    };
    job.start().succeed();
    assert_eq!(count(&exporter), 1);
    let mut lines = before.text();
    lines.retain(|line| !line.starts_with("otel.sdk."));
    let kept = [
        "balance{} 1",
        "job.run.active{queue.name=mail} 0",
        "job.run.duration{queue.name=mail} ×1",
    ];
    assert_eq!(
        lines, kept,
        "a signal without an installed provider keeps its global provider"
    );

    let providers = measures::Providers::new();
    let providers = providers.with_meter_provider(installed.provider.clone());
    providers.install();
    set(later.provider.clone());
    metrics::load().record(0.5, ());
    assert_eq!(installed.text(), ["balance{} 1", "load{} 0.5"]);
    assert_eq!(later.text(), [""; 0]);
}
