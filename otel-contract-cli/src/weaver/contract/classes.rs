//! Determines cardinality and privacy. The sources, in this order, are the registry's annotations, the bundled
//! conventions and the type. If no source determines a class, a safe default is used and reported for a decision.

use std::collections::HashSet;

use otel_contract_model::semconv::{Class, Convention};
use otel_contract_model::{NodeValue, Privacy, Protect, Type};

use super::Writer;
use super::annotation::Annotation;
use super::conventions::{convention, plain_type};
use super::converted::Properties;
use super::undecided::{SafeDefault, safe_default};
use super::values::{ValueKind, value_kind};
use crate::weaver::registry::{Attribute, Kind, Member};
use crate::weaver::report::Outcome;
use crate::weaver::yaml::Map;
use crate::words;

/// Possible values of an attribute. They determine which examples are valid.
pub(super) enum Domain {
    /// The listed values. If the flag is set, other values are allowed too.
    Strings(HashSet<String>, bool),
    Ints(HashSet<i64>),
    Range(i64, i64),
    Boolean,
    Open(Type),
    /// A secret. It is never recorded, so all examples are valid.
    Secret,
}

/// Classes of an attribute.
pub(super) struct Classes {
    pub(super) domain: Domain,
    pub(super) known: Properties,
    /// Reason why the owner has to decide, if no source determines the classes.
    pub(super) undecided: Option<String>,
}

impl<'a> Writer<'_, 'a> {
    /// Writes the classes of an attribute.
    pub(super) fn classes(
        &mut self,
        attribute: &'a Attribute<'a>,
        with_type: bool,
        map: &mut Map,
    ) -> Classes {
        let annotation = Annotation(attribute.common.annotation);
        let convention = convention(attribute);
        let default = convention.as_ref().map(|known| known.privacy);
        let limit = self.dimensions.get(&attribute.key).copied();
        let safe_default = safe_default(attribute, limit.is_some());
        let (privacy, protect) = match (annotation.text("privacy"), safe_default) {
            (Some(word), _) => (word.to_owned(), annotation.yaml("protect")),
            (None, safe_default) => {
                let default = || privacy_keywords(default.unwrap_or(Privacy::Internal));
                let (word, protect) = safe_default.map_or_else(default, SafeDefault::privacy);
                (word.to_owned(), protect.map(Into::into))
            }
        };
        let is_secret = privacy == "secret";
        let value_type = plain_type(&attribute.kind);
        let (domain, values, guessed) = if is_secret {
            if with_type {
                map.put("type", words::value_type(value_type));
            }
            (Domain::Secret, None, false)
        } else {
            self.domain(attribute, limit, with_type, map)
        };
        if privacy != "internal" || !with_type {
            map.put("privacy", privacy.as_str());
        }
        map.put_some("protect", protect);
        let known = Properties {
            values,
            is_personal: privacy == "personal",
            is_secret,
        };
        let is_listed = matches!(attribute.kind, Kind::Enum(..));
        let is_open = !is_listed && !matches!(domain, Domain::Boolean | Domain::Secret);
        let is_privacy_known = annotation.has("privacy") || convention.is_some();
        let undecided = match (safe_default, limit) {
            (Some(safe_default), _) => Some(safe_default.reason(guessed).to_owned()),
            (None, Some(limit)) => Some(capped(value_type, limit, is_privacy_known)),
            (None, None) if guessed && is_privacy_known => Some(UNKNOWN_COUNT.to_owned()),
            (None, None) => {
                (is_open && !is_privacy_known).then(|| UNKNOWN_COUNT_AND_PRIVACY.to_owned())
            }
        };
        Classes {
            domain,
            known,
            undecided,
        }
    }

    /// Writes type and cardinality. Returns the domain, the number of values, and whether the cardinality is a guess.
    fn domain(
        &mut self,
        attribute: &'a Attribute<'a>,
        limit: Option<u32>,
        with_type: bool,
        map: &mut Map,
    ) -> (Domain, Option<u64>, bool) {
        let value_type = plain_type(&attribute.kind);
        match &attribute.kind {
            Kind::Enum(members, rejects_others)
                if matches!(value_kind(members), ValueKind::Strings | ValueKind::Ints) =>
            {
                let (domain, values) = self.listed(attribute, members, *rejects_others, map);
                (domain, Some(values), false)
            }
            Kind::Enum(members, _) if value_kind(members) == ValueKind::Doubles => {
                let subject = format!("attribute `{}`", attribute.key);
                let place = Some(attribute.at.place());
                let reason = "the list of its values: contracts only list strings and integers";
                self.report.add(Outcome::Partly, subject, place, reason);
                if with_type {
                    map.put("type", words::value_type(value_type));
                }
                map.put("cardinality", "unbounded");
                (Domain::Open(value_type), None, false)
            }
            _ => match limit {
                Some(limit) => {
                    // Only strings can be capped.
                    if with_type {
                        map.put("type", words::value_type(Type::String));
                    }
                    let (domain, values) = bounded(limit, map);
                    (domain, Some(values), true)
                }
                None => {
                    if with_type {
                        map.put("type", words::value_type(value_type));
                    }
                    let annotation = Annotation(attribute.common.annotation);
                    open(value_type, annotation, convention(attribute).as_ref(), map)
                }
            },
        }
    }

    fn listed(
        &mut self,
        attribute: &Attribute<'a>,
        members: &'a [Member<'a>],
        refuses_others: bool,
        map: &mut Map,
    ) -> (Domain, u64) {
        let annotation = Annotation(attribute.common.annotation);
        let is_strings = value_kind(members) == ValueKind::Strings;
        // Enums of other registries are open unless they reject custom values. Enums of exported contracts have an
        // explicit `other`.
        let is_open = if self.is_exported || annotation.has("other") {
            annotation.is_set("other")
        } else {
            !refuses_others
        };
        let other = is_strings && is_open;
        let (values, count) = self.values(attribute, members, other);
        map.put("values", values);
        if other {
            map.put("other", true);
        }
        let size = count as u64 + u64::from(other);
        let domain = if is_strings {
            let texts = members.iter().filter_map(|member| member.value.text());
            Domain::Strings(texts.map(str::to_owned).collect(), other)
        } else {
            let ints = members
                .iter()
                .filter_map(|member| match member.value.value {
                    NodeValue::Int(number) => Some(number),
                    _ => None,
                });
            Domain::Ints(ints.collect())
        };
        (domain, size)
    }
}

const UNKNOWN_COUNT: &str = "its number of values is unknown";
const UNKNOWN_COUNT_AND_PRIVACY: &str = "its number of values and its privacy are unknown";

/// Explains the default limit of a dimension.
fn capped(value_type: Type, limit: u32, is_privacy_known: bool) -> String {
    let unknown = if is_privacy_known {
        UNKNOWN_COUNT
    } else {
        UNKNOWN_COUNT_AND_PRIVACY
    };
    let effect = match value_type {
        Type::String => format!("at most {limit} values are recorded"),
        _ => format!("it becomes a string with at most {limit} recorded values"),
    };
    format!("{unknown}; it is a metric dimension, so {effect}")
}

fn bounded(limit: u32, map: &mut Map) -> (Domain, u64) {
    map.put("cardinality", "bounded");
    map.put("limit", i64::from(limit));
    (Domain::Open(Type::String), u64::from(limit) + 1)
}

/// Returns the domain of an attribute without listed values, the number of values, and whether the cardinality is a
/// guess.
fn open(
    value_type: Type,
    annotation: Annotation<'_>,
    convention: Option<&Convention>,
    map: &mut Map,
) -> (Domain, Option<u64>, bool) {
    if value_type == Type::Boolean {
        return (Domain::Boolean, Some(2), false);
    }
    if annotation.has("range") || annotation.has("cardinality") {
        annotation.copy(&["range", "cardinality", "limit"], map);
        let number = |field: &str| match annotation.get(field)?.value {
            NodeValue::Int(number) => Some(number),
            _ => None,
        };
        let bounds: Vec<i64> = annotation
            .get("range")
            .map_or(&[][..], |range| range.items())
            .iter()
            .filter_map(|bound| match bound.value {
                NodeValue::Int(bound) => Some(bound),
                _ => None,
            })
            .collect();
        return match (bounds.as_slice(), number("limit")) {
            ([min, max], _) => (Domain::Range(*min, *max), Some(size(*min, *max)), false),
            (_, Some(limit)) => {
                let values = u64::try_from(limit).unwrap_or(0).saturating_add(1);
                (Domain::Open(value_type), Some(values), false)
            }
            _ => (Domain::Open(value_type), None, false),
        };
    }
    match convention.map(|known| known.cardinality) {
        Some(Class::Range(min, max)) => {
            map.put("range", vec![min, max]);
            (Domain::Range(min, max), Some(size(min, max)), false)
        }
        Some(Class::Bounded(limit)) => {
            let (domain, values) = bounded(limit, map);
            (domain, Some(values), false)
        }
        known => {
            map.put("cardinality", "unbounded");
            // The conventions list values, but the registry does not.
            let guessed = known.is_none() || known == Some(Class::Closed);
            (Domain::Open(value_type), None, guessed)
        }
    }
}

fn size(min: i64, max: i64) -> u64 {
    max.abs_diff(min).saturating_add(1)
}

/// Returns the keywords of the privacy class and of the protection.
fn privacy_keywords(privacy: Privacy) -> (&'static str, Option<&'static str>) {
    let protect = match privacy {
        Privacy::Personal(Protect::Hash) => Some("hash"),
        Privacy::Personal(Protect::Mask | Protect::KeepLast(_)) => Some("mask"),
        Privacy::Public | Privacy::Internal | Privacy::Secret => None,
    };
    (words::privacy_class(privacy), protect)
}
