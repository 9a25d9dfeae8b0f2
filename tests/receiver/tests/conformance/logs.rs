//! Log records as the logs data model and OTLP specify them.

use super::{attribute, now, over_each_protocol, shop, text};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::logs::v1::{LogRecord, SeverityNumber};
use shop::ItemSize;
use test_receiver::Received;

fn lose() {
    shop::ItemLost {
        item_name: "cup".into(),
    }
    .item_count(2)
    .item_size(ItemSize::Small)
    .emit();
}

#[shop::instrumented_operation(shop::ItemPack)]
fn pack() {
    lose();
}

fn only(received: &Received) -> &LogRecord {
    let mut records = received.records();
    let record = records.next().expect("a record");
    assert!(records.next().is_none(), "one record");
    record
}

#[test]
fn an_event_has_the_name_and_the_severity_of_the_contract() {
    over_each_protocol(
        &[],
        |_| lose(),
        |received| {
            let record = only(received);
            assert_eq!(record.event_name, "item.lost");
            assert_eq!(record.severity_number(), SeverityNumber::Error);
            assert_eq!(record.severity_text, "ERROR");
            let body = record.body.as_ref().and_then(|body| body.value.as_ref());
            assert_eq!(body, Some(&text("An item was lost.")));
        },
    );
}

#[test]
fn an_event_has_its_timestamp_and_observed_timestamp() {
    let before = now();
    over_each_protocol(
        &[],
        |_| lose(),
        |received| {
            let record = only(received);
            for time in [record.time_unix_nano, record.observed_time_unix_nano] {
                assert!(before <= time && time <= now(), "{record:?}");
            }
        },
    );
}

#[test]
fn an_event_has_the_ids_of_the_active_operation() {
    let body = |_: &_| pack();
    over_each_protocol(&[], body, |received| {
        let record = only(received);
        let span = received.spans().next().expect("a span");
        assert_eq!(record.trace_id, span.trace_id);
        assert_eq!(record.span_id, span.span_id);
        assert_eq!(record.flags & 1, 1);
    });
}

#[test]
fn an_event_outside_of_any_span_has_no_ids() {
    over_each_protocol(
        &[],
        |_| lose(),
        |received| {
            let record = only(received);
            assert_eq!((&*record.trace_id, &*record.span_id), (&[][..], &[][..]));
        },
    );
}

#[test]
fn the_attributes_of_an_event_have_the_types_of_the_contract() {
    over_each_protocol(
        &[],
        |_| lose(),
        |received| {
            let attributes = &only(received).attributes;
            assert_eq!(attribute(attributes, "item.name"), Some(&text("cup")));
            assert_eq!(
                attribute(attributes, "item.count"),
                Some(&Value::IntValue(2))
            );
            assert_eq!(attribute(attributes, "item.size"), Some(&text("small")));
            assert_eq!(attributes.len(), 3);
        },
    );
}
