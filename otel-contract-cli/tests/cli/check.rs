//! `check`: inputs, findings and exit codes.

use crate::stage::{Stage, VALID};

#[test]
fn a_contract_without_errors_reports_no_problems() {
    let run = Stage::with("valid", VALID).run(&["check"]);
    assert_eq!(run.stdout, "1 contract checked: no problems found\n");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

#[test]
fn cargo_may_pass_the_subcommand_name() {
    let stage = Stage::with("cargo", VALID);
    assert_eq!(stage.run(&["otel-contract", "check"]).code, 0);
}

#[test]
fn errors_exit_with_one_and_warnings_with_zero() {
    let stage = Stage::with("version_error", &VALID.replace("1.0.0", "1.0"));
    let run = stage.run(&["check", "contract.yaml"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stdout
            .contains("error[OC0601]: `1.0` is not a SemVer version"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.ends_with(
        "1 contract checked: 1 error\nfor details, run `cargo otel-contract explain OC0601`\n"
    ));

    let warned = VALID.replace("order.id", "orderly");
    let stage = Stage::with("warning", &warned);
    let run = stage.run(&["check"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(run.stdout.contains("warning[namespace]"), "{}", run.stdout);
    assert_eq!(stage.run(&["check", "-D", "warnings"]).code, 1);
    assert_eq!(stage.run(&["check", "-D", "namespace"]).code, 1);
    let run = stage.run(&["check", "-A", "namespace"]);
    assert_eq!(run.stdout, "1 contract checked: no problems found\n");
}

#[test]
fn errors_and_lints_are_reported_together_except_lints_of_entries_with_errors() {
    let text = VALID.to_owned()
        + "  order.is_paid: { type: boolean, brief: Whether the money has arrived. }\n\
           \x20 order.is_late: { type: boolean, brief: Whether it was late., newtype: true }\n";
    let run = Stage::with("together", &text).run(&["check", "--format", "json"]);
    assert_eq!(run.rules(), ["boolean_prefix", "OC0118"]);
}

#[test]
fn contracts_on_several_paths_are_checked_once() {
    let stage = Stage::with("several", VALID);
    stage.write("more/second.yml", VALID);
    stage.write("more/words.yaml", "attributes: {}\n");
    let run = stage.run(&["check", "contract.yaml", "./contract.yaml", "more"]);
    assert_eq!(run.stdout, "2 contracts checked: no problems found\n");
}

#[test]
fn findings_in_a_shared_file_are_reported_once() {
    let stage = Stage::new("shared");
    let root = VALID.replace(
        "attributes:\n",
        "include: [shared/words.yaml]\nattributes:\n",
    );
    stage.write("a.yaml", &root);
    stage.write("b.yaml", root.replace("contract: shop", "contract: other"));
    stage.write(
        "shared/words.yaml",
        "attributes:\n  order.paid: { type: bool }\n",
    );
    let run = stage.run(&["check", "--format", "json", "-A", "schema_line"]);
    assert_eq!(
        (run.code, run.rules()),
        (1, vec!["OC0017".to_owned(), "OC0016".to_owned()])
    );
}

#[test]
fn unreadable_files_exit_with_two_and_a_reason() {
    let stage = Stage::new("unreadable");
    stage.write("latin1.yaml", b"contract: shop\nbrief: Caf\xe9\n");
    stage.write("huge.yaml", vec![b'#'; 4 * 1024 * 1024 + 1]);
    for (path, code) in [
        (
            "missing.yaml",
            "error[OC0001]: file `missing.yaml` not found",
        ),
        (
            "latin1.yaml",
            "error[OC0003]: `latin1.yaml` is not valid UTF-8: invalid bytes on line 2",
        ),
        (
            "huge.yaml",
            "error[OC0004]: `huge.yaml` is larger than 4 MiB",
        ),
    ] {
        let run = stage.run(&["check", path]);
        assert_eq!(run.code, 2, "{path}: {}", run.stdout);
        assert!(run.stdout.contains(code), "{path}: {}", run.stdout);
    }
    // The other files are still checked.
    stage.write("valid.yaml", VALID);
    let run = stage.run(&["check", "missing.yaml", "valid.yaml", "--format", "json"]);
    assert_eq!((run.code, run.rules()), (2, vec!["OC0001".to_owned()]));
}

#[test]
fn a_folder_or_workspace_without_contracts_exits_with_two() {
    let stage = Stage::new("nothing");
    stage.write("schema/words.yaml", "attributes: {}\n");
    let run = stage.run(&["check", "schema"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(
        run.stderr
            .starts_with("error: no contract found in `schema`\nhelp: a contract is a YAML file")
    );
    let run = stage.run(&["check"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr
            .starts_with("error: no contract found in the workspace\n"),
        "{}",
        run.stderr
    );
}

#[test]
fn invalid_arguments_exit_with_two() {
    let stage = Stage::with("arguments", VALID);
    for arguments in [
        &["check", "--format", "xml"][..],
        &["check", "-D", "no_such_lint"],
        &["check", "--today", "soon"],
        &["check", "--dry-run"],
        &["check", "-D", "warnings", "-A", "warnings"],
        &["check", "--exclude", "nowhere"],
        &["chek"],
        &[],
    ] {
        let run = stage.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stdout);
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(!run.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn the_json_schema_is_printed_or_written() {
    let stage = Stage::new("schema");
    let printed = stage.run(&["schema"]);
    assert_eq!(printed.code, 0);
    let run = stage.run(&["schema", "--output", "words.schema.json"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    assert_eq!(stage.read("words.schema.json"), printed.stdout);
    let schema: serde_json::Value = serde_json::from_str(&printed.stdout).expect("JSON");
    assert_eq!(schema["title"], "otel-contract");
    stage.write("folder/file", "");
    let run = stage.run(&["schema", "-o", "folder"]);
    assert_eq!(run.code, 2);
    assert_eq!(
        run.stderr,
        "error: `folder` is a folder: name the file to write\n"
    );
    let run = stage.run(&["schema", "-o", "no/such/folder.json"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr
            .contains("`no/such/folder.json` cannot be written"),
        "{}",
        run.stderr
    );
}

#[test]
fn every_shell_has_a_completion_script() {
    let stage = Stage::new("completions");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = stage.run(&["completions", shell]);
        assert_eq!(run.code, 0, "{shell}");
        assert!(run.stdout.contains("cargo-otel-contract"), "{shell}");
    }
}

#[test]
fn help_shows_examples_and_exit_codes() {
    let stage = Stage::new("help");
    let run = stage.run(&["--help"]);
    assert_eq!(run.code, 0);
    assert!(
        run.stdout.contains("Examples:\n  cargo otel-contract init"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("Exit codes: 0"), "{}", run.stdout);
    for command in [
        "check",
        "lint",
        "explain",
        "init",
        "stats",
        "scan",
        "schema",
        "completions",
    ] {
        let run = stage.run(&[command, "--help"]);
        assert!(
            run.stdout.contains("Examples:\n"),
            "{command}: {}",
            run.stdout
        );
    }
}

#[test]
fn a_resource_that_the_set_up_rejects_is_an_error() {
    let text =
        VALID.to_owned() + "resource: { service.name: required, service.version: recommended }\n";
    let stage = Stage::with("resource", &text);
    let run = stage.run(&["check"]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(
        run.stdout
            .contains("error[incomplete_resource]: the set-up rejects the resource")
            && run
                .stdout
                .contains("does not require `service.version`, `deployment.environment.name`"),
        "{}",
        run.stdout
    );
    let run = stage.run(&["check", "-A", "incomplete_resource"]);
    assert!(!run.stdout.contains("resource"), "{}", run.stdout);

    let complete = "resource: { service.name: required, service.version: required, deployment.environment.name: required }\n";
    let run = Stage::with("complete_resource", &(VALID.to_owned() + complete)).run(&["check"]);
    assert!(!run.stdout.contains("resource"), "{}", run.stdout);
}
