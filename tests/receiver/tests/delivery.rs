//! Retries, restarts and hostile responses, over both protocols: the counts of the report match the outcomes.

#[allow(dead_code)] // Each test program uses only a part of the module.
mod support;

use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use support::{PROTOCOLS, bounded, take_turn, telemetry, work};
use test_receiver::{Behaviour, Received, Receiver};
use test_vocabulary::billing::setup;

/// Installs a set-up that exports only spans, with a timeout for each export.
fn spans_only(receiver: &Receiver, protocol: &str, timeout: &str) -> setup::Guard {
    let variables = [
        ("OTEL_METRICS_EXPORTER", "none"),
        ("OTEL_LOGS_EXPORTER", "none"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", timeout),
    ];
    let telemetry = telemetry(&receiver.endpoint(), protocol, &variables);
    telemetry.install().expect("a valid set-up")
}

/// Exports one span, and returns the number of attempts and the outcome of the span.
fn attempts(receiver: &Receiver, guard: &setup::Guard) -> (usize, setup::Delivery) {
    let before = (receiver.received().requests.len(), guard.report().spans);
    work(guard, 1);
    let after = guard.flush().spans;
    let attempts = receiver.received().requests.len() - before.0;
    let outcome = (
        after.delivered - before.1.delivered,
        after.failed - before.1.failed,
        after.waiting,
    );
    let mut delivery = setup::Delivery::default();
    (delivery.delivered, delivery.failed, delivery.waiting) = outcome;
    (attempts, delivery)
}

#[test]
fn only_the_statuses_of_the_specification_are_retried() {
    let _turn = take_turn();
    // Each case sets one status. The status of the other protocol is a fixed value that is not retried: gRPC 7, HTTP 400.
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
                let (attempts, outcome) = attempts(&receiver, &guard);
                let context = format!("{protocol} {http} {grpc}: {attempts}, {}", guard.report());
                assert_eq!(
                    (outcome.delivered, outcome.failed, outcome.waiting),
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
fn a_retry_waits_for_the_delay_that_the_collector_requests() {
    let _turn = take_turn();
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
fn pauses_grow_while_the_collector_is_unavailable() {
    let _turn = take_turn();
    for protocol in PROTOCOLS {
        bounded(move || {
            let receiver = Receiver::start(Behaviour::Unavailable);
            let guard = spans_only(&receiver, protocol, "60000");
            work(&guard, 1);
            let report = std::thread::scope(|scope| {
                scope.spawn(|| {
                    receiver.wait(|received| received.requests.len() >= 4);
                    receiver.behave(Behaviour::Accept);
                });
                guard.flush()
            });
            assert_eq!(report.spans.delivered, 1, "{protocol}\n{report}");
            let requests = receiver.received().requests;
            let pauses: Vec<Duration> = requests
                .windows(2)
                .map(|pair| pair[1].1 - pair[0].1)
                .collect();
            // Half of each pause is random.
            let least = [50, 100, 200, 400].map(Duration::from_millis);
            let is_long_enough = pauses
                .iter()
                .zip(least)
                .all(|(pause, least)| *pause >= least);
            assert!(
                pauses.len() >= 3 && is_long_enough,
                "{protocol}: {pauses:?}"
            );
            drop(guard.shutdown());
        });
    }
}

#[test]
fn a_requested_delay_beyond_the_timeout_fails_at_once() {
    let _turn = take_turn();
    for protocol in PROTOCOLS {
        for seconds in [60, i64::MAX, 0, -1] {
            bounded(move || {
                let receiver = Receiver::start(Behaviour::Throttle { seconds });
                let guard = spans_only(&receiver, protocol, "500");
                let (attempts, outcome) = attempts(&receiver, &guard);
                let context = format!("{protocol} {seconds}: {}", guard.report());
                assert_eq!((outcome.delivered, outcome.failed), (0, 1), "{context}");
                // For a delay of zero or less, the client uses its own back-off.
                assert_eq!(attempts > 1, seconds <= 0, "{context}: {attempts}");
                drop(guard.shutdown());
            });
        }
    }
}

#[test]
fn hostile_responses_are_counted_and_not_retried() {
    let _turn = take_turn();
    for protocol in PROTOCOLS {
        bounded(move || {
            let receiver = Receiver::start(Behaviour::Accept);
            let guard = spans_only(&receiver, protocol, "1000");
            let is_http = protocol == "http/protobuf";
            for (behaviour, is_success) in [
                (Behaviour::Nonsense, false),
                (Behaviour::Huge, false),
                // Over HTTP, the success status counts as delivered.
                (Behaviour::Page, is_http),
                (Behaviour::Empty, is_http),
                (Behaviour::Unfinished, false),
            ] {
                receiver.behave(behaviour);
                let (attempts, outcome) = attempts(&receiver, &guard);
                let context = format!("{protocol} {behaviour:?}\n{}", guard.report());
                let expected = (u64::from(is_success), u64::from(!is_success), 0);
                let outcome = (outcome.delivered, outcome.failed, outcome.waiting);
                assert_eq!(outcome, expected, "{context}");
                assert_eq!(attempts, 1, "{context}");
            }
            // Later exports are delivered.
            receiver.behave(Behaviour::Accept);
            assert_eq!(attempts(&receiver, &guard).1.delivered, 1, "{protocol}");
            drop(guard.shutdown());
        });
    }
}

#[test]
fn a_collector_that_restarts_for_five_seconds_loses_nothing() {
    let _turn = take_turn();
    for protocol in PROTOCOLS {
        let variables = [
            ("OTEL_BSP_SCHEDULE_DELAY", "100"),
            ("OTEL_BLRP_SCHEDULE_DELAY", "100"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "300"),
        ];
        bounded(move || {
            let mut receiver = Receiver::start(Behaviour::Accept);
            let guard = telemetry(&receiver.endpoint(), protocol, &variables).install();
            let guard = guard.expect("a valid set-up");
            work(&guard, 50);
            assert!(guard.flush().is_all_delivered(), "{protocol}");
            receiver.pause();
            let paused = Instant::now();
            let mut recorded = 50;
            while paused.elapsed() < Duration::from_secs(5) {
                work(&guard, 5);
                recorded += 5;
                std::thread::sleep(Duration::from_millis(50));
            }
            receiver.resume();
            work(&guard, 50);
            recorded += 50;
            let arrived = |received: &Received| {
                received.spans().count() as u64 >= recorded
                    && received.records().count() as u64 >= recorded
            };
            receiver.wait(arrived);
            let report = guard.shutdown();
            assert!(report.is_all_delivered(), "{protocol}\n{report}");
            let (spans, records) = (report.spans, report.records);
            assert_eq!(
                (spans.delivered, records.delivered),
                (recorded, recorded),
                "{report}"
            );
            let received = receiver.received();
            let ids: BTreeSet<_> = received.spans().map(|span| &span.span_id).collect();
            let spans = received.spans().count() as u64;
            assert_eq!(
                (ids.len() as u64, spans),
                (recorded, recorded),
                "{protocol}"
            );
            assert_eq!(received.records().count() as u64, recorded);
            assert_eq!(
                counted(&received),
                recorded,
                "{protocol}: cumulative points"
            );
        });
    }
}

/// Number of calls in the duration metric of the last export.
fn counted(received: &Received) -> u64 {
    let durations = received
        .metrics()
        .filter(|metric| metric.name == "invoice.create.duration");
    match durations.last().and_then(|metric| metric.data.as_ref()) {
        Some(Data::Histogram(histogram)) => histogram
            .data_points
            .iter()
            .map(|data_point| data_point.count)
            .sum(),
        other => panic!("a histogram: {other:?}"),
    }
}

#[test]
fn a_shutdown_ends_within_its_bound_while_exports_are_retried() {
    let _turn = take_turn();
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
                let guard = guard.expect("a valid set-up");
                work(&guard, 100);
                receiver.wait(|received| !received.requests.is_empty());
                let report = guard.shutdown();
                let context = format!("{protocol} {behaviour:?}\n{report}");
                // Every exporter ended in time, and counted its undelivered items.
                assert!(report.in_time, "{context}");
                assert_eq!(report.spans.failed, 100, "{context}");
                assert_eq!(report.records.failed, 100, "{context}");
                assert!(!report.is_all_delivered(), "{context}");
            });
        }
    }
}

#[test]
fn a_shutdown_bound_longer_than_that_of_the_sdk_is_used() {
    let _turn = take_turn();
    bounded(|| {
        let mut receiver = Receiver::start(Behaviour::Accept);
        receiver.pause();
        let telemetry = telemetry(&receiver.endpoint(), "http/protobuf", &[]);
        let guard = telemetry.shutdown_within(Duration::from_secs(60)).install();
        let guard = guard.expect("a valid set-up");
        work(&guard, 3);
        let report = std::thread::scope(|scope| {
            scope.spawn(|| {
                // The SDK stops waiting for its reader after five seconds.
                std::thread::sleep(Duration::from_secs(6));
                receiver.resume();
            });
            guard.shutdown()
        });
        assert!(report.in_time && report.is_all_delivered(), "{report}");
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
    let _turn = take_turn();
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
                .expect("a valid set-up");
            work(&guard, 1);
            let report = guard.shutdown();
            assert!(report.is_all_delivered(), "{protocol}\n{report}");
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
                // Tonic does not expose the content type of a call.
                if protocol != "grpc" {
                    assert_eq!(headers["content-type"], content);
                }
                assert!(!headers.contains_key("content-encoding"), "{headers:?}");
                assert_eq!(headers["x-tenant"], "a");
            }
        });
    }
}
