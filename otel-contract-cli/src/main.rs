//! The `cargo otel-contract` binary.

use otel_contract_cli::Cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    Cli::from_args(std::env::args_os()).run().into()
}
