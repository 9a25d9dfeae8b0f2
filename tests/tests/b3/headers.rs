//! Reading and writing B3 headers.

use super::*;
use opentelemetry::Context;
use opentelemetry::propagation::TextMapPropagator as _;
use otel_contract::propagation::B3Propagator;
use std::collections::HashMap;

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
        // Lowercase names, as in a transport with case-sensitive names.
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
    // Headers without ids and without a state are no error.
    let nothing = TraceContext::extract(&headers(&[("x-b3-parentspanid", PARENT)]));
    assert!(!nothing.is_valid() && nothing.problem().is_none());
}

#[test]
fn the_single_header_takes_precedence() {
    let other = "463ac35c9f6413ad48485a3953bb6124";
    let multi = [
        ("x-b3-traceid", other),
        ("x-b3-spanid", SPAN),
        ("x-b3-sampled", "1"),
    ];
    for propagators in ["b3", "b3multi"] {
        let _set_up = set_up(propagators, ALWAYS);
        let extract = |single: &str| {
            let mut all = headers(&multi);
            all.insert("b3".to_owned(), single.to_owned());
            TraceContext::extract(&all)
        };
        let context = extract(&format!("{TRACE}-{SPAN}-0"));
        assert_eq!(context.trace_id().to_string(), TRACE);
        assert!(!context.is_sampled());
        // If the single header cannot be read, the other headers are used.
        let context = extract("garbage");
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
fn the_configured_format_is_written() {
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
        // Headers of a forwarded request are replaced, so that they do not contradict the new headers.
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
fn the_id_of_the_grandparent_is_not_propagated() {
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
fn the_b3_propagator_lists_its_fields() {
    let fields =
        |propagator: &B3Propagator| propagator.fields().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(fields(&B3Propagator::single()), ["b3"]);
    assert_eq!(
        fields(&B3Propagator::multi()),
        ["x-b3-traceid", "x-b3-spanid", "x-b3-sampled", "x-b3-flags"]
    );
    // Each propagator reads the headers that the other writes.
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
