//! Limits of attributes, checked on received telemetry.

use super::{invoice, log, pairs, remote, sent_by, take_turn, text};
use opentelemetry::logs::AnyValue;
use opentelemetry::trace::{
    Link, Span as _, TraceContextExt as _, TraceId, Tracer as _, TracerProvider as _,
};
use opentelemetry::{Context, KeyValue, StringValue, Value};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::trace::v1::Span;
use std::collections::BTreeMap;
use test_receiver::Received;
use test_vocabulary::billing;

#[track_caller]
fn only_span(received: &Received) -> Span {
    let spans: Vec<&Span> = received.spans().collect();
    let [span] = spans.as_slice() else {
        panic!("one span: {spans:?}");
    };
    (*span).clone()
}

#[track_caller]
fn only_record(received: &Received) -> LogRecord {
    let records: Vec<&LogRecord> = received.records().collect();
    let [record] = records.as_slice() else {
        panic!("one record: {records:?}");
    };
    (*record).clone()
}

/// Adds attributes, events and links to the span of an operation, like other code.
fn add(context: &Context) {
    let span = context.span();
    let long = || Value::from("äöüß€");
    span.set_attribute(KeyValue::new("added.text", long()));
    let list = ["abcdef", "ab", ""].map(StringValue::from).to_vec();
    span.set_attribute(KeyValue::new("added.list", Value::Array(list.into())));
    span.set_attribute(KeyValue::new("added.number", 123_456_789));
    let three = || {
        ["a", "b", "c"]
            .map(|key| KeyValue::new(key, long()))
            .to_vec()
    };
    span.add_event("one", three());
    span.add_event("two", three());
    let of = remote(true).span().span_context().clone();
    span.add_link(of.clone(), three());
    span.add_link(of, three());
}

#[test]
fn strings_of_spans_are_truncated_between_characters() {
    let _turn = take_turn();
    let variables = [
        ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "2"),
        ("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "4"),
    ];
    let received = sent_by(&variables, |_| {
        let active = invoice();
        add(&active.context());
        active.succeed();
    });
    let span = only_span(&received);
    let attributes = pairs(&span.attributes);
    for (key, value) in [
        ("order.id", "ord_"),
        ("account.id", "acc_"),
        ("account.tier", "pro"),
        ("added.text", "äöüß"),
        ("added.list", "abcd|ab|"),
        ("added.number", "123456789"),
    ] {
        assert_eq!(attributes[key], value, "{key}");
    }
    for attributes in [&span.events[0].attributes, &span.links[1].attributes] {
        assert_eq!(pairs(attributes)["a"], "äöüß");
    }
    assert_eq!(span.dropped_attributes_count, 0);
}

#[test]
fn simple_operations_and_spans_of_other_libraries_are_truncated_too() {
    let _turn = take_turn();
    let variables = [("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "1")];
    let received = sent_by(&variables, |guard| {
        for _ in 0..2 {
            invoice().succeed();
        }
        let tracer = guard.tracer_provider().expect("a provider").tracer("other");
        let mut span = tracer.start("other");
        span.set_attribute(KeyValue::new("order.id", "ord_1"));
        span.end();
    });
    assert_eq!(received.spans().count(), 3);
    for span in received.spans() {
        assert_eq!(pairs(&span.attributes)["order.id"], "o", "{}", span.name);
    }
}

#[test]
fn items_beyond_a_span_limit_are_dropped_and_counted() {
    let _turn = take_turn();
    let variables = [
        ("OTEL_ATTRIBUTE_COUNT_LIMIT", "2"),
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "4"),
        ("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "1"),
        ("OTEL_SPAN_EVENT_COUNT_LIMIT", "1"),
        ("OTEL_SPAN_LINK_COUNT_LIMIT", "1"),
    ];
    let received = sent_by(&variables, |_| {
        let active = invoice();
        add(&active.context());
        active.succeed();
    });
    let span = only_span(&received);
    // Three attributes of the operation and three added attributes.
    assert_eq!(span.attributes.len(), 4, "{:?}", span.attributes);
    assert_eq!(span.dropped_attributes_count, 2);
    assert_eq!((span.events.len(), span.dropped_events_count), (1, 1));
    assert_eq!((span.links.len(), span.dropped_links_count), (1, 1));
    let (event, link) = (&span.events[0], &span.links[0]);
    // The general limit, since no limit for events is set here.
    assert_eq!(
        (event.attributes.len(), event.dropped_attributes_count),
        (2, 1)
    );
    assert_eq!(
        (link.attributes.len(), link.dropped_attributes_count),
        (1, 2)
    );
}

#[test]
fn a_limit_of_zero_drops_everything() {
    let _turn = take_turn();
    let variables = [
        ("OTEL_ATTRIBUTE_COUNT_LIMIT", "0"),
        ("OTEL_SPAN_LINK_COUNT_LIMIT", "0"),
        ("OTEL_SPAN_EVENT_COUNT_LIMIT", "0"),
    ];
    let received = sent_by(&variables, |guard| {
        let active = invoice();
        add(&active.context());
        active.succeed();
        log(guard, vec![("a", 1.into())]);
    });
    let span = only_span(&received);
    assert_eq!(
        (span.attributes.len(), span.dropped_attributes_count),
        (0, 6)
    );
    assert_eq!((span.events.len(), span.links.len()), (0, 0));
    assert_eq!(only_record(&received).attributes.len(), 0);
}

#[test]
fn initial_links_of_a_span_have_limits() {
    let _turn = take_turn();
    let variables = [("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "1")];
    let received = sent_by(&variables, |guard| {
        let tracer = guard.tracer_provider().expect("a provider").tracer("other");
        let of = remote(true).span().span_context().clone();
        let two = ["a", "b"].map(|key| KeyValue::new(key, 1)).to_vec();
        let builder = tracer.span_builder("linked");
        builder
            .with_links(vec![Link::new(of, two, 0)])
            .start(&tracer)
            .end();
    });
    let span = only_span(&received);
    let link = &span.links[0];
    assert_eq!(
        (link.attributes.len(), link.dropped_attributes_count),
        (1, 1)
    );
}

#[test]
fn log_records_have_their_own_limits() {
    let _turn = take_turn();
    let variables = [
        ("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "4"),
        ("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", "3"),
        ("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "1"),
    ];
    let mut trace = String::new();
    let received = sent_by(&variables, |guard| {
        let active = invoice();
        trace = active
            .context()
            .span()
            .span_context()
            .trace_id()
            .to_string();
        let list = vec![AnyValue::from("abcdef"), AnyValue::from("x"), 7.into()];
        active.in_context(|| {
            log(
                guard,
                vec![
                    ("text", "äöüß".into()),
                    ("list", AnyValue::ListAny(Box::new(list))),
                    ("bytes", AnyValue::Bytes(Box::new(vec![1, 2, 3, 4]))),
                    ("number", 123_456.into()),
                    ("fifth", "is dropped".into()),
                ],
            );
        });
        active.succeed();
    });
    let record = only_record(&received);
    let attributes = pairs(&record.attributes);
    let expected = [
        ("bytes", "[1, 2, 3]"),
        ("list", "abc|x|7"),
        ("number", "123456"),
        ("text", "äöü"),
    ];
    let expected = expected.map(|(key, value)| (key, value.to_owned()));
    assert_eq!(attributes, BTreeMap::from(expected));
    // All other fields are unchanged.
    let body = "a body of more than four letters";
    assert_eq!(text(record.body.as_ref()), body);
    assert_eq!(record.severity_text, "INFO");
    assert!(record.observed_time_unix_nano > 0);
    let of: [u8; 16] = record.trace_id.try_into().expect("16 bytes");
    assert_eq!(TraceId::from_bytes(of).to_string(), trace);
}

#[test]
fn a_typed_event_is_a_log_record_and_has_its_limits() {
    let _turn = take_turn();
    let variables = [("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "3")];
    let received = sent_by(&variables, |_| {
        billing::InvoiceRejected {
            order_id: billing::OrderId::new("ord_1"),
            error_type: billing::ErrorType::GatewayTimeout,
        }
        .emit();
    });
    let record = only_record(&received);
    assert_eq!(record.event_name, "invoice.rejected");
    assert_eq!(pairs(&record.attributes)["order.id"], "ord");
}
