//! Spans as the trace API, the trace SDK and OTLP specify them.

use super::{attribute, list, now, over_each_protocol, send, shop, text};
use opentelemetry::trace::{Tracer as _, TracerProvider as _};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use shop::{ItemSize, TraceContext, instrumented_operation};
use std::panic::catch_unwind;
use test_receiver::Received;

const PARENT: &str =
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01;tracestate=congo=1,rojo=2";
const SAMPLED: u32 = 1;
const HAS_IS_REMOTE: u32 = 0x100;
const IS_REMOTE: u32 = 0x200;

#[derive(Debug, shop::ErrorClass)]
#[error_class(shop, sold_out)]
struct SoldOut;

impl std::fmt::Display for SoldOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the item of ada@example.org is sold out")
    }
}

#[instrumented_operation(shop::ItemPack, item.name = name)]
fn pack(name: &str, result: Result<(), SoldOut>) -> Result<(), SoldOut> {
    result
}

#[instrumented_operation(shop::ItemPack)]
fn breaks() {
    panic!("of the test");
}

#[instrumented_operation(shop::ItemOffer)]
fn offer() {
    ask();
}

#[instrumented_operation(shop::ItemAsk)]
fn ask() {}

#[instrumented_operation(shop::ItemAnnounce)]
fn announce() {}

#[instrumented_operation(shop::ItemHear, parent = parent, link = links)]
fn hear(parent: Option<TraceContext>, links: &[TraceContext]) {}

fn span<'a>(received: &'a Received, name: &str) -> &'a Span {
    let mut named = received.spans().filter(|span| span.name == name);
    let span = named.next().expect("a span of that name");
    assert!(named.next().is_none(), "`{name}` twice");
    span
}

fn status(span: &Span) -> (StatusCode, &str) {
    let status = span.status.as_ref().expect("a status");
    (status.code(), &status.message)
}

#[test]
fn a_span_has_the_name_and_the_kind_of_its_operation() {
    let body = |_: &_| {
        pack("cup", Ok(())).expect("packed");
        offer();
        announce();
        hear(None, &[]);
    };
    over_each_protocol(&[], body, |received| {
        for (name, kind) in [
            ("item.pack", SpanKind::Internal),
            ("item.offer", SpanKind::Server),
            ("item.ask", SpanKind::Client),
            ("item.announce", SpanKind::Producer),
            ("item.hear", SpanKind::Consumer),
        ] {
            assert_eq!(span(received, name).kind(), kind, "{name}");
        }
    });
}

#[test]
fn a_root_span_has_ids_and_no_parent() {
    over_each_protocol(
        &[],
        |_| announce(),
        |received| {
            let root = span(received, "item.announce");
            assert_eq!((root.trace_id.len(), root.span_id.len()), (16, 8));
            assert!(root.trace_id.iter().any(|byte| *byte != 0));
            assert!(root.span_id.iter().any(|byte| *byte != 0));
            assert_eq!(root.parent_span_id, [0; 0]);
            assert_eq!(
                root.flags & (SAMPLED | HAS_IS_REMOTE | IS_REMOTE),
                SAMPLED | HAS_IS_REMOTE
            );
        },
    );
}

#[test]
fn a_child_span_has_the_trace_id_of_its_parent_and_a_new_span_id() {
    over_each_protocol(
        &[],
        |_| offer(),
        |received| {
            let (parent, child) = (span(received, "item.offer"), span(received, "item.ask"));
            assert_eq!(child.trace_id, parent.trace_id);
            assert_eq!(child.parent_span_id, parent.span_id);
            assert_ne!(child.span_id, parent.span_id);
            assert_eq!(child.flags & IS_REMOTE, 0);
        },
    );
}

#[test]
fn a_remote_parent_is_exported_with_its_trace_state() {
    let body = |_: &_| hear(Some(TraceContext::from_lossy(PARENT)), &[]);
    over_each_protocol(&[], body, |received| {
        let child = span(received, "item.hear");
        assert_eq!(child.trace_id[..4], [0x0a, 0xf7, 0x65, 0x19]);
        assert_eq!(
            child.parent_span_id,
            [0xb7, 0xad, 0x6b, 0x71, 0x69, 0x20, 0x33, 0x31]
        );
        assert_eq!(child.flags & (SAMPLED | HAS_IS_REMOTE | IS_REMOTE), 0x301);
        assert!(
            child.trace_state.ends_with("congo=1,rojo=2"),
            "{}",
            child.trace_state
        );
    });
}

#[test]
fn spans_of_other_instrumentation_are_children_of_the_operation_around_them() {
    let body = |guard: &shop::setup::Guard| {
        let tracer = guard
            .tracer_provider()
            .expect("spans are exported")
            .tracer("other");
        let operation = shop::ItemPack {}.start();
        let attached = operation.context().attach();
        drop(tracer.start("query"));
        drop(attached);
        operation.succeed();
    };
    over_each_protocol(&[], body, |received| {
        let (parent, child) = (span(received, "item.pack"), span(received, "query"));
        assert_eq!(child.trace_id, parent.trace_id);
        assert_eq!(child.parent_span_id, parent.span_id);
    });
}

#[test]
fn span_times_are_wall_clock_times() {
    const SECOND: u64 = 1_000_000_000;
    let before = now();
    over_each_protocol(
        &[],
        |_| announce(),
        |received| {
            let span = span(received, "item.announce");
            let (start, end) = (span.start_time_unix_nano, span.end_time_unix_nano);
            assert!(
                before.saturating_sub(SECOND) <= start && start <= end && end <= now() + SECOND
            );
        },
    );
}

#[test]
fn success_leaves_the_status_unset_and_no_error_type() {
    over_each_protocol(
        &[],
        |_| pack("cup", Ok(())).expect("packed"),
        |received| {
            let span = span(received, "item.pack");
            assert_eq!(status(span), (StatusCode::Unset, ""));
            assert_eq!(attribute(&span.attributes, "error.type"), None);
        },
    );
}

#[test]
fn a_failure_has_the_status_error_and_its_class() {
    let body = |_: &_| drop(pack("cup", Err(SoldOut)));
    over_each_protocol(&[], body, |received| {
        let span = span(received, "item.pack");
        // The description does not repeat `error.type`.
        assert_eq!(status(span), (StatusCode::Error, ""));
        assert_eq!(
            attribute(&span.attributes, "error.type"),
            Some(&text("sold_out"))
        );
    });
}

#[test]
fn a_failure_adds_no_span_event_and_no_text_of_the_error() {
    let body = |_: &_| drop(pack("cup", Err(SoldOut)));
    over_each_protocol(&[], body, |received| {
        let span = span(received, "item.pack");
        assert!(span.events.is_empty());
        assert!(!format!("{:?}", received.traces).contains("ada@example.org"));
    });
}

#[test]
fn a_panic_has_the_status_error_and_its_own_class() {
    let body = |_: &_| drop(catch_unwind(breaks));
    over_each_protocol(&[], body, |received| {
        let span = span(received, "item.pack");
        assert_eq!(status(span).0, StatusCode::Error);
        assert_eq!(
            attribute(&span.attributes, "error.type"),
            Some(&text("panic"))
        );
    });
}

#[test]
fn attributes_have_the_types_of_the_contract() {
    let body = |_: &_| {
        shop::ItemPack {}
            .item_name("cup")
            .item_count(3)
            .item_share(0.5)
            .item_fragile(true)
            .item_tags(["blue", "old"])
            .item_size(ItemSize::Small)
            .start()
            .succeed();
    };
    over_each_protocol(&[], body, |received| {
        let span = span(received, "item.pack");
        for (key, value) in [
            ("item.name", text("cup")),
            ("item.count", Value::IntValue(3)),
            ("item.share", Value::DoubleValue(0.5)),
            ("item.fragile", Value::BoolValue(true)),
            ("item.tags", list(&["blue", "old"])),
            ("item.size", text("small")),
        ] {
            assert_eq!(attribute(&span.attributes, key), Some(&value), "{key}");
        }
        assert_eq!(span.dropped_attributes_count, 0);
    });
}

#[test]
fn links_have_trace_id_span_id_and_trace_state() {
    let links = [
        TraceContext::from_lossy(PARENT),
        TraceContext::from_lossy("garbage"),
    ];
    over_each_protocol(
        &[],
        |_| hear(None, &links),
        |received| {
            let [link] = &span(received, "item.hear").links[..] else {
                panic!("one link, since the other leads nowhere");
            };
            assert_eq!(link.trace_id[..4], [0x0a, 0xf7, 0x65, 0x19]);
            assert_eq!(link.span_id[..4], [0xb7, 0xad, 0x6b, 0x71]);
            assert_eq!(link.trace_state, "congo=1,rojo=2");
            assert_eq!(link.flags & SAMPLED, SAMPLED);
            assert_eq!(link.dropped_attributes_count, 0);
        },
    );
}

#[test]
fn spans_of_a_trace_that_is_not_sampled_are_not_exported() {
    let unsampled = PARENT.replacen("-01;", "-00;", 1);
    let body = |_: &_| hear(Some(TraceContext::from_lossy(&unsampled)), &[]);
    over_each_protocol(&[], body, |received| {
        assert_eq!(received.spans().count(), 0);
    });
    let off = [("OTEL_TRACES_SAMPLER", "always_off")];
    over_each_protocol(
        &off,
        |_| offer(),
        |received| assert_eq!(received.spans().count(), 0),
    );
}

#[test]
fn a_sampled_parent_overrides_the_root_sampler_of_a_parent_based_sampler() {
    let off = [("OTEL_TRACES_SAMPLER", "parentbased_always_off")];
    let body = |_: &_| {
        offer();
        hear(Some(TraceContext::from_lossy(PARENT)), &[]);
    };
    over_each_protocol(&off, body, |received| {
        let names: Vec<&str> = received.spans().map(|span| &*span.name).collect();
        assert_eq!(names, ["item.hear"]);
    });
}

#[test]
fn a_batch_has_no_more_spans_than_the_variable_allows() {
    let two = [("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "2")];
    let body = |_: &_| (0..5).for_each(|_| announce());
    let received = send(&two, body);
    let sizes: Vec<usize> = received
        .traces
        .iter()
        .map(|request| {
            let scopes = request
                .resource_spans
                .iter()
                .flat_map(|resource| &resource.scope_spans);
            scopes.map(|scope| scope.spans.len()).sum()
        })
        .collect();
    assert!(sizes.iter().all(|size| *size <= 2), "{sizes:?}");
    assert_eq!(sizes.iter().sum::<usize>(), 5);
}

#[test]
fn every_span_has_a_unique_id() {
    let received = send(&[], |_| (0..100).for_each(|_| offer()));
    let mut ids: Vec<&[u8]> = received.spans().map(|span| &*span.span_id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 200);
}
