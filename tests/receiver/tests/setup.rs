//! Set-up with a receiver: received telemetry, over both protocols and from every kind of service.

use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _};
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use test_receiver::{Behaviour, Received, Receiver};
use test_vocabulary::billing::{self, setup};

/// Providers belong to the process: tests of one binary take turns.
fn take_turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn resource() -> billing::Resource {
    billing::Resource {
        service_name: "billing-api".into(),
        service_version: "3.1.4".into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    }
}

fn telemetry(receiver: &Receiver, variables: &[(&str, &str)]) -> setup::Setup {
    let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint());
    let variables = variables
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    billing::telemetry(resource()).variables(variables.chain([endpoint]))
}

fn create_invoice() {
    billing::InvoiceCreate {
        order_id: billing::OrderId::new("ord_1"),
        account: billing::Account {
            account_id: "acc_1".into(),
            account_tier: billing::AccountTier::Pro,
        },
    }
    .start()
    .succeed();
}

fn log(guard: &setup::Guard, text: &'static str) {
    let logger = guard
        .logger_provider()
        .expect("log records are exported")
        .logger("test");
    let mut record = logger.create_log_record();
    record.set_body(text.into());
    logger.emit(record);
}

fn pairs(attributes: &[KeyValue]) -> BTreeMap<String, String> {
    let pair = |attribute: &KeyValue| match &attribute.value.as_ref()?.value {
        Some(any_value::Value::StringValue(text)) => Some((attribute.key.clone(), text.clone())),
        _ => None,
    };
    attributes.iter().filter_map(pair).collect()
}

/// Sends one item of each signal and shuts down.
fn send(telemetry: setup::Setup) -> setup::Report {
    let guard = telemetry.install().expect("a valid set-up");
    create_invoice();
    log(&guard, "sent");
    guard.shutdown()
}

fn assert_all_arrived(received: &Received, report: &setup::Report) {
    assert!(report.is_all_delivered(), "{report}");
    assert_eq!(received.of_service("billing-api").spans().count(), 1);
    assert_eq!(received.of_service("another").spans().count(), 0);
    let delivered = (report.spans.delivered, report.records.delivered);
    assert_eq!(delivered, (1, 1), "{report}");
    assert!(report.points.delivered > 0, "{report}");

    let span = received.spans().next().expect("a span");
    assert_eq!(span.name, "invoice.create");
    let of_traces = &received.traces[0].resource_spans[0];
    let of_metrics = &received.metrics[0].resource_metrics[0];
    let of_logs = &received.logs[0].resource_logs[0];
    for resource in [&of_traces.resource, &of_metrics.resource, &of_logs.resource] {
        let attributes = pairs(&resource.as_ref().expect("a resource").attributes);
        assert_eq!(attributes["service.name"], "billing-api");
        assert_eq!(attributes["service.version"], "3.1.4");
        assert_eq!(attributes["deployment.environment.name"], "test");
        assert_eq!(attributes["telemetry.sdk.language"], "rust");
    }
    let scope = of_traces.scope_spans[0].scope.as_ref().expect("a scope");
    assert_eq!((&*scope.name, &*scope.version), ("billing", "1.2.0"));
    let schema_url = &of_traces.scope_spans[0].schema_url;
    assert_eq!(
        schema_url,
        "https://telemetry.acme.example/schemas/billing/1.2.0"
    );
    let names: Vec<&str> = received.metrics().map(|metric| &*metric.name).collect();
    assert!(names.contains(&"invoice.create.duration"), "{names:?}");
    assert!(names.contains(&"otel_contract.lost"), "{names:?}");
    assert_eq!(received.records().count(), 1);
}

#[test]
fn every_signal_arrives_over_both_protocols() {
    let _turn = take_turn();
    for protocol in ["http/protobuf", "grpc"] {
        for compression in ["none", "gzip"] {
            let receiver = Receiver::start(Behaviour::Accept);
            let variables = [
                ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
                ("OTEL_EXPORTER_OTLP_COMPRESSION", compression),
                (
                    "OTEL_EXPORTER_OTLP_HEADERS",
                    "x-tenant=a%20b,x-team=from%20variables",
                ),
                (
                    "OTEL_RESOURCE_ATTRIBUTES",
                    "host.name=h1,service.name=other",
                ),
                ("OTEL_SERVICE_NAME", "another"),
            ];
            let telemetry = telemetry(&receiver, &variables).header("X-Team", "from code");
            let report = send(telemetry);
            let received = receiver.received();
            assert_all_arrived(&received, &report);
            assert!(
                received
                    .headers
                    .iter()
                    .all(|headers| headers.contains_key("user-agent"))
            );
            for headers in &received.headers {
                assert_eq!(headers["x-tenant"], "a b", "{protocol}");
                assert_eq!(headers["x-team"], "from code", "{protocol}");
            }
            let resource = received.traces[0].resource_spans[0].resource.as_ref();
            let attributes = pairs(&resource.expect("a resource").attributes);
            assert_eq!(attributes["host.name"], "h1");
        }
    }
}

#[test]
fn signals_may_have_different_protocols_and_endpoints() {
    let _turn = take_turn();
    let (one, other) = (
        Receiver::start(Behaviour::Accept),
        Receiver::start(Behaviour::Accept),
    );
    let endpoint = format!("{}/v1/metrics", other.endpoint());
    let variables = [
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/protobuf"),
        ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", &*endpoint),
        ("OTEL_LOGS_EXPORTER", "none"),
    ];
    let guard = telemetry(&one, &variables)
        .install()
        .expect("a valid set-up");
    assert!(guard.logger_provider().is_none());
    create_invoice();
    let report = guard.flush();
    assert_eq!(report.spans.delivered, 1, "{report}");
    assert!(guard.shutdown().is_all_delivered());
    let (one, other) = (one.received(), other.received());
    assert_eq!((one.spans().count(), one.metrics().count()), (1, 0));
    assert_eq!(other.spans().count(), 0);
    assert!(other.metrics().count() > 0);
}

/// The guard is dropped inside the runtime, as at the end of an async `main`.
#[test]
fn a_service_works_without_and_with_an_async_runtime() {
    let _turn = take_turn();
    for protocol in ["http/protobuf", "grpc"] {
        let variables = [("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)];
        let current_thread = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let multi_thread = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build();
        for runtime in [current_thread, multi_thread] {
            let receiver = Receiver::start(Behaviour::Accept);
            let runtime = runtime.expect("a runtime");
            let report = runtime.block_on(async { send(telemetry(&receiver, &variables)) });
            assert_all_arrived(&receiver.received(), &report);
            // On a worker thread, where tokio refuses blocking calls.
            let receiver = Receiver::start(Behaviour::Accept);
            let telemetry = telemetry(&receiver, &variables);
            let report = runtime.block_on(runtime.spawn(async { send(telemetry) }));
            let report = report.expect("the task does not panic");
            assert_all_arrived(&receiver.received(), &report);
        }
    }
}

#[test]
fn a_set_up_installs_the_views_of_the_contract() {
    let _turn = take_turn();
    let receiver = Receiver::start(Behaviour::Accept);
    let report = send(telemetry(&receiver, &[]));
    assert!(report.is_all_delivered(), "{report}");
    let received = receiver.received();
    let duration = received
        .metrics()
        .find(|metric| metric.name == "invoice.create.duration");
    let Some(opentelemetry_proto::tonic::metrics::v1::metric::Data::Histogram(histogram)) =
        duration.and_then(|metric| metric.data.as_ref())
    else {
        panic!("a histogram");
    };
    assert_eq!(
        histogram.data_points[0].explicit_bounds,
        [0.05, 0.1, 0.5, 1.0, 5.0]
    );
}

#[test]
fn dropping_the_guard_delivers_and_reports() {
    let _turn = take_turn();
    let receiver = Receiver::start(Behaviour::Accept);
    let (sender, report) = std::sync::mpsc::channel();
    let guard = telemetry(&receiver, &[])
        .on_report(move |report| {
            sender
                .send(report.clone())
                .expect("a receiver of the report");
        })
        .install();
    let guard = guard.expect("a valid set-up");
    create_invoice();
    drop(guard);
    let report = report.try_recv().expect("a report before the drop ends");
    assert_eq!(report.spans.delivered, 1, "{report}");
    assert_eq!(receiver.received().spans().count(), 1);
}

#[test]
fn a_disabled_set_up_sends_nothing_and_reports_no_error() {
    let _turn = take_turn();
    let receiver = Receiver::start(Behaviour::Accept);
    let variables = [
        ("OTEL_SDK_DISABLED", "true"),
        ("OTEL_TRACES_SAMPLER", "sometimes"),
    ];
    let guard = telemetry(&receiver, &variables)
        .install()
        .expect("a disabled set-up");
    assert!(guard.tracer_provider().is_none());
    assert!(guard.warnings().is_empty());
    assert!(guard.shutdown().is_all_delivered());
    assert_eq!(receiver.received().connections, 0);
}

#[test]
fn user_supplied_providers_are_not_shut_down() {
    use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
    let _turn = take_turn();
    let receiver = Receiver::start(Behaviour::Accept);
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder()
        .with_simple_exporter(exporter.clone())
        .build();
    let guard = telemetry(&receiver, &[])
        .with_tracer_provider(provider.clone())
        .install();
    let guard = guard.expect("a valid set-up");
    assert!(guard.tracer_provider().is_none());
    create_invoice();
    assert!(guard.shutdown().is_all_delivered());
    create_invoice();
    let spans = exporter.get_finished_spans().expect("kept in memory");
    assert_eq!(spans.len(), 2, "the provider was not shut down by us");
    let received = receiver.received();
    assert_eq!(received.spans().count(), 0);
    assert!(received.metrics().count() > 0);
}

#[test]
fn the_sampling_rules_of_the_contract_are_available_as_data() {
    let operation = billing::CONTRACT.operation("invoice.create");
    let sampling = operation
        .and_then(|operation| operation.sampling)
        .expect("the sampling of the contract");
    assert!((sampling.ratio - 0.1).abs() < f64::EPSILON);
    assert!(sampling.keep_errors);
    assert_eq!(sampling.keep_slower_than, Some(2.0));
    assert!((sampling.head_ratio() - 1.0).abs() < f64::EPSILON);
}

#[test]
fn the_contract_samples_at_the_start_of_a_trace() {
    use opentelemetry::trace::{Tracer as _, TracerProvider as _};
    let _turn = take_turn();
    let receiver = Receiver::start(Behaviour::Accept);
    let guard = telemetry(&receiver, &[]).install().expect("a valid set-up");
    // The ratio is 0.1, but the operation keeps errors, so all spans are exported.
    for _ in 0..50 {
        create_invoice();
    }
    let other = guard.tracer_provider().expect("a provider").tracer("other");
    drop(other.start("anything else"));
    let report = guard.shutdown();
    assert_eq!(report.spans.delivered, 51, "{report}");
}

#[test]
fn neither_keys_nor_headers_are_shown() {
    let _turn = take_turn();
    let receiver = Receiver::start(Behaviour::Accept);
    let secret = [("OTEL_EXPORTER_OTLP_HEADERS", "authorization=hunter2")];
    let telemetry = telemetry(&receiver, &secret)
        .header("x-api-key", "hunter2")
        .protection_key("hunter2hunter2hunter2hunter2hunter2");
    let shown = format!("{telemetry:?}");
    assert!(
        shown.contains("x-api-key") && !shown.contains("hunter2"),
        "{shown}"
    );
    let guard = telemetry.install().expect("a valid set-up");
    create_invoice();
    let shown = format!("{guard:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    let report = guard.shutdown();
    assert!(!format!("{report:?}{report}").contains("hunter2"));
    let received = receiver.received();
    assert!(
        received
            .headers
            .iter()
            .all(|headers| headers["authorization"] == "hunter2")
    );
}

#[test]
fn a_set_up_with_errors_installs_nothing() {
    let _turn = take_turn();
    let receiver = Receiver::start(Behaviour::Accept);
    let mut resource = resource();
    resource.service_version = "".into();
    let variables = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint()),
        ("OTEL_TRACES_SAMPLER", "sometimes".to_owned()),
    ];
    let errors = billing::telemetry(resource)
        .variables(variables)
        .export_timeout(std::time::Duration::ZERO)
        .protection_key("short")
        .install()
        .expect_err("three errors");
    let what: Vec<String> = errors.iter().map(setup::SetupError::what).collect();
    assert_eq!(
        what,
        [
            "`protection_key(…)` received a key of only 5 bytes",
            "resource attribute `service.version` is empty",
            "`export_timeout(…)` is zero",
        ]
    );
    let note = "  = note: contract `billing` 1.2.0, tests/vocabulary/schema/billing.yaml:15:3";
    assert!(errors.to_string().contains(note), "{errors}");
    // A warning alone is no error, but it is reported with the errors.
    let warning = "\n\nwarning: `OTEL_TRACES_SAMPLER` has the invalid value `sometimes`\n";
    assert!(errors.to_string().contains(warning), "{errors}");
    assert_eq!(errors.warnings().iter().count(), 1);
    assert_eq!(receiver.received().connections, 0);
}

#[test]
fn the_query_of_an_endpoint_follows_the_path_of_the_signal() {
    let _turn = take_turn();
    let receiver = Receiver::start(Behaviour::Accept);
    let address = receiver.endpoint();
    let general = "OTEL_EXPORTER_OTLP_ENDPOINT";
    let own = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    let targets = |setup: setup::Setup| {
        let before = receiver.received().targets.len();
        let guard = setup.install().expect("a valid set-up");
        create_invoice();
        log(&guard, "created");
        let report = guard.shutdown();
        assert!(report.is_all_delivered(), "{report}");
        let mut targets = receiver.received().targets.split_off(before);
        targets.sort();
        targets.dedup();
        targets
    };
    let variables = |variables: &[(&str, String)]| {
        billing::telemetry(resource()).variables(variables.iter().cloned())
    };
    let joined = |path: &str, query: &str| {
        ["logs", "metrics", "traces"].map(|signal| format!("{path}/v1/{signal}{query}"))
    };
    for (endpoint, path, query) in [
        ("/x?y=z", "/x", "?y=z"),
        ("/x/?y=z&u=%23", "/x", "?y=z&u=%23"),
        ("?y=/z", "", "?y=/z"),
        ("/?", "", ""),
        ("/x", "/x", ""),
    ] {
        let url = format!("{address}{endpoint}");
        let sent = targets(variables(&[(general, url.clone())]));
        assert_eq!(sent, joined(path, query), "{endpoint}");
        let sent = targets(
            billing::telemetry(resource())
                .variables([("", ""); 0])
                .endpoint(url),
        );
        assert_eq!(sent, joined(path, query), "{endpoint} in code");
    }
    // The endpoint of a signal is used unchanged.
    let traces = format!("{address}/a/v1/traces?key=1");
    let sent = targets(variables(&[(general, address.clone()), (own, traces)]));
    assert_eq!(sent, ["/a/v1/traces?key=1", "/v1/logs", "/v1/metrics"]);
}

#[test]
fn a_key_in_a_query_is_not_shown() {
    let _turn = take_turn();
    let receiver = Receiver::start(Behaviour::Unavailable);
    let url = format!("{}/x?key=hunter2", receiver.endpoint());
    receiver.kill();
    let variables = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &*url),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "500"),
    ];
    let setup = billing::telemetry(resource()).variables(variables);
    let guard = setup.install().expect("a valid set-up");
    create_invoice();
    let report = guard.shutdown();
    assert!(!report.is_all_delivered(), "{report}");
    assert!(report.messages().next().is_some(), "{report:?}");
    assert!(
        !format!("{report} {report:?}").contains("hunter2"),
        "{report:?}"
    );
}
