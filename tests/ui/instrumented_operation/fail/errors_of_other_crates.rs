//! Error types of other crates.

use std::error::Error;
use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun)]
fn anyhow() -> Result<(), anyhow::Error> { Ok(()) }

#[instrumented_operation(forms::FormRun)]
fn boxed() -> Result<(), Box<dyn Error>> { Ok(()) }

#[instrumented_operation(forms::FormRun)]
async fn boxed_and_sent() -> Result<(), Box<dyn Error + Send + Sync>> { Ok(()) }

#[instrumented_operation(forms::StrictRun, work.name = "x", ok(|()| work.count = 1))]
fn of_std() -> Result<(), std::num::ParseIntError> { Ok(()) }

#[instrumented_operation(forms::FormRun)]
fn text() -> Result<(), String> { Ok(()) }

fn main() {}
