//! The cases of the W3C suite for Trace Context (w3c/trace-context, `test/test.py`), levels 1 and 2.
//!
//! The suite sends a request to a service, which calls back, and checks the headers of that call. Here [`handle`] is
//! the service: it extracts a `TraceContext`, runs an operation under it, and injects the current context into
//! requests. [`call`] is the suite: it passes headers to the service and checks the headers that the service sends, in
//! a test scope and under a set-up.
//!
//! A test here has the name of the test of the suite without `test_`. The classes of the suite are modules here:
//!
//! | class of the suite | module |
//! | --- | --- |
//! | `TraceContextTest`, the tests of `traceparent` | [`traceparent`] |
//! | `TraceContextTest`, the tests of `tracestate` | [`tracestate`] |
//! | `AdvancedTest` | [`advanced`] |
//! | `TraceContext2Test` | [`level_2`] |
//!
//! | test of the suite | test here |
//! | --- | --- |
//! | `test_both_traceparent_and_tracestate_missing` | `traceparent::both_traceparent_and_tracestate_missing` |
//! | `test_traceparent_included_tracestate_missing` | `traceparent::traceparent_included_tracestate_missing` |
//! | `test_traceparent_duplicated` | `traceparent::traceparent_duplicated` |
//! | `test_traceparent_header_name` | `traceparent::traceparent_header_name` |
//! | `test_traceparent_header_name_valid_casing` | `traceparent::traceparent_header_name_valid_casing` |
//! | `test_traceparent_version_0x00` | `traceparent::traceparent_version_0x00` |
//! | `test_traceparent_version_0xcc` | `traceparent::traceparent_version_0xcc` |
//! | `test_traceparent_version_0xff` | `traceparent::traceparent_version_0xff` |
//! | `test_traceparent_version_illegal_characters` | `traceparent::traceparent_version_illegal_characters` |
//! | `test_traceparent_version_too_long` | `traceparent::traceparent_version_too_long` |
//! | `test_traceparent_version_too_short` | `traceparent::traceparent_version_too_short` |
//! | `test_traceparent_trace_id_all_zero` | `traceparent::traceparent_trace_id_all_zero` |
//! | `test_traceparent_trace_id_illegal_characters` | `traceparent::traceparent_trace_id_illegal_characters` |
//! | `test_traceparent_trace_id_too_long` | `traceparent::traceparent_trace_id_too_long` |
//! | `test_traceparent_trace_id_too_short` | `traceparent::traceparent_trace_id_too_short` |
//! | `test_traceparent_parent_id_all_zero` | `traceparent::traceparent_parent_id_all_zero` |
//! | `test_traceparent_parent_id_illegal_characters` | `traceparent::traceparent_parent_id_illegal_characters` |
//! | `test_traceparent_parent_id_too_long` | `traceparent::traceparent_parent_id_too_long` |
//! | `test_traceparent_parent_id_too_short` | `traceparent::traceparent_parent_id_too_short` |
//! | `test_traceparent_trace_flags_illegal_characters` | `traceparent::traceparent_trace_flags_illegal_characters` |
//! | `test_traceparent_trace_flags_too_long` | `traceparent::traceparent_trace_flags_too_long` |
//! | `test_traceparent_trace_flags_too_short` | `traceparent::traceparent_trace_flags_too_short` |
//! | `test_traceparent_ows_handling` | `traceparent::traceparent_ows_handling` |
//! | `test_tracestate_included_traceparent_missing` | `tracestate::tracestate_included_traceparent_missing` |
//! | `test_tracestate_included_traceparent_included` | `tracestate::tracestate_included_traceparent_included` |
//! | `test_tracestate_header_name` | `tracestate::tracestate_header_name` |
//! | `test_tracestate_header_name_valid_casing` | `tracestate::tracestate_header_name_valid_casing` |
//! | `test_tracestate_empty_header` | `tracestate::tracestate_empty_header` |
//! | `test_tracestate_multiple_headers_different_keys` | `tracestate::tracestate_multiple_headers_different_keys` |
//! | `test_tracestate_duplicated_keys` | `tracestate::tracestate_duplicated_keys` |
//! | `test_tracestate_all_allowed_characters` | `tracestate::tracestate_all_allowed_characters` |
//! | `test_tracestate_ows_handling` | `tracestate::tracestate_ows_handling` |
//! | `test_tracestate_key_illegal_characters` | `tracestate::tracestate_key_illegal_characters` |
//! | `test_tracestate_key_illegal_vendor_format` | `tracestate::tracestate_key_illegal_vendor_format` |
//! | `test_tracestate_member_count_limit` | `tracestate::tracestate_member_count_limit` |
//! | `test_tracestate_key_length_limit` | `tracestate::tracestate_key_length_limit` |
//! | `test_tracestate_value_illegal_characters` | `tracestate::tracestate_value_illegal_characters` |
//! | `test_multiple_requests_with_valid_traceparent` | `advanced::multiple_requests_with_valid_traceparent` |
//! | `test_multiple_requests_without_traceparent` | `advanced::multiple_requests_without_traceparent` |
//! | `test_multiple_requests_with_illegal_traceparent` | `advanced::multiple_requests_with_illegal_traceparent` |
//! | `test_propagates_random_flag` | `level_2::propagates_random_flag` |

#![allow(missing_docs)]

mod advanced;
mod level_2;
mod traceparent;
mod tracestate;

use opentelemetry_sdk::trace::InMemorySpanExporter;
use std::sync::{Mutex, OnceLock};
use test_vocabulary::billing;
use test_vocabulary::forms::{self, TraceContext, instrumented_operation};

const TRACE: &str = "12345678901234567890123456789012";
const SPAN: &str = "1234567890123456";
const SAMPLED: &str = "00-12345678901234567890123456789012-1234567890123456-01";
const NOT_SAMPLED: &str = "00-12345678901234567890123456789012-1234567890123456-00";

/// Decoded `traceparent` of a sent request; decoding asserts version 00 and a valid header.
#[derive(Clone, Debug, PartialEq)]
struct Parent {
    trace: String,
    span: String,
    flags: u8,
}

impl Parent {
    fn decoded(header: &str) -> Self {
        let parts: Vec<&str> = header.split('-').collect();
        let [version, trace, span, flags] = parts[..] else {
            panic!("four fields: {header}");
        };
        assert_eq!(
            (version, trace.len(), span.len(), flags.len()),
            ("00", 32, 16, 2)
        );
        let is_hex = |digit: u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
        assert!(
            [trace, span, flags].concat().bytes().all(is_hex),
            "{header}"
        );
        assert!(!trace.trim_matches('0').is_empty() && !span.trim_matches('0').is_empty());
        Self {
            trace: trace.to_owned(),
            span: span.to_owned(),
            flags: u8::from_str_radix(flags, 16).expect("two digits"),
        }
    }
}

/// Members of the `tracestate` of a sent request; decoding asserts that each key occurs once.
#[derive(Debug, Default, PartialEq)]
struct State(Vec<(String, String)>);

impl State {
    fn decoded(header: &str) -> Self {
        let member = |member: &str| {
            let (key, value) = member.split_once('=').expect("a key and a value");
            (key.to_owned(), value.to_owned())
        };
        let members: Vec<_> = header.split(',').map(member).collect();
        for (index, (key, _)) in members.iter().enumerate() {
            assert!(
                members[..index].iter().all(|(other, _)| other != key),
                "{key}"
            );
        }
        Self(members)
    }

    fn get(&self, key: &str) -> Option<&str> {
        let member = self.0.iter().find(|(known, _)| known == key);
        member.map(|(_, value)| value.as_str())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.iter().map(|(key, _)| key.as_str()).collect()
    }
}

/// Handles a request and returns the headers of the requests that the service sends meanwhile.
#[instrumented_operation(forms::ConsumeRun, parent = TraceContext::extract(headers))]
fn handle(headers: &http::HeaderMap, calls: usize) -> Vec<http::HeaderMap> {
    (0..calls).map(|_| request()).collect()
}

#[instrumented_operation(forms::FormRun, work.name = "call")]
fn request() -> http::HeaderMap {
    let mut headers = http::HeaderMap::new();
    TraceContext::current().inject(&mut headers);
    headers
}

fn decoded(headers: &http::HeaderMap) -> (Parent, State) {
    let text = |name: &str| -> Vec<&str> {
        let values = headers.get_all(name).iter();
        values.map(|value| value.to_str().expect("ASCII")).collect()
    };
    let [parent] = text("traceparent")[..] else {
        panic!("one `traceparent`: {headers:?}");
    };
    let state = match text("tracestate")[..] {
        [] => State::default(),
        [state] => State::decoded(state),
        _ => panic!("one `tracestate` at most: {headers:?}"),
    };
    (Parent::decoded(parent), state)
}

fn under_a_set_up<R>(body: impl FnOnce() -> R) -> R {
    static GUARD: OnceLock<Mutex<billing::setup::Guard>> = OnceLock::new();
    GUARD.get_or_init(|| {
        let none = ["METRICS", "LOGS"].map(|signal| (format!("OTEL_{signal}_EXPORTER"), "none"));
        let resource = billing::Resource {
            service_name: "billing-api".into(),
            service_version: "1.0.0".into(),
            deployment_environment_name: billing::DeploymentEnvironmentName::Test,
        };
        let setup = billing::telemetry(resource)
            .with_contract(&forms::VOCABULARY)
            .variables(none)
            .with_span_exporter(InMemorySpanExporter::default());
        Mutex::new(setup.install().expect("a valid set-up"))
    });
    body()
}

/// Decoded requests that the service sends, in a test scope and under a set-up.
fn calls(headers: &[(&str, &str)], calls: usize) -> [Vec<(Parent, State)>; 2] {
    let mut received = http::HeaderMap::new();
    for (name, value) in headers {
        let name = http::HeaderName::from_bytes(name.as_bytes()).expect("a name");
        received.append(name, http::HeaderValue::from_str(value).expect("a value"));
    }
    let handle = || {
        let sent = handle(&received, calls);
        sent.iter().map(decoded).collect()
    };
    let scope = forms::testing::scope();
    [scope.run(handle), under_a_set_up(handle)]
}

/// Checks the single request that the service sends, in a test scope and under a set-up.
fn call(headers: &[(&str, &str)], check: impl Fn(&Parent, &State)) {
    for sent in calls(headers, 1) {
        let [(parent, state)] = &sent[..] else {
            panic!("one request");
        };
        check(parent, state);
    }
}

/// Asserts that the received trace is continued.
fn assert_continued(headers: &[(&str, &str)]) {
    call(headers, |parent, _| {
        assert_eq!(parent.trace, TRACE, "{headers:?}");
    });
}

/// Asserts that a new trace begins and the received trace is not continued.
fn assert_new_trace(header: &str) {
    let ids = header.split('-').map(str::to_owned).collect::<Vec<_>>();
    call(&[("traceparent", header)], |parent, state| {
        assert_ne!(parent.trace, TRACE, "{header}");
        assert!(!ids.contains(&parent.trace), "{header}");
        assert_eq!(*state, State::default());
    });
}

/// Checks the trace state that is sent if these `tracestate` headers arrive with a `traceparent`.
fn check_sent(states: &[&str], check: impl Fn(&State)) {
    let mut headers = vec![("traceparent", NOT_SAMPLED)];
    headers.extend(states.iter().map(|state| ("tracestate", *state)));
    call(&headers, |parent, state| {
        assert_eq!(parent.trace, TRACE, "{states:?}");
        check(state);
    });
}

fn assert_propagated(states: &[&str], members: &[(&str, &str)]) {
    check_sent(states, |state| {
        for (key, value) in members {
            assert_eq!(state.get(key), Some(*value), "{states:?}");
        }
        assert_eq!(state.0.len(), members.len(), "{states:?}");
    });
}

fn assert_discarded(states: &[&str]) {
    check_sent(states, |state| {
        assert_eq!(*state, State::default(), "{states:?}");
    });
}
