//! The files of a new vocabulary crate.

use crate::fix::SCHEMA_FILE;
use crate::json_schema;
use crate::paths;
use std::path::{Path, PathBuf};

/// Where a new crate gets `otel-contract` from.
#[derive(Debug, PartialEq)]
pub(super) enum Dependency {
    /// The workspace declares `otel-contract` under `workspace.dependencies`.
    Workspace,
    /// A path in the clone from which this command was built. Its version may not be published yet.
    Path(PathBuf),
    /// A registry.
    Registry,
}

impl Dependency {
    /// Returns the first source that works: workspace, path, registry.
    pub(super) fn choose(workspace_has_dependency: bool) -> Self {
        if workspace_has_dependency {
            return Self::Workspace;
        }
        // In a clone, `otel-contract` is next to the sources of this command. In a registry, its folder is named
        // `otel-contract-<version>`, so it is not found.
        let sources = Path::new(env!("CARGO_MANIFEST_DIR"));
        let beside = sources.parent().map(|parent| parent.join("otel-contract"));
        match beside {
            Some(folder) if folder.join("Cargo.toml").is_file() => Self::Path(folder),
            _ => Self::Registry,
        }
    }

    fn source(&self) -> String {
        match self {
            Self::Workspace => "workspace = true".to_owned(),
            Self::Path(folder) => {
                let folder = toml_edit::Value::from(paths::shown(folder));
                format!("path = {folder}")
            }
            Self::Registry => format!("version = \"{}\"", env!("CARGO_PKG_VERSION")),
        }
    }
}

/// Returns the paths and contents of all files.
pub(super) fn all(name: &str, package: &str, dependency: &Dependency) -> Vec<(String, String)> {
    vec![
        ("Cargo.toml".to_owned(), manifest(name, package, dependency)),
        ("src/lib.rs".to_owned(), library(name)),
        (format!("schema/{name}.yaml"), contract(name)),
        (format!("schema/{SCHEMA_FILE}"), json_schema::text()),
    ]
}

fn manifest(name: &str, package: &str, dependency: &Dependency) -> String {
    let source = dependency.source();
    format!(
        r#"[package]
name = "{package}"
description = "Telemetry vocabulary of the {name} services."
version = "0.1.0"
edition = "2024"
publish = false

[features]
# For the tests of services, in their dev-dependencies: `{package} = {{ …, features = ["testing"] }}`.
testing = ["otel-contract/testing"]

[dependencies]
otel-contract = {{ {source}, features = [
    "otlp-http",        # `{name}::telemetry(…)`: providers and exporters from the `OTEL_*` variables
    # "otlp-grpc",      # the same over gRPC
    # "tls",            # `https://` endpoints
    # "tokio",          # `{name}::spawn(…)` continues the trace
    # "http",           # `http::HeaderMap` carries a `{name}::TraceContext`
    # "tracing",        # trace and span identifiers in existing logs
    # "logs",           # typed events
    # "hash",           # `protect: hash` for personal values
    # "serde",          # `Serialize` and `Deserialize` of attribute types
] }}
"#
    )
}

fn library(name: &str) -> String {
    format!(
        "//! Telemetry vocabulary of the {name} services.\n\n\
         otel_contract::contract!(\"schema/{name}.yaml\");\n"
    )
}

/// Returns an example contract with attributes, error classes and an operation. Users replace these entries.
fn contract(name: &str) -> String {
    let text = include_str!("contract.yaml");
    text.replace("SCHEMA", SCHEMA_FILE).replace("NAME", name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use otel_contract_model::Source;
    use otel_contract_yaml::compile;

    #[test]
    fn the_dependency_resolves_from_a_clone() {
        assert_eq!(Dependency::choose(true), Dependency::Workspace);
        let Dependency::Path(folder) = Dependency::choose(false) else {
            panic!("these sources are a clone");
        };
        assert!(folder.join("Cargo.toml").exists());
        let manifest = manifest("shop", "shop-telemetry", &Dependency::choose(false));
        let manifest: toml_edit::DocumentMut = manifest.parse().expect("TOML");
        let path = manifest["dependencies"]["otel-contract"]["path"].as_str();
        assert_eq!(path, Some(folder.to_str().expect("UTF-8")));
        assert!(super::manifest("shop", "shop", &Dependency::Registry).contains("version = \""));
    }

    #[test]
    fn a_new_contract_has_no_errors() {
        for name in ["shop", "import", "a_b2"] {
            let compiled = compile(&Source::text("", "new.yaml", contract(name)));
            assert_eq!(compiled.diagnostics.to_string(), "");
        }
    }
}
