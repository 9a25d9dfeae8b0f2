//! `docs/conformance.md` is a table of tests that exist: it cannot claim a point that nothing checks.

#![allow(missing_docs)]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the specifications are published.
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

/// Rows of the tables with this head, each with the number of its line.
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

/// The texts and addresses of the links in a cell.
fn links(cell: &str) -> Vec<(&str, &str)> {
    cell.split('[')
        .skip(1)
        .filter_map(|link| {
            let (text, rest) = link.split_once("](")?;
            Some((text, rest.split_once(')')?.0))
        })
        .collect()
}

fn is_linked(cell: &str) -> bool {
    let links = links(cell);
    let is_specification = |(text, address): &(&str, &str)| {
        !text.is_empty()
            && SPECIFICATIONS
                .iter()
                .any(|known| address.starts_with(known))
    };
    !links.is_empty() && links.iter().all(is_specification)
}

/// The test a cell names, `path::modules::name`, and whether it is meant to be named again.
fn named(cell: &str) -> (String, bool) {
    let (test, again) = match cell.strip_suffix(" again") {
        Some(test) => (test, true),
        None => (cell, false),
    };
    (test.trim().trim_matches('`').to_owned(), again)
}

/// Why there is no such test.
fn missing(test: &str) -> Option<String> {
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

/// The functions of a source file that are tests and are run.
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
                .any(|one| *one == "#[test]" || one.starts_with("#[tokio::test"));
            let is_ignored = attributes.iter().any(|one| one.starts_with("#[ignore"));
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
        if !is_linked(&specification) {
            wrong.push(format!(
                "line {line}: no link to a specification: {specification}"
            ));
        }
        if sent.is_empty() {
            wrong.push(format!("line {line}: nothing is said"));
        }
        let (test, _) = named(&test);
        if let Some(why) = missing(&test) {
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
fn there_are_seventy_points_and_each_has_a_test_of_its_own() {
    let page = page();
    let points = rows(&page, POINTS);
    assert!(points.len() >= 70, "{} points", points.len());
    let (mut first, mut said, mut wrong) = (HashMap::new(), HashMap::new(), Vec::new());
    for (line, [specification, sent, test]) in points {
        let (test, again) = named(&test);
        match first.get(&test) {
            Some(before) if !again => wrong.push(format!(
                "line {line}: `{test}` is named in line {before}; write `again` behind it where that is meant"
            )),
            None if again => wrong.push(format!("line {line}: `{test}` is not named before")),
            _ => {
                first.entry(test).or_insert(line);
            }
        }
        if let Some(before) = said.insert((specification, sent), line) {
            wrong.push(format!("line {line}: the same point as in line {before}"));
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
        if !is_linked(&specification) {
            wrong.push(format!(
                "line {line}: no link to a specification: {specification}"
            ));
        }
        if different.is_empty() || why.split(' ').count() < 5 {
            wrong.push(format!("line {line}: no difference, or no reason"));
        }
    }
    assert!(
        wrong.is_empty(),
        "docs/conformance.md\n{}",
        wrong.join("\n")
    );
}

/// The tests that a table in the head of a file names: those of the first column, and those here as `path.rs::test`.
fn mirrored(folder: &str) -> Vec<(String, String)> {
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

/// The tests of propagation list in their heads which case of which suite they stand for.
#[test]
fn the_suites_of_propagation_are_mirrored_by_tests_that_exist() {
    let mut w3c = mirrored("tests/tests/w3c_trace_context");
    let mut b3 = mirrored("tests/tests/b3");
    for (_, test) in w3c.iter().chain(&b3) {
        assert_eq!(missing(test), None, "{test}");
    }
    for (suite, test) in &w3c {
        assert_eq!(test.rsplit("::").next(), suite.strip_prefix("test_"));
    }
    // As many as the suite has, and as B3 and OpenTelemetry require.
    for (suite, cases) in [(&mut w3c, 41), (&mut b3, 14)] {
        suite.sort();
        suite.dedup_by(|one, other| one.0 == other.0);
        assert_eq!(suite.len(), cases);
    }
}

#[test]
fn a_page_that_claims_too_much_is_found_out() {
    let here = "tests/tests/conformance.rs";
    assert_eq!(
        missing(&format!("{here}::a_page_that_claims_too_much_is_found_out")),
        None
    );
    for (test, why) in [
        (
            "a_page_that_claims_too_much_is_found_out".to_owned(),
            "it is not `path.rs::test`",
        ),
        (
            "tests/tests/none.rs::x".to_owned(),
            "there is no file `tests/tests/none.rs`",
        ),
        (format!("{here}::none"), "there is no such test"),
        (format!("{here}::missing"), "there is no such test"),
        (format!("{here}::none::rows"), "there is no module `none`"),
    ] {
        assert_eq!(missing(&test).as_deref(), Some(why));
    }
    let source = "#[test]\n#[ignore]\nfn a() {}\n#[test]\n/// Says.\nfn b() {}\nfn c() {}\n#[tokio::test]\nasync fn d() {}";
    assert_eq!(tests_in(source), ["b", "d"]);
    assert!(is_linked(
        "[SDK](https://opentelemetry.io/docs/specs/otel/trace/sdk/)"
    ));
    assert!(!is_linked("[SDK](https://example.org/)"));
    assert!(!is_linked("SDK"));
    let page = "| Specification | What is sent | Test |\n| --- | --- | --- |\n| a | b | c |\n\n| d | e | f |";
    assert_eq!(
        rows(page, POINTS),
        [(3, ["a", "b", "c"].map(str::to_owned))]
    );
}
