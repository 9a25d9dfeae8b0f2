//! `scan`: sources against the contracts of the workspace.

use crate::stage::{Stage, VALID};

const SOURCE: &str = "use opentelemetry::KeyValue;

#[tracing::instrument(skip_all, fields(order.id = %order.id))]
fn place(order: &Order, span: &Span) {
    span.set_attribute(KeyValue::new(\"orderId\", order.id.clone()));
}
";

fn shop(name: &str) -> Stage {
    let contract = VALID.replace(
        "brief: Number on the receipt.",
        "brief: Number on the receipt., instead_of: [orderId]",
    );
    let stage = Stage::with(name, &contract);
    stage.write("src/lib.rs", SOURCE);
    stage
}

#[test]
fn the_terminal_report_ends_with_the_clippy_section() {
    let run = shop("scan").run(&["scan"]);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn findings_are_reported_in_every_format() {
    let stage = shop("scan_formats");
    let run = stage.run(&["scan", "--format", "json"]);
    assert_eq!(
        (run.code, run.rules()),
        (
            1,
            vec![
                "raw_instrument_field".to_owned(),
                "raw_key_value".to_owned()
            ]
        )
    );
    let run = stage.run(&["scan", "--format", "github"]);
    assert!(run.stdout.starts_with(
        "::error file=src/lib.rs,line=3,endLine=3,col=40,endColumn=48,title=raw_instrument_field::"
    ));
    let run = stage.run(&["scan", "--format", "sarif"]);
    let log: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(log["runs"][0]["results"][1]["ruleId"], "raw_key_value");
}

#[test]
fn sources_without_telemetry_have_no_findings_and_unparsable_sources_are_reported() {
    let stage = Stage::new("scan_clean");
    stage.write("src/lib.rs", "fn f() {}\n");
    let run = stage.run(&["scan"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, "1 Rust file checked: no problems found\n")
    );
    stage.write("src/broken.rs", "fn f( {\n");
    stage.write("src/latin1.rs", b"// Caf\xe9\n");
    let run = stage.run(&["scan"]);
    assert_eq!(run.code, 0);
    assert!(
        run.stdout
            .contains("warning[unparsed_rust]: this file was not scanned: it is not UTF-8")
    );
    assert!(run.stdout.contains("--> src/broken.rs:"), "{}", run.stdout);
    assert_eq!(stage.run(&["scan", "src/missing.rs"]).code, 2);
}

#[test]
fn literals_are_escaped_for_the_terminal() {
    let stage = Stage::new("scan_escape");
    stage.write(
        "a.rs",
        "fn f() { KeyValue::new(\"a\\u{1b}[31m\", 1); KeyValue::new(\"b\u{1b}[31m\", 1); }\n",
    );
    let run = stage.run(&["scan"]);
    assert!(
        run.stdout.contains("`a\\u{1b}[31m` bypasses"),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains('\u{1b}'), "{:?}", run.stdout);
}

#[test]
fn the_contract_can_be_selected() {
    let stage = shop("scan_named");
    stage.write("other.yaml", VALID.replace("order.id", "parcel.id"));
    let run = stage.run(&["scan", "src", "--contract", "other.yaml"]);
    assert!(!run.stdout.contains("record it as"), "{}", run.stdout);
    let run = stage.run(&["scan", "--contract", "missing.yaml"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr
            .contains("`missing.yaml` cannot be read as a contract"),
        "{}",
        run.stderr
    );
}

#[test]
fn the_clippy_section_is_valid_toml() {
    let run = Stage::new("scan_clippy").run(&["scan", "--clippy"]);
    assert_eq!(run.code, 0);
    let section: toml_edit::DocumentMut = run.stdout.parse().expect("TOML");
    for (name, path) in [
        ("disallowed-methods", "opentelemetry::KeyValue::new"),
        ("disallowed-macros", "tracing::info_span"),
    ] {
        let entries = section[name].as_array().expect(name);
        let mut paths = entries
            .iter()
            .filter_map(|entry| entry.as_inline_table()?.get("path")?.as_str());
        assert!(paths.any(|known| known == path), "{path}");
    }
}
