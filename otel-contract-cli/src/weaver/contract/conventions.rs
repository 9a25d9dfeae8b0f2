//! Looks up attributes in the bundled semantic conventions.

use otel_contract_model::Type;
use otel_contract_model::semconv::{self, Convention};

use super::values::{ValueKind, value_kind};
use crate::weaver::registry::{Attribute, Kind};

/// Returns the bundled convention of an attribute, if it has the same type.
pub(super) fn convention(attribute: &Attribute<'_>) -> Option<Convention> {
    let key = &attribute.key;
    let found = match attribute.kind {
        Kind::Template(_) => semconv::get(&format!("{key}.<key>"))?,
        _ => semconv::find(key)?,
    };
    let same = found.value_type == Some(plain_type(&attribute.kind));
    same.then_some(found)
}

/// Returns the type of the values.
pub(super) fn plain_type(kind: &Kind<'_>) -> Type {
    match kind {
        Kind::Plain(value_type) | Kind::Template(Some(value_type)) => *value_type,
        Kind::Any | Kind::Template(None) => Type::String,
        Kind::Enum(members, _) => match value_kind(members) {
            ValueKind::Ints => Type::Int,
            ValueKind::Booleans => Type::Boolean,
            ValueKind::Doubles => Type::Double,
            ValueKind::Strings | ValueKind::Beyond | ValueKind::Mixed => Type::String,
        },
    }
}
