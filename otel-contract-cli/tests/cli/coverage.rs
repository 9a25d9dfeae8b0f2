//! `coverage`: merges the coverage files of a test run.

use crate::stage::{Run, Stage, VALID};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

const CONTRACT: &str = "contract: shop
version: 1.0.0
brief: Telemetry vocabulary of the shop.
owners: [\"@acme/shop\"]
semconv: [http.request.method]
defaults: { privacy: internal }

attributes:
  order.channel: { values: [web, app], other: true, brief: Where it was placed. }

errors:
  out_of_stock: Nothing of it is left.
  refused: The shop refused it.

operations:
  order.place:
    brief: Take an order.
    attributes: { order.channel: required, http.request.method: recommended }
    errors: [out_of_stock, refused]

metrics:
  order.items: { instrument: counter, unit: \"{item}\", brief: Goods ordered. }

events:
  order.lost: { severity: warn, brief: It was lost. }
";

/// A file of a process that met two entries, and values that are not required.
const ONE: &str = "otel-contract coverage 1
contract shop 1.0.0
error out_of_stock
operation order.place
value http.request.method = GET
value order.channel = web
end
";

/// A file of a process that met an error class and a metric.
const OTHER: &str = "otel-contract coverage 1
contract shop 1.0.0
error out_of_stock
error out_of_stock of order.place
metric order.items
operation order.place
end
";

fn stage(name: &str) -> Stage {
    let stage = Stage::with(&format!("coverage_{name}"), CONTRACT);
    stage.write("run/one-1-1.otel-coverage", ONE);
    stage.write("run/shard/other-2-2.otel-coverage", OTHER);
    // A process that was killed while it replaced its file.
    stage.write("run/one-1-1.new", "otel-contract cov");
    stage
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).expect("JSON")
}

/// Returns the names of the entries that no test has met.
fn unmet(run: &Run) -> Vec<String> {
    let report = json(run);
    let contracts = report["contracts"].as_array().expect("contracts");
    let unmet = contracts
        .iter()
        .flat_map(|contract| contract["unmet"].as_array().expect("unmet entries"));
    let names = unmet.map(|entry| entry["entry"].as_str().expect("a name").to_owned());
    names.collect()
}

#[test]
fn files_of_all_folders_are_merged() {
    let stage = stage("merged");
    let run = stage.run(&["coverage", "run"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout);
    let named = stage.run(&[
        "coverage",
        "run/shard",
        "run",
        "--contract",
        "contract.yaml",
    ]);
    assert_eq!(named.stdout, run.stdout);
}

#[test]
fn a_json_report_has_the_location_of_each_unmet_entry() {
    let run = stage("json").run(&["coverage", "run", "--format", "json"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let report = json(&run);
    assert_eq!(report["version"], 1);
    assert_eq!(report["files"], 2);
    assert_eq!(report["entries"]["met"], 4);
    assert_eq!(report["entries"]["total"], 7);
    let shop = &report["contracts"][0];
    assert_eq!(shop["contract"], "shop");
    assert_eq!(shop["file"], "contract.yaml");
    let unmet = shop["unmet"].as_array().expect("unmet entries");
    assert_eq!(unmet.len(), 3);
    assert_eq!(unmet[0]["kind"], "error");
    assert_eq!(unmet[0]["entry"], "error refused of order.place");
    assert_eq!(
        (&unmet[0]["line"], &unmet[0]["column"]),
        (&13.into(), &3.into())
    );
    // The location of a value is the value, not its attribute.
    assert_eq!(unmet[1]["entry"], "value order.channel = app");
    assert_eq!(
        (&unmet[1]["line"], &unmet[1]["column"]),
        (&9.into(), &34.into())
    );
    assert_eq!(unmet[2]["entry"], "event order.lost");
    assert_eq!(report["problems"], Value::Array(Vec::new()));
}

#[test]
fn coverage_below_the_limit_fails() {
    let stage = stage("limit");
    let code = |least: &str| stage.run(&["coverage", "run", "--fail-under", least]).code;
    assert_eq!(code("57"), 0);
    assert_eq!(code("57.1%"), 0);
    assert_eq!(code("57.2"), 1);
    assert_eq!(code("100"), 1);
    assert_eq!(code("101"), 2);
    assert_eq!(code("most"), 2);
    let run = stage.run(&["coverage", "run", "--fail-under", "100"]);
    let message = "error: the tests meet 57.1 % of the entries, less than 100 %\n";
    assert_eq!(run.stderr, message);
    assert!(run.stdout.contains("event order.lost (contract.yaml:"));
}

#[test]
fn excluded_entries_are_not_required() {
    let stage = stage("excluded");
    let exclude = |entries: &[&str]| {
        let mut arguments = vec!["coverage", "run", "--fail-under", "100"];
        for entry in entries {
            arguments.extend(["--exclude-entry", entry]);
        }
        stage.run(&arguments)
    };
    let run = exclude(&[
        "error refused of order.place",
        "value order.channel = app",
        "event order.lost",
        "metric order.items",
    ]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout);
    let misspelt = exclude(&["event order.last"]);
    assert_eq!(misspelt.code, 2);
    assert_eq!(
        misspelt.stderr,
        "error: `--exclude-entry event order.last` names no entry that tests have to meet\n\
         help: did you mean `event order.lost`?\n"
    );
    // It is in the contract, but no test has to meet it.
    let unrequired = exclude(&["value order.channel = _OTHER"]);
    assert_eq!(unrequired.code, 2);
}

#[test]
fn folders_without_files_are_errors() {
    let stage = Stage::with("coverage_empty", CONTRACT);
    let missing = stage.run(&["coverage", "run"]);
    assert_eq!((missing.code, missing.stdout.as_str()), (2, ""));
    let help = "help: the test processes write it: `OTEL_CONTRACT_COVERAGE=\"$PWD/target/otel-coverage\" cargo test`\n";
    let message = format!("error: the folder `run` does not exist\n{help}");
    assert_eq!(missing.stderr, message);
    stage.write("run/notes.txt", "");
    let empty = stage.run(&["coverage", "run"]);
    let message = format!("error: no coverage files in `run`\n{help}");
    assert_eq!((empty.code, empty.stderr), (2, message));
    let file = stage.run(&["coverage", "contract.yaml"]);
    let message = format!("error: `contract.yaml` is not a folder\n{help}");
    assert_eq!((file.code, file.stderr), (2, message));
    assert_eq!(stage.run(&["coverage"]).code, 2);
}

#[test]
fn a_broken_file_is_an_error_and_others_still_count() {
    let stage = stage("broken");
    let sound = unmet(&stage.run(&["coverage", "run", "--format", "json"]));
    stage.write("run/broken.otel-coverage", ONE.replace("end\n", ""));
    stage.write("run/binary.otel-coverage", [0xff, 0xfe]);
    let run = stage.run(&["coverage", "run", "--format", "json"]);
    assert_eq!(run.code, 2);
    assert_eq!(unmet(&run), sound);
    let report = json(&run);
    assert_eq!(report["files"], 2);
    assert_eq!(report["problems"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        run.stderr,
        "error: the coverage file `run/binary.otel-coverage` cannot be read: stream did not contain valid UTF-8\n\
         error: the coverage file `run/broken.otel-coverage` is incomplete: it does not end with `end`\n\
         help: remove it, and run its tests again\n"
    );
}

#[test]
fn files_of_another_version_are_errors_and_others_still_count() {
    let stage = stage("versions");
    let sound = unmet(&stage.run(&["coverage", "run", "--format", "json"]));
    let old = ONE.replace("1.0.0", "0.9.0");
    stage.write("run/a.otel-coverage", old.replace("= web", "= app"));
    stage.write("run/b.otel-coverage", &old);
    stage.write("run/c.otel-coverage", &old);
    let other = ONE.replace("= web", "= fax");
    stage.write(
        "run/d.otel-coverage",
        other.replace("order.place", "order.take"),
    );
    let run = stage.run(&["coverage", "run", "--format", "json"]);
    assert_eq!((run.code, unmet(&run)), (2, sound));
    insta::assert_snapshot!(run.stderr);
}

#[test]
fn contracts_outside_of_the_selection_are_noted() {
    let stage = stage("others");
    let other = "otel-contract coverage 1\ncontract stock 0.3.0\noperation stock.count\nend\n";
    stage.write("run/other.otel-coverage", other);
    let run = stage.run(&["coverage", "run"]);
    assert_eq!(run.code, 0);
    assert_eq!(
        run.stderr,
        "note: the files also cover `stock` 0.3.0, which is not in the workspace\n\
         help: `--contract` with the path of its file reports it\n"
    );
    let selected = stage.run(&["coverage", "run", "--contract", "contract.yaml"]);
    assert_eq!((selected.code, selected.stderr.as_str()), (0, ""));
}

#[test]
fn a_contract_that_no_test_uses_is_not_covered() {
    let stage = stage("unused");
    stage.write(
        "idle.yaml",
        CONTRACT.replace("contract: shop", "contract: idle"),
    );
    let run = stage.run(&["coverage", "run", "--format", "json"]);
    let report = json(&run);
    assert_eq!(report["contracts"][1]["contract"], "idle");
    assert_eq!(report["contracts"][1]["entries"]["met"], 0);
    assert_eq!(report["contracts"][1]["entries"]["total"], 7);
    assert_eq!(report["entries"]["total"], 14);
}

#[test]
fn contracts_with_errors_have_no_coverage_and_others_still_count() {
    let stage = stage("faults");
    stage.write("broken.yaml", VALID.replace("version: 1.0.0", "version: 1"));
    let run = stage.run(&["coverage", "run"]);
    assert_eq!(run.code, 2);
    assert!(run.stdout.contains("4 of 7 entries met, 57.1 %"));
    let message = "error: `broken.yaml` has 1 error, so its coverage is unknown\n\
        help: `cargo otel-contract check broken.yaml` shows the errors\n";
    assert_eq!(run.stderr, message);
}

/// The testing kit writes this file and requires these entries: its tests read the same files.
#[test]
fn files_and_entries_are_those_of_the_testing_kit() {
    let kit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/tests/coverage_files");
    let stage = Stage::new("coverage_kit");
    let text = |name: &str| -> String {
        let path: PathBuf = kit.join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    stage.write("covered.yaml", text("covered.yaml"));
    let nothing = "otel-contract coverage 1\ncontract covered 0.4.0\nend\n";
    stage.write("nothing/a.otel-coverage", nothing);
    let none = stage.run(&["coverage", "nothing", "--format", "json"]);
    let required = text("required.txt");
    let required: Vec<&str> = required.lines().collect();
    assert_eq!(unmet(&none), required);
    stage.write("run/a.otel-coverage", text("expected.otel-coverage"));
    let run = stage.run(&["coverage", "run", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let rest = [
        "value order.path = a = b",
        "value answer.code = 200",
        "value network.transport = unix",
        "event order.doubled",
    ];
    assert_eq!(unmet(&run), rest);
}
