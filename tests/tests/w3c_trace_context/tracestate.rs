//! `TraceContextTest`: the tests of `tracestate`.

use super::*;

#[test]
fn tracestate_included_traceparent_missing() {
    for state in ["foo=1", "foo=1,bar=2"] {
        call(&[("tracestate", state)], |_, state| {
            assert_eq!(*state, State::default());
        });
    }
    // The state is also discarded if the `traceparent` cannot be read.
    let headers = [("traceparent", "00-1-2-01"), ("tracestate", "foo=1")];
    call(&headers, |_, state| assert_eq!(*state, State::default()));
}

#[test]
fn tracestate_included_traceparent_included() {
    assert_propagated(&["foo=1,bar=2"], &[("foo", "1"), ("bar", "2")]);
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
    assert_discarded(&[""]);
    assert_propagated(&["foo=1", ""], &[("foo", "1")]);
    assert_propagated(&["", "foo=1"], &[("foo", "1")]);
}

#[test]
fn tracestate_multiple_headers_different_keys() {
    check_sent(&["foo=1,bar=2", "rojo=1,congo=2", "baz=3"], |state| {
        assert_eq!(state.keys(), ["foo", "bar", "rojo", "congo", "baz"]);
    });
}

#[test]
fn tracestate_duplicated_keys() {
    assert_propagated(&["foo=1,foo=1"], &[("foo", "1")]);
    assert_propagated(&["foo=1,foo=2"], &[("foo", "1")]);
    assert_propagated(&["foo=1", "foo=1"], &[("foo", "1")]);
    assert_propagated(&["foo=1", "foo=2"], &[("foo", "1")]);
    assert_propagated(&["foo=1,bar=2,foo=3"], &[("foo", "1"), ("bar", "2")]);
}

#[test]
fn tracestate_all_allowed_characters() {
    let letters: String = ('a'..='z').collect();
    let plain = format!("{letters}0123456789_-*/");
    let with_vendor = format!("{plain}@a-z0-9_-*/");
    let value: String = (' '..='~')
        .filter(|character| ![',', '='].contains(character))
        .collect();
    for key in [plain, with_vendor] {
        assert_propagated(&[&format!("{key}={value}")], &[(&key, &value)]);
    }
}

#[test]
fn tracestate_ows_handling() {
    let three = [("foo", "1"), ("bar", "2"), ("baz", "3")];
    assert_propagated(&["foo=1 \t , \t bar=2, \t baz=3"], &three);
    assert_propagated(&["foo=1\t \t,\t \tbar=2,\t \tbaz=3"], &three);
    for state in [" foo=1", "\tfoo=1", "foo=1 ", "foo=1\t", "\t foo=1 \t"] {
        assert_propagated(&[state], &three[..1]);
    }
}

#[test]
fn tracestate_key_illegal_characters() {
    for state in ["foo =1", "FOO=1", "foo.bar=1"] {
        assert_discarded(&[state]);
    }
}

#[test]
fn tracestate_key_illegal_vendor_format() {
    for key in ["foo@", "foo@@bar", "foo@bar@baz"] {
        assert_propagated(&[&format!("{key}=1,bar=2")], &[(key, "1"), ("bar", "2")]);
    }
    assert_discarded(&["@foo=1,bar=2"]);
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
    check_sent(&most, |state| {
        assert_eq!(state.get("bar01"), Some("01"));
        assert_eq!(state.0.len(), 32);
    });
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    assert_discarded(&more);
}

#[test]
fn tracestate_key_length_limit() {
    for key in [
        "z".repeat(256),
        format!("{}@{}", "t".repeat(241), "v".repeat(14)),
        format!("{}@v", "t".repeat(242)),
        format!("t@{}", "v".repeat(15)),
    ] {
        assert_propagated(
            &["foo=1", &format!("{key}=1")],
            &[("foo", "1"), (&key, "1")],
        );
    }
    assert_discarded(&["foo=1", &format!("{}=1", "z".repeat(257))]);
}

#[test]
fn tracestate_value_illegal_characters() {
    assert_discarded(&["foo=bar=baz"]);
    assert_discarded(&["foo=,bar=3"]);
}
