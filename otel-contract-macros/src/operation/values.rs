//! Values and groups of an operation's arguments.

use super::key::Key;
use super::literal::Constant;
use super::plan::Value;
use otel_contract_definition::items::deprecation_constant;
use otel_contract_definition::{AttributeDefinition, Definition, Level};
use proc_macro2::Ident;
use syn::Expr;
use syn::spanned::Spanned as _;

/// A group that an operation sets at entry.
pub(super) struct EntryGroup {
    pub(super) snake: String,
    /// Indices among the attributes of the operation.
    pub(super) indices: Vec<usize>,
    /// Indices of the attributes that the group always sets.
    pub(super) always_set: Vec<usize>,
}

impl EntryGroup {
    pub(super) fn find(definition: &Definition, name: &str) -> Option<Self> {
        if let Some(group) = definition.groups.iter().find(|group| group.name == name) {
            return Some(Self {
                snake: group.snake.clone(),
                indices: group.indices.clone(),
                always_set: group.required.clone(),
            });
        }
        // The operation's own name sets all attributes of the operation.
        let is_required = |index: &usize| definition.attributes[*index].level == Level::Required;
        let all = 0..definition.attributes.len();
        (definition.name == name).then(|| Self {
            snake: definition.snake.clone(),
            indices: all.clone().collect(),
            always_set: all.filter(is_required).collect(),
        })
    }
}

/// Returns a value whose type rustc checks.
pub(super) fn expression(attribute: &AttributeDefinition, key: &Key, value: Expr) -> Value {
    let span = key.span();
    Value::Expression {
        snake: attribute.snake.clone(),
        required: attribute.level != Level::Optional,
        deprecation: attribute
            .old_name(&key.text)
            .map(|old| Ident::new(&deprecation_constant(old), span)),
        key: span,
        expression: Box::new(value),
    }
}

/// Returns the constant whose use makes rustc warn about a deprecated value, name or attribute.
pub(super) fn deprecation(
    attribute: &AttributeDefinition,
    key: &Key,
    value: &Expr,
    constant: Option<&Constant>,
) -> Option<Ident> {
    let written = match constant {
        Some(Constant::Text(text)) => Some(text.clone()),
        Some(Constant::Integer(number, _)) => Some(number.to_string()),
        _ => None,
    };
    let mut old_values = attribute.deprecated_values.iter();
    let old_value = old_values.find(|(old, _)| Some(old) == written.as_ref());
    let (name, span) = match (old_value, attribute.old_name(&key.text)) {
        (Some((_, variant)), _) => (format!("{}_{variant}", attribute.snake), value.span()),
        (None, Some(old)) => (old.to_owned(), key.span()),
        (None, None) => {
            attribute.deprecated.as_ref()?;
            (attribute.snake.clone(), key.span())
        }
    };
    Some(Ident::new(&deprecation_constant(&name), span))
}
