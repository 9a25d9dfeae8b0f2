//! `TraceContextTest`: the tests of `traceparent`.

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
    // A proxy may join repeated headers, as HTTP allows for list headers.
    assert_new_trace(&format!("{SAMPLED},{SAMPLED}"));
    assert_new_trace(&format!("{},{SAMPLED}", SAMPLED.replacen("00-", "cc-", 1)));
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
        assert_continued(&[(name, SAMPLED)]);
    }
}

#[test]
fn traceparent_version_0x00() {
    assert_new_trace(&format!("{SAMPLED}."));
    assert_new_trace(&format!("{SAMPLED}-what-the-future-will-be-like"));
}

#[test]
fn traceparent_version_0xcc() {
    let later = SAMPLED.replacen("00-", "cc-", 1);
    // `call` asserts that the sent header has version 00.
    assert_continued(&[("traceparent", &later)]);
    let longer = format!("{later}-what-the-future-will-be-like");
    assert_continued(&[("traceparent", &longer)]);
    assert_new_trace(&format!("{later}.what-the-future-will-be-like"));
}

#[test]
fn traceparent_version_0xff() {
    assert_new_trace(&SAMPLED.replacen("00-", "ff-", 1));
}

#[test]
fn traceparent_version_illegal_characters() {
    assert_new_trace(&SAMPLED.replacen("00-", ".0-", 1));
    assert_new_trace(&SAMPLED.replacen("00-", "0.-", 1));
}

#[test]
fn traceparent_version_too_long() {
    assert_new_trace(&SAMPLED.replacen("00-", "000-", 1));
    assert_new_trace(&SAMPLED.replacen("00-", "0000-", 1));
}

#[test]
fn traceparent_version_too_short() {
    assert_new_trace(&SAMPLED.replacen("00-", "0-", 1));
}

#[test]
fn traceparent_trace_id_all_zero() {
    assert_new_trace(&SAMPLED.replace(TRACE, &"0".repeat(32)));
}

#[test]
fn traceparent_trace_id_illegal_characters() {
    assert_new_trace(&SAMPLED.replace(TRACE, ".2345678901234567890123456789012"));
    assert_new_trace(&SAMPLED.replace(TRACE, "1234567890123456789012345678901."));
}

#[test]
fn traceparent_trace_id_too_long() {
    assert_new_trace(&SAMPLED.replace(TRACE, "123456789012345678901234567890123"));
}

#[test]
fn traceparent_trace_id_too_short() {
    assert_new_trace(&SAMPLED.replace(TRACE, "1234567890123456789012345678901"));
}

#[test]
fn traceparent_parent_id_all_zero() {
    assert_new_trace("00-12345678901234567890123456789012-0000000000000000-01");
}

#[test]
fn traceparent_parent_id_illegal_characters() {
    assert_new_trace("00-12345678901234567890123456789012-.234567890123456-01");
    assert_new_trace("00-12345678901234567890123456789012-123456789012345.-01");
}

#[test]
fn traceparent_parent_id_too_long() {
    assert_new_trace("00-12345678901234567890123456789012-12345678901234567-01");
}

#[test]
fn traceparent_parent_id_too_short() {
    assert_new_trace("00-12345678901234567890123456789012-123456789012345-01");
}

#[test]
fn traceparent_trace_flags_illegal_characters() {
    assert_new_trace("00-12345678901234567890123456789012-1234567890123456-.0");
    assert_new_trace("00-12345678901234567890123456789012-1234567890123456-0.");
}

#[test]
fn traceparent_trace_flags_too_long() {
    assert_new_trace("00-12345678901234567890123456789012-1234567890123456-001");
}

#[test]
fn traceparent_trace_flags_too_short() {
    assert_new_trace("00-12345678901234567890123456789012-1234567890123456-1");
}

#[test]
fn traceparent_ows_handling() {
    for (before, after) in [(" ", ""), ("\t", ""), ("", " "), ("", "\t"), ("\t ", " \t")] {
        assert_continued(&[("traceparent", &format!("{before}{SAMPLED}{after}"))]);
    }
}
