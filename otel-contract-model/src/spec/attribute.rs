//! Attributes: their values, classes and life cycle.

use std::fmt;

use super::{CardinalityClass, PrivacyClass, Version, spec};
use crate::codes;
use crate::contract::{Emit, Protect, Stability, Type};
use crate::read::{Expected, Field, Located, Map, Read, Reader};
use crate::yaml::{self, Node};

spec! {
    /// An attribute that telemetry may use.
    "an attribute" Attribute {
        /// Type of the values; derived from `values` or `range` if those are present.
        value_type = "type": Type => "type: string",
        /// Meaning of the attribute, in one sentence.
        brief [required]: String => "brief: Commercial tier of the account.",
        /// Details beyond the brief.
        note: String => "note: Set by the contract, not by usage.",
        /// Typical values.
        examples: Vec<Located<Example>> => "examples: [ord_8Zk2]",
        /// Names that users might try instead.
        instead_of: Vec<Located<String>> => "instead_of: [orderId, order_id]",
        /// The values and who may see them.
        rules [flat]: ValueRules,
        /// Keys of a template such as `http.request.header.<key>`; an empty list declares a template without
        /// keys.
        keys: Vec<Located<String>> => "keys: [x-request-id]",
        /// Stability, deprecation and ownership.
        life [flat]: LifeCycle,
        /// Rust name, if the derived name is unsuitable.
        rust_name: String => "rust_name: OrderNumber" or "the key in `CamelCase`",
    }

    /// The values of an attribute and who may see them.
    "an attribute" ValueRules {
        /// Closed set of values: a list, or a mapping to the meaning of each value.
        values: Values => "values: { free: No contract., pro: Paid monthly. }",
        /// Whether values outside of `values` are recorded as `_OTHER`.
        other: bool => "other: true" or "false",
        /// Smallest and largest integer, both included.
        range: Vec<Located<i64>> => "range: [0, 5]",
        /// Cardinality class: the number of distinct values; derived from `values`, `range` or a boolean type.
        cardinality: CardinalityClass => "cardinality: unbounded",
        /// Number of distinct values that a bounded attribute records before `_OTHER`.
        limit: i64 => "limit: 50",
        /// Privacy class: who may see the values.
        privacy: PrivacyClass => "privacy: personal" or "`defaults`",
        /// Protection of a personal value.
        protect: Protection => "protect: hash",
        /// Whether setters accept only the generated type of the attribute, and no plain strings.
        newtype: bool => "newtype: true" or "false",
    }

    /// Stability, deprecation and ownership of an entry.
    "an entry" LifeCycle {
        /// Stability of the entry.
        stability: Stability => "stability: stable" or "development",
        /// Marks the entry as deprecated.
        deprecated: Deprecated => "deprecated: { since: 1.3.0, replaced_by: order.number }",
        /// Teams or people responsible for the entry.
        owners: Vec<Located<String>> => "owners: [billing-team]" or "those of the contract",
        /// Date by which the entry should be removed: `YYYY-MM-DD`.
        expires: String => "expires: 2027-06-30",
        /// Lints that are allowed for this entry.
        allow: Vec<Located<String>> => "allow: [personal_name]",
    }

    /// Refinements of a semantic-convention attribute.
    "a semantic-convention attribute" Refinement {
        /// Meaning of the attribute in this contract, in one sentence.
        brief: String => "brief: Method of the request." or "that of the semantic conventions",
        /// Details beyond the brief.
        note: String => "note: In upper case." or "that of the semantic conventions",
        /// Names that users might try instead.
        instead_of: Vec<Located<String>> => "instead_of: [method]",
        /// The values and who may see them.
        rules [flat]: ValueRules,
        /// Lints that are allowed for this entry.
        allow: Vec<Located<String>> => "allow: [personal_name]",
        /// Rust name, if the derived name is unsuitable.
        rust_name: String => "rust_name: Method" or "the key in `CamelCase`",
    }

    /// The long form of a value of a closed set.
    "a value" Value {
        /// Recorded value.
        value [required]: Scalar => "value: pro",
        /// Meaning of the value, in one sentence.
        brief: String => "brief: Paid monthly.",
        /// Marks the entry as deprecated.
        deprecated: Deprecated => "deprecated: { since: 1.3.0, replaced_by: team }",
        /// Rust variant, if the derived name is unsuitable.
        rust_name: String => "rust_name: Professional" or "the value in `CamelCase`",
    }

    /// Deprecation of an entry.
    "`deprecated`" Deprecated {
        /// Contract version that deprecated the entry.
        since: Version => "since: 1.3.0",
        /// Name to use instead.
        replaced_by: String => "replaced_by: order.number",
        /// Advice for users of the deprecated entry, in one sentence.
        note: String => "note: The tier decides.",
        /// Contract version that removes the entry.
        removed_in: Version => "removed_in: 2.0.0",
        /// Keys recorded until the old attribute is removed: `new` records only the key that the operation, metric or
        /// event lists, `both` records the old and the new key.
        emit: Emit => "emit: both" or "new",
    }

    /// Records `***` and the last characters.
    "`protect`" KeepLast {
        /// Number of last characters that are recorded. A value with at most twice this many characters is recorded as
        /// `***`.
        keep_last [required]: i64 => "keep_last: 4",
    }
}

/// A scalar value.
#[derive(Clone, PartialEq)]
pub(crate) enum Scalar {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
}

impl Read for Scalar {
    const EXPECTED: Expected = Expected::Value;
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.value {
            yaml::Value::Bool(value) => Some(Scalar::Bool(*value)),
            yaml::Value::Int(value) => Some(Scalar::Int(*value)),
            yaml::Value::Float(value) => Some(Scalar::Float(*value)),
            yaml::Value::Text(value) => Some(Scalar::Text(value.clone())),
            _ => reader.wrong_type(Self::EXPECTED, node),
        }
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Bool(value) => value.fmt(f),
            Scalar::Int(value) => value.fmt(f),
            Scalar::Float(value) => value.fmt(f),
            Scalar::Text(value) => f.write_str(value),
        }
    }
}

/// An example: a value, or a list of values for an array type.
#[derive(Clone)]
pub(crate) enum Example {
    One(Scalar),
    Array(Vec<Located<Scalar>>),
}

impl Example {
    /// Returns the example as quoted in messages.
    pub(crate) fn quoted(located: &Located<Example>) -> String {
        match &located.value {
            Example::One(_) => located.quoted(),
            Example::Array(values) => {
                let values: Vec<String> = values.iter().map(Located::quoted).collect();
                format!("[{}]", values.join(", "))
            }
        }
    }
}

impl Read for Example {
    const EXPECTED: Expected = Expected::Value;
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node.value {
            yaml::Value::List(_) => Read::read(node, reader).map(Example::Array),
            _ => Read::read(node, reader).map(Example::One),
        }
    }
}

impl fmt::Display for Example {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Example::One(value) => value.fmt(f),
            Example::Array(values) => {
                let values: Vec<String> =
                    values.iter().map(|value| value.value.to_string()).collect();
                write!(f, "[{}]", values.join(", "))
            }
        }
    }
}

/// A closed set of values, from any of the forms in which it can be written.
#[derive(Clone, Default)]
pub(crate) struct Values(pub(crate) Vec<Value>);

impl Read for Values {
    const EXPECTED: Expected = Expected::ListOrMapping;
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.value {
            yaml::Value::List(items) if is_list_of_pairs(items) => {
                let first = items.iter().find_map(|item| match &item.value {
                    yaml::Value::Map(pair) => match &pair.first()?.0.value {
                        yaml::Value::Text(value) => Some(value.as_str()),
                        _ => None,
                    },
                    _ => None,
                });
                let first = first.unwrap_or("free");
                let diag = codes::WRONG_TYPE.at(node.span, [&"a mapping", &"a list of mappings"]);
                reader.diagnostics.push(diag.help(format!(
                    "write one mapping instead of a list: `values: {{ {first}: … }}`"
                )));
                None
            }
            yaml::Value::List(items) => Some(Values(
                items
                    .iter()
                    .filter_map(|item| listed(item, reader))
                    .collect(),
            )),
            yaml::Value::Map(entries) => {
                reader.reject_merge(entries)?;
                let described = entries.iter().filter_map(|(value, brief)| {
                    let value = Located::<Scalar>::read(value, reader)?;
                    let brief = Located::<String>::read(brief, reader);
                    Some(Value {
                        value: Field::without_name(value),
                        brief: brief.map(Field::without_name).unwrap_or_default(),
                        ..Value::default()
                    })
                });
                Some(Values(described.collect()))
            }
            _ => reader.wrong_type(Self::EXPECTED, node),
        }
    }
}

/// Returns whether a list consists of pairs: `- free: No.`. Users who write this mean a mapping.
fn is_list_of_pairs(items: &[Node]) -> bool {
    let is_pair = |item: &Node| match &item.value {
        yaml::Value::Map(entries) => match entries.as_slice() {
            [(key, _)] => {
                !matches!(&key.value, yaml::Value::Text(key) if (key == "<<" || Value::fields().contains(&key.as_str())))
            }
            _ => false,
        },
        _ => false,
    };
    !items.is_empty() && items.iter().all(is_pair)
}

fn listed(item: &Node, reader: &mut Reader<'_>) -> Option<Value> {
    if let yaml::Value::Map(_) = item.value {
        return Value::read(item, reader);
    }
    let value = Field::without_name(Located::<Scalar>::read(item, reader)?);
    Some(Value {
        value,
        ..Value::default()
    })
}

/// Protection of a personal value: `hash`, `mask` or `{ keep_last: 4 }`.
#[derive(Clone, Copy)]
pub(crate) struct Protection(pub(crate) Protect);

impl Read for Protection {
    const EXPECTED: Expected = Expected::Other("a value of `protect`");
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        const WORDS: &[&str] = &["hash", "mask"];
        match &node.value {
            yaml::Value::Text(word) => match word.as_str() {
                "hash" => Some(Protection(Protect::Hash)),
                "mask" => Some(Protection(Protect::Mask)),
                _ => {
                    let diag = codes::UNKNOWN_WORD.at(node.span, [word, &Self::EXPECTED]);
                    let suggestion = crate::names::suggestion(word, WORDS.iter().copied());
                    reader.diagnostics.push(match suggestion {
                        Some(suggestion) => {
                            diag.suggest(word, Some(suggestion), WORDS.iter().copied())
                        }
                        None => diag.help("use one of `hash`, `mask`, `{ keep_last: 4 }`"),
                    });
                    None
                }
            },
            yaml::Value::Map(entries) => {
                if let [(key, _)] = entries.as_slice()
                    && let yaml::Value::Text(word) = &key.value
                    && WORDS.contains(&word.as_str())
                {
                    let diag = codes::UNKNOWN_FIELD.at(key.span, [word, &"`protect`"]);
                    reader
                        .diagnostics
                        .push(diag.help(format!("write `protect: {word}`")));
                    return None;
                }
                let kept = KeepLast::read(node, reader)?.keep_last;
                let kept = kept.located()?;
                match u32::try_from(kept.value) {
                    Ok(count) if count > 0 => Some(Protection(Protect::KeepLast(count))),
                    _ => {
                        let expected = codes::violated_limit(kept.value);
                        reader
                            .diagnostics
                            .push(codes::BAD_KEEP_LAST.at(kept.span, [&expected, &kept.quoted()]));
                        None
                    }
                }
            }
            _ => reader.wrong_type(
                Expected::Other("`hash`, `mask` or `{ keep_last: 4 }`"),
                node,
            ),
        }
    }
}

/// Imported semantic-convention attributes and their refinements.
#[derive(Clone, Default)]
pub(crate) struct Imports(pub(crate) Vec<(Located<String>, Refinement)>);

impl Read for Imports {
    const EXPECTED: Expected = Expected::ListOrMapping;
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node.value {
            yaml::Value::List(_) => {
                let names = Vec::<Located<String>>::read(node, reader)?;
                let plain = names.into_iter().map(|name| (name, Refinement::default()));
                Some(Imports(plain.collect()))
            }
            yaml::Value::Map(_) => {
                let entries = Map::<Refinement>::read(node, reader)?.0;
                let refined = entries
                    .into_iter()
                    .map(|entry| (entry.name, entry.value.unwrap_or_default()));
                Some(Imports(refined.collect()))
            }
            _ => reader.wrong_type(Self::EXPECTED, node),
        }
    }
}
