//! What annotating a function costs when a service is checked, against `tracing::instrument`.
//!
//! `cargo run -p otel-contract-benches --bin compile-time [-- FUNCTIONS ROUNDS]`
//!
//! Writes three crates with the same functions (annotated by us, by `tracing::instrument`, not at
//! all) and a vocabulary crate with as many operations, builds what they depend on, and then checks
//! each in turn, several rounds: from nothing, and after the body of one function was touched. Other
//! load on the machine meets all three alike, so the ratios hold where the times do not.

mod project;

use project::{Crate, Project};
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

/// The bound the project promises: ours against `tracing::instrument`.
const GOAL: f64 = 0.6;

fn main() -> Result<(), Box<dyn Error>> {
    let numbers: Vec<usize> = std::env::args()
        .skip(1)
        .map(|one| one.parse())
        .collect::<Result<_, _>>()?;
    let functions = numbers.first().copied().unwrap_or(500);
    let rounds = numbers.get(1).copied().unwrap_or(5);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let project = Project::write(&root.canonicalize()?, functions)?;
    println!(
        "{functions} annotated async functions, a contract of {functions} operations, {rounds} rounds"
    );
    for one in Crate::ALL {
        project.check(one)?;
    }
    let mut cold = [const { Vec::new() }; 3];
    let mut touched = [const { Vec::new() }; 3];
    for round in 0..rounds {
        for (index, one) in Crate::ALL.into_iter().enumerate() {
            project.forget(one)?;
            cold[index].push(time(|| project.check(one))?);
            project.touch(one, round)?;
            touched[index].push(time(|| project.check(one))?);
        }
    }
    println!(
        "\n{:<24} {:>10} {:>10} {:>10} {:>14} {:>12}",
        "cargo check", "ours", "instrument", "no macro", "ours/instrument", "ours/none"
    );
    let met = [
        report("from nothing", &mut cold),
        report("one function touched", &mut touched),
    ];
    println!("\ngoal: ours/instrument at most {GOAL} from nothing and after a touch");
    if met.contains(&false) {
        Err("the goal is not met".into())
    } else {
        Ok(())
    }
}

fn time(work: impl FnOnce() -> Result<(), Box<dyn Error>>) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

fn report(case: &str, times: &mut [Vec<Duration>; 3]) -> bool {
    let [ours, instrument, none] = times.each_mut().map(|times| {
        times.sort();
        times[times.len() / 2].as_secs_f64()
    });
    println!(
        "{case:<24} {ours:>8.2} s {instrument:>8.2} s {none:>8.2} s {:>14.2} {:>12.2}",
        ours / instrument,
        ours / none,
    );
    ours / instrument <= GOAL
}
