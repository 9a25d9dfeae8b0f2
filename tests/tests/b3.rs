//! B3 as Zipkin (openzipkin/b3-propagation) and OpenTelemetry ("B3 Requirements") specify it.
//!
//! | requirement | test |
//! | --- | --- |
//! | B3, "Single Header": the examples | `the_single_header_is_read` |
//! | B3, "Multiple Headers": the examples | `several_headers_are_read` |
//! | B3, "TraceId": 32 or 16 lower-hex characters | `a_trace_id_of_64_bits_is_padded` |
//! | B3, malformed data | `malformed_headers_give_no_trace` |
//! | B3, "Sampling State" without identifiers | `a_decision_without_a_trace_is_followed`, `a_decision_without_a_trace_is_passed_on` |
//! | B3, "Defer" | `a_deferred_decision_is_made_here`, `a_deferred_decision_stays_open_where_nothing_starts` |
//! | B3, "Debug": implies accept, not sent with `X-B3-Sampled` | `a_debug_flag_stays_with_the_trace` |
//! | B3, "the first value wins" | `the_first_value_of_a_header_wins` |
//! | OpenTelemetry, "MUST attempt to extract B3 encoded using single and multi-header formats" | `the_single_header_goes_first` |
//! | OpenTelemetry, "MUST preserve a debug trace flag", "MUST set the sampled trace flag" | `a_debug_flag_stays_with_the_trace` |
//! | OpenTelemetry, "MUST NOT reuse X-B3-SpanId as the ID for the server-side span" | `the_span_of_the_sender_is_the_parent` |
//! | OpenTelemetry, "MUST default to injecting B3 using the single-header format" | `the_configured_form_is_written` |
//! | OpenTelemetry, "MUST NOT propagate X-B3-ParentSpanId" | `the_span_above_the_parent_is_not_passed_on` |
//! | OpenTelemetry, "Fields MUST return the header names that correspond to the configured format" | `the_propagator_for_code_names_its_fields` |

#![allow(missing_docs)]

use opentelemetry::Context;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SpanData};
use otel_contract::propagation::B3Propagator;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use test_vocabulary::billing;
use test_vocabulary::forms::{self, TraceContext, instrumented_operation};

type Headers = BTreeMap<String, String>;

const TRACE: &str = "80f198ee56343ba864fe8b2a57d3eff7";
const SPAN: &str = "e457b5a2e4d86bd1";
const PARENT: &str = "05e3ac9a4f6e3b90";

struct SetUp {
    spans: InMemorySpanExporter,
    guard: billing::setup::Guard,
    _turn: MutexGuard<'static, ()>,
}

/// A set-up that propagates by this form of B3, and samples by this sampler. It is the process's: tests take turns.
fn set_up(propagators: &str, sampler: &str) -> SetUp {
    static TURN: Mutex<()> = Mutex::new(());
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let resource = billing::Resource {
        service_name: "billing-api".into(),
        service_version: "1.0.0".into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    };
    let spans = InMemorySpanExporter::default();
    let variables = [
        ("OTEL_METRICS_EXPORTER", "none"),
        ("OTEL_LOGS_EXPORTER", "none"),
        ("OTEL_PROPAGATORS", propagators),
        ("OTEL_TRACES_SAMPLER", sampler),
    ];
    let setup = billing::telemetry(resource)
        .with_contract(&forms::VOCABULARY)
        .variables(variables)
        .with_span_exporter(spans.clone());
    SetUp {
        guard: setup.install().expect("nothing is wrong"),
        spans,
        _turn: turn,
    }
}

impl SetUp {
    /// The spans that were exported.
    fn finished(&self) -> Vec<SpanData> {
        let _ = self.guard.flush();
        self.spans.get_finished_spans().expect("kept in memory")
    }
}

fn headers(pairs: &[(&str, &str)]) -> Headers {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

fn single(header: &str) -> TraceContext {
    TraceContext::extract(&headers(&[("b3", header)]))
}

fn written(context: &TraceContext) -> Headers {
    let mut headers = Headers::new();
    context.inject(&mut headers);
    headers
}

/// The service: it handles a request, and sends one while it does.
#[instrumented_operation(forms::ConsumeRun, parent = TraceContext::extract(headers))]
fn handle(headers: &Headers) -> Headers {
    written(&TraceContext::current())
}

const ALWAYS: &str = "parentbased_always_on";
const NEVER: &str = "parentbased_always_off";

#[test]
fn the_single_header_is_read() {
    let _set_up = set_up("b3", ALWAYS);
    for (header, flags) in [
        (
            "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b90",
            "01",
        ),
        ("80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1", "01"),
        ("80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-0", "00"),
        ("80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-d", "01"),
        ("80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1", "00"),
        (
            "\t80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1 ",
            "01",
        ),
    ] {
        let context = single(header);
        let expected = format!("00-{TRACE}-{SPAN}-{flags}");
        assert_eq!(context.traceparent(), Some(expected), "{header}");
        assert!(context.problem().is_none());
    }
}

#[test]
fn several_headers_are_read() {
    let _set_up = set_up("b3multi", ALWAYS);
    let ids = [("X-B3-TraceId", TRACE), ("X-B3-SpanId", SPAN)];
    for (more, flags) in [
        (
            vec![("X-B3-Sampled", "1"), ("X-B3-ParentSpanId", PARENT)],
            "01",
        ),
        (vec![("X-B3-Sampled", "1")], "01"),
        (vec![("X-B3-Sampled", "true")], "01"),
        (vec![("X-B3-Sampled", "0")], "00"),
        (vec![("X-B3-Sampled", "false")], "00"),
        (vec![("X-B3-Flags", "1")], "01"),
        (vec![("X-B3-Flags", "0"), ("X-B3-Sampled", "1")], "01"),
        (vec![("X-B3-Flags", "0")], "00"),
        (vec![], "00"),
    ] {
        let all: Vec<_> = ids.iter().copied().chain(more).collect();
        let expected = format!("00-{TRACE}-{SPAN}-{flags}");
        let context = TraceContext::extract(&headers(&all));
        assert_eq!(context.traceparent(), Some(expected), "{all:?}");
        // As a transport that distinguishes case has them.
        let lower: Vec<_> = all
            .iter()
            .map(|(name, value)| (name.to_lowercase(), *value))
            .collect();
        let lower: Vec<_> = lower
            .iter()
            .map(|(name, value)| (&**name, *value))
            .collect();
        assert_eq!(TraceContext::extract(&headers(&lower)), context);
    }
}

#[test]
fn a_trace_id_of_64_bits_is_padded() {
    let _set_up = set_up("b3", ALWAYS);
    let padded = "000000000000000064fe8b2a57d3eff7";
    let context = single("64fe8b2a57d3eff7-e457b5a2e4d86bd1-1");
    assert_eq!(context.trace_id().to_string(), padded);
    assert_eq!(written(&context)["b3"], format!("{padded}-{SPAN}-1"));
    let multi = [("x-b3-traceid", "64fe8b2a57d3eff7"), ("x-b3-spanid", SPAN)];
    let context = TraceContext::extract(&headers(&multi));
    assert_eq!(context.trace_id().to_string(), padded);
}

#[test]
fn malformed_headers_give_no_trace() {
    let _set_up = set_up("b3", ALWAYS);
    for header in [
        "",
        "2",
        "D",
        "-",
        "garbage",
        "80f198ee56343ba864fe8b2a57d3eff7",
        "80f198ee56343ba864fe8b2a57d3eff7-",
        "80f198ee56343ba864fe8b2a57d3eff-e457b5a2e4d86bd1-1",
        "80f198ee56343ba864fe8b2a57d3eff77-e457b5a2e4d86bd1-1",
        "80F198EE56343BA864FE8B2A57D3EFF7-e457b5a2e4d86bd1-1",
        "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd-1",
        "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd11-1",
        "80f198ee56343ba864fe8b2a57d3eff7-.457b5a2e4d86bd1-1",
        "00000000000000000000000000000000-e457b5a2e4d86bd1-1",
        "0000000000000000-e457b5a2e4d86bd1-1",
        "80f198ee56343ba864fe8b2a57d3eff7-0000000000000000-1",
        "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-",
        "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-2",
        "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-true",
        "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-",
        "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3",
        "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b90-1",
        "ä0f198ee56343ba864fe8b2a57d3ef-e457b5a2e4d86bd1-1",
    ] {
        let context = single(header);
        assert!(!context.is_valid(), "{header}");
        let problem = context.problem().expect(header).to_string();
        assert!(problem.starts_with("malformed `b3`: "), "{problem}");
        assert_eq!(written(&context), Headers::new(), "{header}");
    }
    for (pairs, part) in [
        (vec![("x-b3-traceid", TRACE)], "x-b3-spanid"),
        (vec![("x-b3-spanid", SPAN)], "x-b3-traceid"),
        (
            vec![("x-b3-traceid", "1"), ("x-b3-spanid", SPAN)],
            "x-b3-traceid",
        ),
        (
            vec![("x-b3-traceid", TRACE), ("x-b3-spanid", "")],
            "x-b3-traceid",
        ),
        (
            vec![
                ("x-b3-traceid", TRACE),
                ("x-b3-spanid", SPAN),
                ("x-b3-sampled", ""),
            ],
            "x-b3-sampled",
        ),
        (
            vec![
                ("x-b3-traceid", TRACE),
                ("x-b3-spanid", SPAN),
                ("x-b3-sampled", "d"),
            ],
            "x-b3-sampled",
        ),
        (
            vec![
                ("x-b3-traceid", TRACE),
                ("x-b3-spanid", SPAN),
                ("x-b3-parentspanid", "-"),
            ],
            "x-b3-parentspanid",
        ),
    ] {
        let context = TraceContext::extract(&headers(&pairs));
        assert!(!context.is_valid(), "{pairs:?}");
        let problem = context.problem().expect(part).to_string();
        assert!(
            problem.starts_with(&format!("malformed `{part}`: ")),
            "{problem}"
        );
    }
    // No identifiers and no state: nothing is wrong.
    let nothing = TraceContext::extract(&headers(&[("x-b3-parentspanid", PARENT)]));
    assert!(!nothing.is_valid() && nothing.problem().is_none());
}

#[test]
fn the_single_header_goes_first() {
    let other = "463ac35c9f6413ad48485a3953bb6124";
    let multi = [
        ("x-b3-traceid", other),
        ("x-b3-spanid", SPAN),
        ("x-b3-sampled", "1"),
    ];
    for propagators in ["b3", "b3multi"] {
        let _set_up = set_up(propagators, ALWAYS);
        let given = |single: &str| {
            let mut all = headers(&multi);
            all.insert("b3".to_owned(), single.to_owned());
            TraceContext::extract(&all)
        };
        let context = given(&format!("{TRACE}-{SPAN}-0"));
        assert_eq!(context.trace_id().to_string(), TRACE);
        assert!(!context.is_sampled());
        // One that cannot be read leaves the others.
        let context = given("garbage");
        assert_eq!(context.trace_id().to_string(), other);
        assert!(context.problem().is_some());
        assert_eq!(
            TraceContext::extract(&headers(&multi))
                .trace_id()
                .to_string(),
            other
        );
    }
}

#[test]
fn the_first_value_of_a_header_wins() {
    let _set_up = set_up("b3", ALWAYS);
    let mut received = http::HeaderMap::new();
    for value in ["1", "0"] {
        received.append("x-b3-sampled", http::HeaderValue::from_static(value));
    }
    received.append("x-b3-traceid", http::HeaderValue::from_static(TRACE));
    received.append("x-b3-spanid", http::HeaderValue::from_static(SPAN));
    let context = TraceContext::extract(&received);
    assert_eq!(context.trace_id().to_string(), TRACE);
    assert!(context.is_sampled());
}

#[test]
fn the_configured_form_is_written() {
    for (propagators, expected) in [
        (
            "b3",
            vec![("b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1")],
        ),
        (
            "b3multi",
            vec![
                ("x-b3-traceid", TRACE),
                ("x-b3-spanid", SPAN),
                ("x-b3-sampled", "1"),
            ],
        ),
    ] {
        let _set_up = set_up(propagators, ALWAYS);
        let context = single(&format!("{TRACE}-{SPAN}-1"));
        assert_eq!(written(&context), headers(&expected));
        // Headers of the request that is passed on do not contradict the new ones.
        let mut stale = headers(&[
            ("b3", "0"),
            ("X-B3-Flags", "1"),
            ("x-b3-traceid", "463ac35c9f6413ad48485a3953bb6124"),
            ("X-B3-ParentSpanId", PARENT),
        ]);
        context.inject(&mut stale);
        assert_eq!(stale, headers(&expected));
    }
}

#[test]
fn the_span_of_the_sender_is_the_parent() {
    let set_up = set_up("b3", ALWAYS);
    let sent = handle(&headers(&[("b3", &format!("{TRACE}-{SPAN}-1"))]));
    let spans = set_up.finished();
    let [span] = &spans[..] else {
        panic!("one span: {spans:?}");
    };
    assert_eq!(span.span_context.trace_id().to_string(), TRACE);
    assert_eq!(span.parent_span_id.to_string(), SPAN);
    assert!(span.parent_span_is_remote);
    let own = span.span_context.span_id();
    assert_ne!(own.to_string(), SPAN);
    assert_eq!(sent["b3"], format!("{TRACE}-{own}-1"));
}

#[test]
fn the_span_above_the_parent_is_not_passed_on() {
    for propagators in ["b3", "b3multi"] {
        let _set_up = set_up(propagators, ALWAYS);
        let received = headers(&[("b3", &format!("{TRACE}-{SPAN}-1-{PARENT}"))]);
        let sent = handle(&received);
        assert!(!sent.contains_key("x-b3-parentspanid"));
        assert!(
            sent.values().all(|value| !value.contains(PARENT)),
            "{sent:?}"
        );
    }
}

#[test]
fn a_debug_flag_stays_with_the_trace() {
    for (received, name) in [
        (vec![("b3", format!("{TRACE}-{SPAN}-d"))], "with a trace"),
        (
            vec![
                ("x-b3-traceid", TRACE.to_owned()),
                ("x-b3-spanid", SPAN.to_owned()),
                ("x-b3-flags", "1".to_owned()),
            ],
            "in several headers",
        ),
        (vec![("b3", "d".to_owned())], "alone"),
        (vec![("x-b3-flags", "1".to_owned())], "alone, in a header"),
    ] {
        let received: Vec<_> = received
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect();
        let received = headers(&received);
        for sampler in [ALWAYS, NEVER] {
            let set_up_single = set_up("b3", sampler);
            let sent = handle(&received);
            assert!(sent["b3"].ends_with("-d"), "{name}, {sampler}: {sent:?}");
            let spans = set_up_single.finished();
            assert_eq!(spans.len(), 1, "{name}, {sampler}");
            assert!(spans[0].span_context.is_sampled());
            drop(set_up_single);
            let _multi = set_up("b3multi", sampler);
            let sent = handle(&received);
            assert_eq!(sent["x-b3-flags"], "1", "{name}");
            assert!(!sent.contains_key("x-b3-sampled"), "{name}");
        }
    }
}

#[test]
fn a_debug_flag_travels_in_a_payload() {
    let _set_up = set_up("b3", ALWAYS);
    for header in [
        format!("{TRACE}-{SPAN}-d"),
        "d".to_owned(),
        "0".to_owned(),
        "1".to_owned(),
        format!("{TRACE}-{SPAN}"),
    ] {
        let context = single(&header);
        let json = serde_json::to_string(&context).expect("text");
        let read: TraceContext = serde_json::from_str(&json).expect("text");
        assert_eq!(read, context, "{json}");
        assert_eq!(written(&read)["b3"], header);
    }
}

#[test]
fn a_deferred_decision_is_made_here() {
    let received = headers(&[("b3", &format!("{TRACE}-{SPAN}"))]);
    for (sampler, decision, recorded) in [(ALWAYS, "1", 3), (NEVER, "0", 0)] {
        let set_up = set_up("b3", sampler);
        for _ in 0..3 {
            // What a parent with a decision taught the operation does not decide here.
            let decided = headers(&[("b3", &format!("{TRACE}-{SPAN}-0"))]);
            assert!(handle(&decided)["b3"].ends_with("-0"));
            let sent = handle(&received);
            assert!(sent["b3"].starts_with(TRACE));
            assert!(
                sent["b3"].ends_with(&format!("-{decision}")),
                "{sampler}: {sent:?}"
            );
        }
        let spans = set_up.finished();
        assert_eq!(spans.len(), recorded);
    }
}

#[test]
fn a_deferred_decision_stays_open_where_nothing_starts() {
    for (propagators, expected) in [
        (
            "b3",
            vec![("b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1")],
        ),
        (
            "b3multi",
            vec![("x-b3-traceid", TRACE), ("x-b3-spanid", SPAN)],
        ),
    ] {
        let _set_up = set_up(propagators, ALWAYS);
        let context = single(&format!("{TRACE}-{SPAN}"));
        let _guard = context.to_context().expect("a trace").attach();
        assert_eq!(written(&TraceContext::current()), headers(&expected));
    }
}

#[test]
fn a_decision_without_a_trace_is_followed() {
    for (header, sampler, recorded) in [("0", ALWAYS, 0), ("1", NEVER, 3), ("d", NEVER, 3)] {
        let set_up = set_up("b3", sampler);
        let multi = match header {
            "d" => headers(&[("x-b3-flags", "1")]),
            state => headers(&[("x-b3-sampled", state)]),
        };
        for received in [
            headers(&[("b3", header)]),
            multi,
            headers(&[("b3", header)]),
        ] {
            let sent = handle(&received);
            assert!(sent["b3"].ends_with(&format!("-{header}")), "{sent:?}");
            // Requests in between that came without a decision are sampled as ever.
            let other = handle(&Headers::new());
            let expected = if sampler == ALWAYS { "-1" } else { "-0" };
            assert!(other["b3"].ends_with(expected), "{other:?}");
        }
        let spans = set_up.finished();
        let others = if sampler == ALWAYS { 3 } else { 0 };
        assert_eq!(spans.len(), recorded + others);
    }
}

#[test]
fn a_decision_without_a_trace_is_passed_on() {
    let _set_up = set_up("b3", ALWAYS);
    for state in ["0", "1", "d"] {
        let context = single(state);
        assert!(!context.is_valid());
        assert_eq!(written(&context), headers(&[("b3", state)]));
        let _guard = context.to_context().expect("a decision").attach();
        assert_eq!(written(&TraceContext::current()), headers(&[("b3", state)]));
    }
}

#[test]
fn the_propagator_for_code_names_its_fields() {
    let fields =
        |propagator: &B3Propagator| propagator.fields().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(fields(&B3Propagator::single()), ["b3"]);
    assert_eq!(
        fields(&B3Propagator::multi()),
        ["x-b3-traceid", "x-b3-spanid", "x-b3-sampled", "x-b3-flags"]
    );
    // Each reads what the other writes.
    let received: HashMap<String, String> = headers(&[("b3", &format!("{TRACE}-{SPAN}-1"))])
        .into_iter()
        .collect();
    let context = B3Propagator::multi().extract_with_context(&Context::new(), &received);
    let mut multi = HashMap::new();
    B3Propagator::multi().inject_context(&context, &mut multi);
    assert_eq!(multi["x-b3-traceid"], TRACE);
    let context = B3Propagator::single().extract_with_context(&Context::new(), &multi);
    let mut single = HashMap::new();
    B3Propagator::single().inject_context(&context, &mut single);
    assert_eq!(single, received);
    let nothing = B3Propagator::single().extract_with_context(&context, &HashMap::new());
    assert_eq!(TraceContext::from(nothing), TraceContext::from(context));
}
