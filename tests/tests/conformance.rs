//! Checks `docs/conformance.md`: each point must name a test that exists and is run.

#![allow(missing_docs)]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Prefixes of the addresses of the specifications.
const SPECIFICATIONS: [&str; 5] = [
    "https://opentelemetry.io/docs/specs/",
    "https://www.w3.org/TR/",
    "https://w3c.github.io/trace-context/",
    "https://github.com/openzipkin/b3-propagation",
    "https://datatracker.ietf.org/doc/html/",
];

const POINTS: [&str; 3] = ["Specification", "What is sent", "Test"];
const DEVIATIONS: [&str; 3] = ["Specification", "What is different", "Why"];

fn repository() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests
        .parent()
        .expect("the tests are in the repository")
        .to_owned()
}

fn page() -> String {
    fs::read_to_string(repository().join("docs/conformance.md")).expect("the page is there")
}

/// Rows of the tables with this header, each with its line number.
fn rows(page: &str, head: [&str; 3]) -> Vec<(usize, [String; 3])> {
    let (mut rows, mut inside) = (Vec::new(), false);
    for (number, line) in page.lines().enumerate() {
        let Some(row) = line.trim().strip_prefix('|') else {
            inside = false;
            continue;
        };
        let cells: Vec<String> = row
            .trim_end()
            .trim_end_matches('|')
            .split('|')
            .map(|cell| cell.trim().to_owned())
            .collect();
        if cells == head {
            inside = true;
        } else if inside && !cells.iter().all(|cell| cell.chars().all(|c| c == '-')) {
            let cells = <[String; 3]>::try_from(cells)
                .unwrap_or_else(|_| panic!("line {}: a row of three cells", number + 1));
            rows.push((number + 1, cells));
        }
    }
    rows
}

/// Texts and addresses of the links in a cell.
fn links(cell: &str) -> Vec<(&str, &str)> {
    cell.split('[')
        .skip(1)
        .filter_map(|link| {
            let (text, rest) = link.split_once("](")?;
            Some((text, rest.split_once(')')?.0))
        })
        .collect()
}

fn has_specification_link(cell: &str) -> bool {
    let links = links(cell);
    let is_specification = |(text, address): &(&str, &str)| {
        !text.is_empty()
            && SPECIFICATIONS
                .iter()
                .any(|known| address.starts_with(known))
    };
    !links.is_empty() && links.iter().all(is_specification)
}

/// Test that a cell names, as `path::modules::name`, and whether the cell has the word `again`.
fn parse_test(cell: &str) -> (String, bool) {
    let (test, again) = match cell.strip_suffix(" again") {
        Some(test) => (test, true),
        None => (cell, false),
    };
    (test.trim().trim_matches('`').to_owned(), again)
}

/// Reason why a test does not exist; `None` if it exists.
fn missing_reason(test: &str) -> Option<String> {
    let Some((path, name)) = test.split_once(".rs::") else {
        return Some("it is not `path.rs::test`".to_owned());
    };
    let Ok(source) = fs::read_to_string(repository().join(format!("{path}.rs"))) else {
        return Some(format!("there is no file `{path}.rs`"));
    };
    let mut modules: Vec<&str> = name.split("::").collect();
    let name = modules.pop()?;
    for module in modules {
        if !source.contains(&format!("mod {module} {{")) {
            return Some(format!("there is no module `{module}`"));
        }
    }
    (!tests_in(&source).contains(&name.to_owned())).then(|| "there is no such test".to_owned())
}

/// Names of the tests in a source file that are not ignored.
fn tests_in(source: &str) -> Vec<String> {
    let (mut tests, mut attributes) = (Vec::new(), Vec::new());
    let mut is_in_attacks = false;
    for line in source.lines() {
        // Each function in this macro becomes a test.
        is_in_attacks = (is_in_attacks || line == "attacks! {") && line != "}";
        let line = line.trim();
        if line.starts_with("#[") {
            attributes.push(line);
            continue;
        }
        let signature = line.trim_start_matches("pub ").trim_start_matches("async ");
        if let Some(rest) = signature.strip_prefix("fn ") {
            let is_test = attributes
                .iter()
                .any(|attribute| *attribute == "#[test]" || attribute.starts_with("#[tokio::test"));
            let is_ignored = attributes
                .iter()
                .any(|attribute| attribute.starts_with("#[ignore"));
            let name = rest.split(['(', '<']).next().unwrap_or_default();
            if (is_test || is_in_attacks) && !is_ignored {
                tests.push(name.to_owned());
            }
        }
        // Comments may be between an attribute and its function.
        if !line.starts_with("//") {
            attributes.clear();
        }
    }
    tests
}

#[test]
fn every_point_names_a_specification_and_a_test_that_exists() {
    let page = page();
    let mut wrong = Vec::new();
    for (line, [specification, sent, test]) in rows(&page, POINTS) {
        if !has_specification_link(&specification) {
            wrong.push(format!(
                "line {line}: no link to a specification: {specification}"
            ));
        }
        if sent.is_empty() {
            wrong.push(format!("line {line}: the second column is empty"));
        }
        let (test, _) = parse_test(&test);
        if let Some(why) = missing_reason(&test) {
            wrong.push(format!("line {line}: {test}: {why}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "docs/conformance.md\n{}",
        wrong.join("\n")
    );
}

#[test]
fn there_are_at_least_seventy_points_each_with_its_own_test() {
    let page = page();
    let points = rows(&page, POINTS);
    assert!(points.len() >= 70, "{} points", points.len());
    let (mut first, mut points_seen, mut wrong) = (HashMap::new(), HashMap::new(), Vec::new());
    for (line, [specification, sent, test]) in points {
        let (test, again) = parse_test(&test);
        match first.get(&test) {
            Some(before) if !again => wrong.push(format!(
                "line {line}: `{test}` is already named in line {before}; if this is intended, write `again` after it"
            )),
            None if again => wrong.push(format!("line {line}: `again`, but `{test}` is not named before")),
            _ => {
                first.entry(test).or_insert(line);
            }
        }
        if let Some(before) = points_seen.insert((specification, sent), line) {
            wrong.push(format!("line {line}: repeats the point of line {before}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "docs/conformance.md\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_deviation_has_a_reason() {
    let page = page();
    let deviations = rows(&page, DEVIATIONS);
    assert!(!deviations.is_empty());
    let mut wrong = Vec::new();
    for (line, [specification, different, why]) in deviations {
        if !has_specification_link(&specification) {
            wrong.push(format!(
                "line {line}: no link to a specification: {specification}"
            ));
        }
        if different.is_empty() || why.split(' ').count() < 5 {
            wrong.push(format!(
                "line {line}: the difference or the reason is missing"
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "docs/conformance.md\n{}",
        wrong.join("\n")
    );
}

/// Pairs in the table at the top of a file: the case of the suite in the first column, and each of our tests as
/// `path.rs::test`.
fn suite_tests(folder: &str) -> Vec<(String, String)> {
    let source = fs::read_to_string(repository().join(folder).join("main.rs"));
    let source = source.expect("the tests are there");
    let mut mirrored = Vec::new();
    for line in source.lines().filter(|line| line.starts_with("//! | ")) {
        let cells: Vec<&str> = line[4..].trim_matches('|').split('|').collect();
        let [suite, here] = cells[..] else {
            panic!("two cells: {line}");
        };
        for name in here.split('`').skip(1).step_by(2) {
            if let Some((module, test)) = name.split_once("::") {
                let test = format!("{folder}/{module}.rs::{test}");
                mirrored.push((suite.trim().trim_matches('`').to_owned(), test));
            }
        }
    }
    mirrored
}

/// The propagation tests list at the top of their files which case of which suite each test covers.
#[test]
fn every_case_of_the_propagation_suites_has_a_test() {
    let mut w3c = suite_tests("tests/tests/w3c_trace_context");
    let mut b3 = suite_tests("tests/tests/b3");
    for (_, test) in w3c.iter().chain(&b3) {
        assert_eq!(missing_reason(test), None, "{test}");
    }
    for (suite, test) in &w3c {
        assert_eq!(test.rsplit("::").next(), suite.strip_prefix("test_"));
    }
    // The number of cases in the W3C suite, and the number of requirements of B3 and OpenTelemetry.
    for (suite, cases) in [(&mut w3c, 41), (&mut b3, 14)] {
        suite.sort();
        suite.dedup_by(|left, right| left.0 == right.0);
        assert_eq!(suite.len(), cases);
    }
}

#[test]
fn a_row_without_an_existing_test_is_detected() {
    let here = "tests/tests/conformance.rs";
    assert_eq!(
        missing_reason(&format!(
            "{here}::a_row_without_an_existing_test_is_detected"
        )),
        None
    );
    for (test, why) in [
        (
            "a_row_without_an_existing_test_is_detected".to_owned(),
            "it is not `path.rs::test`",
        ),
        (
            "tests/tests/none.rs::x".to_owned(),
            "there is no file `tests/tests/none.rs`",
        ),
        (format!("{here}::none"), "there is no such test"),
        (format!("{here}::missing_reason"), "there is no such test"),
        (format!("{here}::none::rows"), "there is no module `none`"),
    ] {
        assert_eq!(missing_reason(&test).as_deref(), Some(why));
    }
    let source = "#[test]\n#[ignore]\nfn a() {}\n#[test]\n/// Says.\nfn b() {}\nfn c() {}\n#[tokio::test]\nasync fn d() {}";
    assert_eq!(tests_in(source), ["b", "d"]);
    assert!(has_specification_link(
        "[SDK](https://opentelemetry.io/docs/specs/otel/trace/sdk/)"
    ));
    assert!(!has_specification_link("[SDK](https://example.org/)"));
    assert!(!has_specification_link("SDK"));
    let page = "| Specification | What is sent | Test |\n| --- | --- | --- |\n| a | b | c |\n\n| d | e | f |";
    assert_eq!(
        rows(page, POINTS),
        [(3, ["a", "b", "c"].map(str::to_owned))]
    );
}
