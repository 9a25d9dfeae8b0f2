//! Sampling states: deferred, debug, and decisions without a trace.

use super::*;

#[test]
fn a_debug_flag_is_propagated() {
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
fn a_debug_flag_is_propagated_in_a_payload() {
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
fn a_deferred_decision_is_made_by_the_receiver() {
    let received = headers(&[("b3", &format!("{TRACE}-{SPAN}"))]);
    for (sampler, decision, recorded) in [(ALWAYS, "1", 3), (NEVER, "0", 0)] {
        let set_up = set_up("b3", sampler);
        for _ in 0..3 {
            // The sampling prediction from a parent with a decision does not apply to a deferred decision.
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
fn a_deferred_decision_stays_deferred_if_no_operation_starts() {
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
            // Requests in between without a decision are sampled by the sampler of the set-up.
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
fn a_decision_without_a_trace_is_propagated() {
    let _set_up = set_up("b3", ALWAYS);
    for state in ["0", "1", "d"] {
        let context = single(state);
        assert!(!context.is_valid());
        assert_eq!(written(&context), headers(&[("b3", state)]));
        let _guard = context.to_context().expect("a decision").attach();
        assert_eq!(written(&TraceContext::current()), headers(&[("b3", state)]));
    }
}
