//! Runs the processes of the example as a user would, and checks the telemetry that they send over OTLP.

#[path = "support/recording.rs"]
mod recording;

use checkout_telemetry::checkout::testing::{Check, Recording};
use checkout_telemetry::checkout::{
    self, AccountTier, CONTRACT, ErrorType, OrderId, PaymentDeclineReason, PaymentId, QueueName,
    RetryAttempt, metrics,
};
use opentelemetry::{SpanId, TraceId};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::process::{Command, Output};
use test_receiver::{Behaviour, Received, Receiver};

const SERVICES: [&str; 4] = [
    "checkout-api",
    "invoice-worker",
    "outbox-relay",
    "payment-gateway",
];

fn checkout(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_checkout"));
    command.args(arguments).envs(variables.iter().copied());
    command.output().expect("the example starts")
}

/// Telemetry that all processes sent over one protocol, and the output of the demonstration.
struct Run {
    received: Received,
    recording: Recording,
    printed: String,
}

fn run(protocol: &str) -> Run {
    let collector = Receiver::start(Behaviour::Accept);
    let output = checkout(
        &["--otlp", &collector.endpoint()],
        &[("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)],
    );
    let printed = String::from_utf8(output.stdout).expect("text");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    // A process that loses telemetry reports it on standard error.
    assert_eq!(errors, "");
    let received = collector.received();
    let recording = recording::recording(&received);
    Run {
        received,
        recording,
        printed,
    }
}

fn check(protocol: &str) {
    let run = run(protocol);
    let content_types: BTreeSet<_> = run
        .received
        .headers
        .iter()
        .map(|headers| &headers["content-type"])
        .collect();
    let expected = match protocol {
        "grpc" => "application/grpc",
        _ => "application/x-protobuf",
    };
    assert_eq!(content_types.into_iter().collect::<Vec<_>>(), [expected]);

    // The contract does not declare the metrics of the crate and of the SDK about themselves.
    let check = Check::of(&CONTRACT)
        .allow_instrumentation_scope("otel_contract")
        .allow_instrumentation_scope("otel.sdk");
    run.recording.assert_contract(check);
    // Every request of the demonstration has a route.
    let operations = CONTRACT.operations.iter();
    for operation in operations.filter(|operation| operation.name != "checkout.unmatched") {
        let mut spans = run.recording.spans.iter();
        let recorded = spans.any(|span| span.name == operation.name);
        assert!(recorded, "`{}` did not happen", operation.name);
    }
    the_trace_goes_through_every_process(&run);
    parents_are_right(&run.recording);
    retries_and_failures_are_visible(&run.recording);
    baggage_is_propagated_and_personal_values_are_protected(&run);
    resources_are_complete(&run);
    logs_are_correlated(&run);
    metrics_are_complete(&run.recording);
}

#[test]
fn one_trace_goes_through_all_processes_over_http() {
    check("http/protobuf");
}

#[test]
fn one_trace_goes_through_all_processes_over_grpc() {
    check("grpc");
}

fn the_trace_goes_through_every_process(run: &Run) {
    let mut services: HashMap<TraceId, BTreeSet<&str>> = HashMap::new();
    for service in SERVICES {
        let sent = recording::recording(&run.received.of_service(service));
        assert!(!sent.spans.is_empty(), "{service} sent no span");
        for span in &sent.spans {
            services.entry(span.trace_id).or_default().insert(service);
        }
    }
    for order in ["ord_8Zk2", "ord_9Qd7"] {
        let paid = run.recording.operation::<checkout::CheckoutPay>();
        let paid = paid.having(OrderId::new(order)).once().succeeded().root();
        let trace = paid.span().trace_id;
        assert_eq!(services[&trace], BTreeSet::from(SERVICES), "{order}");
    }
}

fn parents_are_right(recording: &Recording) {
    recording
        .operation::<checkout::CheckoutPay>()
        .times(5)
        .each(|span| drop(span.root()));
    recording
        .operation::<checkout::OrderLoad>()
        .times(5)
        .each(|span| drop(span.child_of::<checkout::CheckoutPay>()));
    recording
        .operation::<checkout::PaymentAuthorize>()
        .times(4)
        .each(|span| drop(span.child_of::<checkout::CheckoutPay>()));
    // One call each for the order without failures and the declined order, two for the slow gateway, three for the rate
    // limit.
    recording
        .operation::<checkout::PaymentGatewayCharge>()
        .times(7)
        .each(|span| drop(span.child_of::<checkout::PaymentAuthorize>()));
    recording
        .operation::<checkout::PaymentCharge>()
        .times(7)
        .each(|span| drop(span.child_of::<checkout::PaymentGatewayCharge>()));
    recording
        .operation::<checkout::OutboxPublish>()
        .times(2)
        .each(|span| drop(span.child_of::<checkout::CheckoutPay>()));
    recording
        .operation::<checkout::OutboxDeliver>()
        .times(2)
        .each(|span| drop(span.child_of::<checkout::OutboxPublish>()));
    recording
        .operation::<checkout::InvoiceWorkerProcess>()
        .times(2)
        .each(|span| drop(span.child_of::<checkout::OutboxDeliver>()));
    recording
        .operation::<checkout::InvoiceSave>()
        .times(2)
        .each(|span| {
            span.child_of::<checkout::InvoiceCreate>()
                .within::<checkout::InvoiceWorkerProcess>()
                .within::<checkout::CheckoutPay>();
        });
    // A batch is a separate trace with links to the spans that published its jobs.
    let batches = recording
        .spans
        .iter()
        .filter(|span| span.name == "outbox.relay");
    let mut linked = 0;
    for batch in batches {
        assert_eq!(batch.parent_span_id, SpanId::INVALID);
        for link in &batch.links {
            let mut spans = recording.spans.iter();
            let published =
                spans.find(|span| (span.trace_id, span.span_id) == (link.trace_id, link.span_id));
            let published = published.expect("the linked span was sent");
            assert_eq!(published.name, "outbox.publish");
            linked += 1;
        }
    }
    assert_eq!(linked, 2);
}

fn retries_and_failures_are_visible(recording: &Recording) {
    let authorized = |order| {
        let all = recording.operation::<checkout::PaymentAuthorize>();
        all.having(OrderId::new(order)).once()
    };
    authorized("ord_8Zk2")
        .succeeded()
        .with((RetryAttempt::MIN, PaymentId::from("pay_8Zk2")));
    authorized("ord_9Qd7")
        .succeeded()
        .with(checkout::constant!(RetryAttempt, 1));
    authorized("ord_3Lm1")
        .failed(ErrorType::GatewayRateLimited)
        .with(checkout::constant!(RetryAttempt, 2));
    authorized("ord_5Xc0").failed(ErrorType::PaymentDeclined);
    recording
        .operation::<checkout::OrderLoad>()
        .having(OrderId::new("ord_missing"))
        .once()
        .failed(ErrorType::OrderNotFound);

    let calls: Vec<_> = recording
        .spans
        .iter()
        .filter(|span| span.name == "payment.gateway.charge")
        .filter(|span| span.parent_span_id == authorized("ord_9Qd7").span().span_id)
        .map(|span| span.attribute("error.type").cloned())
        .collect();
    assert_eq!(
        calls.len(),
        2,
        "the call that timed out, and the call that succeeded"
    );
    assert!(calls.contains(&None) && calls.contains(&Some("gateway_timeout".into())));

    drop(recording.event::<checkout::PaymentRetried>().times(3));
    recording
        .event::<checkout::PaymentDeclined>()
        .once()
        .within::<checkout::PaymentAuthorize>()
        .exactly((
            OrderId::new("ord_5Xc0"),
            AccountTier::Pro,
            PaymentDeclineReason::InsufficientFunds,
        ));
}

fn baggage_is_propagated_and_personal_values_are_protected(run: &Run) {
    // Baggage reaches the gateway over HTTP, and the worker through the outbox and over HTTP.
    let charged = run.recording.operation::<checkout::PaymentCharge>();
    drop(charged.having(AccountTier::Enterprise).times(2));
    let processed = run.recording.operation::<checkout::InvoiceWorkerProcess>();
    processed
        .having(OrderId::new("ord_9Qd7"))
        .once()
        .with(AccountTier::Enterprise);

    let everything = format!("{:?}", run.received) + &run.printed;
    assert!(
        !everything.contains("@example.org"),
        "an unprotected address was sent"
    );
    let hashes = run.recording.spans.iter();
    let hashes = hashes.filter_map(|span| span.attribute("user.email"));
    let hashes: BTreeSet<String> = hashes.map(|hash| format!("{hash:?}")).collect();
    assert_eq!(hashes.len(), 4, "{hashes:?}");
    assert!(
        !hashes.iter().any(|hash| hash.contains("redacted")),
        "{hashes:?}"
    );
}

fn resources_are_complete(run: &Run) {
    let resources = &run.recording.resources;
    assert_eq!(
        resources.len(),
        SERVICES.len(),
        "each process has one resource on all signals"
    );
    for key in [
        "service.name",
        "service.version",
        "deployment.environment.name",
    ] {
        let values = resources
            .iter()
            .filter_map(|resource| resource.iter().find(|pair| pair.0.as_str() == key));
        assert_eq!(values.count(), SERVICES.len(), "{key}");
    }
}

/// Checks the log lines of the services, and the events sent over OTLP.
fn logs_are_correlated(run: &Run) {
    let spans = run.recording.spans.iter();
    let spans: BTreeMap<(String, String), &str> = spans
        .map(|span| {
            (
                (span.trace_id.to_string(), span.span_id.to_string()),
                &*span.name,
            )
        })
        .collect();
    let lines = run.printed.lines().filter(|line| line.starts_with('{'));
    let lines: Vec<Value> = lines
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert!(lines.len() > 10, "{}", run.printed);
    let mut services = BTreeSet::new();
    for line in &lines {
        let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        // The SDK may log outside any operation.
        if text("target").starts_with("opentelemetry") {
            continue;
        }
        let span = (text("trace_id"), text("span_id"));
        assert_eq!(spans.get(&span), Some(&&*text("operation")), "{line}");
        services.insert(text("service"));
    }
    let logging = ["checkout-api", "invoice-worker", "payment-gateway"];
    assert_eq!(services, logging.map(str::to_owned).into());
    for record in &run.recording.records {
        let span = (record.trace_id.to_string(), record.span_id.to_string());
        assert_eq!(spans.get(&span), Some(&"payment.authorize"), "{record:?}");
    }
}

fn metrics_are_complete(recording: &Recording) {
    recording.duration::<checkout::CheckoutPay>().count(5);
    recording
        .duration::<checkout::CheckoutPay>()
        .failed(ErrorType::PaymentDeclined)
        .count(1);
    recording
        .duration::<checkout::PaymentGatewayCharge>()
        .having(checkout::constant!(RetryAttempt, 1))
        .succeeded()
        .count(1);
    recording
        .metric::<metrics::PaymentGatewayRetries>()
        .of_dimensions(metrics::PaymentGatewayRetries {
            account_tier: AccountTier::Free,
            error_type: ErrorType::GatewayRateLimited,
        })
        .value(2);
    let lag = recording.metric::<metrics::InvoiceJobsLag>();
    lag.count(2);
    let queue_name = QueueName::capped("invoice-events");
    recording
        .metric::<metrics::InvoiceJobsInFlight>()
        .of_dimensions(metrics::InvoiceJobsInFlight { queue_name })
        .value(0);
    let lost = recording
        .points
        .iter()
        .filter(|point| point.metric == "otel_contract.lost");
    assert!(lost.clone().count() > 0);
    assert!(lost.clone().all(|point| point.value == 0.0));
}

#[test]
fn without_a_collector_the_joined_trace_is_printed() {
    // The demonstration uses its own sink, and ignores the variables.
    let variables = [
        ("OTEL_SDK_DISABLED", "true"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
    ];
    let output = checkout(&[], &variables);
    let drawn = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success(), "{drawn}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");

    let trace = drawn
        .split("\ntrace ")
        .find(|trace| trace.contains("order.id=ord_9Qd7"));
    let trace = trace.expect("the trace of the order that was retried");
    let spans: Vec<(&str, &str)> = trace
        .lines()
        .filter(|line| line.contains(" ms  "))
        .map(|line| {
            let (service, rest) = line.trim_start().split_once(' ').expect("a service");
            // The spaces before the name show the depth in the tree.
            (
                service,
                rest[16 - service.len()..]
                    .split("  ")
                    .find(|column| !column.is_empty())
                    .expect("a name"),
            )
        })
        .collect();
    let expected = [
        ("checkout-api", "checkout.pay"),
        ("checkout-api", "order.load"),
        ("checkout-api", "payment.authorize"),
        ("checkout-api", "payment.gateway.charge"),
        ("payment-gateway", "payment.charge"),
        ("checkout-api", "payment.gateway.charge"),
        ("payment-gateway", "payment.charge"),
        ("checkout-api", "outbox.publish"),
        ("outbox-relay", "outbox.deliver"),
        ("invoice-worker", "invoice.worker.process"),
        ("invoice-worker", "invoice.create"),
        ("invoice-worker", "invoice.save"),
    ];
    assert_eq!(spans, expected, "{drawn}");
    assert!(
        trace.contains("retry.attempt=0 error.type=gateway_timeout"),
        "{trace}"
    );
    assert!(
        trace.contains("event checkout-api     payment.retried"),
        "{trace}"
    );
    assert!(trace.contains("retrying the payment"), "{trace}");
    assert!(
        drawn.contains("payment.gateway.retries ({retry})"),
        "{drawn}"
    );
    assert!(drawn.contains("invoice.jobs.lag (s)"), "{drawn}");
}
