//! Set-up with a failing collector: the service continues, the shutdown ends, and every span is accounted for.

use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _};
use std::net::TcpListener;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use test_receiver::{Behaviour, Receiver};
use test_vocabulary::billing::{self, setup};

/// Providers belong to the process: tests of one binary take turns.
fn take_turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

const PROTOCOLS: [&str; 2] = ["http/protobuf", "grpc"];

/// Number of spans and log records that a service records; the queue is much smaller.
const RECORDED: u64 = 1_000;
const QUEUE: u64 = 100;

const BOUND: Duration = Duration::from_secs(1);

fn install(endpoint: &str, protocol: &str) -> setup::Guard {
    install_with(endpoint, protocol, &[])
}

fn install_with(endpoint: &str, protocol: &str, more: &[(&str, &str)]) -> setup::Guard {
    let resource = billing::Resource {
        service_name: "billing-api".into(),
        service_version: "3.1.4".into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    };
    let queue = QUEUE.to_string();
    let variables = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
        ("OTEL_BSP_MAX_QUEUE_SIZE", &queue),
        ("OTEL_BLRP_MAX_QUEUE_SIZE", &queue),
    ];
    let variables = variables.iter().chain(more).copied();
    let telemetry = billing::telemetry(resource).variables(variables);
    let guard = telemetry.shutdown_within(BOUND).install();
    guard.expect("a failing collector is not an error of the set-up")
}

fn work(guard: &setup::Guard, times: u64) {
    let logger = guard
        .logger_provider()
        .expect("log records are exported")
        .logger("test");
    for _ in 0..times {
        billing::InvoiceCreate {
            order_id: billing::OrderId::new("ord_1"),
            account: billing::Account {
                account_id: "acc_1".into(),
                account_tier: billing::AccountTier::Pro,
            },
        }
        .start()
        .succeed();
        let mut record = logger.create_log_record();
        record.set_body("worked".into());
        logger.emit(record);
    }
}

/// Shuts down, and asserts that it takes at most a second more than the bound.
fn shutdown(guard: setup::Guard) -> setup::Report {
    let began = Instant::now();
    let report = guard.shutdown();
    let took = began.elapsed();
    assert!(
        took < BOUND + Duration::from_secs(1),
        "took {took:?}\n{report}"
    );
    report
}

#[track_caller]
fn assert_accounted(delivery: setup::Delivery, context: &str) {
    let all = delivery.delivered + delivery.undelivered();
    assert_eq!(all, RECORDED, "{context}: {delivery:?}");
}

/// Runs a service with a collector that fails from the start, and asserts that all items are lost and counted.
#[track_caller]
fn assert_all_lost(endpoint: &str, protocol: &str, failure: &str) -> setup::Report {
    let guard = install(endpoint, protocol);
    work(&guard, RECORDED);
    let report = shutdown(guard);
    let context = format!("{failure}, {protocol}\n{report}");
    for delivery in [report.spans, report.records] {
        assert_accounted(delivery, &context);
        assert_eq!(delivery.delivered, 0, "{context}");
    }
    assert_eq!(report.points.delivered, 0, "{context}");
    assert!(!report.is_all_delivered(), "{context}");
    report
}

#[test]
fn an_unreachable_collector_loses_only_telemetry() {
    let _turn = take_turn();
    for protocol in PROTOCOLS {
        // A free port on which no process listens.
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener
            .local_addr()
            .expect("a bound listener has an address");
        drop(listener);
        assert_all_lost(&format!("http://{address}"), protocol, "absent");
    }
}

#[test]
fn exports_fail_if_a_collector_refuses_resets_or_sends_nonsense() {
    let _turn = take_turn();
    for behaviour in [Behaviour::Unavailable, Behaviour::Reset, Behaviour::Garbage] {
        for protocol in PROTOCOLS {
            let receiver = Receiver::start(behaviour);
            assert_all_lost(&receiver.endpoint(), protocol, &format!("{behaviour:?}"));
            assert!(receiver.received().connections > 0);
        }
    }
}

#[test]
fn a_collector_that_hangs_does_not_block_the_service() {
    let _turn = take_turn();
    for protocol in PROTOCOLS {
        let receiver = Receiver::start(Behaviour::Hang);
        let guard = install(&receiver.endpoint(), protocol);
        work(&guard, RECORDED);
        // Waits until the exports of spans and log records have begun, because an export that begins during the
        // shutdown has less time.
        receiver.wait(|received| received.connections >= 2);
        let report = shutdown(guard);
        for delivery in [report.spans, report.records] {
            assert_accounted(delivery, protocol);
            assert_eq!(delivery.delivered, 0, "{protocol}\n{report}");
        }
        assert!(!report.in_time, "{report}");
        // Only the queue and one batch of an export are in memory.
        assert!((1..=2 * QUEUE).contains(&report.spans.waiting), "{report}");
        assert!(report.to_string().contains("left waiting"), "{report}");
    }
}

#[test]
fn telemetry_received_before_a_collector_is_killed_counts_as_delivered() {
    let _turn = take_turn();
    for protocol in PROTOCOLS {
        let receiver = Receiver::start(Behaviour::Accept);
        let guard = install(&receiver.endpoint(), protocol);
        work(&guard, 10);
        let before = guard.flush();
        assert!(before.is_all_delivered(), "{protocol}\n{before}");
        assert_eq!(receiver.received().spans().count(), 10);
        receiver.kill();
        work(&guard, RECORDED - 10);
        let report = shutdown(guard);
        for delivery in [report.spans, report.records] {
            assert_accounted(delivery, protocol);
            assert_eq!(delivery.delivered, 10, "{protocol}\n{report}");
        }
    }
}

#[test]
fn a_collector_that_comes_back_is_used_again() {
    let _turn = take_turn();
    for protocol in PROTOCOLS {
        let receiver = Receiver::start(Behaviour::Accept);
        let guard = install(&receiver.endpoint(), protocol);
        work(&guard, 1);
        assert!(guard.flush().is_all_delivered());
        receiver.behave(Behaviour::Garbage);
        work(&guard, 1);
        let _ = guard.flush();
        receiver.behave(Behaviour::Accept);
        work(&guard, 1);
        // Failed exports are still retried, for longer than one flush may take.
        let is_delivered = (0..30).any(|_| guard.flush().spans.waiting == 0);
        assert!(is_delivered, "{protocol}\n{}", guard.report());
        let report = shutdown(guard);
        assert!(report.spans.delivered >= 2, "{protocol}\n{report}");
        assert_eq!(
            report.spans.delivered + report.spans.undelivered(),
            3,
            "{report}"
        );
        let arrived = receiver.received().spans().count() as u64;
        assert_eq!(arrived, report.spans.delivered, "{protocol}");
    }
}

#[test]
fn losses_are_measured_while_the_service_runs() {
    let _turn = take_turn();
    let (receiver, hanging) = (
        Receiver::start(Behaviour::Accept),
        Receiver::start(Behaviour::Hang),
    );
    let elsewhere = format!("{}/v1/traces", hanging.endpoint());
    let elsewhere = [("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &*elsewhere)];
    let guard = install_with(&receiver.endpoint(), "http/protobuf", &elsewhere);
    work(&guard, RECORDED);
    let report = guard.flush();
    assert!(report.spans.dropped > 0, "{report}");
    let received = receiver.wait(|received| received.metrics().count() > 0);
    let lost = received
        .metrics()
        .find(|metric| metric.name == "otel_contract.lost");
    let lost = lost.and_then(|metric| metric.data.as_ref());
    let Some(opentelemetry_proto::tonic::metrics::v1::metric::Data::Sum(sum)) = lost else {
        panic!("a sum: {lost:?}");
    };
    // There are three reasons for each of three signals, and their sum agrees with the report.
    assert_eq!(sum.data_points.len(), 9);
    let total: u64 = sum.data_points.iter().map(value).sum();
    assert_eq!(
        total,
        report.spans.dropped + report.records.dropped,
        "{report}"
    );
    let _ = shutdown(guard);
}

fn value(point: &opentelemetry_proto::tonic::metrics::v1::NumberDataPoint) -> u64 {
    use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;
    match point.value {
        Some(Value::AsInt(value)) => value.try_into().expect("a count"),
        other => panic!("a count: {other:?}"),
    }
}
