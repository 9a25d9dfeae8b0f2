//! Exports attributes with their values and classes.

use std::collections::HashSet;
use std::fmt::Display;

use otel_contract_model::{
    Attribute, Contract, Domain, Element, ErrorClass, Privacy, Protect, Severity, Type, Value,
    names,
};

use super::{Common, Writer, deprecation, emit_word, put_annotation, put_ownership, rust_name};
use crate::weaver::contract::snake;
use crate::weaver::yaml::{Map, Yaml};
use crate::words;

impl Writer<'_> {
    pub(super) fn attributes(&mut self) -> Vec<Yaml> {
        let contract: &Contract = self.contract;
        let mut written = Vec::new();
        let mut templates: HashSet<&str> = HashSet::new();
        for attribute in &contract.attributes {
            match &attribute.template {
                // The keys of a template share one definition.
                Some(template) if !attribute.semconv => {
                    if templates.insert(template) {
                        let keys = keys_of(contract, template);
                        written.push(definition_of_template(attribute, template, &keys));
                    }
                }
                _ => written.push(self.attribute(attribute)),
            }
        }
        for template in &contract.templates {
            written.push(definition_of_template(template, &template.key, &[]));
        }
        written.extend(self.error_type());
        written
    }

    fn attribute(&self, attribute: &Attribute) -> Yaml {
        let mut annotation = Map::new();
        let written = rust_name(&attribute.key, &attribute.rust);
        if attribute.semconv {
            annotation.put("semconv", self.refined(attribute));
        }
        definition(&attribute.key, attribute, false, annotation, written)
    }

    /// Returns the changes of the contract to a semantic-convention attribute.
    fn refined(&self, attribute: &Attribute) -> Vec<Yaml> {
        let Some(bundled) = self.bundled.get(&attribute.key) else {
            return Vec::new();
        };
        let mut refined = Vec::new();
        if attribute.brief != bundled.brief {
            refined.push("brief".into());
        }
        if !same(&attribute.domain, &bundled.domain) {
            refined.push("values".into());
        }
        if attribute.privacy != bundled.privacy {
            refined.push("privacy".into());
        }
        refined
    }

    /// Exports the error classes as values of `error.type`.
    fn error_type(&self) -> Option<Yaml> {
        let contract = self.contract;
        let in_use = contract
            .metrics
            .iter()
            .any(|metric| metric.error_type.is_some())
            || contract
                .events
                .iter()
                .any(|event| event.error_type.is_some());
        if contract.errors.is_empty() && !in_use {
            return None;
        }
        let mut ids = HashSet::new();
        let members = contract
            .errors
            .iter()
            .map(|error| member_of(error, &mut ids));
        let members: Vec<Yaml> = members.collect();
        let mut map = Map::new();
        map.put("key", "error.type");
        if members.is_empty() {
            map.put("type", "string");
        } else {
            map.put("type", enumeration(members));
        }
        map.put("brief", "Error class of the failure.");
        map.put("stability", "stable");
        Some(map.into())
    }
}

/// Exports one definition for all keys of a template.
fn definition_of_template(attribute: &Attribute, template: &str, keys: &[String]) -> Yaml {
    let (prefix, placeholder) = template.split_once(".<").unwrap_or((template, "key>"));
    let mut annotation = Map::new();
    if placeholder != "key>" {
        annotation.put("template", template);
    }
    annotation.put("keys", keys.to_vec());
    definition(prefix, attribute, true, annotation, None)
}

fn definition(
    key: &str,
    attribute: &Attribute,
    is_template: bool,
    mut annotation: Map,
    rust_name: Option<String>,
) -> Yaml {
    let mut map = Map::new();
    map.put("key", key);
    classes(attribute, &mut annotation);
    annotation.put_list("instead_of", &attribute.instead_of);
    if attribute.newtype {
        annotation.put("newtype", true);
    }
    put_ownership(&attribute.life_cycle, &mut annotation);
    annotation.put_some("rust_name", rust_name);
    let value_type = type_of(&attribute.domain);
    map.put(
        "type",
        match value_type {
            Yaml::Text(word) if is_template => Yaml::Text(format!("template[{word}]")),
            other => other,
        },
    );
    if !attribute.examples.is_empty() {
        let examples = attribute.examples.iter();
        let examples = examples.map(|example| typed(example, &attribute.domain));
        map.put("examples", Yaml::List(examples.collect()));
    }
    let common = Common {
        brief: &attribute.brief,
        note: attribute.note.as_deref(),
        stability: attribute.life_cycle.stability,
        deprecated: attribute.life_cycle.deprecated.as_ref(),
    };
    common.put(&mut map, annotation);
    map.into()
}

fn keys_of(contract: &Contract, template: &str) -> Vec<String> {
    let prefix = template.split('<').next().unwrap_or_default();
    let of_template = |attribute: &&Attribute| {
        attribute.template.as_deref() == Some(template) && !attribute.semconv
    };
    let attributes = contract.attributes.iter().filter(of_template);
    attributes
        .filter_map(|attribute| attribute.key.strip_prefix(prefix))
        .map(str::to_owned)
        .collect()
}

/// Exports cardinality and privacy.
fn classes(attribute: &Attribute, annotation: &mut Map) {
    match &attribute.domain {
        Domain::Strings { other: true, .. } => annotation.put("other", true),
        Domain::Range { min, max } => annotation.put("range", vec![*min, *max]),
        Domain::Limited { limit } => {
            annotation.put("cardinality", "bounded");
            annotation.put("limit", i64::from(*limit));
        }
        Domain::Unbounded(_) => annotation.put("cardinality", "unbounded"),
        Domain::Strings { .. } | Domain::Ints { .. } | Domain::Boolean | Domain::Secret => {}
    }
    match attribute.privacy {
        Privacy::Public => annotation.put("privacy", "public"),
        Privacy::Internal => annotation.put("privacy", "internal"),
        Privacy::Secret => annotation.put("privacy", "secret"),
        Privacy::Personal(protect) => {
            annotation.put("privacy", "personal");
            match protect {
                Protect::Hash => annotation.put("protect", "hash"),
                Protect::Mask => annotation.put("protect", "mask"),
                Protect::KeepLast(count) => {
                    let mut kept = Map::new();
                    kept.put("keep_last", i64::from(count));
                    annotation.put("protect", kept);
                }
            }
        }
    }
}

/// Returns the type in the format of a registry. Secrets have no type, so a placeholder is used.
fn type_of(domain: &Domain) -> Yaml {
    let mut ids = HashSet::new();
    match domain {
        Domain::Strings { values, .. } => {
            let members = values
                .iter()
                .map(|value| member(value, value.value.as_str().into(), &mut ids));
            enumeration(members.collect()).into()
        }
        Domain::Ints { values } => {
            let members = values
                .iter()
                .map(|value| member(value, value.value.into(), &mut ids));
            enumeration(members.collect()).into()
        }
        Domain::Range { .. } => "int".into(),
        Domain::Boolean => "boolean".into(),
        Domain::Limited { .. } | Domain::Secret => "string".into(),
        Domain::Unbounded(value_type) => words::value_type(*value_type).into(),
    }
}

fn enumeration(members: Vec<Yaml>) -> Map {
    let mut map = Map::new();
    map.put("members", members);
    map
}

fn member<T: Display>(value: &Value<T>, written: Yaml, ids: &mut HashSet<String>) -> Yaml {
    let text = value.value.to_string();
    let mut map = Map::new();
    map.put("id", id(&text, ids));
    map.put("value", written);
    if !value.brief.is_empty() {
        map.put("brief", value.brief.as_str());
    }
    map.put("stability", "development");
    let mut annotation = Map::new();
    if let Some(deprecated) = &value.deprecated {
        map.put("deprecated", deprecation(deprecated));
        put_versions(deprecated, &mut annotation);
    }
    if names::variant(&text).as_ref() != Some(&value.variant) {
        annotation.put("rust_name", snake(&value.variant));
    }
    put_annotation(&mut map, annotation);
    map.into()
}

fn member_of(error: &ErrorClass, ids: &mut HashSet<String>) -> Yaml {
    let mut map = Map::new();
    map.put("id", id(&error.name, ids));
    map.put("value", error.name.as_str());
    map.put("brief", error.brief.as_str());
    map.put("stability", "development");
    let mut annotation = Map::new();
    if let Some(deprecated) = &error.deprecated {
        map.put("deprecated", deprecation(deprecated));
        put_versions(deprecated, &mut annotation);
    }
    if error.severity != Severity::Error {
        annotation.put("severity", words::severity(error.severity));
    }
    if error.expected {
        annotation.put("expected", true);
    }
    annotation.put_some("rust_name", rust_name(&error.name, &error.rust));
    put_annotation(&mut map, annotation);
    map.into()
}

fn put_versions(deprecated: &otel_contract_model::Deprecated, annotation: &mut Map) {
    let mut versions = Map::new();
    versions.put_some("since", deprecated.since.clone());
    versions.put_some("removed_in", deprecated.removed_in.clone());
    versions.put_some("emit", emit_word(deprecated));
    if !versions.is_empty() {
        annotation.put("deprecated", versions);
    }
}

/// Returns a unique id for a value.
fn id(value: &str, taken: &mut HashSet<String>) -> String {
    let snake = names::rust_name(value).map_or_else(|| "value".to_owned(), |name| name.snake);
    let stem = snake.trim_start_matches("r#").trim_end_matches('_');
    let numbered = (2..).map(|number| format!("{stem}_{number}"));
    let mut candidates = std::iter::once(stem.to_owned()).chain(numbered);
    let free = candidates.find(|id| taken.insert(id.clone()));
    free.unwrap_or_default()
}

/// Returns whether two sets have the same values. Locations are ignored.
fn same(domain: &Domain, other: &Domain) -> bool {
    fn plain<T: Clone>(values: &[Value<T>]) -> Vec<(T, &str, &str)> {
        let values = values.iter();
        values
            .map(|value| {
                (
                    value.value.clone(),
                    value.variant.as_str(),
                    value.brief.as_str(),
                )
            })
            .collect()
    }
    match (domain, other) {
        (
            Domain::Strings { values, other },
            Domain::Strings {
                values: others,
                other: open,
            },
        ) => other == open && plain(values) == plain(others),
        (Domain::Ints { values }, Domain::Ints { values: others }) => {
            plain(values) == plain(others)
        }
        _ => domain == other,
    }
}

/// Converts an example to the type of the attribute.
fn typed(example: &str, domain: &Domain) -> Yaml {
    let value_type = match domain {
        Domain::Ints { .. } | Domain::Range { .. } => Type::Int,
        Domain::Boolean => Type::Boolean,
        Domain::Unbounded(value_type) => *value_type,
        Domain::Strings { .. } | Domain::Limited { .. } | Domain::Secret => Type::String,
    };
    let Type::Array(element) = value_type else {
        return scalar(example, value_type);
    };
    let inner = example
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let inner = inner.unwrap_or(example);
    let element = match element {
        Element::String => Type::String,
        Element::Int => Type::Int,
        Element::Double => Type::Double,
        Element::Boolean => Type::Boolean,
    };
    let items = inner.split(", ").filter(|_| !inner.is_empty());
    Yaml::List(items.map(|item| scalar(item, element)).collect())
}

fn scalar(text: &str, value_type: Type) -> Yaml {
    let read = match value_type {
        Type::Int => text.parse().ok().map(Yaml::Int),
        Type::Double => text
            .parse()
            .ok()
            .map(Yaml::Int)
            .or_else(|| text.parse().ok().map(Yaml::Float)),
        Type::Boolean => text.parse().ok().map(Yaml::Bool),
        Type::String | Type::Array(_) => None,
    };
    read.unwrap_or_else(|| text.into())
}
