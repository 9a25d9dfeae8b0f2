//! Discovery of contracts.

use crate::stage::{Stage, VALID};
use std::fs;
use std::process::Command;

/// Returns the contracts that a run checked.
fn checked(stage: &Stage, arguments: &[&str]) -> Vec<String> {
    let mut all = vec!["check", "--format", "json"];
    all.extend(arguments);
    let run = stage.run(&all);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect(&run.stderr);
    let contracts = report["contracts"].as_array().expect("contracts");
    let files = contracts.iter().map(|contract| contract["file"].as_str());
    files.map(|file| file.expect("a file").to_owned()).collect()
}

fn workspace(name: &str) -> Stage {
    let stage = Stage::new(name);
    let root = VALID.replace("defaults:", "include: [shared/account.yaml]\ndefaults:");
    stage.write("shop/schema/shop.yaml", &root);
    stage.write("shop/schema/shared/account.yaml", "attributes: {}\n");
    stage.write(
        "jobs/jobs.yml",
        VALID.replace("contract: shop", "\"contract\": jobs"),
    );
    stage.write(
        "jobs/other.yaml",
        "# contract: no\nkind: Deployment\nspec:\n  contract: no\n",
    );
    stage.write("target/copy.yaml", VALID);
    stage.write(".hidden/copy.yaml", VALID);
    stage.write("node_modules/a/copy.yaml", VALID);
    stage
}

#[test]
fn contracts_are_found_from_any_folder_of_the_workspace() {
    let stage = workspace("workspace");
    assert_eq!(
        checked(&stage, &[]),
        ["jobs/jobs.yml", "shop/schema/shop.yaml"]
    );
    let deeper = Stage {
        folder: stage.folder.join("shop/schema"),
    };
    assert_eq!(checked(&deeper, &[]), ["../../jobs/jobs.yml", "shop.yaml"]);
}

#[test]
fn an_included_file_is_not_a_separate_contract() {
    let stage = workspace("included");
    // If a user names an included file, the contracts that include the file are checked.
    let part = "shop/schema/shared/account.yaml";
    assert_eq!(
        checked(&stage, &[part, "jobs/jobs.yml"]),
        ["shop/schema/shop.yaml", "jobs/jobs.yml"]
    );
    // A file that no contract includes is checked itself.
    assert_eq!(checked(&stage, &["jobs/other.yaml"]), ["jobs/other.yaml"]);
    // The included file becomes a contract.
    stage.write("shop/schema/shared/account.yaml", VALID);
    assert_eq!(
        checked(&stage, &[]),
        ["jobs/jobs.yml", "shop/schema/shop.yaml"]
    );
    // A file that is named on the command line is checked.
    let named = "shop/schema/shared/account.yaml";
    assert_eq!(checked(&stage, &[named]), [named]);
}

#[test]
fn excluded_paths_are_skipped() {
    let stage = workspace("excluded");
    assert_eq!(
        checked(&stage, &["--exclude", "jobs"]),
        ["shop/schema/shop.yaml"]
    );
    stage.write(
        "Cargo.toml",
        "[workspace]\nmembers = []\n[workspace.metadata.otel-contract]\nexclude = [\"shop/schema/shop.yaml\", \"gone\"]\n",
    );
    assert_eq!(checked(&stage, &[]), ["jobs/jobs.yml"]);
    // Named files are checked even if excluded.
    assert_eq!(checked(&stage, &["shop/schema/shop.yaml"]).len(), 1);
}

#[test]
fn without_a_workspace_the_package_or_folder_is_searched() {
    let stage = workspace("package");
    stage.write("jobs/Cargo.toml", "[package]\nname = \"jobs\"\n");
    stage.write("Cargo.toml", "[package]\nname = \"all\"\n");
    // The search ends at the root of the repository.
    stage.write(".git/HEAD", "");
    let package = Stage {
        folder: stage.folder.join("jobs"),
    };
    assert_eq!(checked(&package, &[]), ["jobs.yml"]);
    fs::remove_file(stage.folder.join("Cargo.toml")).expect("gone");
    fs::remove_file(stage.folder.join("jobs/Cargo.toml")).expect("gone");
    assert_eq!(checked(&package, &[]), ["jobs.yml"]);
    assert_eq!(checked(&stage, &[]).len(), 2);
}

#[cfg(unix)]
#[test]
fn searches_follow_links_to_files_but_not_to_folders() {
    let stage = workspace("links");
    let link = stage.folder.join("jobs/link.yaml");
    std::os::unix::fs::symlink("jobs.yml", link).expect("a link");
    std::os::unix::fs::symlink("..", stage.folder.join("jobs/up")).expect("a link");
    assert_eq!(checked(&stage, &[]).len(), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_name_that_is_not_utf8_is_reported() {
    use std::os::unix::ffi::OsStrExt as _;
    let stage = workspace("names");
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.yaml");
    fs::write(stage.folder.join(name), VALID).expect("a file");
    let run = stage.run(&["check"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr
            .starts_with("error: the name of `caf\u{fffd}.yaml` is not UTF-8\n"),
        "{}",
        run.stderr
    );
}

#[test]
fn cargo_finds_the_binary_as_a_subcommand() {
    let stage = workspace("subcommand");
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_cargo-otel-contract"));
    let folder = binary.parent().expect("a folder");
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&paths));
    // Run outside of this workspace, whose alias with the same name would take precedence over the subcommand.
    let output = Command::new(env!("CARGO"))
        .args(["otel-contract", "check"])
        .arg(&stage.folder)
        .current_dir(std::env::temp_dir())
        .env("PATH", std::env::join_paths(paths).expect("paths"))
        .output()
        .expect("cargo");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(
        stdout.contains("2 contracts checked"),
        "{stdout} {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
