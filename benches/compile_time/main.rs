//! What annotating a function costs when a service is compiled, against `tracing::instrument`.
//!
//! `cargo run -p otel-contract-benches --bin compile-time [-- FUNCTIONS ROUNDS [quick]]`
//!
//! Writes three crates with the same functions (annotated by us, by `tracing::instrument`, not at
//! all) and a vocabulary crate with as many operations, builds what they depend on, and then checks and
//! builds each in turn, several rounds: from nothing, and after the body of one function was touched.
//! Then how `contract!` grows with the contract, and what depending on us costs. Other load on the
//! machine meets all alike, so the ratios hold where the times do not. `quick`: only `cargo check` of
//! the functions.

mod growth;
mod project;

use growth::{median, timed};
use project::{Crate, How, Project};
use std::error::Error;
use std::path::Path;
use std::time::Duration;

/// The bounds the project promises: ours against `tracing::instrument`, from nothing and after a touch of
/// one function where it is checked.
const COLD: f64 = 0.6;
const TOUCHED: f64 = 0.3;
/// Ten times the contract takes at most so many times as long.
const GROWTH: f64 = 11.0;
/// Depending on us, against depending on `tracing` and `opentelemetry`.
const GRAPH: f64 = 1.5;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize, otherwise: usize| {
        let given = arguments.get(place).map(|one| one.parse());
        given.unwrap_or(Ok(otherwise))
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
    let check = How {
        build: false,
        release: false,
    };
    let ways = if quick {
        vec![check]
    } else {
        let build = |release| How {
            build: true,
            release,
        };
        vec![check, build(false), build(true)]
    };
    let mut met = true;
    for how in ways {
        met &= functions_row(&project, how, rounds)?;
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
            Some(GRAPH),
        );
    }
    if met {
        Ok(())
    } else {
        Err("not every goal is met".into())
    }
}

fn functions_row(project: &Project, how: How, rounds: usize) -> Result<bool, Box<dyn Error>> {
    for one in Crate::ALL {
        project.make(how, one)?;
    }
    let mut cold = [const { Vec::new() }; 3];
    let mut touched = [const { Vec::new() }; 3];
    for _ in 0..rounds {
        for (index, one) in Crate::ALL.into_iter().enumerate() {
            project.forget(how, one)?;
            cold[index].push(timed(|| project.make(how, one))?);
            project.touch(one)?;
            touched[index].push(timed(|| project.make(how, one))?);
        }
    }
    let command = match (how.build, how.release) {
        (false, _) => "`cargo check`",
        (true, false) => "`cargo build`",
        (true, true) => "`cargo build --release`",
    };
    let [ours, instrument, none] = cold.map(median);
    let cold = row(
        &format!("{command} from nothing, against `tracing::instrument`"),
        [ours, instrument],
        Some(none),
        Some(COLD),
    );
    let [ours, instrument, none] = touched.map(median);
    let goal = (!how.build).then_some(TOUCHED);
    let touched = row(
        &format!("{command}, one function touched, against the same"),
        [ours, instrument],
        Some(none),
        goal,
    );
    Ok(cold && touched)
}

/// A comment of the contract is touched: the vocabulary crate is checked again, and what depends on it.
fn contract_comment(project: &Project, how: How, rounds: usize) -> Result<(), Box<dyn Error>> {
    project.make(how, Crate::Ours)?;
    let (mut touched, mut cold) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        project.touch_contract()?;
        touched.push(timed(|| project.make(how, Crate::Ours))?);
        project.forget(how, Crate::Ours)?;
        cold.push(timed(|| project.make(how, Crate::Ours))?);
    }
    row(
        "a comment of the contract touched, vocabulary and service, against the service from nothing",
        [median(touched), median(cold)],
        None,
        None,
    );
    Ok(())
}

/// Prints a row; whether the goal is met.
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
