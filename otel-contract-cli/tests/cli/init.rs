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
fn a_vocabulary_crate_is_made_and_the_workspace_knows_it() {
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
                .contains(&format!("made shop-telemetry/{file}\n")),
            "{}",
            run.stdout
        );
    }
    assert_eq!(
        stage.read("Cargo.toml"),
        "# Ours.\n[workspace]\nresolver = \"3\"\nmembers = [\n    \"app\", # the front\n    \"shop-telemetry\",\n]\n"
    );
    // Nothing in it is left to be wished for.
    let run = stage.run(&["check", "-D", "warnings"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, "1 contract checked: nothing to report\n")
    );
}

#[test]
fn what_is_made_compiles() {
    let stage = Stage::new("init_compiles");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the workspace");
    let library = root.join("otel-contract");
    stage.write(
        "Cargo.toml",
        format!(
            "[workspace]\nresolver = \"3\"\nmembers = []\n\n[workspace.dependencies]\n\
             otel-contract = {{ path = {:?} }}\n",
            library.display().to_string()
        ),
    );
    fs::copy(root.join("Cargo.lock"), stage.folder.join("Cargo.lock")).expect("the lock file");
    assert_eq!(
        stage.run(&["init", "shop", "--path", "crates/words"]).code,
        0
    );
    assert!(
        stage
            .read("crates/words/Cargo.toml")
            .contains("otel-contract.workspace = true")
    );
    let output = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--color=never"])
        .current_dir(&stage.folder)
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("init-target"),
        )
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
}

#[test]
fn nothing_is_written_over() {
    let stage = Stage::new("init_taken");
    assert_eq!(stage.run(&["init", "shop"]).code, 0);
    stage.write("shop-telemetry/schema/shop.yaml", "mine\n");
    let manifest = stage.read("Cargo.toml");
    let run = stage.run(&["init", "shop"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(
        run.stderr
            .starts_with("error: `shop-telemetry` is there already, and nothing is written over\n")
    );
    assert_eq!(stage.read("shop-telemetry/schema/shop.yaml"), "mine\n");
    assert_eq!(stage.read("Cargo.toml"), manifest);
    stage.write("file", "");
    assert_eq!(stage.run(&["init", "shop", "--path", "file"]).code, 2);
}

#[test]
fn a_name_that_cannot_be_that_of_a_contract_is_refused_with_one_that_can() {
    let stage = Stage::new("init_names");
    let run = stage.run(&["init", "My-Shop"]);
    assert_eq!(run.code, 2);
    assert_eq!(
        run.stderr,
        "error: `My-Shop` cannot be the name of a contract\nhelp: write `my_shop`\n"
    );
    assert_eq!(stage.run(&["init", "type"]).code, 2);
    // Without one, that of the folder.
    let run = stage.run(&["init"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        stage
            .read("init-names-telemetry/src/lib.rs")
            .contains("schema/init_names.yaml")
    );
}

#[test]
fn a_manifest_that_cannot_be_read_stops_it_before_anything_is_made() {
    let stage = Stage::new("init_broken");
    stage.write("Cargo.toml", "[workspace\n");
    let run = stage.run(&["init", "shop"]);
    assert_eq!(run.code, 2);
    assert_eq!(run.stderr, "error: `Cargo.toml` cannot be read\n");
    assert!(!stage.folder.join("shop-telemetry").exists());
}
