//! The commands `import weaver` and `export weaver`, run as processes.

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use support::{canonical, contract, folder, workspace};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-otel-contract"))
        .arg("otel-contract")
        .args(arguments)
        .output()
        .expect("the command runs")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("text")
}

fn shown(path: &Path) -> &str {
    path.to_str().expect("a path of text")
}

#[test]
fn an_import_prints_the_contract_and_the_report_separately() {
    let output = run(&["import", "weaver", "tests/registries/shop"]);
    let expected = fs::read_to_string("tests/registries/shop.contract.yaml");
    assert_eq!(text(&output.stdout), expected.expect("the contract"));
    let message = text(&output.stderr);
    assert!(message.contains("waiting for a decision: 4"), "{message}");
    assert!(message.ends_with(
        "10 of 12 attributes imported, 2 left out, 4 waiting for a decision by their owner\n"
    ));
    // Undecided attributes remain.
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn an_import_into_a_file_prints_the_report_to_standard_output() {
    let path = folder("import_to_file").join("shop.yaml");
    let arguments = [
        "import",
        "weaver",
        "tests/registries/shop",
        "--output",
        shown(&path),
        "--format",
        "json",
        "--name",
        "market",
    ];
    let output = run(&arguments);
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(
        (&list["attributes"], &list["carried"]),
        (&12.into(), &10.into())
    );
    let written = fs::read_to_string(&path).expect("the file");
    assert_eq!(contract(&written).name, "market");
    // Existing files are not overwritten accidentally.
    let again = run(&arguments);
    assert_eq!(again.status.code(), Some(2));
    assert!(
        text(&again.stderr).contains("already exists"),
        "{}",
        text(&again.stderr)
    );
    let forced = run(&[&arguments[..], &["--force"]].concat());
    assert_eq!(forced.status.code(), Some(1));
}

#[test]
fn unreadable_registries_exit_with_two_and_registries_with_errors_with_one() {
    for (registry, code, message) in [
        (
            "tests/registries/nowhere",
            2,
            "error: no folder `tests/registries/nowhere`",
        ),
        (
            "tests/registries/base/all.yaml",
            2,
            "is a file, not the folder of a registry",
        ),
        (
            "tests/registries/faults/missing_ref",
            1,
            "error[OC0905]: attribute `a.one` is not defined",
        ),
    ] {
        let output = run(&["import", "weaver", registry]);
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{registry}: {errors}");
        assert!(errors.contains(message), "{registry}: {errors}");
        assert_eq!(text(&output.stdout), "");
    }
}

#[test]
fn a_name_that_is_not_a_module_name_is_rejected() {
    for name in ["Shop", "a.b", "mod", "1st", ""] {
        let output = run(&["import", "weaver", "tests/registries/base", "--name", name]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        let errors = text(&output.stderr);
        assert!(
            errors.contains("is not a valid contract name"),
            "{name}: {errors}"
        );
    }
}

#[test]
fn an_export_is_imported_as_the_same_contract() {
    let source = workspace().join("otel-contract-model/tests/contracts/everything.yaml");
    let registry = folder("export_everything").join("registry");
    let output = run(&["export", "weaver", shown(&source), "-o", shown(&registry)]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let imported = run(&["import", "weaver", shown(&registry)]);
    assert_eq!(
        imported.status.code(),
        Some(0),
        "{}",
        text(&imported.stderr)
    );
    let before = contract(&fs::read_to_string(&source).expect("the contract"));
    assert_eq!(
        canonical(&contract(text(&imported.stdout))),
        canonical(&before)
    );

    let again = run(&["export", "weaver", shown(&source), "-o", shown(&registry)]);
    assert_eq!(again.status.code(), Some(2));
    assert!(
        text(&again.stderr).contains("is not empty"),
        "{}",
        text(&again.stderr)
    );
    let forced = run(&[
        "export",
        "weaver",
        shown(&source),
        "-o",
        shown(&registry),
        "--force",
    ]);
    assert_eq!(forced.status.code(), Some(0));
}

#[test]
fn a_contract_with_errors_is_not_exported() {
    let with_errors = workspace().join("otel-contract-model/tests/faults/unbounded_dimension.yaml");
    let registry = folder("export_faulty").join("registry");
    let output = run(&[
        "export",
        "weaver",
        shown(&with_errors),
        "-o",
        shown(&registry),
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("OC0107"),
        "{}",
        text(&output.stderr)
    );
    assert!(!registry.exists());

    let missing = run(&["export", "weaver", "nowhere.yaml", "-o", shown(&registry)]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(
        text(&missing.stderr).contains("OC0001"),
        "{}",
        text(&missing.stderr)
    );

    let file = folder("export_into_a_file").join("file");
    fs::write(&file, "").expect("a file");
    let source = workspace().join("benches/schema/bench.yaml");
    let output = run(&["export", "weaver", shown(&source), "-o", shown(&file)]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("is a file"),
        "{}",
        text(&output.stderr)
    );
}
