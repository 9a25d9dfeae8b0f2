//! Output formats: one snapshot each, and the syntax of machine-readable formats.

use crate::stage::{Run, Stage};
use serde_json::Value;

const CONTRACT: &str = "contract: shop
version: 1.0.0
brief: Telemetry vocabulary of the shop.
owners: [\"@acme/shop\"]
include: [shared/account.yaml]
defaults: { privacy: internal }

attributes:
  order.id: { type: string, cardinality: unbounded, brief: Number on the receipt., instead_of: [orderId] }
  customer.email: { type: string, cardinality: unbounded, brief: \"Where: the receipt goes, 100 %.\" }

operations:
  order.place:
    brief: Take an order.
    attributes: { \"orderId\": required }
    errors: []
    metrics: { dimensions: [order.id] }
";

/// Checks a contract from a subfolder of a repository.
fn report(name: &str, format: &str) -> Run {
    let stage = Stage::new(name);
    stage.write("my words/shop.yaml", CONTRACT);
    stage.write(
        "my words/shared/account.yaml",
        "attributes:\n  account.größe: { type: int, range: [0, 5], brief: Wie groß. }\n",
    );
    let mut command = stage.command(&["check", "--format", format, "shop.yaml"]);
    let output = command.current_dir(stage.folder.join("my words")).output();
    let run = crate::stage::ended(output.expect("the binary runs"));
    assert_eq!((run.code, run.stderr.as_str()), (1, ""), "{}", run.stdout);
    run
}

#[test]
fn human_reports_show_source_lines() {
    insta::assert_snapshot!(report("human", "human").stdout);
}

#[test]
fn json_is_one_document() {
    let run = report("json", "json");
    insta::assert_snapshot!(run.stdout);
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(report["summary"]["errors"], 3);
}

#[test]
fn github_reports_are_workflow_commands() {
    let run = report("github", "github");
    insta::assert_snapshot!(run.stdout);
    let commands: Vec<Command> = run.stdout.lines().map(command).collect();
    assert!(!commands.is_empty());
    for command in &commands {
        assert_eq!(
            command
                .property("file")
                .map(|file| file.starts_with("my words/")),
            Some(true)
        );
        for number in ["line", "endLine", "col", "endColumn"] {
            let value = command.property(number).expect(number);
            assert!(
                value.parse::<u32>().expect("a number") > 0,
                "{number}={value}"
            );
        }
        assert!(
            command
                .property("title")
                .is_some_and(|title| !title.is_empty())
        );
    }
    let multiline = commands
        .iter()
        .any(|command| command.message.contains("\nhelp: "));
    assert!(multiline, "{commands:?}");
}

/// A workflow command as parsed by the runner.
#[derive(Debug)]
struct Command {
    properties: Vec<(String, String)>,
    message: String,
}

impl Command {
    fn property(&self, name: &str) -> Option<&str> {
        let mut properties = self.properties.iter();
        properties
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Parses `::error file=a,line=1::message`.
fn command(line: &str) -> Command {
    let rest = line.strip_prefix("::").expect("a command begins with `::`");
    let (head, message) = rest.split_once("::").expect("`::` before the message");
    let (word, properties) = head.split_once(' ').expect("a command with properties");
    assert!(["error", "warning", "notice"].contains(&word), "{word}");
    let known = ["file", "line", "endLine", "col", "endColumn", "title"];
    let properties: Vec<(String, String)> = properties
        .split(',')
        .map(|property| {
            let (key, value) = property.split_once('=').expect("key=value");
            assert!(known.contains(&key), "{key}");
            assert!(!value.contains(':') && !value.is_empty(), "{property}");
            (key.to_owned(), unescaped(value))
        })
        .collect();
    assert!(!message.is_empty());
    Command {
        properties,
        message: unescaped(message),
    }
}

/// Unescapes text; `%` only starts one of five escapes.
fn unescaped(text: &str) -> String {
    for (at, _) in text.match_indices('%') {
        let escape = text.get(at..at + 3).expect("an escape");
        assert!(
            ["%25", "%0D", "%0A", "%3A", "%2C"].contains(&escape),
            "{escape}"
        );
    }
    text.replace("%0D", "\r")
        .replace("%0A", "\n")
        .replace("%3A", ":")
        .replace("%2C", ",")
        .replace("%25", "%")
}

/// Validates the part of SARIF 2.1.0 that the command writes. The schema is stricter than the original: unlisted
/// fields are rejected.
fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(include_str!("sarif.schema.json")).expect("JSON");
    jsonschema::validator_for(&schema).expect("a schema")
}

fn assert_is_sarif(text: &str) -> Value {
    let log: Value = serde_json::from_str(text).expect("JSON");
    let errors: Vec<String> = validator()
        .iter_errors(&log)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(errors, [""; 0]);
    log
}

#[test]
fn sarif_reports_match_the_sarif_schema() {
    let run = report("sarif", "sarif");
    let mut log = assert_is_sarif(&run.stdout);
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"]
        .as_array()
        .expect("rules")
        .clone();
    let results = run["results"].as_array().expect("results").clone();
    for result in &results {
        let index = result["ruleIndex"].as_u64().expect("an index");
        let rule = &rules[usize::try_from(index).expect("small")];
        assert_eq!(rule["id"], result["ruleId"]);
        let location = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        let uri = location["uri"].as_str().expect("a URI");
        assert!(uri.starts_with("my%20words/"), "{uri}");
    }
    assert!(results.iter().any(|result| result["fixes"].is_array()));
    assert!(
        results
            .iter()
            .any(|result| result["relatedLocations"].is_array())
    );
    // The rules have the pages of `explain`, which another test covers.
    for rule in log["runs"][0]["tool"]["driver"]["rules"]
        .as_array_mut()
        .expect("rules")
    {
        let page = rule["help"]["text"].as_str().expect("a page").len();
        assert!(page > 200, "{rule}");
        rule["help"] = Value::from("…");
    }
    insta::assert_snapshot!(format!("{log:#}"));
}

#[test]
fn reports_without_findings_or_with_unreadable_files_are_sarif() {
    let stage = Stage::with("sarif_empty", crate::stage::VALID);
    let run = stage.run(&["check", "--format", "sarif"]);
    assert_eq!(
        assert_is_sarif(&run.stdout)["runs"][0]["results"],
        Value::Array(Vec::new())
    );
    let run = stage.run(&["check", "--format", "sarif", "missing.yaml"]);
    assert_eq!(run.code, 2);
    let log = assert_is_sarif(&run.stdout);
    assert_eq!(
        log["runs"][0]["invocations"][0]["executionSuccessful"],
        false
    );
}

#[test]
fn the_sarif_schema_rejects_invalid_documents() {
    let run = report("sarif_refused", "sarif");
    let log: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let invalid_values: [(&str, Value); 5] = [
        ("/version", Value::from("2.0.0")),
        ("/runs/0/results/0/level", Value::from("fatal")),
        ("/runs/0/results/0/message", Value::from("text")),
        (
            "/runs/0/results/0/locations/0/physicalLocation/region/startLine",
            Value::from(0),
        ),
        ("/runs/0/tool/driver/name", Value::from(1)),
    ];
    for (pointer, value) in invalid_values {
        let mut log = log.clone();
        *log.pointer_mut(pointer).expect(pointer) = value;
        assert!(!validator().is_valid(&log), "{pointer}");
    }
}

#[test]
fn colors_are_used_on_request_and_never_in_machine_readable_formats() {
    let stage = Stage::with("colours", CONTRACT);
    let escape = '\u{1b}';
    assert!(!stage.run(&["check"]).stdout.contains(escape));
    assert!(
        stage
            .run(&["check", "--color", "always"])
            .stdout
            .contains(escape)
    );
    let mut forced = stage.command(&["check", "--color", "never"]);
    let run = crate::stage::ended(forced.env("CLICOLOR_FORCE", "1").output().expect("a run"));
    assert!(!run.stdout.contains(escape));
    for format in ["json", "github", "sarif"] {
        let run = stage.run(&["check", "--color", "always", "--format", format]);
        assert!(!run.stdout.contains(escape), "{format}");
    }
}

#[test]
fn long_lines_are_shortened_around_the_location() {
    let entries: Vec<String> = (0..200)
        .map(|number| format!("order.a{number}: {{ brief: B. }}"))
        .collect();
    let text = format!(
        "contract: a\nversion: 1.0.0\nbrief: B.\nattributes: {{{}}}\n",
        entries.join(", ")
    );
    let stage = Stage::with("long_line", &text);
    for color in ["never", "always"] {
        let run = stage.run(&["check", "-A", "warnings", "--color", color]);
        assert!(run.stdout.contains("contract.yaml:4:14"), "{color}");
        assert!(!run.stdout.contains(":::"), "{color}");
        let longest = run.stdout.lines().map(|line| line.chars().count()).max();
        assert!(longest < Some(300), "{longest:?}");
    }
}
