//! The resolved contract.
//!
//! All references are valid. Parts refer to each other by ids, which index into their own contract
//! (`contract[id]`). Derived facts are methods next to the data.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::ops::Index;
use std::sync::Arc;

/// A location in a contract file. Displays as `schema/billing.yaml:31:3`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The path as shown to users: relative to the crate, with `/`.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A telemetry vocabulary.
#[derive(Clone, Debug)]
pub struct Contract {
    /// The name of the generated module and the instrumentation scope, a Rust identifier in `snake_case`.
    pub name: String,
    /// The `SemVer` version of the vocabulary and the instrumentation scope.
    pub version: String,
    /// The schema URL of the instrumentation scope.
    pub schema_url: Option<String>,
    /// The purpose of the vocabulary, in one sentence.
    pub brief: String,
    /// The teams or people responsible for it.
    pub owners: Vec<String>,
    /// The location of `contract:`.
    pub at: Location,
    /// The paths of all files, the root first, as shown to users.
    pub files: Vec<Arc<str>>,
    /// The attributes in the order written, followed by imported semantic-convention attributes.
    pub attributes: Vec<Attribute>,
    /// The attributes that name a successor, to look up the old names of an attribute.
    pub(crate) renamed: Vec<AttributeId>,
    /// The templates without keys (`keys: []`). Each is an attribute whose `key` is the template itself.
    pub templates: Vec<Attribute>,
    /// The groups of attributes.
    pub groups: Vec<Group>,
    /// The error classes: the closed set of values of `error.type`.
    pub errors: Vec<ErrorClass>,
    /// The business operations.
    pub operations: Vec<Operation>,
    /// The metrics in addition to those of the operations.
    pub metrics: Vec<Metric>,
    /// The typed log records.
    pub events: Vec<Event>,
    /// The attributes of the resource.
    pub resource: Vec<AttributeUse>,
    /// The public attributes that requests may carry as baggage.
    pub baggage: Vec<AttributeId>,
    /// The maximum number of series.
    pub budget: Budget,
    /// The lints allowed at single entries, in the order read.
    pub allowances: Vec<Allowance>,
    /// Whether some part could not be read and is missing here. Errors that may follow from that must not be
    /// reported. Always false for a contract without errors.
    pub incomplete: bool,
}

/// A lint that is allowed for one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The name of the lint, one of [`LINTS`](crate::LINTS).
    pub lint: String,
    /// The location of the allowance.
    pub at: Location,
    /// The name of the entry as written; for a template, the name with the placeholder.
    pub entry: String,
    /// The location of that name.
    pub entry_at: Location,
}

/// Index of an [`Attribute`] in [`Contract::attributes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributeId(pub(crate) usize);

/// Index of a [`Group`] in [`Contract::groups`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub(crate) usize);

/// Index of an [`ErrorClass`] in [`Contract::errors`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ErrorId(pub(crate) usize);

/// Index of an [`Event`] in [`Contract::events`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub(crate) usize);

impl AttributeId {
    /// Returns the index in [`Contract::attributes`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

impl GroupId {
    /// Returns the index in [`Contract::groups`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

impl ErrorId {
    /// Returns the index in [`Contract::errors`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

impl EventId {
    /// Returns the index in [`Contract::events`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

impl Index<AttributeId> for Contract {
    type Output = Attribute;
    fn index(&self, id: AttributeId) -> &Attribute {
        &self.attributes[id.0]
    }
}

impl Index<GroupId> for Contract {
    type Output = Group;
    fn index(&self, id: GroupId) -> &Group {
        &self.groups[id.0]
    }
}

impl Index<ErrorId> for Contract {
    type Output = ErrorClass;
    fn index(&self, id: ErrorId) -> &ErrorClass {
        &self.errors[id.0]
    }
}

impl Index<EventId> for Contract {
    type Output = Event;
    fn index(&self, id: EventId) -> &Event {
        &self.events[id.0]
    }
}

/// The Rust names of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RustName {
    /// The name of fields, functions and modules: `order_id`, or `r#type` if the plain word is a keyword.
    pub snake: String,
    /// The name of types, traits and variants: `OrderId`.
    pub camel: String,
}

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
    /// Names that users might try instead.
    pub instead_of: Vec<String>,
    /// The possible values.
    pub domain: Domain,
    /// Who may see the values.
    pub privacy: Privacy,
    /// Whether the attribute takes only its generated type, so that strings cannot be mixed up.
    pub newtype: bool,
    /// The template that the attribute was written as: `http.request.header.<key>`.
    pub template: Option<String>,
    /// Whether the attribute is imported from the bundled semantic conventions.
    pub semconv: bool,
    /// The stability.
    pub stability: Stability,
    /// The deprecation, if the entry is deprecated.
    pub deprecated: Option<Deprecated>,
    /// The owners; the owners of the contract if empty.
    pub owners: Vec<String>,
    /// The date by which the entry should be removed, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// The lints allowed for the entry.
    pub allow: Vec<String>,
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

/// The protection of a personal value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protect {
    /// The first 32 hex digits of HMAC-SHA-256; `[redacted]` without a key.
    Hash,
    /// `[redacted]`.
    Mask,
    /// `***` and this many last characters, if the value is more than twice as long.
    KeepLast(u32),
}

/// The stability of an entry, as in the OpenTelemetry semantic conventions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stability {
    /// May change in any release.
    #[default]
    Development,
    /// Expected to become stable.
    ReleaseCandidate,
    /// Will not change.
    Stable,
}

/// The deprecation of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deprecated {
    /// The contract version that deprecated the entry.
    pub since: Option<String>,
    /// The key to use instead.
    pub replaced_by: Option<String>,
    /// What to do instead.
    pub note: Option<String>,
    /// The contract version that removes the entry.
    pub removed_in: Option<String>,
    /// The keys that are recorded until the removal; always [`Emit::New`] for entries other than attributes.
    pub emit: Emit,
}

/// The keys of a renamed attribute that are recorded while both names exist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Emit {
    /// Only the key that was set, old or new.
    #[default]
    New,
    /// Both keys, whichever was set, so that queries by either key find all data.
    Both,
}

/// An attribute in use by an operation, group, metric, event or the resource.
#[derive(Clone, Debug)]
pub struct AttributeUse {
    /// The attribute.
    pub attribute: AttributeId,
    /// The location of the use.
    pub at: Location,
    /// The requirement level.
    pub level: RequirementLevel,
    /// Whether the sampler sees the attribute before its decision. Never true for `on_success`.
    pub sampling_relevant: bool,
}

/// A requirement level: whether and when an attribute must be set (OpenTelemetry: "attribute requirement levels").
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequirementLevel {
    /// Set when the operation starts.
    Required,
    /// Set by `ok(…)`, since the value is known only after success.
    OnSuccess,
    /// Set under the condition in the text.
    ConditionallyRequired(String),
    /// Set if the value is known.
    Recommended,
    /// Set on request only.
    OptIn,
}

/// A group of attributes that are used together.
#[derive(Clone, Debug)]
pub struct Group {
    /// The name in the contract.
    pub name: String,
    /// The location of the name.
    pub at: Location,
    /// The Rust names.
    pub rust: RustName,
    /// The purpose of the group; may be empty.
    pub brief: String,
    /// The attributes in the order written.
    pub attributes: Vec<AttributeUse>,
}

/// An error class, a value of `error.type`.
#[derive(Clone, Debug)]
pub struct ErrorClass {
    /// The recorded value.
    pub name: String,
    /// The location of the name.
    pub at: Location,
    /// The names of the variant (`camel`) and the field (`snake`).
    pub rust: RustName,
    /// The meaning of the error, in one sentence.
    pub brief: String,
    /// The deprecation, if the entry is deprecated.
    pub deprecated: Option<Deprecated>,
}

/// The kind of an operation's span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SpanKind {
    /// Within the process.
    #[default]
    Internal,
    /// Answers a request.
    Server,
    /// Makes a request.
    Client,
    /// Sends a message.
    Producer,
    /// Handles a message.
    Consumer,
}

/// A business operation that engineers talk about in incidents.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The span name.
    pub name: String,
    /// The location of the name.
    pub at: Location,
    /// The Rust names.
    pub rust: RustName,
    /// The purpose of the operation, in one sentence.
    pub brief: String,
    /// Details beyond the brief.
    pub note: Option<String>,
    /// The span kind.
    pub kind: SpanKind,
    /// The groups of attributes that the operation uses, in the order written.
    pub groups: Vec<GroupId>,
    /// The operation's own attributes. [`Contract::uses`] adds the attributes of its groups.
    pub attributes: Vec<AttributeUse>,
    /// The error classes of the operation; `None` for all classes of the contract.
    pub errors: Option<Vec<ErrorId>>,
    /// The events that the operation emits.
    pub events: Vec<EventId>,
    /// The metrics of the operation; `None` if switched off.
    pub metrics: Option<OperationMetrics>,
    /// The sampling of the spans; `None` to sample all.
    pub sampling: Option<Sampling>,
    /// The stability.
    pub stability: Stability,
    /// The deprecation, if the entry is deprecated.
    pub deprecated: Option<Deprecated>,
    /// The owners.
    pub owners: Vec<String>,
    /// The date by which the entry should be removed, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// The lints allowed for the entry.
    pub allow: Vec<String>,
}

/// The metrics that an operation records automatically.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OperationMetrics {
    /// The dimensions of `<operation>.duration` in addition to `error.type`.
    pub dimensions: Vec<AttributeId>,
    /// Whether `<operation>.active` is recorded.
    pub active: bool,
    /// The boundaries of the duration histogram in seconds, increasing; empty for the default.
    pub buckets: Vec<f64>,
}

/// The sampling of an operation's spans.
#[derive(Clone, Debug, PartialEq)]
pub struct Sampling {
    /// The share of traces that are kept, from 0 to 1.
    pub ratio: f64,
    /// Whether all failed operations are kept.
    pub keep_errors: bool,
    /// The duration in seconds above which all operations are kept.
    pub keep_slower_than: Option<f64>,
}

/// The instrument of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instrument {
    /// A sum that only increases.
    Counter,
    /// A sum that increases and decreases.
    UpDownCounter,
    /// A distribution.
    Histogram,
    /// The last value.
    Gauge,
}

/// A metric in addition to those of the operations.
#[derive(Clone, Debug)]
pub struct Metric {
    /// The name of the metric.
    pub name: String,
    /// The location of the name.
    pub at: Location,
    /// The Rust names.
    pub rust: RustName,
    /// The instrument.
    pub instrument: Instrument,
    /// The UCUM unit.
    pub unit: String,
    /// The measured quantity, in one sentence.
    pub brief: String,
    /// Details beyond the brief.
    pub note: Option<String>,
    /// Whether the value comes from a callback.
    pub observable: bool,
    /// Whether values are integers (default) or doubles.
    pub value_type: MetricValue,
    /// The histogram boundaries in the unit, increasing; empty for the default.
    pub buckets: Vec<f64>,
    /// The dimensions.
    pub attributes: Vec<AttributeUse>,
    /// The requirement level of `error.type`, if it is a dimension.
    pub error_type: Option<RequirementLevel>,
    /// The stability.
    pub stability: Stability,
    /// The deprecation, if the entry is deprecated.
    pub deprecated: Option<Deprecated>,
    /// The owners.
    pub owners: Vec<String>,
    /// The date by which the entry should be removed, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// The lints allowed for the entry.
    pub allow: Vec<String>,
}

/// The type of a metric's values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MetricValue {
    /// 64-bit integers.
    #[default]
    Int,
    /// 64-bit floating point numbers.
    Double,
}

/// The severity of a log record (OpenTelemetry: `SeverityNumber`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Fine-grained debugging.
    Trace,
    /// Debugging.
    Debug,
    /// Something happened.
    Info,
    /// Something may be wrong.
    Warn,
    /// Something is wrong.
    Error,
    /// The process cannot go on.
    Fatal,
}

/// A typed log record, correlated with the active span.
#[derive(Clone, Debug)]
pub struct Event {
    /// The event name.
    pub name: String,
    /// The location of the name.
    pub at: Location,
    /// The Rust names.
    pub rust: RustName,
    /// What happened, in one sentence.
    pub brief: String,
    /// Details beyond the brief.
    pub note: Option<String>,
    /// The severity of the log record.
    pub severity: Severity,
    /// The attributes.
    pub attributes: Vec<AttributeUse>,
    /// The requirement level of `error.type`, if it is an attribute.
    pub error_type: Option<RequirementLevel>,
    /// The stability.
    pub stability: Stability,
    /// The deprecation, if the entry is deprecated.
    pub deprecated: Option<Deprecated>,
    /// The owners.
    pub owners: Vec<String>,
    /// The date by which the entry should be removed, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// The lints allowed for the entry.
    pub allow: Vec<String>,
}

/// The maximum number of series, as written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// The maximum for each metric; [`Budget::of_a_metric`] adds the default.
    pub series_per_metric: Option<u64>,
    /// The maximum for all metrics together; unlimited if `None`.
    pub series: Option<u64>,
}

impl Budget {
    /// The default maximum number of series of a metric.
    ///
    /// An SDK reserves memory for the cardinality limit of each metric before it records anything, about
    /// 33 bytes for each series. Metrics with more series are rarely useful, so a contract must ask for them.
    pub const DEFAULT_SERIES_PER_METRIC: u64 = 100_000;

    /// Returns the maximum number of series of a metric, [`Budget::DEFAULT_SERIES_PER_METRIC`] unless the
    /// contract sets it.
    #[must_use]
    pub fn of_a_metric(&self) -> u64 {
        self.series_per_metric
            .unwrap_or(Self::DEFAULT_SERIES_PER_METRIC)
    }
}

impl Attribute {
    /// Returns the key of the attribute that replaces this deprecated attribute.
    #[must_use]
    pub fn successor(&self) -> Option<&str> {
        self.deprecated.as_ref()?.replaced_by.as_deref()
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
    /// Returns whether both domains have the same values and the same limit. Always false for a secret.
    #[must_use]
    pub fn records_as(&self, other: &Domain) -> bool {
        fn values<T: PartialEq>(these: &[Value<T>], those: &[Value<T>]) -> bool {
            let equal = |(this, that): (&Value<T>, &Value<T>)| this.value == that.value;
            these.len() == those.len() && these.iter().zip(those).all(equal)
        }
        match (self, other) {
            (
                Domain::Strings {
                    values: these,
                    other: open,
                },
                Domain::Strings {
                    values: those,
                    other: opens,
                },
            ) => open == opens && values(these, those),
            (Domain::Ints { values: these }, Domain::Ints { values: those }) => {
                values(these, those)
            }
            (Domain::Secret, _) | (_, Domain::Secret) => false,
            (this, that) => this == that,
        }
    }
}

impl AttributeUse {
    /// Returns the strictness of the use: level first, then sampling relevance.
    fn strictness(&self) -> (u8, bool) {
        let level = match self.level {
            RequirementLevel::OptIn => 0,
            RequirementLevel::Recommended => 1,
            RequirementLevel::ConditionallyRequired(_) => 2,
            RequirementLevel::OnSuccess => 3,
            RequirementLevel::Required => 4,
        };
        (level, self.sampling_relevant)
    }
}

impl Contract {
    /// Returns the attribute with this key.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&Attribute> {
        self.attributes
            .iter()
            .find(|attribute| attribute.key == key)
    }

    /// Returns the attributes that are recorded together with this attribute because of `emit: both`, in the
    /// order of the contract: its old names, or its new name.
    #[must_use]
    pub fn beside(&self, attribute: &Attribute) -> Vec<&Attribute> {
        let emits_both = |attribute: &Attribute| {
            let deprecated = attribute.deprecated.as_ref();
            deprecated.is_some_and(|deprecated| deprecated.emit == Emit::Both)
        };
        let old = self
            .old_names_of(attribute)
            .filter(|id| emits_both(&self[*id]));
        let new = attribute.successor().filter(|_| emits_both(attribute));
        let new = new.and_then(|key| self.attributes.iter().position(|known| known.key == key));
        let mut beside: Vec<AttributeId> = old.chain(new.map(AttributeId)).collect();
        // Two attributes may replace each other.
        beside.sort_unstable();
        beside.dedup();
        beside.into_iter().map(|id| &self[id]).collect()
    }

    /// Returns the deprecated attributes that this attribute replaces, in the order of the contract.
    #[must_use]
    pub fn replaced_by(&self, attribute: &Attribute) -> Vec<&Attribute> {
        self.old_names_of(attribute).map(|id| &self[id]).collect()
    }

    fn old_names_of(&self, attribute: &Attribute) -> impl Iterator<Item = AttributeId> {
        let successor = |id: &AttributeId| self[*id].successor();
        let renamed = self.renamed.iter().copied();
        renamed.filter(move |id| successor(id) == Some(attribute.key.as_str()))
    }

    /// Returns all attributes of an operation, each once: its own attributes, then those of its groups in order.
    /// The operation's own requirement level has precedence, then the strictest level of the groups.
    #[must_use]
    pub fn uses<'a>(&'a self, operation: &'a Operation) -> Vec<&'a AttributeUse> {
        let mut uses: Vec<&AttributeUse> = Vec::new();
        let mut indices: HashMap<AttributeId, usize> = HashMap::new();
        for usage in &operation.attributes {
            indices.entry(usage.attribute).or_insert_with(|| {
                uses.push(usage);
                uses.len() - 1
            });
        }
        let own = uses.len();
        let groups = operation.groups.iter();
        for usage in groups.flat_map(|group| &self[*group].attributes) {
            match indices.entry(usage.attribute) {
                Entry::Vacant(free) => {
                    free.insert(uses.len());
                    uses.push(usage);
                }
                Entry::Occupied(index) => {
                    let known = &mut uses[*index.get()];
                    if *index.get() >= own && usage.strictness() > known.strictness() {
                        *known = usage;
                    }
                }
            }
        }
        uses
    }

    /// Returns the error classes of an operation.
    #[must_use]
    pub fn errors_of<'a>(&'a self, operation: &'a Operation) -> Vec<&'a ErrorClass> {
        match &operation.errors {
            Some(errors) => errors.iter().map(|error| &self[*error]).collect(),
            None => self.errors.iter().collect(),
        }
    }
}
