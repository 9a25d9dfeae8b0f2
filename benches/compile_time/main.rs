//! Measures the compile time of annotated functions, compared with `tracing::instrument`.
//!
//! `cargo run -p otel-contract-benches --bin compile-time [-- FUNCTIONS ROUNDS [quick]]`
//!
//! Writes three crates with the same functions (annotated by `otel-contract`, annotated by `tracing::instrument`, and not
//! annotated) and a vocabulary crate with as many operations, and builds their dependencies. Then checks and builds each
//! crate in turn for several rounds: from a clean state, and after a change of one function body. Then measures how the
//! compile time of `contract!` grows with the size of the contract, and the build time of the dependencies. Other load of
//! the machine affects all crates alike, so the ratios are more reliable than the times. `quick`: only `cargo check` of the
//! functions.

mod growth;
mod project;

use growth::{median, timed};
use project::{CargoCommand, Crate, Project};
use std::error::Error;
use std::path::Path;
use std::time::Duration;

/// Bound of the ratio to `tracing::instrument` from a clean state.
const COLD: f64 = 0.6;
/// Bound of the ratio to `tracing::instrument` for `cargo check` after a change of one function.
const TOUCHED: f64 = 0.3;
/// Bound of the time of `contract!` for a contract that is ten times as large, relative to the small contract.
const GROWTH: f64 = 11.0;
/// Bound of the build time of `otel-contract` relative to `tracing` and `opentelemetry`.
const COLD_BUILD: f64 = 1.5;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |position: usize, default: usize| {
        let argument = arguments.get(position).map(|argument| argument.parse());
        argument.unwrap_or(Ok(default))
    };
    let (functions, rounds) = (number(0, 500)?, number(1, 5)?);
    let quick = arguments.get(2).is_some_and(|word| word == "quick");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()?;
    let project = Project::write(&root, functions)?;
    println!(
        "{functions} annotated async functions, a contract of {functions} operations, {rounds} rounds\n"
    );
    println!("| case | ours | peer | ratio | no macro | ours/none | goal | met |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
    let check = CargoCommand {
        build: false,
        release: false,
    };
    let commands = if quick {
        vec![check]
    } else {
        let build = |release| CargoCommand {
            build: true,
            release,
        };
        vec![check, build(false), build(true)]
    };
    let mut met = true;
    for command in commands {
        met &= functions_row(&project, command, rounds)?;
    }
    if !quick {
        contract_comment(&project, check, rounds)?;
        let [small, large] = growth::contract(&root, rounds)?;
        met &= row(
            "`contract!`, 2,000 attributes and 500 operations, against 200 and 50",
            [large, small],
            None,
            Some(GROWTH),
        );
        let [ours, theirs] = growth::dependencies(&root, rounds.min(3))?;
        met &= row(
            "cold build of `otel-contract`, against `tracing` + `opentelemetry`",
            [ours, theirs],
            None,
            Some(COLD_BUILD),
        );
    }
    if met {
        Ok(())
    } else {
        Err("not every goal is met".into())
    }
}

fn functions_row(
    project: &Project,
    command: CargoCommand,
    rounds: usize,
) -> Result<bool, Box<dyn Error>> {
    for package in Crate::ALL {
        project.make(command, package)?;
    }
    let mut cold = [const { Vec::new() }; 3];
    let mut touched = [const { Vec::new() }; 3];
    for _ in 0..rounds {
        for (index, package) in Crate::ALL.into_iter().enumerate() {
            project.clean(command, package)?;
            cold[index].push(timed(|| project.make(command, package))?);
            project.touch(package)?;
            touched[index].push(timed(|| project.make(command, package))?);
        }
    }
    let name = match (command.build, command.release) {
        (false, _) => "`cargo check`",
        (true, false) => "`cargo build`",
        (true, true) => "`cargo build --release`",
    };
    let [ours, instrument, none] = cold.map(median);
    let cold = row(
        &format!("{name} from a clean state, against `tracing::instrument`"),
        [ours, instrument],
        Some(none),
        Some(COLD),
    );
    let [ours, instrument, none] = touched.map(median);
    let goal = (!command.build).then_some(TOUCHED);
    let touched = row(
        &format!("{name} after a change of one function, against `tracing::instrument`"),
        [ours, instrument],
        Some(none),
        goal,
    );
    Ok(cold && touched)
}

/// Measures a change of a comment in the contract, which rebuilds the vocabulary crate and its dependents.
fn contract_comment(
    project: &Project,
    command: CargoCommand,
    rounds: usize,
) -> Result<(), Box<dyn Error>> {
    project.make(command, Crate::Ours)?;
    let (mut touched, mut cold) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        project.touch_contract()?;
        touched.push(timed(|| project.make(command, Crate::Ours))?);
        project.clean(command, Crate::Ours)?;
        cold.push(timed(|| project.make(command, Crate::Ours))?);
    }
    row(
        "vocabulary and service after a change of a comment in the contract, against the service from a clean state",
        [median(touched), median(cold)],
        None,
        None,
    );
    Ok(())
}

/// Prints a row, and returns whether the goal is met.
fn row(case: &str, [ours, peer]: [Duration; 2], none: Option<Duration>, goal: Option<f64>) -> bool {
    let seconds = |time: Duration| format!("{:.2} s", time.as_secs_f64());
    let ratio = ours.as_secs_f64() / peer.as_secs_f64();
    let over = none.map(|none| format!("{:.2}", ours.as_secs_f64() / none.as_secs_f64()));
    let met = goal.is_none_or(|goal| ratio <= goal);
    println!(
        "| {case} | {} | {} | {ratio:.2} | {} | {} | {} | {} |",
        seconds(ours),
        seconds(peer),
        none.map(seconds).unwrap_or_default(),
        over.unwrap_or_default(),
        goal.map(|goal| format!("≤ {goal}")).unwrap_or_default(),
        match (goal, met) {
            (None, _) => "",
            (_, true) => "yes",
            (_, false) => "**no**",
        },
    );
    met
}
