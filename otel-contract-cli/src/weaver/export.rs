//! Converts a contract to a registry in the second format, `definition/2`. Settings without an equivalent in Weaver are
//! stored under `annotations.otel_contract`. The import reads these annotations.

mod attributes;
mod signals;

use std::collections::HashMap;

use otel_contract_model::{
    Attribute, Contract, Deprecated, Emit, LifeCycle, RustName, Source, Stability, names, semconv,
};
use otel_contract_yaml::compile;

use super::report::{Outcome, Report};
use super::yaml::{self, Map, Yaml};
use crate::words;

/// Result of an export.
#[derive(Debug)]
pub struct Exported {
    /// Files of the folder: name and text.
    pub files: Vec<(&'static str, String)>,
    /// Changed and omitted entries.
    pub report: Report,
}

/// Converts a contract to a registry.
#[must_use]
pub fn export(contract: &Contract) -> Exported {
    let mut writer = Writer {
        contract,
        bundled: bundled(contract),
        report: Report::default(),
    };
    writer.report.attributes = contract.attributes.len();
    writer.report.converted = contract.attributes.len();
    let sections = [
        ("attributes.yaml", "attributes", writer.attributes()),
        ("groups.yaml", "attribute_groups", writer.groups()),
        ("resource.yaml", "entities", writer.resource()),
        ("spans.yaml", "spans", writer.operations()),
        ("metrics.yaml", "metrics", writer.metrics()),
        ("events.yaml", "events", writer.events()),
    ];
    let mut files = vec![("manifest.yaml", writer.manifest())];
    for (file, section, entries) in sections {
        if entries.is_empty() {
            continue;
        }
        let mut text = String::from("file_format: definition/2\n\n");
        yaml::entry(&mut text, section, &Yaml::List(entries), 0);
        files.push((file, text));
    }
    Exported {
        files,
        report: writer.report,
    }
}

struct Writer<'c> {
    contract: &'c Contract,
    /// Attributes imported from the semantic conventions, without the refinements of the contract.
    bundled: HashMap<String, Attribute>,
    report: Report,
}

impl Writer<'_> {
    fn manifest(&mut self) -> String {
        let contract = self.contract;
        let mut map = Map::new();
        let url = contract.schema_url.clone().unwrap_or_else(|| {
            let reason = "a registry needs a schema URL, so this placeholder is used";
            let url = format!(
                "https://{}.invalid/schemas/{}",
                contract.name.replace('_', "-"),
                contract.version
            );
            self.report.add(Outcome::Changed, &*url, None, reason);
            url
        });
        map.put("schema_url", url);
        yaml::document(&map)
    }

    /// Stores the settings of the contract itself.
    fn about(&self) -> Yaml {
        let contract = self.contract;
        let mut annotation = Map::new();
        annotation.put("contract", contract.name.as_str());
        annotation.put("version", contract.version.as_str());
        annotation.put_some("schema_url", contract.schema_url.clone());
        annotation.put_list("owners", &contract.owners);
        let baggage = contract.baggage.iter().map(|id| contract[*id].key.clone());
        annotation.put_list("baggage", &baggage.collect::<Vec<_>>());
        let mut budget = Map::new();
        let number = |series: u64| i64::try_from(series).unwrap_or(i64::MAX);
        budget.put_some(
            "series_per_metric",
            contract.budget.series_per_metric.map(number),
        );
        budget.put_some("series", contract.budget.series.map(number));
        if !budget.is_empty() {
            annotation.put("budget", budget);
        }
        let mut id = format!("contract.{}", contract.name);
        while contract.groups.iter().any(|group| group.name == id) {
            id.push('x');
        }
        let mut map = Map::new();
        map.put("id", id);
        map.put("visibility", "public");
        let common = Common {
            brief: &contract.brief,
            note: None,
            stability: Stability::Development,
            deprecated: None,
        };
        common.put(&mut map, annotation);
        map.into()
    }
}

/// Fields of all kinds of definitions.
struct Common<'c> {
    brief: &'c str,
    note: Option<&'c str>,
    stability: Stability,
    deprecated: Option<&'c Deprecated>,
}

impl Common<'_> {
    /// Writes the fields, with the annotation last.
    fn put(&self, map: &mut Map, mut annotation: Map) {
        map.put("brief", self.brief);
        map.put_some("note", self.note);
        map.put("stability", words::stability(self.stability));
        if let Some(deprecated) = self.deprecated {
            map.put("deprecated", deprecation(deprecated));
            let mut versions = Map::new();
            versions.put_some("since", deprecated.since.clone());
            versions.put_some("removed_in", deprecated.removed_in.clone());
            versions.put_some("emit", emit_word(deprecated));
            if !versions.is_empty() {
                annotation.put("deprecated", versions);
            }
        }
        put_annotation(map, annotation);
    }
}

/// Writes owners, expiry and allowances.
fn put_ownership(life_cycle: &LifeCycle, annotation: &mut Map) {
    annotation.put_list("owners", &life_cycle.owners);
    annotation.put_some("expires", life_cycle.expires.clone());
    annotation.put_list("allow", &life_cycle.allow);
}

/// Returns the `emit` keyword if both keys of a rename are recorded.
fn emit_word(deprecated: &Deprecated) -> Option<&'static str> {
    (deprecated.emit == Emit::Both).then_some("both")
}

/// Writes the annotation unless it is empty.
fn put_annotation(map: &mut Map, annotation: Map) {
    if !annotation.is_empty() {
        let mut annotations = Map::new();
        annotations.put("otel_contract", annotation);
        map.put("annotations", annotations);
    }
}

/// Returns `deprecated` in the format of a registry.
fn deprecation(deprecated: &Deprecated) -> Map {
    let mut map = Map::new();
    match &deprecated.replaced_by {
        Some(name) => {
            map.put("reason", "renamed");
            map.put("renamed_to", name.as_str());
        }
        None => map.put("reason", "uncategorized"),
    }
    map.put_some("note", deprecated.note.clone());
    map
}

/// Returns the `rust_name` of an entry, or `None` for the default.
fn rust_name(name: &str, rust: &RustName) -> Option<String> {
    let obvious = names::rust_name(name);
    let plain = rust.snake.trim_start_matches("r#").trim_end_matches('_');
    (obvious.as_ref() != Some(rust)).then(|| plain.to_owned())
}

/// Returns the bundled definitions of the imported attributes.
fn bundled(contract: &Contract) -> HashMap<String, Attribute> {
    let imported = contract
        .attributes
        .iter()
        .filter(|attribute| attribute.semconv);
    let known = imported.filter(|attribute| semconv::find(&attribute.key).is_some());
    let mut semconv = Map::new();
    for attribute in known {
        let mut refinement = Map::new();
        // A unique placeholder; the Rust names of this contract are not used.
        refinement.put("rust_name", format!("name_{}", semconv.len()));
        semconv.put(&attribute.key, refinement);
    }
    let mut map = Map::new();
    map.put("contract", "bundled");
    map.put("version", "0.1.0");
    map.put("brief", "Attributes of the semantic conventions.");
    map.put("semconv", semconv);
    let text = yaml::document(&map);
    let compiled = compile(&Source::text("", "bundled.yaml", text));
    let attributes = compiled
        .contract
        .map(|compiled_contract| compiled_contract.attributes);
    let attributes = attributes.unwrap_or_default().into_iter();
    attributes
        .map(|attribute| (attribute.key.clone(), attribute))
        .collect()
}
