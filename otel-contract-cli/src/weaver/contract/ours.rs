//! What a contract left under `annotations.otel_contract` when it was exported, or a person wrote there.

use otel_contract_model::{Node, NodeValue};

use crate::weaver::yaml::{Map, Yaml};

/// The annotation of an entry, or that it has none.
#[derive(Clone, Copy)]
pub(super) struct Ours<'a>(pub(super) Option<&'a Node>);

impl<'a> Ours<'a> {
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

    /// The texts of a list.
    pub(super) fn texts(self, field: &str) -> Vec<&'a str> {
        let items = self.get(field).map_or(&[][..], Node::items);
        items.iter().filter_map(Node::text).collect()
    }

    /// A field as it is.
    pub(super) fn yaml(self, field: &str) -> Option<Yaml> {
        self.get(field).map(yaml)
    }

    /// Puts the fields that are given, as they are.
    pub(super) fn copy(self, fields: &[&str], map: &mut Map) {
        for field in fields {
            map.put_some(field, self.yaml(field));
        }
    }
}

/// A node as something to write.
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
