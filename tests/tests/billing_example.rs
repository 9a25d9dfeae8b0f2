//! The example's binary, run as a user would: the tree it draws is the trace the SDK exported.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn the_example_draws_what_was_exported() {
    let record = Path::new(env!("CARGO_TARGET_TMPDIR")).join("billing-spans.jsonl");
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "-p", "billing", "--", "--spans"])
        .arg(&record)
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let drawn = String::from_utf8(output.stdout).expect("text");
    let spans: Vec<Value> = fs::read_to_string(&record)
        .expect("the spans were recorded")
        .lines()
        .map(|line| serde_json::from_str(line).expect("one span a line"))
        .collect();
    let traces = traces(&spans);
    assert_eq!(traces.len(), 4);
    let mut rest = drawn.as_str();
    for trace in &traces {
        let expected = lines(trace, "0000000000000000", 0).concat();
        let at = rest
            .find(&expected)
            .unwrap_or_else(|| panic!("not drawn:\n{expected}\nin:\n{drawn}"));
        rest = &rest[at + expected.len()..];
    }
    // Every drawn line is a span, an attribute, a result or empty: nothing else was drawn.
    let spans_and_attributes: usize = spans
        .iter()
        .map(|span| 1 + span["attributes"].as_array().expect("a list").len())
        .sum();
    let results = drawn.lines().filter(|line| line.starts_with("=> ")).count();
    let blank = drawn.lines().filter(|line| line.is_empty()).count();
    assert_eq!(results, 4);
    assert_eq!(
        drawn.lines().count(),
        spans_and_attributes + results + blank
    );
}

#[test]
fn the_example_shows_the_retry_and_the_failures() {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "-p", "billing"])
        .output()
        .expect("cargo runs");
    let drawn = String::from_utf8(output.stdout).expect("text");
    for expected in [
        "invoice.worker.process",
        "   invoice.create",
        "      invoice.gateway.create",
        "· retry.attempt = 1",
        "· error.type = gateway_timeout",
        "· error.type = order_not_found",
        "· user.email = [redacted]",
        "ERROR the gateway did not answer within 20ms",
        "=> invoice inv_8Zk2",
        "=> no invoice: no order `ord_missing`",
    ] {
        assert!(drawn.contains(expected), "`{expected}` is not in\n{drawn}");
    }
    assert!(!drawn.contains("ada@example.org"));
}

/// The spans by trace, the traces in the order they ended.
fn traces(spans: &[Value]) -> Vec<Vec<&Value>> {
    let mut order = Vec::new();
    let mut traces: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for span in spans {
        let trace = span["trace"].as_str().expect("an id");
        if !traces.contains_key(trace) {
            order.push(trace);
        }
        traces.entry(trace).or_default().push(span);
    }
    order
        .into_iter()
        .filter_map(|trace| traces.remove(trace))
        .collect()
}

/// How the spans below a parent have to be drawn.
fn lines(trace: &[&Value], parent: &str, depth: usize) -> Vec<String> {
    let mut children: Vec<&Value> = trace
        .iter()
        .copied()
        .filter(|span| span["parent"] == parent)
        .collect();
    children.sort_by_key(|span| span["started"].as_u64());
    let indent = "   ".repeat(depth);
    let mut lines = Vec::new();
    for span in children {
        let name = format!("{indent}{}", span["name"].as_str().expect("a name"));
        let nanos = span["nanos"].as_u64().expect("a duration");
        let milliseconds = format!(
            "{:.1} ms",
            std::time::Duration::from_nanos(nanos).as_secs_f64() * 1000.0
        );
        let status = match span["status"].as_str().expect("a status") {
            "Unset" => String::new(),
            "Error { description: \"\" }" => "ERROR".to_owned(),
            error => {
                let text = error
                    .trim_start_matches("Error { description: \"")
                    .trim_end_matches("\" }");
                format!("ERROR {text}")
            }
        };
        let line = format!("{name:<40} {milliseconds:>9}  {status}");
        lines.push(format!("{}\n", line.trim_end()));
        for attribute in span["attributes"].as_array().expect("a list") {
            let text = |index: usize| attribute[index].as_str().expect("text").to_owned();
            lines.push(format!("{indent}   · {} = {}\n", text(0), text(1)));
        }
        lines.extend(self::lines(
            trace,
            span["span"].as_str().expect("an id"),
            depth + 1,
        ));
    }
    lines
}
