//! What is written of attributes that neither the registry nor the bundled conventions decide: the careful class,
//! until their owner decides.

use std::collections::HashMap;

use otel_contract_model::semconv::{self, Class};
use otel_contract_model::{Element, Privacy, Type};

use super::classes::{convention, plain_type};
use super::ours::Ours;
use crate::lint::{Smell, smell};
use crate::weaver::registry::{Attribute, Kind, Signal};
use crate::weaver::resolve::Resolved;

/// Who may see the values of an undecided attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Care {
    /// Its name is that of a credential.
    Credential,
    /// Its name tells of a person.
    Person,
    /// Its name tells of a person, and values of its type cannot be masked.
    UnmaskablePerson,
    /// Text that may be anything.
    Text,
    /// Texts that may be anything, and cannot be masked.
    Texts,
}

impl Care {
    /// The class and the protection to write.
    pub(super) fn privacy(self) -> (&'static str, Option<&'static str>) {
        match self {
            Care::Credential | Care::UnmaskablePerson | Care::Texts => ("secret", None),
            Care::Person | Care::Text => ("personal", Some("mask")),
        }
    }

    /// Why, and what is written until somebody decides. `uncounted`: nor does anything say how many values there are.
    pub(super) fn why(self, uncounted: bool) -> &'static str {
        match self {
            Care::Credential => "its name is that of a credential, so it is `secret`",
            Care::Person => "its name tells of a person, so it is masked",
            Care::UnmaskablePerson => {
                "its name tells of a person and only unbounded strings can be masked, so it is `secret`"
            }
            Care::Text if !uncounted => "nothing says who may see its values, so it is masked",
            Care::Text => {
                "nothing says how many values it takes and who may see them, so it is masked"
            }
            Care::Texts => {
                "nothing says who may see its values and a list cannot be masked, so it is `secret`"
            }
        }
    }
}

/// The care an open attribute needs. `None`: its class is decided, or it is of a kind that tells of nobody.
pub(super) fn care(attribute: &Attribute<'_>, is_dimension: bool) -> Option<Care> {
    let ours = Ours(attribute.common.ours);
    let is_listed = matches!(attribute.kind, Kind::Enum(..));
    if is_listed || ours.has("privacy") || convention(attribute).is_some() {
        return None;
    }
    let value_type = plain_type(&attribute.kind);
    let decided = ours.has("range") || ours.text("cardinality").is_some_and(|it| it != "unbounded");
    let maskable = value_type == Type::String && !decided;
    match told_by_name(attribute, ours) {
        _ if value_type == Type::Boolean => None,
        Some(Smell::Credential(_)) => Some(Care::Credential),
        Some(Smell::Personal(_)) if maskable => Some(Care::Person),
        Some(Smell::Personal(_)) => Some(Care::UnmaskablePerson),
        // A masked value is no dimension; its cap keeps the rest of the values from being recorded.
        None if is_dimension || decided => None,
        None => match value_type {
            Type::String => Some(Care::Text),
            Type::Array(Element::String) => Some(Care::Texts),
            _ => None,
        },
    }
}

/// What the name of an attribute tells, or that of a key of its template, a credential first.
fn told_by_name(attribute: &Attribute<'_>, ours: Ours<'_>) -> Option<Smell> {
    let keys = ours.texts("keys").into_iter();
    let keys = keys.map(|key| format!("{}.{}", attribute.key, key.replace('-', "_")));
    let mut told = None;
    for key in std::iter::once(attribute.key.clone()).chain(keys) {
        match smell(&key).or_else(|| bundled(&key)) {
            credential @ Some(Smell::Credential(_)) => return credential,
            person => told = told.or(person),
        }
    }
    told
}

/// What the conventions say of the name, where they have it with another type.
fn bundled(key: &str) -> Option<Smell> {
    match semconv::find(key)?.privacy {
        Privacy::Secret => Some(Smell::Credential(key.to_owned())),
        Privacy::Personal(_) => Some(Smell::Personal(key.to_owned())),
        Privacy::Public | Privacy::Internal => None,
    }
}

/// By key of an undecided dimension: how many values it may have.
pub(super) fn dimensions(resolved: &Resolved<'_>) -> HashMap<String, u32> {
    let open: HashMap<&str, &Attribute<'_>> = resolved
        .attributes
        .iter()
        .filter(|attribute| is_open(attribute))
        .map(|attribute| (attribute.key.as_str(), *attribute))
        .collect();
    let mut limits = HashMap::new();
    for one in &resolved.groups {
        if !matches!(one.group.signal, Signal::Metric(_)) {
            continue;
        }
        let used = one
            .uses
            .attributes
            .iter()
            .map(|used| used.written.full.as_str());
        let undecided: Vec<&str> = used.filter(|key| open.contains_key(key)).collect();
        let limit = limit(undecided.len());
        for key in undecided {
            let smallest = limits.entry(key.to_owned()).or_insert(limit);
            *smallest = limit.min(*smallest);
        }
    }
    limits
}

/// Whether an attribute could be a dimension if somebody said how many values it takes.
fn is_open(attribute: &Attribute<'_>) -> bool {
    let ours = Ours(attribute.common.ours);
    let scalar = matches!(
        attribute.kind,
        Kind::Plain(Type::String | Type::Int | Type::Double)
    );
    let said = convention(attribute).map(|known| known.cardinality);
    let decided = ours.has("range") || ours.has("cardinality");
    let undecided = matches!(said, None | Some(Class::Closed)) && !decided;
    let in_the_clear = match ours.text("privacy") {
        Some(word) => matches!(word, "public" | "internal"),
        None => convention(attribute)
            .is_none_or(|known| matches!(known.privacy, Privacy::Public | Privacy::Internal)),
    };
    scalar && undecided && in_the_clear && care(attribute, true).is_none()
}

/// The more undecided dimensions a metric has, the fewer values each gets: together they stay well below what a
/// metric may have.
fn limit(dimensions: usize) -> u32 {
    match dimensions {
        0..=2 => 50,
        3 => 20,
        4 => 10,
        5 => 5,
        _ => 3,
    }
}
