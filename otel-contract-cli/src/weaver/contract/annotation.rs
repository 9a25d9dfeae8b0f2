//! Reads `annotations.otel_contract`, which an export or a person wrote.

use otel_contract_model::{Node, NodeValue};

use crate::weaver::yaml::{Map, Yaml};

/// The annotation of an entry, if it has one.
#[derive(Clone, Copy)]
pub(super) struct Annotation<'a>(pub(super) Option<&'a Node>);

impl<'a> Annotation<'a> {
    pub(super) fn get(self, field: &str) -> Option<&'a Node> {
        self.0?.get(field)
    }

    pub(super) fn has(self, field: &str) -> bool {
        self.get(field).is_some()
    }

    pub(super) fn text(self, field: &str) -> Option<&'a str> {
        self.get(field)?.text()
    }

    pub(super) fn is_set(self, field: &str) -> bool {
        self.get(field)
            .is_some_and(|node| matches!(node.value, NodeValue::Bool(true)))
    }

    /// Returns the texts of a list.
    pub(super) fn texts(self, field: &str) -> Vec<&'a str> {
        let items = self.get(field).map_or(&[][..], Node::items);
        items.iter().filter_map(Node::text).collect()
    }

    /// Returns a field unchanged.
    pub(super) fn yaml(self, field: &str) -> Option<Yaml> {
        self.get(field).map(yaml)
    }

    /// Copies existing fields unchanged.
    pub(super) fn copy(self, fields: &[&str], map: &mut Map) {
        for field in fields {
            map.put_some(field, self.yaml(field));
        }
    }
}

/// Converts a node to a YAML value.
pub(super) fn yaml(node: &Node) -> Yaml {
    match &node.value {
        NodeValue::Null => Yaml::Text(String::new()),
        NodeValue::Bool(flag) => Yaml::Bool(*flag),
        NodeValue::Int(number) => Yaml::Int(*number),
        NodeValue::Float(number) => Yaml::Float(*number),
        NodeValue::Text(text) => Yaml::Text(text.clone()),
        NodeValue::List(items) => Yaml::List(items.iter().map(yaml).collect()),
        NodeValue::Map(_) => {
            let mut map = Map::new();
            for (key, value) in node.entries() {
                if let Some(key) = key.text() {
                    map.put(key, yaml(value));
                }
            }
            Yaml::Map(map)
        }
    }
}
