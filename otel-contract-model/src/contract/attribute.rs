//! Attributes: values, cardinality and privacy.

use super::{Deprecated, LifeCycle, Location, RustName};

/// An attribute: its key, its values, their cardinality and privacy.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The OpenTelemetry key. Each key of a template is a separate attribute:
    /// `http.request.header.x-request-id`.
    pub key: String,
    /// The location of the key; for a semantic-convention attribute, the location of its import.
    pub at: Location,
    /// The Rust names.
    pub rust: RustName,
    /// The meaning of the attribute, in one sentence.
    pub brief: String,
    /// Details beyond the brief.
    pub note: Option<String>,
    /// Typical values.
    pub examples: Vec<String>,
    /// Names that users might write instead of the key.
    pub instead_of: Vec<String>,
    /// The possible values.
    pub domain: Domain,
    /// Who may see the values.
    pub privacy: Privacy,
    /// Whether setters accept only the generated type. A value of another attribute is then a type error.
    pub newtype: bool,
    /// The template from which the attribute was generated: `http.request.header.<key>`.
    pub template: Option<String>,
    /// Whether the attribute is imported from the bundled semantic conventions.
    pub semconv: bool,
    /// Whether its values are the list of the semantic conventions: the contract imports the attribute without `values`
    /// of its own. A service uses only some of these values.
    pub conventional_values: bool,
    /// Stability, deprecation, owners, expiry and allowances.
    pub life_cycle: LifeCycle,
}

/// The possible values of an attribute, which determine its cardinality class.
#[derive(Clone, Debug, PartialEq)]
pub enum Domain {
    /// A closed set of strings.
    Strings {
        /// The values in the order written, at least one.
        values: Vec<Value<String>>,
        /// Whether values outside of the set are recorded as `_OTHER`.
        other: bool,
    },
    /// A closed set of integers.
    Ints {
        /// The values in the order written, at least one.
        values: Vec<Value<i64>>,
    },
    /// Integers from `min` to `max`, both included.
    Range {
        /// The smallest value.
        min: i64,
        /// The largest value, at least `min`.
        max: i64,
    },
    /// `true` or `false`.
    Boolean,
    /// Any string, but at most `limit` distinct values; further values are recorded as `_OTHER`.
    Limited {
        /// The number of distinct values that are recorded, at least 1.
        limit: u32,
    },
    /// Any value of the type, without a limit.
    Unbounded(Type),
    /// Never recorded.
    Secret,
}

/// The type of a value on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// UTF-8 text.
    String,
    /// 64-bit signed integer.
    Int,
    /// 64-bit floating point number.
    Double,
    /// Truth value.
    Boolean,
    /// Homogeneous array.
    Array(Element),
}

/// The type of an array's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// UTF-8 text.
    String,
    /// 64-bit signed integer.
    Int,
    /// 64-bit floating point number.
    Double,
    /// Truth value.
    Boolean,
}

/// A value of a closed set.
#[derive(Clone, Debug, PartialEq)]
pub struct Value<T> {
    /// The recorded value.
    pub value: T,
    /// The location of the value.
    pub at: Location,
    /// The Rust variant in `CamelCase`.
    pub variant: String,
    /// The meaning of the value; may be empty.
    pub brief: String,
    /// The deprecation, if the entry is deprecated.
    pub deprecated: Option<Deprecated>,
}

/// The cardinality class of an attribute: how many distinct values it can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cardinality {
    /// A known number of values, including `_OTHER` if allowed.
    Closed(u64),
    /// At most this many values, plus `_OTHER`.
    Bounded(u32),
    /// Any number of values; for spans and logs only.
    Unbounded,
}

/// The privacy class of an attribute: who may see its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privacy {
    /// May leave the company.
    Public,
    /// For the company's own back ends.
    Internal,
    /// Identifies a person: recorded only in its protected form.
    Personal(Protect),
    /// Never recorded.
    Secret,
}

impl Privacy {
    /// Returns whether values must not be recorded in the clear.
    #[must_use]
    pub fn is_protected(self) -> bool {
        match self {
            Privacy::Public | Privacy::Internal => false,
            Privacy::Personal(_) | Privacy::Secret => true,
        }
    }
}

/// The protection of a personal value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protect {
    /// The first 32 hex digits of HMAC-SHA-256; `[redacted]` without a key.
    Hash,
    /// `[redacted]`.
    Mask,
    /// `***` and the last N characters; `***` alone if the value has at most 2 × N characters.
    KeepLast(u32),
}

impl Attribute {
    /// Returns the key of the attribute that replaces this deprecated attribute.
    #[must_use]
    pub fn successor(&self) -> Option<&str> {
        self.life_cycle.deprecated.as_ref()?.replaced_by.as_deref()
    }

    /// Returns the cardinality class. A secret counts as unbounded, so that it is rejected as a dimension.
    #[must_use]
    pub fn cardinality(&self) -> Cardinality {
        match &self.domain {
            Domain::Strings { values, other } => {
                Cardinality::Closed(values.len() as u64 + u64::from(*other))
            }
            Domain::Ints { values } => Cardinality::Closed(values.len() as u64),
            Domain::Range { min, max } => Cardinality::Closed(max.abs_diff(*min).saturating_add(1)),
            Domain::Boolean => Cardinality::Closed(2),
            Domain::Limited { limit } => Cardinality::Bounded(*limit),
            Domain::Unbounded(_) | Domain::Secret => Cardinality::Unbounded,
        }
    }

    /// Returns the type of the recorded values; `None` for a secret.
    #[must_use]
    pub fn value_type(&self) -> Option<Type> {
        match &self.domain {
            Domain::Strings { .. } | Domain::Limited { .. } => Some(Type::String),
            Domain::Ints { .. } | Domain::Range { .. } => Some(Type::Int),
            Domain::Boolean => Some(Type::Boolean),
            Domain::Unbounded(value) => Some(*value),
            Domain::Secret => None,
        }
    }
}

impl Domain {
    /// Returns whether both domains have the same values and the same limit. Returns false for secrets.
    #[must_use]
    pub fn has_same_values_as(&self, other: &Domain) -> bool {
        fn values<T: PartialEq>(these: &[Value<T>], those: &[Value<T>]) -> bool {
            let equal = |(this, that): (&Value<T>, &Value<T>)| this.value == that.value;
            these.len() == those.len() && these.iter().zip(those).all(equal)
        }
        match (self, other) {
            (
                Domain::Strings {
                    values: these,
                    other: has_other,
                },
                Domain::Strings {
                    values: those,
                    other: that_has_other,
                },
            ) => has_other == that_has_other && values(these, those),
            (Domain::Ints { values: these }, Domain::Ints { values: those }) => {
                values(these, those)
            }
            (Domain::Secret, _) | (_, Domain::Secret) => false,
            (this, that) => this == that,
        }
    }
}
