//! Measures the cost of an operation under the contract and under its peers.
//!
//! `cargo run --release -p otel-contract-benches --bin operation [-- ROUNDS] [--plot FILE]`
//!
//! Prints a table: case, ours, peer, ratio, goal, met. Each scene is measured in a separate process. Every round measures
//! all peers in turn, so that other load affects all of them, and a figure is the median of the rounds. Another program
//! counts allocations, because counting takes time. If valgrind is installed, it counts instructions. Code size is measured
//! by building small programs. `docs/performance.md` describes the comparison.

mod cases;
mod code_size;
mod measure;
mod plot;
mod programs;
mod report;

use otel_contract_benches::scene::Scene;
use programs::Programs;
use std::error::Error;

/// Default number of rounds.
const ROUNDS: usize = 2_001;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [measure, scene, rounds] = arguments.as_slice()
        && measure == "measure"
    {
        for (name, figure) in measure::measure(Scene::named(scene)?, rounds.parse()?)? {
            println!("{name}\t{figure}");
        }
        return Ok(());
    }
    let mut rounds = ROUNDS;
    let mut plot = None;
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        if argument == "--plot" {
            plot = Some(arguments.next().ok_or("`--plot` needs a file")?);
        } else {
            rounds = argument
                .parse()
                .map_err(|_| format!("expected a number of rounds, found `{argument}`"))?;
        }
    }
    let programs = Programs::build()?;
    let measured = cases::Measured::take(&programs, rounds)?;
    let rows = measured.rows();
    print!("{}", report::table(&rows));
    if let Some(file) = plot {
        std::fs::write(file, plot::draw(&measured))?;
    }
    Ok(())
}
