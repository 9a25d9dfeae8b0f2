//! Measures the time to check a contract: the semantic conventions as one contract, then four and sixteen copies of all
//! its entries under other names. If the time is linear, sixteen copies take sixteen times as long as one.
//!
//! `cargo run --release -p otel-contract-benches --bin check -- REGISTRY`
//!
//! The registry is imported first. Only the check of the imported contract is measured, including the reading of files.

mod copies;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use otel_contract_cli::weaver::{ImportOptions, import};
use otel_contract_model::{Contract, Source};
use otel_contract_yaml::compile;

/// Number of runs of each case, in turns. The fastest run counts, because other load can only slow a run down.
const RUNS: usize = 7;
const COPIES: [u32; 3] = [1, 4, 16];
/// Bound for one copy.
const MOST: Duration = Duration::from_secs(1);
/// Bound for the time per copy with sixteen copies, relative to one copy. More than 1, because the memory no longer fits
/// into the caches. Quadratic growth would be 16.
const SLACK: f64 = 2.0;

fn main() -> Result<(), Box<dyn Error>> {
    let registry = std::env::args_os().nth(1).ok_or(
        "usage: check REGISTRY, the folder of a registry such as `../shared/data/semconv`",
    )?;
    let imported = import(Path::new(&registry), &ImportOptions::default());
    let text = imported?.text;
    let folder = std::env::temp_dir().join(format!("otel-contract-check-{}", std::process::id()));
    let measured = measure(&text, &folder);
    fs::remove_dir_all(&folder)?;
    let measured = measured?;
    println!("copies   attributes   metrics   check        per copy, relative to one");
    let mut met = true;
    let one = measured[0].best;
    for case in &measured {
        let linear = one.as_secs_f64() * f64::from(case.copies);
        let ratio = case.best.as_secs_f64() / linear;
        met &= ratio <= SLACK;
        println!(
            "{:>5}×   {:>10}   {:>7}   {:>8.1} ms   {ratio:>5.2}",
            case.copies,
            case.attributes,
            case.metrics,
            case.best.as_secs_f64() * 1000.0,
        );
    }
    met &= one < MOST;
    println!(
        "\ngoal: one copy in less than {MOST:?}; with sixteen copies, each takes at most {SLACK} times as long as one copy alone"
    );
    if met {
        Ok(())
    } else {
        Err("the goal is not met".into())
    }
}

/// Measurement of one number of copies.
struct Case {
    copies: u32,
    source: Source,
    best: Duration,
    attributes: usize,
    metrics: usize,
}

fn measure(text: &str, folder: &Path) -> Result<Vec<Case>, Box<dyn Error>> {
    let mut cases = Vec::new();
    for copies in COPIES {
        let folder: PathBuf = folder.join(copies.to_string());
        copies::write(text, copies, &folder)?;
        cases.push(Case {
            copies,
            source: Source::file(&folder, "contract.yaml"),
            best: Duration::MAX,
            attributes: 0,
            metrics: 0,
        });
    }
    for _ in 0..RUNS {
        for case in &mut cases {
            let started = Instant::now();
            let compiled = compile(&case.source);
            case.best = case.best.min(started.elapsed());
            if !compiled.diagnostics.is_empty() {
                return Err(compiled.diagnostics.to_string().into());
            }
            let contract: Contract = compiled.contract.ok_or("no contract")?;
            case.attributes = contract.attributes.len() + contract.templates.len();
            case.metrics = contract.metrics.len();
        }
    }
    Ok(cases)
}
