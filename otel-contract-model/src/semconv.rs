//! The bundled semantic conventions: all attributes of OpenTelemetry's registry.
//!
//! Key, type, values, stability, deprecation and rename come from the conventions. Cardinality, privacy and brief are
//! added by this project. `cargo otel-contract semconv-table` generates `semconv/table.tsv` from a registry and from
//! the rules in `otel-contract-cli/semconv/classes.txt`. The table is searched as text, so it costs nothing for a
//! contract without imports.
//!
//! The conventions allow values beyond their lists, so imported string sets have `other: true`.

mod import;

pub(crate) use import::{Import, import};

use std::borrow::Cow;

use crate::contract::{Element, Privacy, Protect, Stability, Type};

/// One row for each attribute, sorted by key. The columns, separated by tabs, are key, type, stability, cardinality,
/// privacy, deprecation, values and brief.
const TABLE: &str = include_str!("semconv/table.tsv");

/// An attribute of the semantic conventions, with the classes that this project assigns.
#[derive(Clone, Debug, PartialEq)]
pub struct Convention {
    /// The key, or a template: `http.request.header.<key>`.
    pub key: &'static str,
    /// The type of the values; `None` if the conventions allow any type.
    pub value_type: Option<Type>,
    /// The stability.
    pub stability: Stability,
    /// The cardinality class that this project assigns.
    pub cardinality: Class,
    /// The privacy class that this project assigns. Personal values other than strings are secret, because only strings
    /// can be protected.
    pub privacy: Privacy,
    /// The deprecation in the conventions.
    pub deprecation: Option<ConventionDeprecation>,
    values: &'static str,
    brief: &'static str,
}

/// The cardinality class of an attribute of the conventions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The values of [`Convention::values`]. A string attribute records any other value as `_OTHER`. A boolean has
    /// `true` and `false`.
    Closed,
    /// The integers from the first number to the second, both included.
    Range(i64, i64),
    /// At most this number of distinct values.
    Bounded(u32),
    /// Any number of values.
    Unbounded,
}

/// The reason why the conventions deprecate an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConventionDeprecation {
    /// The attribute has a new name.
    Renamed(&'static str),
    /// The attribute has no replacement.
    Obsoleted,
    /// The conventions describe the alternative in prose.
    Uncategorized,
}

/// A value listed by the conventions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedValue {
    /// The recorded value.
    pub value: &'static str,
    /// The Rust variant, if the derived name is unsuitable.
    pub rust_name: Option<&'static str>,
    /// Whether the conventions deprecate the value.
    pub is_deprecated: bool,
}

/// Returns the attribute with exactly this key, or the template with exactly this name
/// (`http.request.header.<key>`).
///
/// ```
/// use otel_contract_model::semconv::{self, Class};
/// let port = semconv::get("server.port").expect("a bundled attribute");
/// assert_eq!(port.cardinality, Class::Range(0, 65535));
/// assert!(semconv::get("server.prot").is_none());
/// ```
#[must_use]
pub fn get(key: &str) -> Option<Convention> {
    row(key).map(Convention::read)
}

/// Returns the attribute with this key, or the template that matches the key.
///
/// ```
/// use otel_contract_model::semconv;
/// let header = semconv::find("http.request.header.x-request-id").expect("a bundled template");
/// assert_eq!(header.key, "http.request.header.<key>");
/// ```
#[must_use]
pub fn find(key: &str) -> Option<Convention> {
    get(key).or_else(|| {
        let dots = key.match_indices('.').map(|(at, _)| at);
        let prefixes = dots.map(|at| &key[..=at]);
        let mut templates = prefixes.filter(|prefix| prefix.len() < key.len());
        templates.find_map(|prefix| get(&format!("{prefix}<key>")))
    })
}

/// Returns all attributes, sorted by key.
pub fn all() -> impl Iterator<Item = Convention> {
    TABLE.lines().map(Convention::read)
}

/// Returns all keys, sorted.
pub fn keys() -> impl Iterator<Item = &'static str> {
    TABLE.lines().map(key_of)
}

fn key_of(row: &'static str) -> &'static str {
    row.split_once('\t').map_or(row, |(key, _)| key)
}

/// Returns the row of a key, by binary search in the text.
fn row(key: &str) -> Option<&'static str> {
    let mut rest = TABLE;
    while !rest.is_empty() {
        let middle = rest.len() / 2;
        let before = &rest.as_bytes()[..middle];
        let start = before.iter().rposition(|byte| *byte == b'\n');
        let start = start.map_or(0, |line_break| line_break + 1);
        let (row, after) = rest[start..]
            .split_once('\n')
            .unwrap_or((&rest[start..], ""));
        match key.cmp(key_of(row)) {
            std::cmp::Ordering::Equal => return Some(row),
            std::cmp::Ordering::Less => rest = &rest[..start],
            std::cmp::Ordering::Greater => rest = after,
        }
    }
    None
}

impl Convention {
    /// Returns whether this is a template.
    #[must_use]
    pub fn is_template(&self) -> bool {
        self.key.ends_with(".<key>")
    }

    /// Returns the values listed by the conventions, in their order.
    pub fn values(&self) -> impl Iterator<Item = ListedValue> {
        self.values.split_terminator('|').map(|written| {
            let (is_deprecated, written) = match written.strip_prefix('!') {
                Some(rest) => (true, rest),
                None => (false, written),
            };
            let (value, rust_name) = match written.split_once('=') {
                Some((value, name)) => (value, Some(name)),
                None => (written, None),
            };
            ListedValue {
                value,
                rust_name,
                is_deprecated,
            }
        })
    }

    /// Returns the brief of the attribute, written by this project.
    #[must_use]
    pub fn brief(&self) -> Cow<'static, str> {
        if self.brief.is_empty() {
            Cow::Owned(format!("`{}` of the semantic conventions.", self.key))
        } else {
            Cow::Borrowed(self.brief)
        }
    }

    /// Reads a row of the table. A test checks the format of all rows.
    fn read(row: &'static str) -> Convention {
        let mut columns = row.split('\t');
        let mut next = || columns.next().unwrap_or_default();
        Convention {
            key: next(),
            value_type: value_type(next()),
            stability: match next() {
                "stable" => Stability::Stable,
                "release_candidate" => Stability::ReleaseCandidate,
                _ => Stability::Development,
            },
            cardinality: class(next()),
            privacy: privacy(next()),
            deprecation: match next() {
                "" => None,
                "obsoleted" => Some(ConventionDeprecation::Obsoleted),
                "uncategorized" => Some(ConventionDeprecation::Uncategorized),
                name => Some(ConventionDeprecation::Renamed(name)),
            },
            values: next(),
            brief: next(),
        }
    }
}

fn value_type(word: &str) -> Option<Type> {
    Some(match word {
        "string" => Type::String,
        "int" => Type::Int,
        "double" => Type::Double,
        "boolean" => Type::Boolean,
        "string[]" => Type::Array(Element::String),
        "int[]" => Type::Array(Element::Int),
        "double[]" => Type::Array(Element::Double),
        "boolean[]" => Type::Array(Element::Boolean),
        _ => return None,
    })
}

fn class(word: &str) -> Class {
    let numbers = |text: &str| {
        let (min, max) = text.split_once("..")?;
        Some(Class::Range(min.parse().ok()?, max.parse().ok()?))
    };
    let counted = match word.split_once(':') {
        Some(("range", range)) => numbers(range),
        Some(("bounded", limit)) => limit.parse().ok().map(Class::Bounded),
        _ => (word == "closed").then_some(Class::Closed),
    };
    counted.unwrap_or(Class::Unbounded)
}

fn privacy(word: &str) -> Privacy {
    match word {
        "public" => Privacy::Public,
        "internal" => Privacy::Internal,
        "personal:hash" => Privacy::Personal(Protect::Hash),
        "personal:mask" => Privacy::Personal(Protect::Mask),
        // An unknown class counts as secret, which is never recorded.
        _ => Privacy::Secret,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found_by_exactly_its_key() {
        let keys: Vec<&str> = keys().collect();
        assert!(keys.is_sorted(), "the table is sorted by key");
        for key in &keys {
            assert_eq!(get(key).map(|row| row.key), Some(*key));
            assert_eq!(get(&format!("{key}x")), None);
            assert_eq!(
                get(&key[..key.len() - 1]).is_some(),
                keys.contains(&&key[..key.len() - 1])
            );
        }
        assert_eq!(get(""), None);
        assert_eq!(get("zzz"), None);
    }

    #[test]
    fn every_row_has_eight_valid_columns() {
        for line in TABLE.lines() {
            let columns: Vec<&str> = line.split('\t').collect();
            let [_, value_type, stability, class, privacy, _, values, _] = columns[..] else {
                panic!("{line}");
            };
            let known = super::value_type(value_type).is_some() || value_type == "any";
            assert!(known, "{line}");
            assert!(
                ["stable", "release_candidate", "development"].contains(&stability),
                "{line}"
            );
            let is_open = super::class(class) == Class::Unbounded;
            assert_eq!(is_open, class == "unbounded", "{line}");
            let is_secret = super::privacy(privacy) == Privacy::Secret;
            assert_eq!(is_secret, privacy == "secret", "{line}");
            let listed = class == "closed" && value_type != "boolean";
            assert!(!listed || !values.is_empty(), "{line}");
        }
    }
}
