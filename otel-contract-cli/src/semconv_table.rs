//! Generates the bundled table of the semantic conventions from a registry and the classification rules of this
//! project.
//!
//! The registry defines key, type, values, stability, deprecation and rename. The classes come from
//! `semconv/classes.txt`, the briefs from `semconv/briefs.txt`.

mod rules;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::path::Path;

use otel_contract_model::{NodeValue, Stability, Type, names};

use crate::weaver::{Attribute, AttributeKind, Member, snake, with_attributes};
use crate::words;

use rules::{Class, Rules};

/// The bundled classification rules.
const CLASSES: &str = include_str!("../semconv/classes.txt");
const BRIEFS: &str = include_str!("../semconv/briefs.txt");

/// Returns the table with one row per attribute. Returns all errors if the table cannot be generated.
pub fn table(folder: &Path) -> Result<String, String> {
    let rules = Rules::read(CLASSES)?;
    let briefs: BTreeMap<&str, &str> = BRIEFS
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .collect();
    with_attributes(folder, |attributes| {
        let table = Table {
            rules: &rules,
            briefs: &briefs,
            by_key: attributes
                .iter()
                .map(|attribute| (attribute.key.as_str(), attribute))
                .collect(),
        };
        table.write(attributes)
    })?
}

struct Table<'t, 'a> {
    rules: &'t Rules<'t>,
    briefs: &'t BTreeMap<&'t str, &'t str>,
    by_key: HashMap<&'t str, &'t Attribute<'a>>,
}

impl Table<'_, '_> {
    fn write(&self, attributes: &[Attribute<'_>]) -> Result<String, String> {
        let mut rows = BTreeMap::new();
        let mut errors = Vec::new();
        let mut used: HashSet<String> = HashSet::new();
        for attribute in attributes {
            let key = row_key(attribute);
            match self.row(attribute) {
                Ok(row) => {
                    rows.insert(key.clone(), row);
                }
                Err(error) => errors.push(error),
            }
            used.insert(key);
        }
        let stale = self.rules.keys().filter(|key| !used.contains(*key));
        errors.extend(stale.map(|key| format!("`{key}` has a rule but is not an attribute")));
        let stale = self.briefs.keys().filter(|key| !used.contains(**key));
        errors.extend(stale.map(|key| format!("`{key}` has a brief but is not an attribute")));
        if errors.is_empty() {
            Ok(rows.into_values().collect())
        } else {
            Err(errors.join("\n"))
        }
    }

    fn row(&self, attribute: &Attribute<'_>) -> Result<String, String> {
        let key = row_key(attribute);
        let value_type = value_type(attribute);
        let (cardinality, privacy) = self.classes(attribute)?;
        let stability = match attribute.common.stability {
            Stability::Stable => "stable",
            Stability::ReleaseCandidate => "release_candidate",
            Stability::Development => "development",
        };
        let deprecation = match &attribute.common.deprecated {
            None => "",
            Some(deprecated) => match deprecated.renamed_to {
                Some(name) => name,
                None if deprecated.obsoleted => "obsoleted",
                None => "uncategorized",
            },
        };
        let values = match &attribute.kind {
            AttributeKind::Enum(members, _) => listed(&key, members)?,
            _ => String::new(),
        };
        let brief = self.briefs.get(key.as_str()).copied().unwrap_or_default();
        let mut row = String::new();
        let columns = [
            key.as_str(),
            value_type.map_or("any", words::value_type),
            stability,
            &cardinality,
            privacy,
            deprecation,
            &values,
            brief,
        ];
        let _ = writeln!(row, "{}", columns.join("\t"));
        Ok(row)
    }

    /// Returns the classes of an attribute. For each class, the first rule that has a value decides.
    fn classes(&self, attribute: &Attribute<'_>) -> Result<(String, &str), String> {
        let key = row_key(attribute);
        let value_type = value_type(attribute);
        let privacy = self.decide(attribute, |class| class.privacy);
        let Some(privacy) = privacy else {
            return Err(format!("`{key}` has no privacy class: no rule matches"));
        };
        let ruled = self.decide(attribute, |class| class.cardinality);
        let cardinality = match (&attribute.kind, value_type) {
            _ if privacy == "secret" => "unbounded",
            (AttributeKind::Enum(members, _), _) if !listed(&key, members)?.is_empty() => "closed",
            (_, Some(Type::Boolean)) => "closed",
            (_, Some(Type::Double | Type::Array(_)) | None) => "unbounded",
            (_, Some(Type::Int)) => match ruled {
                Some(range) if range.starts_with("range:") => range,
                _ => "unbounded",
            },
            (_, Some(Type::String)) => match ruled {
                Some(range) if range.starts_with("range:") => {
                    return Err(format!("`{key}` is a string and cannot have a range"));
                }
                Some(class) => class,
                None => return Err(format!("`{key}` has no cardinality: no rule matches")),
            },
        };
        let protected = privacy.starts_with("personal:");
        if protected && (value_type != Some(Type::String) || cardinality != "unbounded") {
            return Err(format!(
                "`{key}` is personal, but only unbounded strings can be protected: use `secret` or another class"
            ));
        }
        Ok((cardinality.to_owned(), privacy))
    }

    fn decide<'s>(
        &'s self,
        attribute: &Attribute<'_>,
        column: impl Fn(&Class<'s>) -> Option<&'s str> + Copy,
    ) -> Option<&'s str> {
        let key = row_key(attribute);
        if let Some(value) = self.rules.key(&key).and_then(column) {
            return Some(value);
        }
        self.successor(attribute)
            .and_then(|successor| self.decide(successor, column))
            .or_else(|| self.rules.ending(&key, column))
            .or_else(|| self.rules.namespace(&key, column))
    }

    /// Returns the attribute that a deprecated attribute was renamed to. Returns `None` if that attribute is deprecated
    /// too or has another type.
    fn successor(&self, attribute: &Attribute<'_>) -> Option<&Attribute<'_>> {
        let name = attribute.common.deprecated.as_ref()?.renamed_to?;
        let next = *self.by_key.get(name)?;
        let has_same_type = value_type(next) == value_type(attribute);
        let is_template =
            |attribute: &Attribute<'_>| matches!(attribute.kind, AttributeKind::Template(_));
        let is_deprecated = next.common.deprecated.is_some();
        (has_same_type && is_template(next) == is_template(attribute) && !is_deprecated)
            .then_some(next)
    }
}

fn row_key(attribute: &Attribute<'_>) -> String {
    match attribute.kind {
        AttributeKind::Template(_) => format!("{}.<key>", attribute.key),
        _ => attribute.key.clone(),
    }
}

/// Returns the type of the values. Returns `None` if any type is allowed.
fn value_type(attribute: &Attribute<'_>) -> Option<Type> {
    match &attribute.kind {
        AttributeKind::Plain(value_type) => Some(*value_type),
        AttributeKind::Template(value_type) => *value_type,
        AttributeKind::Any => None,
        AttributeKind::Enum(members, _) => {
            let is_int = |member: &Member<'_>| matches!(member.value.value, NodeValue::Int(_));
            Some(if members.iter().all(is_int) {
                Type::Int
            } else {
                Type::String
            })
        }
    }
}

/// Returns the distinct values, with a Rust name if the default name is a number or not unique.
fn listed(key: &str, members: &[Member<'_>]) -> Result<String, String> {
    let mut seen = HashSet::new();
    // `Other` is reserved: the import adds `_OTHER` to every set of strings.
    let mut names: HashSet<String> = HashSet::from(["Other".to_owned()]);
    let mut listed: Vec<(usize, String)> = Vec::new();
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by_key(|index| members[*index].common.deprecated.is_some());
    for index in order {
        let member = &members[index];
        let (value, is_number) = match &member.value.value {
            NodeValue::Text(text) => (text.clone(), false),
            NodeValue::Int(number) => (number.to_string(), true),
            other => return Err(format!("`{key}` lists {}", other.kind())),
        };
        if value.contains(['\t', '\n', '|', '=', '!']) {
            return Err(format!(
                "`{key}` lists `{value}`, which the table cannot represent"
            ));
        }
        // Sets of strings are open, so the import adds `_OTHER`.
        if value == "_OTHER" || !seen.insert(value.clone()) {
            continue;
        }
        let obvious = names::variant(&value).filter(|_| !is_number);
        let is_deprecated = member.common.deprecated.is_some();
        let mark = if is_deprecated { "!" } else { "" };
        let name = match obvious.filter(|name| !names.contains(name)) {
            Some(name) => {
                names.insert(name);
                String::new()
            }
            None => {
                let stem = names::rust_name(member.id).map(|name| name.camel);
                let stem = stem.unwrap_or_else(|| "Value".to_owned());
                let mut numbered = (2..).map(|number| format!("{stem}{number}"));
                let free = std::iter::once(stem.clone())
                    .chain(&mut numbered)
                    .find(|name| !names.contains(name));
                let free = free.unwrap_or(stem);
                let written = format!("={}", snake(&free));
                names.insert(free);
                written
            }
        };
        listed.push((index, format!("{mark}{value}{name}")));
    }
    listed.sort_by_key(|(index, _)| *index);
    let listed: Vec<String> = listed.into_iter().map(|(_, value)| value).collect();
    Ok(listed.join("|"))
}
