//! `OTEL_PROPAGATORS` selects the formats of a `TraceContext` and of OpenTelemetry's global propagator.

#![allow(missing_docs)]

use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceFlags, TraceState};
use opentelemetry::{Context, global};
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use test_vocabulary::billing::{self, AccountTier, TraceContext};
use test_vocabulary::forms;

type Headers = BTreeMap<String, String>;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const SPAN: &str = "b7ad6b7169203331";
const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const SINGLE: &str = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1";

/// Set-up without exporters. The set-up belongs to the process: tests take turns.
struct SetUp {
    guard: billing::setup::Guard,
    _turn: MutexGuard<'static, ()>,
}

fn take_turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn install(
    variables: &[(&str, &str)],
    also: impl FnOnce(billing::setup::Setup) -> billing::setup::Setup,
) -> billing::setup::Guard {
    let resource = billing::Resource {
        service_name: "billing-api".into(),
        service_version: "1.0.0".into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    };
    let none =
        ["TRACES", "METRICS", "LOGS"].map(|signal| (format!("OTEL_{signal}_EXPORTER"), "none"));
    let variables = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), *value));
    let setup = billing::telemetry(resource).variables(none.into_iter().chain(variables));
    also(setup).install().expect("a valid set-up")
}

fn set_up(propagators: &str) -> SetUp {
    let turn = take_turn();
    SetUp {
        guard: install(&[("OTEL_PROPAGATORS", propagators)], |setup| setup),
        _turn: turn,
    }
}

fn headers<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Headers {
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    pairs.into_iter().map(owned).collect()
}

/// Headers of a request in the formats of all propagators.
fn everything() -> Headers {
    headers([
        ("traceparent", PARENT),
        ("tracestate", "congo=1"),
        ("b3", "463ac35c9f6413ad48485a3953bb6124-a2fb4a1d1a96d312-1"),
        ("baggage", "account.tier=pro"),
    ])
}

/// Context with a trace and baggage.
fn context() -> Context {
    let span = SpanContext::new(
        u128::from_str_radix(TRACE, 16).expect("an id").into(),
        u64::from_str_radix(SPAN, 16).expect("an id").into(),
        TraceFlags::SAMPLED,
        false,
        TraceState::from_key_value([("congo", "1")]).expect("a state"),
    );
    let context = Context::new().with_remote_span_context(span);
    let _guard = context.attach();
    let _guard = billing::Baggage::new()
        .account_tier(AccountTier::Pro)
        .attach();
    Context::current()
}

/// Headers that are sent; asserts that every way of sending writes the same headers.
fn sent() -> Headers {
    let context = context();
    let mut by_carrier = Headers::new();
    TraceContext::from(&context).inject(&mut by_carrier);
    let (mut by_injector, mut by_global) = (HashMap::new(), HashMap::new());
    TraceContext::from(&context).inject_into(&mut by_injector);
    global::get_text_map_propagator(|propagator| {
        propagator.inject_context(&context, &mut by_global);
    });
    assert_eq!(by_carrier, by_injector.into_iter().collect());
    assert_eq!(by_carrier, by_global.into_iter().collect());
    by_carrier
}

/// Context that is received; asserts that every way of receiving reads the same context.
fn received(headers: &Headers) -> TraceContext {
    let context = TraceContext::extract(headers);
    let map: HashMap<String, String> = headers.clone().into_iter().collect();
    assert_eq!(TraceContext::from_extractor(&map), context);
    let by_global = global::get_text_map_propagator(|propagator| {
        propagator.extract_with_context(&Context::new(), &map)
    });
    assert_eq!(TraceContext::from(by_global), context);
    let json = serde_json::to_string(headers).expect("a map");
    let payload: TraceContext = serde_json::from_str(&json).expect("never an error");
    assert_eq!(payload, context);
    context
}

fn fields() -> Vec<String> {
    global::get_text_map_propagator(|propagator| propagator.fields().map(str::to_owned).collect())
}

#[test]
fn the_variable_decides_which_headers_are_written() {
    let w3c = [("traceparent", PARENT), ("tracestate", "congo=1")];
    let baggage = ("baggage", "account.tier=pro");
    let multi = [
        ("x-b3-traceid", TRACE),
        ("x-b3-spanid", SPAN),
        ("x-b3-sampled", "1"),
    ];
    let single = ("b3", SINGLE);
    for (propagators, expected) in [
        ("", vec![w3c[0], w3c[1], baggage]),
        ("tracecontext", w3c.to_vec()),
        ("baggage", vec![baggage]),
        ("none", vec![]),
        ("b3", vec![single]),
        (
            "b3multi,baggage",
            vec![multi[0], multi[1], multi[2], baggage],
        ),
        ("b3,b3multi", vec![single, multi[0], multi[1], multi[2]]),
        ("tracecontext,b3", vec![w3c[0], w3c[1], single]),
    ] {
        let _set_up = set_up(propagators);
        assert_eq!(sent(), headers(expected), "{propagators}");
    }
}

#[test]
fn the_variable_decides_which_headers_are_read() {
    let b3 = "463ac35c9f6413ad48485a3953bb6124";
    for (propagators, trace, state, baggage) in [
        ("", TRACE, true, true),
        ("tracecontext", TRACE, true, false),
        ("baggage", "00000000000000000000000000000000", false, true),
        ("none", "00000000000000000000000000000000", false, false),
        ("b3", b3, false, false),
        ("b3multi,baggage", b3, false, true),
        // As with OpenTelemetry's composite propagator, the later format overrides the earlier.
        ("tracecontext,b3", b3, false, false),
        ("b3,tracecontext", TRACE, true, false),
    ] {
        let _set_up = set_up(propagators);
        let context = received(&everything());
        assert_eq!(context.trace_id().to_string(), trace, "{propagators}");
        assert_eq!(context.tracestate().is_some(), state, "{propagators}");
        let text = context.to_string();
        assert_eq!(text.contains("account.tier=pro"), baggage, "{propagators}");
        assert!(context.problem().is_none());
    }
}

#[test]
fn a_format_without_a_trace_keeps_the_trace_of_an_earlier_format() {
    let _set_up = set_up("tracecontext,b3");
    for b3 in [None, Some("garbage"), Some("0")] {
        let mut headers = everything();
        headers.remove("b3");
        headers.extend(b3.map(|value| ("b3".to_owned(), value.to_owned())));
        let context = received(&headers);
        assert_eq!(context.trace_id().to_string(), TRACE);
        assert_eq!(context.problem().is_some(), b3 == Some("garbage"));
    }
}

#[test]
fn two_formats_with_the_same_span_are_one_trace() {
    let random = PARENT.replace("-01", "-03");
    for propagators in ["tracecontext,b3", "b3,tracecontext"] {
        let _set_up = set_up(propagators);
        for (b3, sent) in [
            (SINGLE, SINGLE),
            (&SINGLE.replace("-1", "-d"), &SINGLE.replace("-1", "-d")),
            (&SINGLE.replace("-1", ""), SINGLE),
        ] {
            let given = [
                ("traceparent", &*random),
                ("tracestate", "congo=1"),
                ("b3", b3),
            ];
            let context = received(&headers(given));
            let mut written = Headers::new();
            context.inject(&mut written);
            assert_eq!(written["traceparent"], random, "{propagators} {b3}");
            assert_eq!(written["tracestate"], "congo=1");
            assert_eq!(written["b3"], *sent, "{propagators} {b3}");
        }
    }
}

#[test]
fn text_contains_only_the_formats_of_the_variable() {
    let full = format!("{PARENT};tracestate=congo=1;baggage=account.tier=pro");
    let baggage = ";baggage=account.tier=pro";
    for (propagators, text) in [
        ("", &*full),
        ("tracecontext", &full[..full.len() - baggage.len()]),
        ("b3", &full[..full.len() - baggage.len()]),
        ("baggage", baggage),
        ("none", ""),
    ] {
        let _set_up = set_up(propagators);
        let context = TraceContext::from(&context());
        assert_eq!(context.to_string(), text, "{propagators}");
        let json = serde_json::to_string(&context).expect("text");
        assert_eq!(json, serde_json::to_string(text).expect("text"));
        // A payload of a process with a different configuration.
        assert_eq!(TraceContext::from_lossy(&full).to_string(), text);
        let payload = serde_json::to_string(&full).expect("text");
        let read: TraceContext = serde_json::from_str(&payload).expect("never an error");
        assert_eq!(read.to_string(), text);
        assert!(read.problem().is_none());
        // Inside the process, the context is complete.
        assert_eq!(context.trace_id().to_string(), TRACE);
        let continued = context.to_context().expect("a trace and baggage");
        assert_eq!(
            continued.span().span_context().trace_id().to_string(),
            TRACE
        );
    }
}

#[test]
fn the_fields_are_the_written_headers() {
    for (propagators, expected) in [
        ("", vec!["traceparent", "tracestate", "baggage"]),
        ("none", vec![]),
        ("baggage,b3", vec!["baggage", "b3"]),
        (
            "b3multi",
            vec!["x-b3-traceid", "x-b3-spanid", "x-b3-sampled", "x-b3-flags"],
        ),
    ] {
        let _set_up = set_up(propagators);
        assert_eq!(fields(), expected);
    }
}

#[test]
fn a_global_propagator_keeps_the_flags_that_level_2_defines() {
    let _set_up = set_up("tracecontext");
    for (given, kept) in [("00", 0), ("02", 2), ("03", 3), ("ff", 3)] {
        let parent = PARENT.replace("-01", &format!("-{given}"));
        let context = received(&headers([("traceparent", &*parent)]));
        assert_eq!(context.span_context().trace_flags().to_u8(), kept);
    }
}

#[test]
fn a_global_propagator_rejects_a_repeated_traceparent() {
    struct Twice;
    impl Extractor for Twice {
        fn get(&self, _: &str) -> Option<&str> {
            Some(PARENT)
        }
        fn keys(&self) -> Vec<&str> {
            vec!["traceparent"]
        }
        fn get_all(&self, key: &str) -> Option<Vec<&str>> {
            (key == "traceparent").then(|| vec![PARENT, PARENT])
        }
    }
    let _set_up = set_up("");
    let context = global::get_text_map_propagator(|propagator| {
        propagator.extract_with_context(&Context::new(), &Twice)
    });
    assert!(!context.span().span_context().is_valid());
    assert!(TraceContext::from_extractor(&Twice).problem().is_some());
}

#[test]
fn a_disabled_sdk_still_propagates() {
    let turn = take_turn();
    let disabled = [("OTEL_SDK_DISABLED", "true"), ("OTEL_PROPAGATORS", "b3")];
    let _guard = install(&disabled, |setup| setup);
    assert_eq!(sent(), headers([("b3", SINGLE)]));
    drop(turn);
}

#[test]
fn the_last_installed_set_up_decides_even_after_its_guard_is_dropped() {
    let SetUp { guard, _turn } = set_up("b3");
    let later = install(&[("OTEL_PROPAGATORS", "tracecontext")], |setup| setup);
    assert!(sent().contains_key("traceparent"));
    drop(guard);
    drop(later);
    assert!(sent().contains_key("traceparent"));
}

#[test]
fn a_test_scope_propagates_w3c_trace_context_and_baggage() {
    let _set_up = set_up("none");
    let scope = forms::testing::scope();
    scope.run(|| {
        let context = TraceContext::extract(&everything());
        assert_eq!(context.trace_id().to_string(), TRACE);
        let mut written = Headers::new();
        context.inject(&mut written);
        let keys: Vec<&String> = written.keys().collect();
        assert_eq!(keys, ["baggage", "traceparent", "tracestate"]);
    });
    assert!(!TraceContext::extract(&everything()).is_valid());
}

/// User-supplied propagator that writes its own header and also reads an older name of that header.
#[derive(Debug)]
struct Corporate([String; 1]);

impl TextMapPropagator for Corporate {
    fn inject_context(&self, context: &Context, injector: &mut dyn Injector) {
        let span = context.span();
        let span = span.span_context();
        if span.is_valid() {
            injector.set(
                "X-Acme-Trace",
                format!("{}/{}", span.trace_id(), span.span_id()),
            );
        }
    }

    fn extract_with_context(&self, context: &Context, extractor: &dyn Extractor) -> Context {
        let header = extractor.get("X-Acme-Trace");
        let header = header.or_else(|| extractor.get("X-Acme-Trace-Old"));
        let ids = header.and_then(|header| header.split_once('/'));
        let Some((trace, span)) = ids else {
            return context.clone();
        };
        context.with_remote_span_context(SpanContext::new(
            u128::from_str_radix(trace, 16).unwrap_or_default().into(),
            u64::from_str_radix(span, 16).unwrap_or_default().into(),
            TraceFlags::SAMPLED,
            true,
            TraceState::NONE,
        ))
    }

    fn fields(&self) -> FieldIter<'_> {
        FieldIter::new(&self.0)
    }
}

#[test]
fn a_propagator_with_invalid_header_names_fails_no_request() {
    let turn = take_turn();
    let _guard = install(&[], |setup| {
        setup.propagator(Corporate(["no header\n".to_owned()]))
    });
    let mut request = http::HeaderMap::new();
    TraceContext::from(&context()).inject(&mut request);
    assert!(request.is_empty());
    assert!(!TraceContext::extract(&request).is_valid());
    drop(turn);
}

#[test]
fn a_propagator_set_in_code_also_reads_and_writes_the_headers_of_a_trace_context() {
    let turn = take_turn();
    let _guard = install(&[("OTEL_PROPAGATORS", "b3")], |setup| {
        setup.propagator(Corporate(["X-Acme-Trace".to_owned()]))
    });
    let header = format!("{TRACE}/{SPAN}");
    assert_eq!(sent(), headers([("x-acme-trace", &*header)]));
    for name in ["x-acme-trace", "X-Acme-Trace-Old"] {
        let context = TraceContext::extract(&headers([(name, &*header)]));
        assert_eq!(context.traceparent().as_deref(), Some(PARENT), "{name}");
    }
    assert!(!TraceContext::extract(&everything()).is_valid());
    // Without a trace, a header from before is removed.
    let mut stale = headers([("X-Acme-Trace", "old"), ("accept", "*/*")]);
    TraceContext::default().inject(&mut stale);
    assert_eq!(stale, headers([("accept", "*/*")]));
    drop(turn);
}
