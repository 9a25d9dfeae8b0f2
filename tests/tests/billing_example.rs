//! Runs the example's binary like a user: its drawn trees are the traces that the SDK exported, and its table shows the
//! metrics.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Output and exported telemetry of one run.
struct Run {
    trees: String,
    table: String,
    spans: Vec<Value>,
    metrics: Vec<Value>,
}

/// Runs the example; each test has its own files.
fn run(test: &str) -> Run {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let files = ["spans", "metrics"].map(|what| folder.join(format!("{test}-{what}.jsonl")));
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "-p", "billing", "--", "--spans"])
        .arg(&files[0])
        .arg("--metrics")
        .arg(&files[1])
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let drawn = String::from_utf8(output.stdout).expect("text");
    let table = drawn
        .find("invoice.worker.process.duration (s)")
        .unwrap_or_else(|| panic!("no table in:\n{drawn}"));
    let [spans, metrics] = files.map(|file| {
        let lines = fs::read_to_string(file).expect("a file with telemetry");
        let lines = lines.lines();
        lines
            .map(|line| serde_json::from_str(line).expect("an object a line"))
            .collect()
    });
    Run {
        trees: drawn[..table].to_owned(),
        table: drawn[table..].to_owned(),
        spans,
        metrics,
    }
}

#[test]
fn the_example_draws_the_exported_spans() {
    let Run {
        trees: drawn,
        spans,
        ..
    } = run("trees");
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
    // Every drawn line is a span, an attribute, a result or empty.
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

/// Maximum number of series of each metric of the example.
const BOUNDS: [(&str, u64); 9] = [
    ("invoice.worker.process.duration (s)", (50 + 1) * 6),
    ("invoice.create.duration (s)", 4 * 6),
    ("invoice.create.active ({operation})", 4),
    ("order.load.duration (s)", 5),
    ("invoice.gateway.create.duration (s)", 5),
    ("invoice.save.duration (s)", 6),
    ("invoice.gateway.retries ({retry})", 4 * 4),
    ("invoice.jobs.lag (s)", 50 + 1),
    ("invoice.jobs.in_flight ({job})", 50 + 1),
];

#[test]
fn the_table_of_the_example_shows_the_exported_metrics() {
    let Run { table, metrics, .. } = run("table");
    let (series, _) = table.split_once("\n\n").expect("two tables");
    let mut drawn = BTreeSet::new();
    let mut titles = Vec::new();
    for line in series.lines() {
        match line.strip_prefix("   ") {
            None => titles.push(cells(line)),
            Some(row) => {
                let (title, _) = titles.last().expect("a series is below its metric");
                let (dimensions, value) = cells(row);
                assert!(
                    drawn.insert((*title, dimensions.to_owned(), value.to_owned())),
                    "twice: {line}"
                );
            }
        }
    }
    let exported: BTreeSet<_> = metrics
        .iter()
        .map(|point| {
            let text = |key: &str| point[key].as_str().expect("text");
            let title = format!("{} ({})", text("metric"), text("unit"));
            let bound = BOUNDS.iter().find(|(known, _)| *known == title);
            let (title, _) = bound.unwrap_or_else(|| panic!("`{title}` is not expected"));
            (*title, dimensions(point), value(&point["reading"]))
        })
        .collect();
    assert_eq!(drawn, exported);
    let expected = BOUNDS.map(|(title, bound)| {
        let used = exported.iter().filter(|(one, ..)| *one == title).count();
        (title, format!("{used} of {bound} series"))
    });
    let titles: Vec<_> = titles
        .into_iter()
        .map(|(title, used)| (title, used.to_owned()))
        .collect();
    assert_eq!(titles, expected);
}

#[test]
fn the_metrics_of_the_example_count_its_spans() {
    let Run {
        table,
        spans,
        metrics,
        ..
    } = run("counts");
    let mut measured = BTreeMap::new();
    for point in &metrics {
        let metric = point["metric"].as_str().expect("a name");
        if let Some(operation) = metric.strip_suffix(".duration") {
            let count = point["reading"]["count"].as_u64().expect("a histogram");
            *measured.entry((operation, reason(point))).or_default() += count;
        }
    }
    let mut traced: BTreeMap<(&str, Option<&str>), u64> = BTreeMap::new();
    for span in &spans {
        let operation = span["name"].as_str().expect("a name");
        *traced.entry((operation, reason(span))).or_default() += 1;
    }
    assert_eq!(measured, traced);
    // The table of failures has the same counts, without the successes.
    let (_, failures) = table.split_once("\n\n").expect("two tables");
    let drawn: Vec<_> = failures.lines().skip(1).map(cells).collect();
    let expected: Vec<_> = traced
        .iter()
        .filter_map(|((operation, reason), count)| {
            Some((*operation, format!("{}: {count}", (*reason)?)))
        })
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(operation, reason)| (*operation, reason.as_str()))
        .collect();
    assert_eq!(drawn, expected);
}

#[test]
fn the_example_measures_retries_lag_and_jobs_in_flight() {
    let Run { spans, metrics, .. } = run("own");
    let readings = |metric: &str, part: &str| -> Vec<(String, i64)> {
        let points = metrics.iter().filter(|point| point["metric"] == metric);
        let mut readings: Vec<_> = points
            .map(|point| {
                let reading = point["reading"][part].as_i64();
                (dimensions(point), reading.expect("a number"))
            })
            .collect();
        readings.sort();
        readings
    };
    let one = |dimensions: &str, reading: i64| (dimensions.to_owned(), reading);
    let retries = readings("invoice.gateway.retries", "value");
    let timeout = "error.type = gateway_timeout";
    let expected = [
        one(&format!("account.tier = enterprise, {timeout}"), 1),
        one(&format!("account.tier = free, {timeout}"), 2),
    ];
    assert_eq!(retries, expected);
    let again = spans.iter().filter(|span| {
        let attempt = attribute(span, "retry.attempt");
        span["name"] == "invoice.gateway.create" && attempt != Some("0")
    });
    assert_eq!(again.count(), 3, "every retry is a separate call");
    let queue = "queue.name = invoice-events";
    assert_eq!(readings("invoice.jobs.lag", "count"), [one(queue, 4)]);
    // All started jobs are done.
    assert_eq!(readings("invoice.jobs.in_flight", "value"), [one(queue, 0)]);
}

#[test]
fn a_file_that_the_example_cannot_write_is_reported() {
    let nowhere = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no such folder/metrics.jsonl");
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "-p", "billing", "--", "--metrics"])
        .arg(&nowhere)
        .output()
        .expect("cargo runs");
    assert!(!output.status.success());
    let printed = String::from_utf8_lossy(&output.stderr);
    assert!(
        printed.starts_with(&format!("error: {}: ", nowhere.display())),
        "{printed}"
    );
}

/// First and second column of a line.
fn cells(line: &str) -> (&str, &str) {
    let (first, second) = line.trim().split_once("  ").expect("two columns");
    (first, second.trim())
}

fn attribute<'a>(of: &'a Value, key: &str) -> Option<&'a str> {
    let attributes = of["attributes"].as_array().expect("a list");
    let found = attributes.iter().find(|attribute| attribute[0] == key)?;
    found[1].as_str()
}

fn reason(of: &Value) -> Option<&str> {
    attribute(of, "error.type")
}

/// Expected text of the dimensions of a series.
fn dimensions(point: &Value) -> String {
    let attributes = point["attributes"].as_array().expect("a list");
    if attributes.is_empty() {
        return "(no dimension)".to_owned();
    }
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let pairs = attributes
        .iter()
        .map(|pair| format!("{} = {}", text(&pair[0]), text(&pair[1])));
    pairs.collect::<Vec<_>>().join(", ")
}

/// Expected text of the value of a series.
fn value(reading: &Value) -> String {
    if let Some(number) = reading.get("value") {
        return number.to_string();
    }
    let numbers = |key: &str| -> Vec<f64> {
        let list = reading[key].as_array().expect("a list");
        list.iter().filter_map(Value::as_f64).collect()
    };
    let (bounds, buckets) = (numbers("bounds"), numbers("buckets"));
    let total: f64 = buckets.iter().sum();
    let up_to = |bucket: usize| buckets[..=bucket].iter().sum::<f64>();
    let half = (0..bounds.len()).find(|bucket| up_to(*bucket) >= total / 2.0);
    let half = match half {
        Some(bucket) => format!("p50 ≤ {}", bounds[bucket]),
        None => format!("p50 > {}", bounds[bounds.len() - 1]),
    };
    let sum = reading["sum"].as_f64().expect("a sum");
    format!("count {}, sum {sum:.3}, {half}", reading["count"])
}

/// Spans grouped by trace, in the order of the ends of the traces.
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

/// Expected lines of the spans below a parent.
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
