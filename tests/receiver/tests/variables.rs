//! What variables change of what is sent.

use opentelemetry::logs::{AnyValue, LogRecord as _, Logger as _, LoggerProvider as _};
use opentelemetry::trace::{
    Link, Span as _, SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
    Tracer as _, TracerProvider as _,
};
use opentelemetry::{Context, KeyValue, StringValue, Value, global};
use opentelemetry_proto::tonic::common::v1::{self as sent, any_value};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::trace::v1::Span;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;
use test_receiver::{Behaviour, Received, Receiver};
use test_vocabulary::billing::{self, setup};
use test_vocabulary::{forms, measures};

/// Providers are the process's: tests of one binary take turns.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn telemetry(receiver: &Receiver, variables: &[(&str, &str)]) -> setup::Setup {
    let resource = billing::Resource {
        service_name: "billing-api".into(),
        service_version: "3.1.4".into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    };
    let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint());
    let variables = variables
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    billing::telemetry(resource)
        .with_contract(&forms::VOCABULARY)
        .with_contract(&measures::VOCABULARY)
        .variables(variables.chain([endpoint]))
}

/// Sets up, works, shuts down; nothing is lost.
fn sent_by(variables: &[(&str, &str)], work: impl FnOnce(&setup::Guard)) -> Received {
    let receiver = Receiver::start(Behaviour::Accept);
    let guard = telemetry(&receiver, variables)
        .install()
        .expect("nothing is wrong");
    work(&guard);
    let report = guard.shutdown();
    assert!(report.is_complete(), "{report}");
    receiver.received()
}

fn invoice() -> otel_contract::Active<billing::InvoiceCreate> {
    billing::InvoiceCreate {
        order_id: billing::OrderId::new("ord_12345"),
        account: billing::Account {
            account_id: "acc_1".into(),
            account_tier: billing::AccountTier::Pro,
        },
    }
    .start()
}

/// Runs on a thread that may take a minute: one that hangs fails the test instead of keeping it.
fn in_time(work: impl FnOnce() + Send + 'static) {
    let (done, ends) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        work();
        let _ = done.send(());
    });
    match ends.recv_timeout(Duration::from_secs(60)) {
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("it hangs"),
        Ok(()) | Err(mpsc::RecvTimeoutError::Disconnected) => {
            thread.join().expect("it does not panic");
        }
    }
}

/// `traceparent` as a request to another service would have it.
fn injected(context: &Context) -> String {
    let mut headers = HashMap::<String, String>::new();
    global::get_text_map_propagator(|it| it.inject_context(context, &mut headers));
    headers.remove("traceparent").unwrap_or_default()
}

fn log(guard: &setup::Guard, attributes: Vec<(&'static str, AnyValue)>) {
    let logger = guard.logger_provider().expect("records are exported");
    let logger = logger.logger("test");
    let mut record = logger.create_log_record();
    record.set_body("a body of more than four letters".into());
    record.set_severity_text("INFO");
    record.add_attributes(attributes);
    logger.emit(record);
}

fn text(value: Option<&sent::AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(any_value::Value::StringValue(text)) => text.clone(),
        Some(any_value::Value::IntValue(number)) => number.to_string(),
        Some(any_value::Value::BytesValue(bytes)) => format!("{bytes:?}"),
        Some(any_value::Value::ArrayValue(values)) => {
            let values: Vec<String> = values.values.iter().map(|one| text(Some(one))).collect();
            values.join("|")
        }
        other => format!("{other:?}"),
    }
}

fn pairs(attributes: &[sent::KeyValue]) -> BTreeMap<&str, String> {
    let pair = |one: &'_ sent::KeyValue| text(one.value.as_ref());
    let pairs = attributes.iter().map(|one| (&*one.key, pair(one)));
    pairs.collect()
}

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

#[test]
fn without_an_exporter_of_spans_identities_go_out_all_the_same() {
    let _turn = turn();
    let variables = [("OTEL_TRACES_EXPORTER", "none")];
    let mut seen = Vec::new();
    let received = sent_by(&variables, |guard| {
        // What the first operation learns of the sampler the second relies on.
        for _ in 0..3 {
            let active = invoice();
            let span = active.context().span().span_context().clone();
            assert!(span.is_valid() && span.is_sampled());
            let (trace, own) = (span.trace_id(), span.span_id());
            let header = injected(&active.context());
            assert!(
                header.starts_with(&format!("00-{trace}-{own}-")),
                "{header}"
            );
            active.in_context(|| log(guard, Vec::new()));
            // One within another, and a span of another library.
            active.in_context(|| {
                let within = invoice();
                let inner = within.context().span().span_context().clone();
                assert_eq!(inner.trace_id(), trace);
                assert_ne!(inner.span_id(), own);
                assert!(inner.is_sampled());
                within.succeed();
                let other = global::tracer("another library").start("another");
                assert_eq!(other.span_context().trace_id(), trace);
            });
            active.succeed();
            seen.push((trace, own));
        }
    });
    assert_eq!(received.traces.len(), 0);
    let records = received.records().map(|record| {
        let trace = record.trace_id.clone().try_into().expect("16 bytes");
        let span = record.span_id.clone().try_into().expect("8 bytes");
        (TraceId::from_bytes(trace), SpanId::from_bytes(span))
    });
    assert_eq!(records.collect::<Vec<_>>(), seen);
    // Durations are measured as ever.
    assert!(
        received
            .metrics()
            .any(|one| one.name == "invoice.create.duration")
    );
}

#[test]
fn without_an_exporter_of_spans_the_sampler_still_decides() {
    let _turn = turn();
    let variables = [
        ("OTEL_TRACES_EXPORTER", "none"),
        ("OTEL_TRACES_SAMPLER", "always_off"),
    ];
    sent_by(&variables, |_| {
        for _ in 0..3 {
            let active = invoice();
            let span = active.context().span().span_context().clone();
            assert!(span.is_valid() && !span.is_sampled());
            active.succeed();
        }
    });
}

/// A parent that was sampled, or not, by another service.
fn remote(is_sampled: bool) -> Context {
    let flags = TraceFlags::default().with_sampled(is_sampled);
    let (trace, span) = (TraceId::from(7), SpanId::from(7));
    let span = SpanContext::new(trace, span, flags, true, TraceState::NONE);
    Context::new().with_remote_span_context(span)
}

#[test]
fn the_sampler_of_a_variable_goes_before_the_contract() {
    const TIMES: usize = 200;
    let _turn = turn();
    // Operations of the contract: `invoice.create` has a ratio and keeps errors, so all of it leaves without
    // a variable.
    for (sampler, argument, of_roots, of_parents) in [
        ("", "", (TIMES, TIMES), true),
        ("bogus", "", (TIMES, TIMES), true),
        ("always_off", "", (0, 0), false),
        ("traceidratio", "0", (0, 0), false),
        ("parentbased_always_off", "", (0, 0), true),
        ("parentbased_traceidratio", "0.1", (1, TIMES / 2), true),
        ("always_on", "", (TIMES, TIMES), true),
    ] {
        let variables = [
            ("OTEL_TRACES_SAMPLER", sampler),
            ("OTEL_TRACES_SAMPLER_ARG", argument),
        ];
        let received = sent_by(&variables, |_| {
            for _ in 0..TIMES {
                invoice().succeed();
            }
        });
        let (least, most) = of_roots;
        let count = received.spans().count();
        assert!((least..=most).contains(&count), "{sampler}: {count}");
        let received = sent_by(&variables, |_| {
            let attached = remote(true).attach();
            invoice().succeed();
            drop(attached);
        });
        let count = received.spans().count();
        assert_eq!(count, usize::from(of_parents), "{sampler}");
    }
}

/// What others add to the span of an operation.
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
fn texts_of_spans_are_cut_between_characters() {
    let _turn = turn();
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
fn the_plainest_operation_and_the_span_of_another_library_are_cut_too() {
    let _turn = turn();
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
fn what_is_beyond_a_limit_of_a_span_is_dropped_and_counted() {
    let _turn = turn();
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
    // Three of the operation and three that were added.
    assert_eq!(span.attributes.len(), 4, "{:?}", span.attributes);
    assert_eq!(span.dropped_attributes_count, 2);
    assert_eq!((span.events.len(), span.dropped_events_count), (1, 1));
    assert_eq!((span.links.len(), span.dropped_links_count), (1, 1));
    let (event, link) = (&span.events[0], &span.links[0]);
    // The general limit, since events have none of their own here.
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
fn a_limit_of_zero_leaves_nothing() {
    let _turn = turn();
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
fn links_an_operation_is_started_with_have_limits() {
    let _turn = turn();
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
fn log_records_have_limits_of_their_own() {
    let _turn = turn();
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
    // Everything else is as it was.
    let body = "a body of more than four letters";
    assert_eq!(text(record.body.as_ref()), body);
    assert_eq!(record.severity_text, "INFO");
    assert!(record.observed_time_unix_nano > 0);
    let of: [u8; 16] = record.trace_id.try_into().expect("16 bytes");
    assert_eq!(TraceId::from_bytes(of).to_string(), trace);
}

#[test]
fn a_typed_event_is_a_log_record_and_has_its_limits() {
    let _turn = turn();
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

#[test]
fn a_resource_tells_processes_apart_and_names_its_schema() {
    let _turn = turn();
    let variables = [(
        "OTEL_RESOURCE_ATTRIBUTES",
        "telemetry.sdk.language=c,host.name=a%2Cb,",
    )];
    let received = sent_by(&variables, |guard| {
        invoice().succeed();
        log(guard, Vec::new());
    });
    let traces = &received.traces[0].resource_spans[0];
    let metrics = &received.metrics[0].resource_metrics[0];
    let logs = &received.logs[0].resource_logs[0];
    let mut instances = Vec::new();
    for (resource, schema) in [
        (&traces.resource, &traces.schema_url),
        (&metrics.resource, &metrics.schema_url),
        (&logs.resource, &logs.schema_url),
    ] {
        let resource = resource.as_ref().expect("a resource");
        let attributes = pairs(&resource.attributes);
        assert_eq!(attributes["telemetry.sdk.language"], "rust");
        assert_eq!(attributes["host.name"], "a,b");
        assert_eq!(
            schema,
            "https://telemetry.acme.example/schemas/billing/1.2.0"
        );
        instances.push(attributes["service.instance.id"].clone());
    }
    let first = instances[0].clone();
    assert_eq!(first.len(), 36, "{first}");
    assert!(instances.iter().all(|one| *one == first), "{instances:?}");
}

#[test]
fn histograms_are_exponential_by_the_preference() {
    let _turn = turn();
    let name = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION";
    let variables = [(name, "base2_exponential_bucket_histogram")];
    let receiver = Receiver::start(Behaviour::Accept);
    let guard = telemetry(&receiver, &variables)
        .with_view(|instrument| {
            // A view of the user's decides alone.
            use opentelemetry_sdk::metrics::{Aggregation, Stream};
            let aggregation = Aggregation::ExplicitBucketHistogram {
                boundaries: vec![1.0],
                record_min_max: true,
            };
            let stream = Stream::builder().with_aggregation(aggregation);
            (instrument.name() == "viewed").then(|| stream.build().ok())?
        })
        .install()
        .expect("nothing is wrong");
    for _ in 0..3 {
        invoice().succeed();
    }
    let meter = global::meter("another library");
    for name in ["of.another", "viewed"] {
        let histogram = meter.f64_histogram(name).build();
        for value in [0.5, 2.0, 4.0] {
            histogram.record(value, &[]);
        }
    }
    meter.u64_counter("counted").build().add(1, &[]);
    assert!(guard.shutdown().is_complete());
    let received = receiver.received();
    let mut kinds = BTreeMap::new();
    for metric in received.metrics() {
        let (kind, count) = match metric.data.as_ref().expect("points") {
            Data::ExponentialHistogram(it) => ("exponential", it.data_points[0].count),
            Data::Histogram(it) => ("explicit", it.data_points[0].count),
            Data::Sum(_) => ("sum", 0),
            _ => ("another", 0),
        };
        let before = kinds.insert(&*metric.name, (kind, count));
        assert_eq!(before, None, "{} is recorded once", metric.name);
    }
    assert_eq!(kinds["invoice.create.duration"], ("exponential", 3));
    assert_eq!(kinds["of.another"], ("exponential", 3));
    assert_eq!(kinds["viewed"], ("explicit", 3));
    assert_eq!(kinds["counted"], ("sum", 0));
}

/// Zero and the longest times that may be written reach every timer on the way without an overflow.
#[test]
fn times_without_a_limit_deliver() {
    let _turn = turn();
    for protocol in ["http/protobuf", "grpc"] {
        for time in ["0", "2147483647"] {
            let variables = [
                ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
                ("OTEL_EXPORTER_OTLP_TIMEOUT", time),
                ("OTEL_BSP_SCHEDULE_DELAY", time),
                ("OTEL_BSP_EXPORT_TIMEOUT", time),
                ("OTEL_BLRP_SCHEDULE_DELAY", time),
                ("OTEL_BLRP_EXPORT_TIMEOUT", time),
                ("OTEL_METRIC_EXPORT_TIMEOUT", time),
                ("OTEL_METRIC_EXPORT_INTERVAL", "2147483647"),
            ];
            in_time(move || {
                let receiver = Receiver::start(Behaviour::Accept);
                let guard = telemetry(&receiver, &variables)
                    .shutdown_within(Duration::MAX)
                    .install()
                    .expect("nothing is wrong");
                invoice().succeed();
                log(&guard, Vec::new());
                if time == "0" {
                    // As soon as possible: nobody flushes.
                    receiver.wait(|received| received.spans().count() == 1);
                }
                let report = guard.shutdown();
                assert!(report.is_complete(), "{protocol} {time}: {report}");
                assert_eq!(receiver.received().spans().count(), 1);
            });
        }
    }
}

#[test]
fn times_in_code_have_an_end_too() {
    let _turn = turn();
    for protocol in [setup::Protocol::HttpProtobuf, setup::Protocol::Grpc] {
        in_time(move || {
            let receiver = Receiver::start(Behaviour::Accept);
            let guard = telemetry(&receiver, &[])
                .protocol(protocol)
                .export_timeout(Duration::MAX)
                .metric_interval(Duration::MAX)
                .install()
                .expect("nothing is wrong");
            invoice().succeed();
            let report = guard.shutdown();
            assert!(report.is_complete(), "{report}");
        });
    }
}

#[test]
fn the_longest_queue_that_may_be_asked_for_delivers() {
    let _turn = turn();
    for size in ["131072", "131073", "4294967295", "18446744073709551615"] {
        let variables = [
            ("OTEL_BSP_MAX_QUEUE_SIZE", size),
            ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", size),
            ("OTEL_BLRP_MAX_QUEUE_SIZE", size),
            ("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", size),
        ];
        let received = sent_by(&variables, |guard| {
            assert_eq!(
                guard.warnings().iter().count(),
                if size == "131072" { 0 } else { 4 }
            );
            invoice().succeed();
            log(guard, Vec::new());
        });
        assert_eq!(received.spans().count(), 1, "{size}");
        assert_eq!(received.records().count(), 1, "{size}");
    }
}
