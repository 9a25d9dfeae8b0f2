//! Partial success, over both protocols: rejected items are counted, reported and measured.

#[allow(dead_code)] // Each test program uses only a part of the module.
mod support;

use opentelemetry_proto::tonic::common::v1::any_value::Value as Text;
use opentelemetry_proto::tonic::metrics::v1::NumberDataPoint;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;
use std::collections::BTreeMap;
use support::{PROTOCOLS, bounded, take_turn, telemetry, work};
use test_receiver::{Behaviour, Received, Receiver};
use test_vocabulary::billing::setup;

/// Number of points that the collector received in all exports.
fn points(received: &Received) -> u64 {
    let count = |data: &Data| match data {
        Data::Gauge(gauge) => gauge.data_points.len(),
        Data::Sum(sum) => sum.data_points.len(),
        Data::Histogram(histogram) => histogram.data_points.len(),
        Data::ExponentialHistogram(histogram) => histogram.data_points.len(),
        Data::Summary(summary) => summary.data_points.len(),
    };
    let data = received.metrics().filter_map(|metric| metric.data.as_ref());
    data.map(count).sum::<usize>() as u64
}

/// Values of `otel_contract.lost` by signal and reason, in the last export.
fn lost(received: &Received) -> BTreeMap<(String, String), i64> {
    let lost = received
        .metrics()
        .filter(|metric| metric.name == "otel_contract.lost");
    let Some(Data::Sum(sum)) = lost.last().and_then(|metric| metric.data.as_ref()) else {
        panic!("a sum");
    };
    let text = |point: &NumberDataPoint, key: &str| {
        let found = point
            .attributes
            .iter()
            .find(|attribute| attribute.key == key);
        match found.and_then(|attribute| attribute.value.as_ref()?.value.as_ref()) {
            Some(Text::StringValue(text)) => text.clone(),
            other => panic!("{key}: {other:?}"),
        }
    };
    let entry = |point: &NumberDataPoint| {
        let Some(Value::AsInt(count)) = point.value else {
            panic!("a count: {point:?}");
        };
        let signal = text(point, "otel_contract.signal");
        ((signal, text(point, "otel_contract.reason")), count)
    };
    sum.data_points.iter().map(entry).collect()
}

fn messages(report: &setup::Report) -> Vec<String> {
    report.messages().map(|(_, text)| text.to_owned()).collect()
}

#[test]
fn partial_success_is_counted_exactly_for_every_signal() {
    let _turn = take_turn();
    let cases = [
        (1, 1),
        (3, 3),
        // More items than were sent, and negative numbers.
        (1_000_000, 3),
        (i64::MAX, 3),
        (-1, 0),
        (i64::MIN, 0),
        // A warning of a collector that accepted all items.
        (0, 0),
    ];
    for protocol in PROTOCOLS {
        for (claimed, rejected) in cases {
            let receiver = Receiver::start(Behaviour::Partial(claimed, "too old"));
            let endpoint = receiver.endpoint();
            let (report, received) = bounded(move || {
                let guard = telemetry(&endpoint, protocol, &[]).install();
                let guard = guard.expect("a valid set-up");
                work(&guard, 3);
                let _ = guard.flush();
                (guard.shutdown(), receiver.received())
            });
            let context = format!("{protocol}, {claimed} claimed\n{report}");
            for (delivery, arrived) in [
                (report.spans, received.spans().count()),
                (report.records, received.records().count()),
            ] {
                assert_eq!(arrived, 3, "{context}");
                assert_eq!(delivery.rejected, rejected, "{context}");
                assert_eq!(delivery.delivered, 3 - rejected, "{context}");
                assert_eq!(delivery.undelivered(), rejected, "{context}");
            }
            // There are two exports of points; the claimed number is limited to the items of each export.
            let arrived = points(&received);
            let per_export = u64::try_from(claimed).unwrap_or(0);
            assert_eq!(
                report.points.rejected,
                (2 * per_export.min(arrived)).min(arrived),
                "{context}"
            );
            assert_eq!(
                report.points.delivered + report.points.rejected,
                arrived,
                "{context}"
            );
            assert_eq!(report.is_all_delivered(), rejected == 0, "{context}");
            assert_eq!(
                messages(&report),
                ["too old", "too old", "too old"],
                "{context}"
            );
            assert!(
                report.to_string().contains("(last message: too old)"),
                "{context}"
            );
            let is_reported = report.to_string().contains(&format!("{rejected} rejected"));
            assert_eq!(is_reported, rejected > 0, "{context}");
        }
    }
}

#[test]
fn rejected_items_are_measured() {
    let _turn = take_turn();
    for protocol in PROTOCOLS {
        let receiver = Receiver::start(Behaviour::Partial(2, "too old"));
        let endpoint = receiver.endpoint();
        let (report, lost) = bounded(move || {
            let guard = telemetry(&endpoint, protocol, &[]).install();
            let guard = guard.expect("a valid set-up");
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
fn the_message_of_a_collector_is_shortened_and_escaped() {
    static LONG: &str = "x\u{1b}[2Jy\nz\u{202e}                                                                      \
                         and so on and so on and so on and so on and so on and so on and so on and so on and so on \
                         and so on and so on and so on and so on and so on and so on and so on and so on and so on \
                         and so on and so on and so on and so on and so on and so on and so on and so on and so on";
    let _turn = take_turn();
    for protocol in PROTOCOLS {
        let receiver = Receiver::start(Behaviour::Partial(1, LONG));
        let endpoint = receiver.endpoint();
        let report = bounded(move || {
            let guard = telemetry(&endpoint, protocol, &[]).install();
            let guard = guard.expect("a valid set-up");
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
