//! One trace through several processes. The API receives the payment of an order over HTTP and calls a payment gateway. An
//! outbox stores the invoice job, a relay delivers the job, and a worker creates the invoice.
//!
//! Without a command, the program starts these processes, pays a few orders, and prints their telemetry. With a command,
//! the program runs one of the processes. See `--help`.

mod api;
mod demo;
mod domain;
mod gateway;
mod options;
mod payments;
mod relay;
mod service;
mod store;
mod telemetry;
mod worker;

use options::{Command, HELP};
use std::error::Error;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    match Command::parse(std::env::args().skip(1))? {
        Command::Demo(options) => demo::run(options).await,
        Command::Orders { database, count } => demo::orders::place(&database, count).await,
        Command::Api(options) => api::run(options).await,
        Command::Gateway(options) => gateway::run(options).await,
        Command::Relay(options) => relay::run(options).await,
        Command::Worker(options) => worker::run(options).await,
        Command::Help => {
            print!("{HELP}");
            Ok(())
        }
    }
}
