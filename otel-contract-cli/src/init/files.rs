//! The files of a new vocabulary crate.

use crate::fix::SCHEMA_FILE;
use crate::json_schema;

/// Returns the paths and contents of all files.
pub(super) fn all(name: &str, package: &str, inherits: bool) -> Vec<(String, String)> {
    vec![
        ("Cargo.toml".to_owned(), manifest(name, package, inherits)),
        ("src/lib.rs".to_owned(), library(name)),
        (format!("schema/{name}.yaml"), contract(name)),
        (format!("schema/{SCHEMA_FILE}"), json_schema::text()),
    ]
}

fn manifest(name: &str, package: &str, inherits: bool) -> String {
    let dependency = if inherits {
        "otel-contract.workspace = true".to_owned()
    } else {
        format!("otel-contract = \"{}\"", env!("CARGO_PKG_VERSION"))
    };
    format!(
        "[package]\nname = \"{package}\"\n\
         description = \"Telemetry vocabulary of the {name} services.\"\n\
         version = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\n{dependency}\n"
    )
}

fn library(name: &str) -> String {
    format!(
        "//! Telemetry vocabulary of the {name} services.\n\n\
         otel_contract::contract!(\"schema/{name}.yaml\");\n"
    )
}

/// Returns an example contract with every kind of entry. Users replace the entries.
fn contract(name: &str) -> String {
    format!(
        r#"# yaml-language-server: $schema={SCHEMA_FILE}
contract: {name}
version: 0.1.0
brief: Telemetry vocabulary of the {name} services.
owners: ["@{name}"]                 # approve changes of names
defaults: {{ privacy: internal }}
budget: {{ series_per_metric: 1000 }}

resource:                           # attributes of every service
  service.name: required
  service.version: required
  deployment.environment.name: required

# The entries below are examples of each kind. Replace them with your own.

attributes:
  import.id:
    type: string
    cardinality: unbounded          # spans and logs only; does not compile on a metric
    brief: Import identifier, as shown by support tools.
    instead_of: [importId, import_id]
  import.source:
    values: {{ upload: A user sent a file., schedule: The nightly run fetched it. }}
    brief: Source of the data.
  import.rows:
    type: int
    cardinality: unbounded
    brief: Number of imported records.

errors:                             # the values of error.type
  malformed_file: The file does not match its format.
  source_unavailable: The source did not answer in time.

operations:
  import.run:
    brief: Import one file.
    attributes:
      import.id: required
      import.source: required
      import.rows: on_success       # only known on success
    errors: [malformed_file, source_unavailable]
    metrics: {{ dimensions: [import.source] }}
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use otel_contract_model::Source;
    use otel_contract_yaml::compile;

    #[test]
    fn a_new_contract_has_no_errors() {
        for name in ["shop", "import", "a_b2"] {
            let compiled = compile(&Source::text("", "new.yaml", contract(name)));
            assert_eq!(compiled.diagnostics.to_string(), "");
        }
    }
}
