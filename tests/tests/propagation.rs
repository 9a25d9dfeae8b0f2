//! A trace through a job: continued and linked, with the contract's baggage; an invalid context never fails the job.

#![allow(missing_docs)]

use opentelemetry::Context;
use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry_sdk::trace::SpanData;
use otel_contract_tests::{attributes, block_on, record};
use test_vocabulary::forms::task::InContext as _;
use test_vocabulary::forms::{self, TraceContext, TripHops, TripOrigin, instrumented_operation};

/// Row of an outbox.
struct Row {
    payload: String,
}

#[instrumented_operation(forms::FormRun, work.name = "enqueue")]
fn enqueue() -> Row {
    Row {
        payload: serde_json::to_string(&TraceContext::current()).expect("a context is text"),
    }
}

#[instrumented_operation(forms::ConsumeRun, parent = &context)]
fn work(context: TraceContext) -> forms::Baggage {
    forms::Baggage::current()
}

#[instrumented_operation(forms::ConsumeRun, link = batch)]
fn work_on_all(batch: &[TraceContext]) {}

fn read(row: &Row) -> TraceContext {
    serde_json::from_str(&row.payload).expect("reading a payload never fails")
}

fn only<'a>(spans: &'a [SpanData], name: &str) -> &'a SpanData {
    let mut named = spans.iter().filter(|span| span.name == name);
    let span = named.next().expect("a span of that name");
    assert!(named.next().is_none(), "one span of that name");
    span
}

#[test]
fn a_job_continues_the_trace_it_was_made_in() {
    let (_, spans) = record(|| {
        let row = enqueue();
        work(read(&row))
    });
    let (enqueued, worked) = (only(&spans, "form.run"), only(&spans, "consume.run"));
    assert_eq!(
        worked.span_context.trace_id(),
        enqueued.span_context.trace_id()
    );
    assert_eq!(worked.parent_span_id, enqueued.span_context.span_id());
    assert!(worked.parent_span_is_remote);
}

#[test]
fn a_batch_links_every_job_that_has_a_trace() {
    let ((), spans) = record(|| {
        let mut batch = vec![read(&enqueue()), TraceContext::from_lossy("garbage")];
        batch.push(read(&enqueue()));
        work_on_all(&batch);
    });
    let links = &only(&spans, "consume.run").links;
    let linked: Vec<SpanId> = links
        .iter()
        .map(|link| link.span_context.span_id())
        .collect();
    let enqueued = spans.iter().filter(|span| span.name == "form.run");
    let expected: Vec<SpanId> = enqueued.map(|span| span.span_context.span_id()).collect();
    assert_eq!(linked, expected);
    assert_eq!(linked.len(), 2);
}

#[test]
fn a_job_whose_context_is_garbage_runs_under_the_current_span() {
    #[instrumented_operation(forms::FormRun)]
    fn handle(row: &Row) {
        work(read(row));
    }

    for payload in ["\"00-garbage\"", "{\"traceparent\": 3}", "null", "[]"] {
        let row = Row {
            payload: payload.to_owned(),
        };
        let ((), spans) = record(|| handle(&row));
        let (handled, worked) = (only(&spans, "form.run"), only(&spans, "consume.run"));
        assert_eq!(worked.parent_span_id, handled.span_context.span_id());
        assert!(!worked.parent_span_is_remote);
    }
}

#[test]
fn baggage_of_every_type_travels_with_the_job() {
    let sent = forms::Baggage::new()
        .trip_origin(TripOrigin::Mobile)
        .trip_hops(TripHops::saturating(3))
        .trip_trial(true)
        .trip_count(-7)
        .trip_share(0.25)
        .trip_note("two words; and, more=1")
        .trip_token(forms::TripToken::new("t%20"));
    let (received, _) = record(|| {
        let row = {
            let _guard = sent.attach();
            enqueue()
        };
        assert_eq!(forms::Baggage::current(), forms::Baggage::new());
        work(read(&row))
    });
    assert_eq!(received, sent);
}

#[test]
fn baggage_travels_without_a_trace_too() {
    let sent = forms::Baggage::new().trip_hops(TripHops::MAX);
    let _guard = sent.attach();
    let context = TraceContext::current();
    assert!(!context.is_valid());
    assert_eq!(context.to_string(), ";baggage=trip.hops=9");
    let continued = context.to_context().expect("baggage");
    assert_eq!(forms::Baggage::of(&continued), sent);
}

#[test]
fn received_baggage_is_validated_by_the_contract() {
    let headers = http::HeaderMap::from_iter([(
        http::header::HeaderName::from_static("baggage"),
        http::HeaderValue::from_static(
            "trip.origin=fax,trip.hops=10,trip.trial=yes,trip.count=x,person.pin=1234,trip.note=ok",
        ),
    )]);
    let context = TraceContext::extract(&headers);
    assert_eq!(context.to_string(), ";baggage=trip.note=ok");

    // Baggage of another propagator is read by the same rules.
    let foreign = [("trip.origin", "fax"), ("trip.hops", "2"), ("user", "ada")];
    let foreign = foreign.map(|(key, value)| opentelemetry::KeyValue::new(key, value));
    let context = opentelemetry::baggage::BaggageExt::with_baggage(&Context::new(), foreign);
    let read = forms::Baggage::of(&context);
    assert_eq!(
        read,
        forms::Baggage::new().trip_hops(forms::constant!(TripHops, 2))
    );
    assert_eq!(
        TraceContext::from(&context).to_string(),
        ";baggage=trip.hops=2"
    );
}

#[test]
fn an_unknown_value_of_an_open_set_is_received_as_other() {
    use test_vocabulary::billing::{self, AccountTier};
    let context = ";baggage=account.tier=platinum".parse::<billing::TraceContext>();
    let context = context.expect("well formed");
    assert_eq!(context.to_string(), ";baggage=account.tier=_OTHER");
    let continued = context.to_context().expect("baggage");
    let tier = billing::Baggage::of(&continued).account_tier;
    assert_eq!(tier, Some(AccountTier::Other));
}

#[test]
fn baggage_stays_with_a_future_over_its_awaits() {
    let sent = forms::Baggage::new().trip_trial(false);
    let reads = async {
        tokio::task::yield_now().await;
        forms::Baggage::current()
    };
    let read = block_on(reads.in_context(sent.to_context()));
    assert_eq!(read, sent);
}

#[test]
fn spawned_work_is_a_child_of_the_operation_that_spawned_it() {
    #[instrumented_operation(forms::FormRun)]
    async fn spawns() {
        let task = otel_contract::spawn(async { child("task") });
        let blocking = otel_contract::spawn_blocking(|| child("blocking"));
        let thread = otel_contract::thread::spawn(|| child("thread"));
        let (task, blocking) = (task.await, blocking.await);
        assert!(task.is_ok() && blocking.is_ok() && thread.join().is_ok());
    }

    #[instrumented_operation(forms::ConsumeRun, work.name = name)]
    fn child(name: &str) {}

    let ((), spans) = record(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .build();
        runtime
            .expect("a runtime of two threads")
            .block_on(spawns());
    });
    let parent = only(&spans, "form.run").span_context.span_id();
    let children = spans.iter().filter(|span| span.name == "consume.run");
    let mut names: Vec<String> = children
        .map(|span| {
            assert_eq!(span.parent_span_id, parent);
            attributes(span)[0].1.clone()
        })
        .collect();
    names.sort();
    assert_eq!(names, ["blocking", "task", "thread"]);
}

#[test]
fn without_a_current_span_the_trace_context_is_empty() {
    let context = TraceContext::current();
    assert_eq!(context, TraceContext::default());
    assert_eq!(
        (context.trace_id(), context.to_string()),
        (TraceId::INVALID, String::new())
    );
}
