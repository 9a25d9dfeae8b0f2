//! The files of a new vocabulary crate.

use crate::commands::schema;
use crate::fix::SCHEMA_FILE;

/// The files and their texts.
pub(super) fn all(name: &str, package: &str, inherits: bool) -> Vec<(String, String)> {
    vec![
        ("Cargo.toml".to_owned(), manifest(name, package, inherits)),
        ("src/lib.rs".to_owned(), library(name)),
        (format!("schema/{name}.yaml"), contract(name)),
        (format!("schema/{SCHEMA_FILE}"), schema::text()),
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
         description = \"The words the {name} services may use in telemetry.\"\n\
         version = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\n{dependency}\n"
    )
}

fn library(name: &str) -> String {
    format!(
        "//! The words the {name} services may use in telemetry.\n\n\
         otel_contract::contract!(\"schema/{name}.yaml\");\n"
    )
}

/// A contract that compiles and has something of each kind, to be replaced word by word.
fn contract(name: &str) -> String {
    format!(
        r#"# yaml-language-server: $schema={SCHEMA_FILE}
contract: {name}
version: 0.1.0
brief: Words the {name} services may use in telemetry.
owners: ["@{name}"]                 # who is asked before a name changes
defaults: {{ privacy: internal }}
budget: {{ series_per_metric: 1000 }}

resource:                           # what every service has to say of itself
  service.name: required
  service.version: required
  deployment.environment.name: required

# What follows shows each form once. Replace it by the words of your incidents.

attributes:
  import.id:
    type: string
    cardinality: unbounded          # spans and logs only; on a metric it does not compile
    brief: Which import this is, as support tools show it.
    instead_of: [importId, import_id]
  import.source:
    values: {{ upload: A user sent a file., schedule: The nightly run fetched it. }}
    brief: Where the data come from.
  import.rows:
    type: int
    cardinality: unbounded
    brief: How many records were taken in.

errors:                             # the closed set behind error.type
  malformed_file: The file cannot be read in the format it claims.
  source_unavailable: The source did not answer in time.

operations:
  import.run:
    brief: Take in one file from beginning to end.
    attributes:
      import.id: required
      import.source: required
      import.rows: on_success       # known only once it worked
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
    fn a_new_contract_has_no_fault() {
        for name in ["shop", "import", "a_b2"] {
            let compiled = compile(&Source::text("", "new.yaml", contract(name)));
            assert_eq!(compiled.diagnostics.to_string(), "");
        }
    }
}
