//! An error type without a class, behind an alias.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun)]
async fn form() -> anyhow::Result<()> { Ok(()) }

fn main() {}
