//! Converts examples.

use otel_contract_model::{Element, Node, NodeValue, Type};

use super::Writer;
use super::annotation::yaml;
use super::classes::Domain;
use crate::weaver::registry::Attribute;
use crate::weaver::report::Outcome;
use crate::weaver::yaml::{Map, Yaml};

impl<'a> Writer<'_, 'a> {
    /// Writes the examples that are valid for the attribute, and reports the others.
    pub(super) fn examples(&mut self, attribute: &Attribute<'a>, domain: &Domain, map: &mut Map) {
        let Some(node) = attribute.examples else {
            return;
        };
        let is_array = matches!(domain, Domain::Open(Type::Array(_)));
        let nested = node
            .items()
            .iter()
            .any(|item| matches!(item.value, NodeValue::List(_)));
        let written: Vec<&Node> = match &node.value {
            NodeValue::List(_) if is_array && !nested && !node.items().is_empty() => vec![node],
            NodeValue::List(items) => items.iter().collect(),
            _ => vec![node],
        };
        let (fitting, others): (Vec<&Node>, Vec<&Node>) = written
            .into_iter()
            .partition(|example| fits(domain, example));
        if !fitting.is_empty() {
            let examples = fitting.into_iter().map(yaml).collect();
            map.put("examples", Yaml::List(examples));
        }
        if !others.is_empty() {
            let subject = format!("attribute `{}`", attribute.key);
            let place = Some(attribute.at.with(others[0]).place());
            let reason = "an example that is not a value of the attribute";
            self.report.add(Outcome::Partly, subject, place, reason);
        }
    }
}

fn fits(domain: &Domain, example: &Node) -> bool {
    match (domain, &example.value) {
        (Domain::Secret, value) => !matches!(value, NodeValue::Null | NodeValue::Map(_)),
        (Domain::Strings(values, other), NodeValue::Text(text)) => *other || values.contains(text),
        (Domain::Ints(values), NodeValue::Int(number)) => values.contains(number),
        (Domain::Range(min, max), NodeValue::Int(number)) => (min..=max).contains(&number),
        (Domain::Boolean, NodeValue::Bool(_)) => true,
        (Domain::Open(Type::Array(element)), NodeValue::List(items)) => {
            let element = match element {
                Element::String => Type::String,
                Element::Int => Type::Int,
                Element::Double => Type::Double,
                Element::Boolean => Type::Boolean,
            };
            items.iter().all(|item| is_of(&item.value, element))
        }
        (Domain::Open(value_type), value) => is_of(value, *value_type),
        _ => false,
    }
}

fn is_of(value: &NodeValue, value_type: Type) -> bool {
    match value_type {
        Type::String => matches!(value, NodeValue::Text(_)),
        Type::Int => matches!(value, NodeValue::Int(_)),
        Type::Double => matches!(value, NodeValue::Int(_) | NodeValue::Float(_)),
        Type::Boolean => matches!(value, NodeValue::Bool(_)),
        Type::Array(_) => false,
    }
}
