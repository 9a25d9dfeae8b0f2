//! Safe defaults for attributes whose classes are unknown: the registry and the bundled conventions do not determine
//! them.

use std::collections::HashMap;

use otel_contract_model::semconv::{self, Class};
use otel_contract_model::{Element, Privacy, Type};

use super::annotation::Annotation;
use super::conventions::{convention, plain_type};
use crate::lint::{Sensitive, sensitivity};
use crate::weaver::registry::{Attribute, Kind, Signal};
use crate::weaver::resolve::Resolved;

/// Reason for a safe default of the privacy class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SafeDefault {
    /// The name looks like a credential.
    Credential,
    /// The name looks like personal data.
    Person,
    /// The name looks like personal data, but values of the type cannot be masked.
    UnmaskablePerson,
    /// Free text.
    Text,
    /// Lists of free text, which cannot be masked.
    Texts,
}

impl SafeDefault {
    /// Returns the class and the protection.
    pub(super) fn privacy(self) -> (&'static str, Option<&'static str>) {
        match self {
            SafeDefault::Credential | SafeDefault::UnmaskablePerson | SafeDefault::Texts => {
                ("secret", None)
            }
            SafeDefault::Person | SafeDefault::Text => ("personal", Some("mask")),
        }
    }

    /// Explains the default. `uncounted` is true if the number of values is unknown too.
    pub(super) fn reason(self, uncounted: bool) -> &'static str {
        match self {
            SafeDefault::Credential => "its name looks like a credential, so it is `secret`",
            SafeDefault::Person => "its name looks like personal data, so it is masked",
            SafeDefault::UnmaskablePerson => {
                "its name looks like personal data, and only unbounded strings can be masked, so it is `secret`"
            }
            SafeDefault::Text if !uncounted => "its privacy is unknown, so it is masked",
            SafeDefault::Text => {
                "its number of values and its privacy are unknown, so it is masked"
            }
            SafeDefault::Texts => {
                "its privacy is unknown and a list cannot be masked, so it is `secret`"
            }
        }
    }
}

/// Returns the default that an attribute needs. Returns `None` if its class is known, or if its type cannot contain
/// sensitive data.
pub(super) fn safe_default(attribute: &Attribute<'_>, is_dimension: bool) -> Option<SafeDefault> {
    let annotation = Annotation(attribute.common.annotation);
    let is_listed = matches!(attribute.kind, Kind::Enum(..));
    if is_listed || annotation.has("privacy") || convention(attribute).is_some() {
        return None;
    }
    let value_type = plain_type(&attribute.kind);
    let decided = annotation.has("range")
        || annotation
            .text("cardinality")
            .is_some_and(|word| word != "unbounded");
    let maskable = value_type == Type::String && !decided;
    match suggested_by_name(attribute, annotation) {
        _ if value_type == Type::Boolean => None,
        Some(Sensitive::Credential(_)) => Some(SafeDefault::Credential),
        Some(Sensitive::Personal(_)) if maskable => Some(SafeDefault::Person),
        Some(Sensitive::Personal(_)) => Some(SafeDefault::UnmaskablePerson),
        // A dimension with masked values is useless. The cap already limits how many values are recorded.
        None if is_dimension || decided => None,
        None => match value_type {
            Type::String => Some(SafeDefault::Text),
            Type::Array(Element::String) => Some(SafeDefault::Texts),
            _ => None,
        },
    }
}

/// Returns the sensitive content that a name suggests: the name of the attribute or of a key of its template.
/// Credentials have precedence.
fn suggested_by_name(attribute: &Attribute<'_>, annotation: Annotation<'_>) -> Option<Sensitive> {
    let keys = annotation.texts("keys").into_iter();
    let keys = keys.map(|key| format!("{}.{}", attribute.key, key.replace('-', "_")));
    let mut found = None;
    for key in std::iter::once(attribute.key.clone()).chain(keys) {
        match sensitivity(&key).or_else(|| bundled(&key)) {
            credential @ Some(Sensitive::Credential(_)) => return credential,
            person => found = found.or(person),
        }
    }
    found
}

/// Returns the sensitivity from the conventions. Only used if the conventions define the name with another type.
fn bundled(key: &str) -> Option<Sensitive> {
    match semconv::find(key)?.privacy {
        Privacy::Secret => Some(Sensitive::Credential(key.to_owned())),
        Privacy::Personal(_) => Some(Sensitive::Personal(key.to_owned())),
        Privacy::Public | Privacy::Internal => None,
    }
}

/// Returns the limits of undecided dimensions, by key.
pub(super) fn dimensions(resolved: &Resolved<'_>) -> HashMap<String, u32> {
    let open: HashMap<&str, &Attribute<'_>> = resolved
        .attributes
        .iter()
        .filter(|attribute| is_open(attribute))
        .map(|attribute| (attribute.key.as_str(), *attribute))
        .collect();
    let mut limits = HashMap::new();
    for group in &resolved.groups {
        if !matches!(group.group.signal, Signal::Metric(_)) {
            continue;
        }
        let used = group
            .uses
            .attributes
            .iter()
            .map(|used| used.written.contract_key.as_str());
        let undecided: Vec<&str> = used.filter(|key| open.contains_key(key)).collect();
        let limit = limit(undecided.len());
        for key in undecided {
            let smallest = limits.entry(key.to_owned()).or_insert(limit);
            *smallest = limit.min(*smallest);
        }
    }
    limits
}

/// Returns whether an attribute could be a dimension if its number of values were known.
fn is_open(attribute: &Attribute<'_>) -> bool {
    let annotation = Annotation(attribute.common.annotation);
    let scalar = matches!(
        attribute.kind,
        Kind::Plain(Type::String | Type::Int | Type::Double)
    );
    let class = convention(attribute).map(|known| known.cardinality);
    let decided = annotation.has("range") || annotation.has("cardinality");
    let undecided = matches!(class, None | Some(Class::Closed)) && !decided;
    let is_recorded_unprotected = match annotation.text("privacy") {
        Some(word) => matches!(word, "public" | "internal"),
        None => convention(attribute)
            .is_none_or(|known| matches!(known.privacy, Privacy::Public | Privacy::Internal)),
    };
    scalar && undecided && is_recorded_unprotected && safe_default(attribute, true).is_none()
}

/// Returns the limit for each of several undecided dimensions. With this limit, the metric stays well within its
/// budget.
fn limit(dimensions: usize) -> u32 {
    match dimensions {
        0..=2 => 50,
        3 => 20,
        4 => 10,
        5 => 5,
        _ => 3,
    }
}
