//! An error type behind an alias that says no class.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun)]
async fn form() -> anyhow::Result<()> { Ok(()) }

fn main() {}
