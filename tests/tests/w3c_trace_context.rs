//! The situations of the W3C suite for Trace Context (w3c/trace-context, `test/test.py`), levels 1 and 2.
//!
//! The suite sends a request to a service, which calls back; it looks at the headers of the call. Here [`call`] is the
//! service: it extracts a `TraceContext`, runs an operation under it, and injects the current context into a request. It does
//! so in a test scope and under a set-up, and both have to send a trace that the suite accepts.
//!
//! A test of the suite and the test here have one name, after `test_`; the classes of the suite are modules here:
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

use opentelemetry_sdk::trace::InMemorySpanExporter;
use std::sync::{Mutex, OnceLock};
use test_vocabulary::billing;
use test_vocabulary::forms::{self, TraceContext, instrumented_operation};

const TRACE: &str = "12345678901234567890123456789012";
const SPAN: &str = "1234567890123456";
const SAMPLED: &str = "00-12345678901234567890123456789012-1234567890123456-01";
const NOT_SAMPLED: &str = "00-12345678901234567890123456789012-1234567890123456-00";

/// A `traceparent` that was sent: of version 00, and valid.
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
        assert!(trace.trim_matches('0') != "" && span.trim_matches('0') != "");
        Self {
            trace: trace.to_owned(),
            span: span.to_owned(),
            flags: u8::from_str_radix(flags, 16).expect("two digits"),
        }
    }
}

/// The members of a `tracestate` that was sent, which has one header at most and each key once.
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

/// What the service sends while it handles a request.
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
        let none = ["METRICS", "LOGS"].map(|one| (format!("OTEL_{one}_EXPORTER"), "none"));
        let resource = billing::Resource {
            service_name: "billing-api".into(),
            service_version: "1.0.0".into(),
            deployment_environment_name: billing::DeploymentEnvironmentName::Test,
        };
        let setup = billing::telemetry(resource)
            .with_contract(&forms::VOCABULARY)
            .variables(none)
            .with_span_exporter(InMemorySpanExporter::default());
        Mutex::new(setup.install().expect("nothing is wrong"))
    });
    body()
}

/// The requests that the service sends, in a test scope and under a set-up.
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

/// The request that the service sends; `check` is asked about each of the two.
fn call(headers: &[(&str, &str)], check: impl Fn(&Parent, &State)) {
    for sent in calls(headers, 1) {
        let [(parent, state)] = &sent[..] else {
            panic!("one request");
        };
        check(parent, state);
    }
}

/// The trace goes on.
fn goes_on(headers: &[(&str, &str)]) {
    call(headers, |parent, _| {
        assert_eq!(parent.trace, TRACE, "{headers:?}")
    });
}

/// The trace that was received is not continued.
fn begins_anew(header: &str) {
    let ids = header.split('-').map(str::to_owned).collect::<Vec<_>>();
    call(&[("traceparent", header)], |parent, state| {
        assert_ne!(parent.trace, TRACE, "{header}");
        assert!(!ids.contains(&parent.trace), "{header}");
        assert_eq!(*state, State::default());
    });
}

/// The state that is sent where these headers come beside a `traceparent`.
fn sent(states: &[&str], check: impl Fn(&State)) {
    let mut headers = vec![("traceparent", NOT_SAMPLED)];
    headers.extend(states.iter().map(|state| ("tracestate", *state)));
    call(&headers, |parent, state| {
        assert_eq!(parent.trace, TRACE, "{states:?}");
        check(state);
    });
}

fn inherited(states: &[&str], members: &[(&str, &str)]) {
    sent(states, |state| {
        for (key, value) in members {
            assert_eq!(state.get(key), Some(*value), "{states:?}");
        }
        assert_eq!(state.0.len(), members.len(), "{states:?}");
    });
}

fn discarded(states: &[&str]) {
    sent(states, |state| {
        assert_eq!(*state, State::default(), "{states:?}")
    });
}

mod traceparent {
    use super::*;

    #[test]
    fn both_traceparent_and_tracestate_missing() {
        call(&[], |_, state| assert_eq!(*state, State::default()));
    }

    #[test]
    fn traceparent_included_tracestate_missing() {
        call(&[("traceparent", SAMPLED)], |parent, state| {
            assert_eq!(parent.trace, TRACE);
            assert_ne!(parent.span, SPAN);
            assert_eq!(parent.flags & 1, 1);
            assert_eq!(*state, State::default());
        });
    }

    #[test]
    fn traceparent_duplicated() {
        let other = "00-12345678901234567890123456789011-1234567890123456-01";
        for headers in [[other, SAMPLED], [SAMPLED, SAMPLED]] {
            let headers = headers.map(|header| ("traceparent", header));
            call(&headers, |parent, _| {
                assert_ne!(parent.trace, TRACE);
                assert_ne!(parent.trace, "12345678901234567890123456789011");
            });
        }
        // Joined on the way, as HTTP allows for headers that are lists.
        begins_anew(&format!("{SAMPLED},{SAMPLED}"));
        begins_anew(&format!("{},{SAMPLED}", SAMPLED.replacen("00-", "cc-", 1)));
    }

    #[test]
    fn traceparent_header_name() {
        for name in ["trace-parent", "trace.parent"] {
            call(&[(name, SAMPLED)], |parent, _| {
                assert_ne!(parent.trace, TRACE);
            });
        }
    }

    #[test]
    fn traceparent_header_name_valid_casing() {
        for name in ["TraceParent", "TrAcEpArEnT", "TRACEPARENT"] {
            goes_on(&[(name, SAMPLED)]);
        }
    }

    #[test]
    fn traceparent_version_0x00() {
        begins_anew(&format!("{SAMPLED}."));
        begins_anew(&format!("{SAMPLED}-what-the-future-will-be-like"));
    }

    #[test]
    fn traceparent_version_0xcc() {
        let later = SAMPLED.replacen("00-", "cc-", 1);
        // `call` holds what is sent to version 00.
        goes_on(&[("traceparent", &later)]);
        let longer = format!("{later}-what-the-future-will-be-like");
        goes_on(&[("traceparent", &longer)]);
        begins_anew(&format!("{later}.what-the-future-will-be-like"));
    }

    #[test]
    fn traceparent_version_0xff() {
        begins_anew(&SAMPLED.replacen("00-", "ff-", 1));
    }

    #[test]
    fn traceparent_version_illegal_characters() {
        begins_anew(&SAMPLED.replacen("00-", ".0-", 1));
        begins_anew(&SAMPLED.replacen("00-", "0.-", 1));
    }

    #[test]
    fn traceparent_version_too_long() {
        begins_anew(&SAMPLED.replacen("00-", "000-", 1));
        begins_anew(&SAMPLED.replacen("00-", "0000-", 1));
    }

    #[test]
    fn traceparent_version_too_short() {
        begins_anew(&SAMPLED.replacen("00-", "0-", 1));
    }

    #[test]
    fn traceparent_trace_id_all_zero() {
        begins_anew(&SAMPLED.replace(TRACE, &"0".repeat(32)));
    }

    #[test]
    fn traceparent_trace_id_illegal_characters() {
        begins_anew(&SAMPLED.replace(TRACE, ".2345678901234567890123456789012"));
        begins_anew(&SAMPLED.replace(TRACE, "1234567890123456789012345678901."));
    }

    #[test]
    fn traceparent_trace_id_too_long() {
        begins_anew(&SAMPLED.replace(TRACE, "123456789012345678901234567890123"));
    }

    #[test]
    fn traceparent_trace_id_too_short() {
        begins_anew(&SAMPLED.replace(TRACE, "1234567890123456789012345678901"));
    }

    #[test]
    fn traceparent_parent_id_all_zero() {
        begins_anew("00-12345678901234567890123456789012-0000000000000000-01");
    }

    #[test]
    fn traceparent_parent_id_illegal_characters() {
        begins_anew("00-12345678901234567890123456789012-.234567890123456-01");
        begins_anew("00-12345678901234567890123456789012-123456789012345.-01");
    }

    #[test]
    fn traceparent_parent_id_too_long() {
        begins_anew("00-12345678901234567890123456789012-12345678901234567-01");
    }

    #[test]
    fn traceparent_parent_id_too_short() {
        begins_anew("00-12345678901234567890123456789012-123456789012345-01");
    }

    #[test]
    fn traceparent_trace_flags_illegal_characters() {
        begins_anew("00-12345678901234567890123456789012-1234567890123456-.0");
        begins_anew("00-12345678901234567890123456789012-1234567890123456-0.");
    }

    #[test]
    fn traceparent_trace_flags_too_long() {
        begins_anew("00-12345678901234567890123456789012-1234567890123456-001");
    }

    #[test]
    fn traceparent_trace_flags_too_short() {
        begins_anew("00-12345678901234567890123456789012-1234567890123456-1");
    }

    #[test]
    fn traceparent_ows_handling() {
        for (before, after) in [(" ", ""), ("\t", ""), ("", " "), ("", "\t"), ("\t ", " \t")] {
            goes_on(&[("traceparent", &format!("{before}{SAMPLED}{after}"))]);
        }
    }
}

mod tracestate {
    use super::*;

    #[test]
    fn tracestate_included_traceparent_missing() {
        for state in ["foo=1", "foo=1,bar=2"] {
            call(&[("tracestate", state)], |_, state| {
                assert_eq!(*state, State::default());
            });
        }
        // Nor where the trace cannot be read.
        let headers = [("traceparent", "00-1-2-01"), ("tracestate", "foo=1")];
        call(&headers, |_, state| assert_eq!(*state, State::default()));
    }

    #[test]
    fn tracestate_included_traceparent_included() {
        inherited(&["foo=1,bar=2"], &[("foo", "1"), ("bar", "2")]);
    }

    #[test]
    fn tracestate_header_name() {
        for name in ["trace-state", "trace.state"] {
            call(
                &[("traceparent", NOT_SAMPLED), (name, "foo=1")],
                |_, state| {
                    assert_eq!(*state, State::default());
                },
            );
        }
    }

    #[test]
    fn tracestate_header_name_valid_casing() {
        for name in ["TraceState", "TrAcEsTaTe", "TRACESTATE"] {
            call(
                &[("traceparent", NOT_SAMPLED), (name, "foo=1")],
                |_, state| {
                    assert_eq!(state.get("foo"), Some("1"));
                },
            );
        }
    }

    #[test]
    fn tracestate_empty_header() {
        discarded(&[""]);
        inherited(&["foo=1", ""], &[("foo", "1")]);
        inherited(&["", "foo=1"], &[("foo", "1")]);
    }

    #[test]
    fn tracestate_multiple_headers_different_keys() {
        sent(&["foo=1,bar=2", "rojo=1,congo=2", "baz=3"], |state| {
            assert_eq!(state.keys(), ["foo", "bar", "rojo", "congo", "baz"]);
        });
    }

    #[test]
    fn tracestate_duplicated_keys() {
        inherited(&["foo=1,foo=1"], &[("foo", "1")]);
        inherited(&["foo=1,foo=2"], &[("foo", "1")]);
        inherited(&["foo=1", "foo=1"], &[("foo", "1")]);
        inherited(&["foo=1", "foo=2"], &[("foo", "1")]);
        inherited(&["foo=1,bar=2,foo=3"], &[("foo", "1"), ("bar", "2")]);
    }

    #[test]
    fn tracestate_all_allowed_characters() {
        let letters: String = ('a'..='z').collect();
        let plain = format!("{letters}0123456789_-*/");
        let with_vendor = format!("{plain}@a-z0-9_-*/");
        let value: String = (' '..='~')
            .filter(|one| ![',', '='].contains(one))
            .collect();
        for key in [plain, with_vendor] {
            inherited(&[&format!("{key}={value}")], &[(&key, &value)]);
        }
    }

    #[test]
    fn tracestate_ows_handling() {
        let three = [("foo", "1"), ("bar", "2"), ("baz", "3")];
        inherited(&["foo=1 \t , \t bar=2, \t baz=3"], &three);
        inherited(&["foo=1\t \t,\t \tbar=2,\t \tbaz=3"], &three);
        for state in [" foo=1", "\tfoo=1", "foo=1 ", "foo=1\t", "\t foo=1 \t"] {
            inherited(&[state], &three[..1]);
        }
    }

    #[test]
    fn tracestate_key_illegal_characters() {
        for state in ["foo =1", "FOO=1", "foo.bar=1"] {
            discarded(&[state]);
        }
    }

    #[test]
    fn tracestate_key_illegal_vendor_format() {
        for key in ["foo@", "foo@@bar", "foo@bar@baz"] {
            inherited(&[&format!("{key}=1,bar=2")], &[(key, "1"), ("bar", "2")]);
        }
        discarded(&["@foo=1,bar=2"]);
    }

    #[test]
    fn tracestate_member_count_limit() {
        let members = |count: usize| -> Vec<String> {
            let member = |number| format!("bar{number:02}={number:02}");
            let all: Vec<String> = (1..=count).map(member).collect();
            all.chunks(10).map(|chunk| chunk.join(",")).collect()
        };
        let (most, more) = (members(32), members(33));
        let most: Vec<&str> = most.iter().map(String::as_str).collect();
        sent(&most, |state| {
            assert_eq!(state.get("bar01"), Some("01"));
            assert_eq!(state.0.len(), 32);
        });
        let more: Vec<&str> = more.iter().map(String::as_str).collect();
        discarded(&more);
    }

    #[test]
    fn tracestate_key_length_limit() {
        for key in [
            "z".repeat(256),
            format!("{}@{}", "t".repeat(241), "v".repeat(14)),
            format!("{}@v", "t".repeat(242)),
            format!("t@{}", "v".repeat(15)),
        ] {
            inherited(
                &["foo=1", &format!("{key}=1")],
                &[("foo", "1"), (&key, "1")],
            );
        }
        discarded(&["foo=1", &format!("{}=1", "z".repeat(257))]);
    }

    #[test]
    fn tracestate_value_illegal_characters() {
        discarded(&["foo=bar=baz"]);
        discarded(&["foo=,bar=3"]);
    }
}

mod advanced {
    use super::*;
    use std::collections::HashSet;

    /// Trace ids and span ids of three requests.
    fn ids(headers: &[(&str, &str)]) -> [(HashSet<String>, HashSet<String>); 2] {
        calls(headers, 3).map(|sent| {
            let parents = sent
                .into_iter()
                .map(|(parent, _)| (parent.trace, parent.span));
            parents.unzip()
        })
    }

    #[test]
    fn multiple_requests_with_valid_traceparent() {
        for (traces, spans) in ids(&[("traceparent", SAMPLED)]) {
            assert_eq!(traces, HashSet::from([TRACE.to_owned()]));
            assert_eq!(spans.len(), 3);
        }
    }

    #[test]
    fn multiple_requests_without_traceparent() {
        for (_, spans) in ids(&[]) {
            assert_eq!(spans.len(), 3);
        }
    }

    #[test]
    fn multiple_requests_with_illegal_traceparent() {
        let illegal = SAMPLED.replace(TRACE, &"0".repeat(32));
        for (traces, spans) in ids(&[("traceparent", &illegal)]) {
            assert!(!traces.contains(&"0".repeat(32)));
            assert_eq!(spans.len(), 3);
        }
    }
}

mod level_2 {
    use super::*;

    #[test]
    fn propagates_random_flag() {
        let random = SAMPLED.replace("-01", "-02");
        let [in_a_scope, _] = calls(&[("traceparent", &random)], 1);
        let (parent, _) = &in_a_scope[0];
        assert_eq!(parent.trace, TRACE);
        assert_ne!(parent.span, SPAN);
        assert_eq!(parent.flags & 2, 2);
        call(
            &[("traceparent", &SAMPLED.replace("-01", "-03"))],
            |parent, _| {
                assert_eq!(parent.flags, 3);
            },
        );
    }

    /// Not in the suite: "If the flag is unset in the incoming `traceparent` header, it MUST also be unset in any outgoing".
    #[test]
    fn the_random_flag_is_not_added() {
        call(&[("traceparent", SAMPLED)], |parent, _| {
            assert_eq!(parent.flags, 1)
        });
    }

    /// Not in the suite: "Vendors MUST set those to zero", of all other flags.
    #[test]
    fn flags_that_are_not_defined_are_set_to_zero() {
        for version in ["00-", "cc-"] {
            let header = SAMPLED.replace("-01", "-ff").replacen("00-", version, 1);
            call(&[("traceparent", &header)], |parent, _| {
                assert_eq!(parent.flags, 3)
            });
        }
    }
}
