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
