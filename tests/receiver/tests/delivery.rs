//! Partial success, retries and hostile answers, over both protocols: what the report counts is what became of it.

mod support;

use opentelemetry_proto::tonic::common::v1::any_value::Value as Text;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use support::{PROTOCOLS, bounded, telemetry, turn, work};
use test_receiver::{Behaviour, Received, Receiver};
use test_vocabulary::billing::setup;

/// How many points the collector has got, by every export.
fn points(received: &Received) -> u64 {
    let count = |data: &Data| match data {
        Data::Gauge(gauge) => gauge.data_points.len(),
        Data::Sum(sum) => sum.data_points.len(),
        Data::Histogram(histogram) => histogram.data_points.len(),
        Data::ExponentialHistogram(histogram) => histogram.data_points.len(),
        Data::Summary(summary) => summary.data_points.len(),
    };
    let data = received.metrics().filter_map(|one| one.data.as_ref());
    data.map(count).sum::<usize>() as u64
}

/// `otel_contract.lost` by signal and reason, as the collector saw it last.
fn lost(received: &Received) -> BTreeMap<(String, String), i64> {
    let lost = received
        .metrics()
        .filter(|one| one.name == "otel_contract.lost");
    let Some(Data::Sum(sum)) = lost.last().and_then(|one| one.data.as_ref()) else {
        panic!("a sum");
    };
    let text = |point: &opentelemetry_proto::tonic::metrics::v1::NumberDataPoint, key: &str| {
        let found = point.attributes.iter().find(|one| one.key == key);
        match found.and_then(|one| one.value.as_ref()?.value.as_ref()) {
            Some(Text::StringValue(text)) => text.clone(),
            other => panic!("{key}: {other:?}"),
        }
    };
    let entry = |point| {
        let Some(Value::AsInt(count)) = point_value(point) else {
            panic!("a count: {point:?}");
        };
        let signal = text(point, "otel_contract.signal");
        ((signal, text(point, "otel_contract.reason")), count)
    };
    sum.data_points.iter().map(entry).collect()
}

fn point_value(point: &opentelemetry_proto::tonic::metrics::v1::NumberDataPoint) -> Option<Value> {
    point.value
}

fn messages(report: &setup::Report) -> Vec<String> {
    report.failures().map(|(_, text)| text.to_owned()).collect()
}

#[test]
fn partial_success_is_exact_for_every_signal() {
    let _turn = turn();
    let cases = [
        (1, 1),
        (3, 3),
        // More than was sent, and less than nothing.
        (1_000_000, 3),
        (i64::MAX, 3),
        (-1, 0),
        (i64::MIN, 0),
        // A warning of a collector that took everything.
        (0, 0),
    ];
    for protocol in PROTOCOLS {
        for (claimed, rejected) in cases {
            let receiver = Receiver::start(Behaviour::Partial(claimed, "too old"));
            let endpoint = receiver.endpoint();
            let (report, received) = bounded(move || {
                let guard = telemetry(&endpoint, protocol, &[]).install();
                let guard = guard.expect("a sound set-up");
                work(&guard, 3);
                let _ = guard.flush();
                (guard.shutdown(), receiver.received())
            });
            let context = format!("{protocol}, {claimed} claimed\n{report}");
            for (delivery, came) in [
                (report.spans, received.spans().count()),
                (report.records, received.records().count()),
            ] {
                assert_eq!(came, 3, "{context}");
                assert_eq!(delivery.rejected, rejected, "{context}");
                assert_eq!(delivery.delivered, 3 - rejected, "{context}");
                assert_eq!(delivery.lost(), rejected, "{context}");
            }
            // Two exports of points: the claim is held to each of them.
            let came = points(&received);
            let per_export = u64::try_from(claimed).unwrap_or(0);
            assert_eq!(
                report.points.rejected,
                (2 * per_export.min(came)).min(came),
                "{context}"
            );
            assert_eq!(
                report.points.delivered + report.points.rejected,
                came,
                "{context}"
            );
            assert_eq!(report.is_complete(), rejected == 0, "{context}");
            assert_eq!(
                messages(&report),
                ["too old", "too old", "too old"],
                "{context}"
            );
            assert!(report.to_string().contains("(last: too old)"), "{context}");
            let told = report.to_string().contains(&format!("{rejected} rejected"));
            assert_eq!(told, rejected > 0, "{context}");
        }
    }
}

#[test]
fn what_a_collector_rejects_is_measured() {
    let _turn = turn();
    for protocol in PROTOCOLS {
        let receiver = Receiver::start(Behaviour::Partial(2, "too old"));
        let endpoint = receiver.endpoint();
        let (report, lost) = bounded(move || {
            let guard = telemetry(&endpoint, protocol, &[]).install();
            let guard = guard.expect("a sound set-up");
            work(&guard, 5);
            let report = guard.flush();
            receiver.behave(Behaviour::Accept);
            let _ = guard.flush();
            let lost = lost(&receiver.received());
            (report, lost)
        });
        for (signal, delivery) in [
            ("spans", report.spans),
            ("points", report.points),
            ("log records", report.records),
        ] {
            assert_eq!(delivery.rejected, 2, "{protocol}\n{report}");
            let of = |reason: &str| lost[&(signal.to_owned(), reason.to_owned())];
            assert_eq!(
                (of("rejected"), of("export_failed")),
                (2, 0),
                "{protocol}: {lost:?}"
            );
        }
    }
}

#[test]
fn what_a_collector_says_is_shortened_and_shown() {
    static LONG: &str = "x\u{1b}[2Jy\nz\u{202e}                                                                      \
                         and so on and so on and so on and so on and so on and so on and so on and so on and so on \
                         and so on and so on and so on and so on and so on and so on and so on and so on and so on \
                         and so on and so on and so on and so on and so on and so on and so on and so on and so on";
    let _turn = turn();
    for protocol in PROTOCOLS {
        let receiver = Receiver::start(Behaviour::Partial(1, LONG));
        let endpoint = receiver.endpoint();
        let report = bounded(move || {
            let guard = telemetry(&endpoint, protocol, &[]).install();
            let guard = guard.expect("a sound set-up");
            work(&guard, 1);
            let report = guard.shutdown();
            drop(receiver);
            report
        });
        for message in messages(&report) {
            assert!(
                message.starts_with("x\\u{1b}[2Jy\\u{a}z\\u{202e}"),
                "{message}"
            );
            assert!(message.chars().count() < 350, "{message}");
        }
        let lines = report.to_string().lines().count();
        assert_eq!(lines, 3, "{report}");
    }
}

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
            let ids = received.spans().map(|span| span.span_id.clone());
            let ids: std::collections::BTreeSet<_> = ids.collect();
            assert_eq!(
                (ids.len(), received.spans().count()),
                (made as usize, made as usize)
            );
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
