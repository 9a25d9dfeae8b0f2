//! `AdvancedTest`.

use super::*;
use std::collections::HashSet;

/// Trace ids and span ids of the three requests that the service sends.
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
