//! JSON Schema of contract files.

/// Returns the schema as pretty-printed JSON.
pub(crate) fn text() -> String {
    format!("{:#}\n", otel_contract_model::json_schema())
}
