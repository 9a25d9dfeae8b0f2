//! `lint`: levels, allowances and dates.

use crate::stage::{Stage, VALID};
use otel_contract_model::LINTS;

#[test]
fn the_list_names_every_lint_with_its_level() {
    let run = Stage::new("list").run(&["lint", "--list"]);
    assert_eq!(run.code, 0);
    let names: Vec<&str> = run
        .stdout
        .lines()
        .map(|line| {
            let mut words = line.split_whitespace();
            let name = words.next().expect("a name");
            assert!(
                ["allow", "warn", "deny"].contains(&words.next().expect("a level")),
                "{line}"
            );
            assert!(words.next().is_some(), "{line}");
            name
        })
        .collect();
    assert_eq!(names, LINTS);
}

#[test]
fn lint_hides_contract_errors() {
    let text = VALID.replace("version: 1.0.0", "version: 1")
        + "  paid: { type: boolean, brief: Whether the money came. }\n";
    let stage = Stage::with("lints_alone", &text);
    let run = stage.run(&["lint", "--format", "json"]);
    assert_eq!((run.code, run.rules()), (0, vec!["namespace".to_owned()]));
    let run = stage.run(&["lint"]);
    assert!(
        run.stdout
            .contains("\n1 error hidden: run `cargo otel-contract check` to show all\n"),
        "{}",
        run.stdout
    );
    // A file that is not valid YAML cannot be linted, so its errors are shown.
    stage.write("broken.yaml", "contract: [\n");
    let run = stage.run(&["lint", "broken.yaml", "contract.yaml", "--format", "json"]);
    assert_eq!(run.code, 1);
    assert_eq!(run.rules(), ["OC0007", "namespace"]);
    // Unreadable files are always reported.
    let run = stage.run(&["lint", "missing.yaml"]);
    assert_eq!(run.code, 2);
    assert!(run.stdout.contains("OC0001"), "{}", run.stdout);
}

#[test]
fn an_entry_can_allow_a_lint_and_unused_allowances_are_reported() {
    let allowed = |allow: &str| {
        let text = format!(
            "{VALID}  order.is_paid: {{ type: boolean, brief: Whether the money came., allow: [{allow}] }}\n"
        );
        let stage = Stage::with("allowance", &text);
        stage.run(&["check", "--format", "json"]).rules()
    };
    assert_eq!(allowed("boolean_prefix"), [""; 0]);
    assert_eq!(allowed("boolean_prefix, namespace"), ["unused_allowance"]);
    assert_eq!(allowed("boolean_prefx"), ["OC0606"]);
}

#[test]
fn the_attributes_of_requests_are_suggested_with_the_lines_to_add() {
    let contract = |head: &str, fields: &str| {
        format!(
            "# yaml-language-server: $schema=otel-contract.schema.json
contract: shop
version: 1.0.0
brief: Telemetry vocabulary of the shop.
owners: [\"@acme/shop\"]
{head}defaults: {{ privacy: internal }}

operations:
  order.place:
    brief: Take an order.
    kind: server
    route: POST /shop.Orders/Place
{fields}    errors: []
"
        )
    };
    let findings = |head: &str, fields: &str| {
        let stage = Stage::with("routes", &contract(head, fields));
        stage.run(&["lint", "-A", "routes_without_other"]).stdout
    };
    let found = findings("", "");
    let help = "help: add `attributes: { http.request.method: required, http.route: required, http.response.status_code: recommended }`, and to the contract `semconv: [http.request.method, http.route, http.response.status_code]`";
    assert!(found.contains("warning[route_without_http_attributes]: operation `order.place` has a route but not the attributes `http.request.method`, `http.route`, `http.response.status_code`"), "{found}");
    assert!(found.contains(help), "{found}");
    let found = findings(
        "semconv: [http.request.method, http.route]\n",
        "    attributes: { http.request.method: required }\n",
    );
    let help = "help: add `attributes: { http.route: required, http.response.status_code: recommended }`, and to the contract `semconv: [http.response.status_code]`";
    assert!(found.contains(help), "{found}");
    // The attributes of RPC replace those of HTTP.
    let found = findings(
        "semconv: { rpc.method: {} }\n",
        "    attributes: { rpc.method: required }\n",
    );
    assert!(!found.contains("route_without_http_attributes"), "{found}");
}

#[test]
fn a_contract_with_routes_needs_an_operation_for_other_requests() {
    let contract = |fields: &str, rest: &str| {
        format!(
            "contract: shop\nversion: 1.0.0\nbrief: Telemetry vocabulary of the shop.\noperations:\n  order.place:\n    brief: Take an order.\n    kind: server\n    route: POST /orders\n{fields}{rest}"
        )
    };
    let rules = |fields: &str, rest: &str| {
        let stage = Stage::with("other_routes", &contract(fields, rest));
        let run = stage.run(&["lint", "--format", "json"]);
        let mut rules = run.rules();
        rules.retain(|rule| rule == "routes_without_other" || rule == "unused_allowance");
        rules
    };
    assert_eq!(rules("", ""), ["routes_without_other"]);
    assert_eq!(rules("    allow: [routes_without_other]\n", ""), [""; 0]);
    let other =
        "  order.unmatched: { brief: Answer another request., kind: server, route: _OTHER }\n";
    assert_eq!(rules("", other), [""; 0]);
}

#[test]
fn an_allowance_of_a_template_applies_to_all_its_keys() {
    let text = VALID.to_owned()
        + "  http.request.header.<key>:\n    type: \"string[]\"\n    cardinality: unbounded\n    brief: As it was sent.\n    keys: [cookie, x-token]\n";
    let stage = Stage::with("template", &text);
    assert_eq!(
        stage.run(&["check", "--format", "json"]).rules(),
        ["personal_name", "personal_name"]
    );
    stage.write(
        "contract.yaml",
        text.clone() + "    allow: [personal_name]\n",
    );
    assert_eq!(stage.run(&["check", "--format", "json"]).rules(), [""; 0]);
}

#[test]
fn an_allowance_of_a_disabled_lint_counts_as_used() {
    let text = VALID.to_owned()
        + "  order.is_paid: { type: boolean, brief: Whether the money came., allow: [boolean_prefix] }\n";
    let run = Stage::with("off", &text).run(&["check", "-A", "boolean_prefix", "--format", "json"]);
    assert_eq!(run.rules(), [""; 0]);
}

#[test]
fn expiry_is_compared_with_the_given_date() {
    let text = VALID.replace(
        "Number on the receipt. }",
        "Number on the receipt., expires: 2027-03-31 }",
    );
    let stage = Stage::with("expired", &text);
    for (day, code) in [("2027-03-31", 0), ("2027-04-01", 1), ("2026-12-31", 0)] {
        let run = stage.run(&["check", "--today", day]);
        assert_eq!(run.code, code, "{day}: {}", run.stdout);
    }
    let run = stage.run(&["lint", "--today", "2028-01-01"]);
    assert!(
        run.stdout
            .contains("error[expired]: attribute `order.id` expired on 2027-03-31")
    );
    let run = stage.run(&["lint", "--today", "2028-01-01", "-W", "expired"]);
    assert_eq!(run.code, 0);
}

#[test]
fn the_command_line_overrides_the_levels_of_the_workspace() {
    let stage = Stage::with("metadata", &VALID.replace("order.id", "orderly"));
    let manifest = |lints: &str| {
        let text = format!(
            "[workspace]\nmembers = []\n[workspace.metadata.otel-contract.lints]\n{lints}\n"
        );
        stage.write("Cargo.toml", text);
    };
    manifest("namespace = \"deny\"");
    assert_eq!(stage.run(&["check"]).code, 1);
    assert_eq!(stage.run(&["check", "-W", "namespace"]).code, 0);
    manifest("namespace = \"allow\"");
    let run = stage.run(&["check", "-D", "warnings"]);
    assert_eq!(run.stdout, "1 contract checked: no problems found\n");
    manifest("namspace = \"deny\"");
    let run = stage.run(&["check"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr
            .contains("unknown lint `namspace`\nhelp: did you mean `namespace`?")
    );
    manifest("namespace = 1");
    let run = stage.run(&["check"]);
    assert!(
        run.stderr
            .contains("`namespace` must be \"allow\", \"warn\" or \"deny\""),
        "{}",
        run.stderr
    );
}

#[test]
fn errors_cause_no_lint_findings() {
    let text = VALID
        .replace("owners: [\"@acme/shop\"]", "owners: shop")
        .replace(
            "Number on the receipt. }",
            "Number on the receipt., allow: [near_duplicate] }",
        )
        + "  order.uuid: { type: string, brief: The same elsewhere. }\n";
    let run = Stage::with("follows", &text).run(&["check", "--format", "json"]);
    assert_eq!(run.rules(), ["OC0014", "OC0102"]);
}
