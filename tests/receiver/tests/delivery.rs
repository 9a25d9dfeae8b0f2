//! Retries, restarts and hostile answers, over both protocols: what the report counts is what became of it.

#[allow(dead_code)] // Each test program uses a part of it.
mod support;

use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use support::{PROTOCOLS, bounded, telemetry, turn, work};
use test_receiver::{Behaviour, Received, Receiver};
use test_vocabulary::billing::setup;

/// Spans alone, with little time for each export.
fn spans_only(receiver: &Receiver, protocol: &str, timeout: &str) -> setup::Guard {
    let variables = [
        ("OTEL_METRICS_EXPORTER", "none"),
        ("OTEL_LOGS_EXPORTER", "none"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", timeout),
    ];
    let telemetry = telemetry(&receiver.endpoint(), protocol, &variables);
    telemetry.install().expect("a sound set-up")
}

/// How often the next export is attempted, and what became of its span.
fn attempts(receiver: &Receiver, guard: &setup::Guard) -> (usize, setup::Delivery) {
    let before = (receiver.received().requests.len(), guard.report().spans);
    work(guard, 1);
    let after = guard.flush().spans;
    let attempts = receiver.received().requests.len() - before.0;
    let became = (
        after.delivered - before.1.delivered,
        after.failed - before.1.failed,
        after.waiting,
    );
    let mut delivery = setup::Delivery::default();
    (delivery.delivered, delivery.failed, delivery.waiting) = became;
    (attempts, delivery)
}

#[test]
fn the_statuses_of_the_specification_are_retried_and_no_others() {
    let _turn = turn();
    // 7 is the code of gRPC for HTTP cases, and 400 the status of HTTP for gRPC cases.
    let http = [
        400, 401, 403, 404, 408, 413, 429, 500, 501, 502, 503, 504, 301,
    ];
    let http = http.map(|http| (http, 7, [429, 502, 503, 504].contains(&http)));
    let grpc = (1..=16).map(|grpc| (400, grpc, [1, 4, 10, 11, 14, 15].contains(&grpc)));
    for (protocol, cases) in [("http/protobuf", http.to_vec()), ("grpc", grpc.collect())] {
        bounded(move || {
            let receiver = Receiver::start(Behaviour::Accept);
            let guard = spans_only(&receiver, protocol, "400");
            for (http, grpc, is_retried) in cases {
                receiver.behave(Behaviour::Refuse { http, grpc });
                let (attempts, became) = attempts(&receiver, &guard);
                let context = format!("{protocol} {http} {grpc}: {attempts}, {}", guard.report());
                assert_eq!(
                    (became.delivered, became.failed, became.waiting),
                    (0, 1, 0),
                    "{context}"
                );
                assert_eq!(attempts > 1, is_retried, "{context}");
                assert!(attempts > 0, "{context}");
            }
            drop(guard.shutdown());
        });
    }
}

#[test]
fn a_collector_is_not_asked_before_the_time_it_asks_for() {
    let _turn = turn();
    for protocol in PROTOCOLS {
        bounded(move || {
            let receiver = Receiver::start(Behaviour::Throttle { seconds: 1 });
            let guard = spans_only(&receiver, protocol, "10000");
            work(&guard, 1);
            let report = std::thread::scope(|scope| {
                scope.spawn(|| {
                    receiver.wait(|received| !received.requests.is_empty());
                    receiver.behave(Behaviour::Accept);
                });
                guard.flush()
            });
            assert_eq!(report.spans.delivered, 1, "{protocol}\n{report}");
            let requests = receiver.received().requests;
            let [(_, first), (_, second)] = &requests[..] else {
                panic!("two requests: {requests:?}");
            };
            assert!(*second - *first >= Duration::from_secs(1), "{protocol}");
            drop(guard.shutdown());
        });
    }
}

#[test]
fn a_time_beyond_the_timeout_is_not_waited_for() {
    let _turn = turn();
    for protocol in PROTOCOLS {
        for seconds in [60, i64::MAX, 0, -1] {
            bounded(move || {
                let receiver = Receiver::start(Behaviour::Throttle { seconds });
                let guard = spans_only(&receiver, protocol, "500");
                let (attempts, became) = attempts(&receiver, &guard);
                let context = format!("{protocol} {seconds}: {}", guard.report());
                assert_eq!((became.delivered, became.failed), (0, 1), "{context}");
                // No time, or one in the past, is left to us.
                assert_eq!(attempts > 1, seconds <= 0, "{context}: {attempts}");
                drop(guard.shutdown());
            });
        }
    }
}

#[test]
fn hostile_answers_are_failures_that_are_counted() {
    let _turn = turn();
    for protocol in PROTOCOLS {
        bounded(move || {
            let receiver = Receiver::start(Behaviour::Accept);
            let guard = spans_only(&receiver, protocol, "1000");
            let is_http = protocol == "http/protobuf";
            for (behaviour, is_success) in [
                (Behaviour::Nonsense, false),
                (Behaviour::Huge, false),
                // The status says that it was taken, and a page is what the report shows.
                (Behaviour::Page, is_http),
                (Behaviour::Empty, is_http),
                (Behaviour::Unfinished, false),
            ] {
                receiver.behave(behaviour);
                let (attempts, became) = attempts(&receiver, &guard);
                let context = format!("{protocol} {behaviour:?}\n{}", guard.report());
                let expected = (u64::from(is_success), u64::from(!is_success), 0);
                let became = (became.delivered, became.failed, became.waiting);
                assert_eq!(became, expected, "{context}");
                assert_eq!(attempts, 1, "{context}");
            }
            // It goes on.
            receiver.behave(Behaviour::Accept);
            assert_eq!(attempts(&receiver, &guard).1.delivered, 1, "{protocol}");
            drop(guard.shutdown());
        });
    }
}

#[test]
fn a_collector_that_restarts_for_five_seconds_loses_nothing() {
    let _turn = turn();
    for protocol in PROTOCOLS {
        let variables = [
            ("OTEL_BSP_SCHEDULE_DELAY", "100"),
            ("OTEL_BLRP_SCHEDULE_DELAY", "100"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "300"),
        ];
        bounded(move || {
            let mut receiver = Receiver::start(Behaviour::Accept);
            let guard = telemetry(&receiver.endpoint(), protocol, &variables).install();
            let guard = guard.expect("a sound set-up");
            work(&guard, 50);
            assert!(guard.flush().is_complete(), "{protocol}");
            receiver.pause();
            let paused = Instant::now();
            let mut made = 50;
            while paused.elapsed() < Duration::from_secs(5) {
                work(&guard, 5);
                made += 5;
                std::thread::sleep(Duration::from_millis(50));
            }
            receiver.resume();
            work(&guard, 50);
            made += 50;
            let arrived = |received: &Received| {
                received.spans().count() as u64 >= made && received.records().count() as u64 >= made
            };
            receiver.wait(arrived);
            let report = guard.shutdown();
            assert!(report.is_complete(), "{protocol}\n{report}");
            let (spans, records) = (report.spans, report.records);
            assert_eq!(
                (spans.delivered, records.delivered),
                (made, made),
                "{report}"
            );
            let received = receiver.received();
            let ids: BTreeSet<_> = received.spans().map(|span| &span.span_id).collect();
            let spans = received.spans().count() as u64;
            assert_eq!((ids.len() as u64, spans), (made, made), "{protocol}");
            assert_eq!(received.records().count() as u64, made);
            assert_eq!(counted(&received), made, "{protocol}: cumulative points");
        });
    }
}

/// The calls the duration of the operation has counted, as it was exported last.
fn counted(received: &Received) -> u64 {
    let durations = received
        .metrics()
        .filter(|one| one.name == "invoice.create.duration");
    match durations.last().and_then(|one| one.data.as_ref()) {
        Some(Data::Histogram(histogram)) => histogram.data_points.iter().map(|it| it.count).sum(),
        other => panic!("a histogram: {other:?}"),
    }
}

#[test]
fn a_shutdown_ends_within_its_bound_while_exports_are_retried() {
    let _turn = turn();
    for protocol in PROTOCOLS {
        for behaviour in [
            Behaviour::Refuse {
                http: 503,
                grpc: 14,
            },
            Behaviour::Throttle { seconds: 3_600 },
            Behaviour::Throttle { seconds: 7 },
        ] {
            bounded(move || {
                let receiver = Receiver::start(behaviour);
                let telemetry = telemetry(
                    &receiver.endpoint(),
                    protocol,
                    &[
                        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "10"),
                        ("OTEL_EXPORTER_OTLP_TIMEOUT", "3600000"),
                    ],
                );
                let guard = telemetry.shutdown_within(Duration::from_secs(1)).install();
                let guard = guard.expect("a sound set-up");
                work(&guard, 100);
                receiver.wait(|received| !received.requests.is_empty());
                let report = guard.shutdown();
                let context = format!("{protocol} {behaviour:?}\n{report}");
                // Every exporter has given up by itself, and has counted what it could not deliver.
                assert!(report.in_time, "{context}");
                assert_eq!(report.spans.failed, 100, "{context}");
                assert_eq!(report.records.failed, 100, "{context}");
                assert!(!report.is_complete(), "{context}");
            });
        }
    }
}

#[test]
fn a_bound_longer_than_the_patience_of_the_sdk_is_used() {
    let _turn = turn();
    bounded(|| {
        let mut receiver = Receiver::start(Behaviour::Accept);
        receiver.pause();
        let telemetry = telemetry(&receiver.endpoint(), "http/protobuf", &[]);
        let guard = telemetry.shutdown_within(Duration::from_secs(60)).install();
        let guard = guard.expect("a sound set-up");
        work(&guard, 3);
        let report = std::thread::scope(|scope| {
            scope.spawn(|| {
                // The SDK gives up waiting for its reader after five.
                std::thread::sleep(Duration::from_secs(6));
                receiver.resume();
            });
            guard.shutdown()
        });
        assert!(report.in_time && report.is_complete(), "{report}");
        assert_eq!(
            (report.spans.delivered, report.records.delivered),
            (3, 3),
            "{report}"
        );
        assert!(report.points.delivered > 0, "{report}");
    });
}

#[test]
fn headers_of_the_settings_do_not_replace_those_of_the_exporter() {
    let _turn = turn();
    for protocol in PROTOCOLS {
        let variables = [
            (
                "OTEL_EXPORTER_OTLP_HEADERS",
                "content-type=text/plain,User-Agent=curl,content-encoding=gzip,te=none,x-tenant=a,grpc-encoding=gzip",
            ),
            ("OTEL_METRICS_EXPORTER", "none"),
        ];
        bounded(move || {
            let receiver = Receiver::start(Behaviour::Accept);
            let guard = telemetry(&receiver.endpoint(), protocol, &variables)
                .header("content-type", "application/json")
                .install()
                .expect("a sound set-up");
            work(&guard, 1);
            let report = guard.shutdown();
            assert!(report.is_complete(), "{protocol}\n{report}");
            let received = receiver.received();
            assert_eq!(
                (received.spans().count(), received.records().count()),
                (1, 1)
            );
            let content = match protocol {
                "grpc" => "application/grpc",
                _ => "application/x-protobuf",
            };
            for headers in &received.headers {
                let agent = headers["user-agent"].to_str().expect("text");
                assert!(agent.starts_with("OTel-OTLP-Exporter-Rust/"), "{agent}");
                assert_eq!(headers.get_all("user-agent").iter().count(), 1);
                // Tonic keeps the content type of a call to itself.
                if protocol != "grpc" {
                    assert_eq!(headers["content-type"], content);
                }
                assert!(!headers.contains_key("content-encoding"), "{headers:?}");
                assert_eq!(headers["x-tenant"], "a");
            }
        });
    }
}
