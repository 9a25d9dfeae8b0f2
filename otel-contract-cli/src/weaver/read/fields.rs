//! Fields of a mapping during parsing.

use otel_contract_model::{Diagnostic, Node, NodeValue};

use super::super::codes;
use super::super::registry::RegistryNode;

/// Fields that have not been read yet.
pub(super) struct Fields<'a> {
    pub(super) at: RegistryNode<'a>,
    /// Owner of the fields, for messages.
    pub(super) owner: String,
    left: Vec<(&'a Node, &'a Node)>,
}

impl<'a> Fields<'a> {
    pub(super) fn open(
        at: RegistryNode<'a>,
        owner: &str,
        errors: &mut Vec<Diagnostic>,
    ) -> Option<Fields<'a>> {
        let NodeValue::Map(entries) = &at.node.value else {
            let kind = at.node.kind();
            errors.push(at.error(&codes::WRONG_SHAPE, &[&"a mapping", &kind]));
            return None;
        };
        Some(Fields {
            at,
            owner: owner.to_owned(),
            left: entries.iter().map(|(key, value)| (key, value)).collect(),
        })
    }

    /// Takes a field. A field without a value counts as missing.
    pub(super) fn take(&mut self, name: &str) -> Option<RegistryNode<'a>> {
        let found = self
            .left
            .iter()
            .position(|(key, _)| key.text() == Some(name))?;
        let (_, value) = self.left.swap_remove(found);
        (!matches!(value.value, NodeValue::Null)).then_some(self.at.with(value))
    }

    /// Takes a string field.
    pub(super) fn text(&mut self, name: &str, errors: &mut Vec<Diagnostic>) -> Option<&'a str> {
        let at = self.take(name)?;
        let text = at.node.text();
        if text.is_none() {
            let kind = at.node.kind();
            errors.push(at.error(&codes::WRONG_SHAPE, &[&"a string", &kind]));
        }
        text
    }

    /// Takes a required string field.
    pub(super) fn required(&mut self, name: &str, errors: &mut Vec<Diagnostic>) -> Option<&'a str> {
        if !self.left.iter().any(|(key, _)| key.text() == Some(name)) {
            errors.push(self.at.error(&codes::MISSING, &[&self.owner, &name]));
            return None;
        }
        self.text(name, errors)
    }

    /// Takes a boolean field.
    pub(super) fn flag(&mut self, name: &str, errors: &mut Vec<Diagnostic>) -> Option<bool> {
        let at = self.take(name)?;
        match at.node.value {
            NodeValue::Bool(flag) => Some(flag),
            ref other => {
                let kind = other.kind();
                errors.push(at.error(&codes::WRONG_SHAPE, &[&"`true` or `false`", &kind]));
                None
            }
        }
    }

    /// Returns the unread fields in the order written.
    pub(super) fn rest(&self) -> Vec<(RegistryNode<'a>, String)> {
        let mut left: Vec<_> = self
            .left
            .iter()
            .map(|(key, _)| {
                let name = key.shown();
                (self.at.with(key), name.to_owned())
            })
            .collect();
        left.sort_by_key(|(at, _)| at.node.line());
        left
    }
}
