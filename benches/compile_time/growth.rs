//! Growth of the cost of `contract!` with the size of the contract, and build time of the dependencies.

use crate::project::{cargo, cargo_with, manifest, write_file};
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// Attributes and operations of the small contract; the large one has ten times as many.
const ATTRIBUTES: usize = 200;
const OPERATIONS: usize = 50;

/// Measures `cargo check` of a vocabulary crate without its dependencies, for the small and the large contract.
pub(crate) fn contract(root: &Path, rounds: usize) -> Result<[Duration; 2], Box<dyn Error>> {
    let mut all = [Vec::new(), Vec::new()];
    let folders = ["small", "large"].map(|name| root.join("target/compile-time-growth").join(name));
    for (folder, factor) in folders.iter().zip([1, 10]) {
        let dependency = format!(
            "otel-contract = {{ path = \"{}\" }}",
            root.join("otel-contract").display()
        );
        crate_of(
            root,
            folder,
            "vocabulary",
            &dependency,
            "otel_contract::contract!(\"bench.yaml\");\n",
        )?;
        let text = yaml(ATTRIBUTES * factor, OPERATIONS * factor);
        write_file(&folder.join("bench.yaml"), &text)?;
        cargo(folder, &["check", "-q"])?;
    }
    for _ in 0..rounds {
        for (folder, times) in folders.iter().zip(&mut all) {
            cargo(folder, &["clean", "-q", "-p", "vocabulary"])?;
            times.push(timed(|| cargo(folder, &["check", "-q"]))?);
        }
    }
    Ok(all.map(median))
}

/// Measures a clean debug build of a crate that depends on `otel-contract`, and of a crate that depends on `tracing` (with
/// its attribute macro) and `opentelemetry`. Cargo builds crates from a registry without incremental state, so the
/// incremental state is disabled for `otel-contract` too, which is a path dependency here.
pub(crate) fn dependencies(root: &Path, rounds: usize) -> Result<[Duration; 2], Box<dyn Error>> {
    let ours = format!(
        "otel-contract = {{ path = \"{}\" }}",
        root.join("otel-contract").display()
    );
    let theirs =
        "tracing = { version = \"0.1\", features = [\"attributes\"] }\nopentelemetry = \"0.33\"";
    let mut all = [Vec::new(), Vec::new()];
    let folders = ["ours", "theirs"].map(|name| root.join("target/compile-time-graph").join(name));
    for _ in 0..rounds {
        let crates = folders.iter().zip([ours.as_str(), theirs]);
        for ((folder, dependency), times) in crates.zip(&mut all) {
            crate_of(root, folder, "service", dependency, "")?;
            let target = folder.join("target");
            if target.exists() {
                fs::remove_dir_all(target)?;
            }
            cargo(folder, &["fetch", "-q"])?;
            times.push(timed(|| {
                cargo_with(folder, &["build", "-q"], &[("CARGO_INCREMENTAL", "0")])
            })?);
        }
    }
    Ok(all.map(median))
}

fn crate_of(
    root: &Path,
    folder: &Path,
    name: &str,
    dependency: &str,
    library: &str,
) -> Result<(), Box<dyn Error>> {
    let manifest = format!("{}\n[workspace]\n", manifest(name, dependency));
    write_file(&folder.join("Cargo.toml"), &manifest)?;
    write_file(&folder.join("src/lib.rs"), library)?;
    if !folder.join("Cargo.lock").exists() {
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    }
    Ok(())
}

fn yaml(attributes: usize, operations: usize) -> String {
    const CLASSES: [&str; 5] = [
        "type: string, cardinality: unbounded",
        "values: [free, pro, enterprise]",
        "type: int, range: [0, 5]",
        "type: string, cardinality: bounded, limit: 50",
        "type: int, cardinality: unbounded",
    ];
    let mut text = String::from(
        "contract: bench\nversion: 0.1.0\nbrief: As large as asked for.\ndefaults: { privacy: internal }\nattributes:\n",
    );
    for n in 0..attributes {
        let class = CLASSES[n % CLASSES.len()];
        let _ = writeln!(
            text,
            "  part{n}.value: {{ {class}, brief: Attribute {n}. }}"
        );
    }
    text.push_str("errors:\n  broken: It broke.\n  late: Too late.\noperations:\n");
    for n in 0..operations {
        let _ = write!(
            text,
            "  work.n{n}:\n    brief: Work of kind {n}.\n    attributes:\n"
        );
        for position in 0..8 {
            let attribute = (n * 4 + position) % attributes;
            let level = if position < 5 {
                "required"
            } else {
                "recommended"
            };
            let _ = writeln!(text, "      part{attribute}.value: {level}");
        }
        text.push_str("    errors: [broken, late]\n");
    }
    text
}

pub(crate) fn timed(
    run: impl FnOnce() -> Result<(), Box<dyn Error>>,
) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    run()?;
    Ok(start.elapsed())
}

pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
