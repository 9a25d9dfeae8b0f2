//! What the bundled semantic conventions say of a name, for those who compare.

use crate::contract::{Privacy, Type};
use crate::semconv;
use crate::source::Span;
use crate::spec::{PrivacyClass, Scalar};

/// A name of the bundled semantic conventions.
#[derive(Clone, Debug, PartialEq)]
pub struct Convention {
    /// Type of its values; `None` where they are never to be recorded.
    pub value_type: Option<Type>,
    /// The values it lists, as they are recorded; empty where it lists none.
    pub values: Vec<String>,
    /// Who may see it, by our own class.
    pub privacy: Privacy,
}

/// What the bundled semantic conventions say of a key, if they have it.
///
/// ```
/// use otel_contract_model::{Type, bundled};
/// let route = bundled("http.route").expect("a bundled name");
/// assert_eq!(route.value_type, Some(Type::String));
/// assert!(bundled("invoice.id").is_none());
/// ```
#[must_use]
pub fn bundled(key: &str) -> Option<Convention> {
    let written = semconv::get(key)?.written(Span::default());
    let values: Vec<&Scalar> = written.values.get().map_or_else(Vec::new, |listed| {
        listed.0.iter().filter_map(|it| it.value.get()).collect()
    });
    let value_type = match (written.value_type.get(), values.first()) {
        (Some(said), _) => Some(*said),
        (None, Some(Scalar::Int(_))) => Some(Type::Int),
        (None, Some(_)) => Some(Type::String),
        (None, None) => written.range.get().map(|_| Type::Int),
    };
    let privacy = match (written.privacy.get(), written.protect.get()) {
        (Some(PrivacyClass::Public), _) => Privacy::Public,
        (Some(PrivacyClass::Secret), _) => Privacy::Secret,
        (Some(PrivacyClass::Personal), Some(protect)) => Privacy::Personal(protect.0),
        _ => Privacy::Internal,
    };
    Some(Convention {
        value_type,
        values: values.iter().map(ToString::to_string).collect(),
        privacy,
    })
}
