//! `init`: a crate that compiles.

use crate::stage::Stage;
use std::fs;
use std::path::Path;
use std::process::Command;

const FILES: [&str; 4] = [
    "Cargo.toml",
    "src/lib.rs",
    "schema/shop.yaml",
    "schema/otel-contract.schema.json",
];

#[test]
fn init_creates_a_crate_and_adds_it_to_the_workspace() {
    let stage = Stage::new("init");
    stage.write(
        "Cargo.toml",
        "# Ours.\n[workspace]\nresolver = \"3\"\nmembers = [\n    \"app\", # the front\n]\n",
    );
    let run = stage.run(&["init", "shop"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    for file in FILES {
        assert!(
            run.stdout
                .contains(&format!("created shop-telemetry/{file}\n")),
            "{}",
            run.stdout
        );
    }
    assert_eq!(
        stage.read("Cargo.toml"),
        "# Ours.\n[workspace]\nresolver = \"3\"\nmembers = [\n    \"app\", # the front\n    \"shop-telemetry\",\n]\n"
    );
    // The new contract has no findings.
    let run = stage.run(&["check", "-D", "warnings"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, "1 contract checked: no problems found\n")
    );
}

/// Runs cargo in the stage, and returns what it prints.
fn cargo(stage: &Stage, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--quiet", "--color=never"])
        .current_dir(&stage.folder)
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("projects-target"),
        )
        .env_remove("RUSTFLAGS")
        .envs(
            ["TRACES", "METRICS", "LOGS"].map(|signal| (format!("OTEL_{signal}_EXPORTER"), "none")),
        )
        .output()
        .expect("cargo");
    let printed = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}", printed(&output.stderr));
    assert_eq!(printed(&output.stderr), "");
    printed(&output.stdout)
}

fn root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().expect("the workspace")
}

#[test]
fn the_created_crate_inherits_the_dependency_of_the_workspace() {
    let stage = Stage::new("init_inherits");
    let library = root().join("otel-contract");
    stage.write(
        "Cargo.toml",
        format!(
            "[workspace]\nresolver = \"3\"\nmembers = []\n\n[workspace.dependencies]\n\
             otel-contract = {{ path = {:?} }}\n",
            library.display().to_string()
        ),
    );
    fs::copy(root().join("Cargo.lock"), stage.folder.join("Cargo.lock")).expect("the lock file");
    assert_eq!(
        stage.run(&["init", "shop", "--path", "crates/words"]).code,
        0
    );
    assert!(
        stage
            .read("crates/words/Cargo.toml")
            .contains("otel-contract = { workspace = true, features = [")
    );
    cargo(&stage, &["check"]);
}

#[test]
fn a_service_of_the_created_crate_runs_and_tests_its_telemetry() {
    let stage = Stage::new("init_service");
    stage.write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"service\"]\n",
    );
    fs::copy(root().join("Cargo.lock"), stage.folder.join("Cargo.lock")).expect("the lock file");
    assert_eq!(stage.run(&["init", "shop"]).code, 0);
    stage.write("service/Cargo.toml", include_str!("init_service.toml"));
    stage.write("service/src/main.rs", include_str!("init_service.rs"));
    assert_eq!(cargo(&stage, &["run", "-p", "service"]), "3 rows\n");
    let tested = cargo(&stage, &["test", "-p", "service"]);
    assert!(tested.contains("1 passed"), "{tested}");
}

#[test]
fn existing_files_are_not_overwritten() {
    let stage = Stage::new("init_taken");
    assert_eq!(stage.run(&["init", "shop"]).code, 0);
    stage.write("shop-telemetry/schema/shop.yaml", "mine\n");
    let manifest = stage.read("Cargo.toml");
    let run = stage.run(&["init", "shop"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(
        run.stderr
            .starts_with("error: `shop-telemetry` is not empty\n")
    );
    assert_eq!(stage.read("shop-telemetry/schema/shop.yaml"), "mine\n");
    assert_eq!(stage.read("Cargo.toml"), manifest);
    stage.write("file", "");
    assert_eq!(stage.run(&["init", "shop", "--path", "file"]).code, 2);
}

#[test]
fn an_invalid_name_is_rejected_with_a_valid_suggestion() {
    let stage = Stage::new("init_names");
    let run = stage.run(&["init", "My-Shop"]);
    assert_eq!(run.code, 2);
    assert_eq!(
        run.stderr,
        "error: `My-Shop` is not a valid contract name\nhelp: write `my_shop`\n"
    );
    assert_eq!(stage.run(&["init", "type"]).code, 2);
    // The default is the name of the folder.
    let run = stage.run(&["init"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        stage
            .read("init-names-telemetry/src/lib.rs")
            .contains("schema/init_names.yaml")
    );
}

#[test]
fn an_invalid_manifest_stops_before_any_file_is_written() {
    let stage = Stage::new("init_broken");
    stage.write("Cargo.toml", "[workspace\n");
    let run = stage.run(&["init", "shop"]);
    assert_eq!(run.code, 2);
    assert_eq!(run.stderr, "error: `Cargo.toml` cannot be read\n");
    assert!(!stage.folder.join("shop-telemetry").exists());
}
