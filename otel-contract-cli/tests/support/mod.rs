//! Shared code of the registry tests.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use otel_contract_cli::weaver::{ImportOptions, Imported, export, import};
use otel_contract_model::{Contract, Source};
use otel_contract_yaml::compile;

/// Returns the root of the workspace.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Returns the registry of the semantic conventions, in the folder `OTEL_CONTRACT_SEMCONV` or next to the
/// repository. Without it, prints that the test was skipped and returns `None`.
#[allow(dead_code, reason = "not every test needs it")]
pub(crate) fn semconv() -> Option<PathBuf> {
    let given = std::env::var_os("OTEL_CONTRACT_SEMCONV").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| workspace().join("../shared/data/semconv"));
    if folder.is_dir() {
        return Some(folder);
    }
    // `eprintln` would be captured by the test harness.
    let shown = folder.display();
    let written = writeln!(
        std::io::stderr(),
        "NOT TESTED: there is no registry of the semantic conventions at {shown}"
    );
    written.expect("standard error");
    None
}

/// Creates an empty folder for a test.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("removing the old folder");
    }
    fs::create_dir_all(&folder).expect("the folder");
    folder
}

/// Compiles a contract.
#[allow(dead_code, reason = "not every test needs it")]
pub(crate) fn contract(text: &str) -> Contract {
    let compiled = compile(&Source::text("", "contract.yaml", text));
    assert_eq!(compiled.diagnostics.to_string(), "", "{text}");
    compiled.contract.expect("a contract")
}

/// Formats a contract without its locations, for comparison.
#[allow(dead_code, reason = "not every test needs it")]
pub(crate) fn canonical(contract: &Contract) -> String {
    let mut contract = contract.clone();
    contract.files.clear();
    let text = format!("{contract:#?}");
    let mut lines = Vec::new();
    let mut hidden: Option<usize> = None;
    for line in text.lines() {
        let indentation = line.len() - line.trim_start().len();
        match hidden {
            Some(open) if indentation > open => continue,
            Some(_) => {
                hidden = None;
                continue;
            }
            None => {}
        }
        if line.trim_end().ends_with("at: Location {") {
            hidden = Some(indentation);
            continue;
        }
        lines.push(line);
    }
    lines.join("\n")
}

/// Imports a registry. Errors are returned as text.
pub(crate) fn try_import(folder: &Path) -> Result<Imported, String> {
    import(folder, &ImportOptions::default()).map_err(|why| why.to_string())
}

/// Exports a contract and imports the result.
#[allow(dead_code, reason = "not every test needs it")]
pub(crate) fn exported_and_imported(contract: &Contract, name: &str) -> Imported {
    let folder = folder(name);
    for (file, text) in export(contract).files {
        fs::write(folder.join(file), text).expect("a file");
    }
    try_import(&folder).unwrap_or_else(|why| panic!("{name}: {why}"))
}
