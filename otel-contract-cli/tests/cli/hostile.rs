//! Contracts that contain commands of terminals or CI runners: every output escapes them.

use crate::stage::Stage;
use serde_json::Value;

/// Escapes of a double-quoted scalar: colors, a window title, direction overrides, a runner command.
const HOSTILE: &str =
    r"\e[31m\x9b7m\e]0;title\a\u202e\u2066\n::error::gotcha\r\n##[error]gotcha\b\x7f [a](1) {0}";

fn contract(version: &str, brief: &str) -> String {
    let text = format!("\"{brief}{HOSTILE}\"");
    format!(
        "contract: shop
version: {version}
brief: {text}
owners: [{text}]
defaults: {{ privacy: internal }}
attributes:
  order.id: {{ type: string, cardinality: unbounded, brief: {text}, note: {text}, examples: [{text}], instead_of: [{text}] }}
  order.kind: {{ brief: {text}, owners: [{text}], values: [{{ value: {text}, rust_name: Odd, brief: {text}, deprecated: {{ note: {text} }} }}, b] }}
errors:
  failed: {text}
groups:
  group: {{ brief: {text}, attributes: {{ order.kind: {{ conditionally_required: {text} }} }} }}
operations:
  order.run:
    brief: {text}
    note: {text}
    deprecated: {{ note: {text} }}
    attributes: {{ order.kind: required }}
    metrics: {{ dimensions: [order.kind] }}
metrics:
  orders: {{ instrument: counter, unit: \"{{order}}\", brief: {text}, attributes: {{ order.kind: required }} }}
events:
  order.seen: {{ severity: info, brief: {text}, note: {text}, attributes: {{ order.kind: recommended }} }}
"
    )
}

/// A contract whose errors and lints quote the text.
fn contract_with_errors() -> String {
    let text = format!("\"a{HOSTILE}\"");
    contract("1.0.0", "Words.")
        + &format!(
            "resource: {{ {text}: required }}
baggage: [{text}]
{text}: 1
include: [{text}]
budget: {{ series: {text}, {text}: 1 }}
"
        )
}

/// Returns a character that a terminal would interpret, except the colors of the command.
fn control_character(output: &str, colors: bool) -> Option<char> {
    let mut plain = output.to_owned();
    if colors {
        for number in [
            "0", "1", "31", "32", "33", "34", "36", "91", "92", "93", "94", "96",
        ] {
            plain = plain.replace(&format!("\u{1b}[{number}m"), "");
            plain = plain.replace(&format!("\u{1b}[1m\u{1b}[{number}m"), "");
        }
    }
    plain.chars().find(|c| {
        c.is_control() && *c != '\n'
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    })
}

#[test]
fn contract_text_is_escaped_in_every_output() {
    let stage = Stage::with("hostile", &contract("1.0.0", "Words."));
    stage.write("new.yaml", contract("1.0.1", "Other words."));
    stage.write("faulty.yaml", contract_with_errors());
    let all: &[&[&str]] = &[
        &["check", "contract.yaml"],
        &["check", "faulty.yaml"],
        &["check", "faulty.yaml", "--format", "json"],
        &["check", "faulty.yaml", "--format", "sarif"],
        &["check", "faulty.yaml", "--format", "github"],
        &["check", "faulty.yaml", "--fix", "--dry-run"],
        &["lint", "contract.yaml"],
        &["stats", "contract.yaml"],
        &["stats", "contract.yaml", "--format", "json"],
        &["stats", "faulty.yaml"],
        &["diff", "contract.yaml", "new.yaml"],
        &["diff", "contract.yaml", "new.yaml", "--format", "json"],
        &["diff", "contract.yaml", "new.yaml", "--format", "markdown"],
        &["diff", "contract.yaml", "faulty.yaml"],
        &["docs", "contract.yaml"],
        &["docs", "contract.yaml", "--format", "html"],
        &["export", "weaver", "contract.yaml", "--output", "weaver"],
        &["export", "weaver", "faulty.yaml", "--output", "none"],
        &["import", "weaver", "weaver"],
        &["import", "weaver", "weaver", "--format", "json"],
        &["check", "no\u{1b}[31m\u{202e}.yaml"],
    ];
    for arguments in all {
        let run = stage.run(arguments);
        for output in [&run.stdout, &run.stderr] {
            assert_eq!(
                control_character(output, false),
                None,
                "{arguments:?}: {output}"
            );
            let mut lines = output.lines().map(str::trim_start);
            let is_github_format = arguments.contains(&"github");
            let command = lines.find(|line| {
                line.starts_with("##[")
                    || line.starts_with("::") && !(is_github_format && line.contains("title="))
            });
            assert_eq!(command, None, "{arguments:?}");
        }
        if arguments.contains(&"json") || arguments.contains(&"sarif") {
            let json = if run.stdout.starts_with('{') {
                &run.stdout
            } else {
                &run.stderr
            };
            serde_json::from_str::<Value>(json).unwrap_or_else(|error| panic!("{error}: {json}"));
        }
    }
}

#[test]
fn colors_come_only_from_the_command() {
    let stage = Stage::with("hostile_colours", &contract_with_errors());
    let run = stage.run(&["check", "contract.yaml", "--color", "always"]);
    assert!(run.stdout.contains("\u{1b}["));
    assert_eq!(
        control_character(&run.stdout, true),
        None,
        "{:?}",
        run.stdout
    );
    let run = stage.run(&[
        "check",
        "contract.yaml",
        "--fix",
        "--dry-run",
        "--color",
        "always",
    ]);
    assert_eq!(
        control_character(&run.stdout, true),
        None,
        "{:?}",
        run.stdout
    );
}

#[test]
fn code_scanning_messages_contain_no_links_from_contracts() {
    let stage = Stage::with("hostile_sarif", &contract_with_errors());
    let run = stage.run(&["check", "contract.yaml", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let results = log["runs"][0]["results"].as_array().expect("results");
    let messages = results
        .iter()
        .map(|result| result["message"]["text"].as_str().expect("a text"));
    let quoting: Vec<&str> = messages.filter(|text| text.contains("gotcha")).collect();
    assert!(!quoting.is_empty());
    for message in quoting {
        assert!(message.contains(r"\[a\](1) {{0}}"), "{message}");
    }
}
