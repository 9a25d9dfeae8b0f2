//! `schema`: the JSON Schema of contract files, for editors.

use super::Outcome;
use crate::Ending;
use std::io::Write as _;

pub(crate) fn run() -> Outcome {
    let schema = otel_contract_model::json_schema();
    writeln!(
        std::io::stdout(),
        "{}",
        serde_json::to_string_pretty(&schema)?
    )?;
    Ok(Ending::Clean)
}
