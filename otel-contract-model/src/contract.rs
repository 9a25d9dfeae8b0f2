//! The sound contract: what holds once every reference is resolved.
//!
//! Nothing here may dangle. References between the parts are ids that index into the contract they
//! came from (`contract[id]`), and whatever can be derived is a method beside its data.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::ops::Index;
use std::sync::Arc;

/// Where something was written. Displays as `schema/billing.yaml:31:3`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The path as the user knows it: relative to the crate, with `/`.
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

/// One telemetry vocabulary: everything its services may say.
#[derive(Clone, Debug)]
pub struct Contract {
    /// The generated module and the instrumentation scope; a Rust identifier in `snake_case`.
    pub name: String,
    /// `SemVer` of the vocabulary, the scope's version.
    pub version: String,
    /// Schema URL of the scope.
    pub schema_url: Option<String>,
    /// What the vocabulary is for, in one sentence.
    pub brief: String,
    /// Who answers for it.
    pub owners: Vec<String>,
    /// Where `contract:` stands.
    pub at: Location,
    /// Every file read, the root first, as the user knows it.
    pub files: Vec<Arc<str>>,
    /// In the order written, those taken over from the semantic conventions after them.
    pub attributes: Vec<Attribute>,
    /// Those of the attributes that name a successor: where the old names of one are looked up.
    pub(crate) renamed: Vec<AttributeId>,
    /// Templates of which no key may be used yet (`keys: []`), each as its keys would be; its `key` is
    /// the template itself.
    pub templates: Vec<Attribute>,
    /// Words that travel together.
    pub groups: Vec<Group>,
    /// The closed set behind `error.type`.
    pub errors: Vec<ErrorClass>,
    /// What engineers talk about in incidents.
    pub operations: Vec<Operation>,
    /// Instruments beside those of the operations.
    pub metrics: Vec<Metric>,
    /// Typed log records.
    pub events: Vec<Event>,
    /// What the resource must say.
    pub resource: Vec<AttributeUse>,
    /// Public attributes that may travel with requests.
    pub baggage: Vec<AttributeId>,
    /// How many series the contract may produce.
    pub budget: Budget,
    /// Every lint allowed at some entry, in the order read.
    pub allowances: Vec<Allowance>,
    /// Some part could not be read at all and is missing here: whoever uses the contract must not
    /// report what follows from that. Always false when there are no faults.
    pub incomplete: bool,
}

/// A lint that is allowed at one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Its name, one of [`LINTS`](crate::LINTS).
    pub lint: String,
    /// Where it is allowed.
    pub at: Location,
    /// The name of the entry as written; of a template that with the placeholder.
    pub entry: String,
    /// Where that name stands.
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
    /// Position in [`Contract::attributes`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

impl GroupId {
    /// Position in [`Contract::groups`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

impl ErrorId {
    /// Position in [`Contract::errors`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

impl EventId {
    /// Position in [`Contract::events`].
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

/// The names an entry has on the Rust side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RustName {
    /// Field, function, module: `order_id`; `r#type` where the plain word is a keyword.
    pub snake: String,
    /// Type, trait, variant: `OrderId`.
    pub camel: String,
}

/// One attribute: its name, its values, how many they are and who may see them.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The OpenTelemetry key. Each key of a template is an attribute of its own:
    /// `http.request.header.x-request-id`.
    pub key: String,
    /// Where the key stands; for one taken over from the semantic conventions, where it is named.
    pub at: Location,
    /// Its Rust names.
    pub rust: RustName,
    /// What it says, in one sentence.
    pub brief: String,
    /// More than the brief.
    pub note: Option<String>,
    /// Values as they look in practice.
    pub examples: Vec<String>,
    /// Names people reach for instead.
    pub instead_of: Vec<String>,
    /// The values it takes.
    pub domain: Domain,
    /// Who may see it.
    pub privacy: Privacy,
    /// Takes only its generated type, so that no other string slips in.
    pub newtype: bool,
    /// The template it was written as: `http.request.header.<key>`.
    pub template: Option<String>,
    /// Taken over from the bundled semantic conventions.
    pub semconv: bool,
    /// How settled it is.
    pub stability: Stability,
    /// Set when it should no longer be used.
    pub deprecated: Option<Deprecated>,
    /// Who answers for it, the contract's owners if empty.
    pub owners: Vec<String>,
    /// Day after which it should be gone, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// Lints allowed here.
    pub allow: Vec<String>,
}

/// The values an attribute takes. The cardinality class follows from it.
#[derive(Clone, Debug, PartialEq)]
pub enum Domain {
    /// A closed set of strings. With `other`, a value from outside is recorded as `_OTHER`.
    Strings {
        /// In the order written, at least one.
        values: Vec<Value<String>>,
        /// Whether values from outside are recorded as `_OTHER`.
        other: bool,
    },
    /// A closed set of integers.
    Ints {
        /// In the order written, at least one.
        values: Vec<Value<i64>>,
    },
    /// Integers from `min` to `max`, both included.
    Range {
        /// Least value.
        min: i64,
        /// Greatest value, at least `min`.
        max: i64,
    },
    /// `true` or `false`.
    Boolean,
    /// Any value, at most `limit` different ones; then `_OTHER`.
    Limited {
        /// How many different values are recorded, at least 1.
        limit: u32,
    },
    /// Any value of the type, as many as there are.
    Unbounded(Type),
    /// Known, and never recorded.
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

/// One member of a closed set.
#[derive(Clone, Debug, PartialEq)]
pub struct Value<T> {
    /// What is recorded.
    pub value: T,
    /// Where it stands.
    pub at: Location,
    /// The enum variant, `CamelCase`.
    pub variant: String,
    /// What it means; may be empty.
    pub brief: String,
    /// Set when it should no longer be used.
    pub deprecated: Option<Deprecated>,
}

/// How many different values an attribute may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cardinality {
    /// The size is known when the contract is written, `_OTHER` included where it is allowed.
    Closed(u64),
    /// At most this many, and `_OTHER`.
    Bounded(u32),
    /// As many as there are: spans and logs only.
    Unbounded,
}

/// Who may see an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privacy {
    /// May leave the company.
    Public,
    /// Our own back ends.
    Internal,
    /// Identifies a person: recorded only in its protected form.
    Personal(Protect),
    /// Never recorded.
    Secret,
}

/// How a personal value is made safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protect {
    /// First 32 hex digits of HMAC-SHA-256, `[redacted]` without a key.
    Hash,
    /// `[redacted]`.
    Mask,
    /// `***` and the last characters of values longer than twice as many.
    KeepLast(u32),
}

/// How settled an entry is (OpenTelemetry semantic conventions, "stability").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stability {
    /// May change in any release.
    #[default]
    Development,
    /// Almost settled.
    ReleaseCandidate,
    /// Will not change.
    Stable,
}

/// That an entry should no longer be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deprecated {
    /// Contract version that deprecated it.
    pub since: Option<String>,
    /// The key to use instead.
    pub replaced_by: Option<String>,
    /// What to do instead.
    pub note: Option<String>,
    /// Contract version in which it is gone.
    pub removed_in: Option<String>,
    /// Which keys are recorded until then; always [`Emit::New`] of what is no attribute.
    pub emit: Emit,
}

/// Which keys of a renamed attribute are recorded while both names are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Emit {
    /// The one that is given, old or new.
    #[default]
    New,
    /// Both, whichever is given, so that searches by either find everything.
    Both,
}

/// An attribute in use by an operation, group, metric, event or the resource.
#[derive(Clone, Debug)]
pub struct AttributeUse {
    /// Which.
    pub attribute: AttributeId,
    /// Where the use is written.
    pub at: Location,
    /// Who must give it, and when.
    pub level: RequirementLevel,
    /// Passed to the sampler before the decision; a level of entry (not `on_success`).
    pub sampling_relevant: bool,
}

/// Who must give an attribute, and when (OpenTelemetry: "attribute requirement levels").
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequirementLevel {
    /// Given at entry.
    Required,
    /// Given by `ok(…)`: known only once it worked.
    OnSuccess,
    /// Given under the condition in the text.
    ConditionallyRequired(String),
    /// Given where it is known.
    Recommended,
    /// Given when asked for.
    OptIn,
}

/// Attributes that travel together.
#[derive(Clone, Debug)]
pub struct Group {
    /// Name in the contract.
    pub name: String,
    /// Where it stands.
    pub at: Location,
    /// Its Rust names.
    pub rust: RustName,
    /// What it is for; may be empty.
    pub brief: String,
    /// In the order written.
    pub attributes: Vec<AttributeUse>,
}

/// One class of failure, a value of `error.type`.
#[derive(Clone, Debug)]
pub struct ErrorClass {
    /// Value on the wire.
    pub name: String,
    /// Where it stands.
    pub at: Location,
    /// Variant (`camel`) and field (`snake`) names.
    pub rust: RustName,
    /// What went wrong, in one sentence.
    pub brief: String,
    /// Set when it should no longer be used.
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

/// A business function engineers talk about in incidents.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Span name.
    pub name: String,
    /// Where it stands.
    pub at: Location,
    /// Its Rust names.
    pub rust: RustName,
    /// What it does, in one sentence.
    pub brief: String,
    /// More than the brief.
    pub note: Option<String>,
    /// Kind of its span.
    pub kind: SpanKind,
    /// The groups it takes, in the order written.
    pub groups: Vec<GroupId>,
    /// Its own attributes, then nothing else: those of its groups are in [`Contract::uses`].
    pub attributes: Vec<AttributeUse>,
    /// The classes it may fail with; `None`: any of the contract.
    pub errors: Option<Vec<ErrorId>>,
    /// The events it says it emits.
    pub events: Vec<EventId>,
    /// Its metrics, unless switched off.
    pub metrics: Option<OperationMetrics>,
    /// How its spans are sampled; `None`: always.
    pub sampling: Option<Sampling>,
    /// How settled it is.
    pub stability: Stability,
    /// Set when it should no longer be used.
    pub deprecated: Option<Deprecated>,
    /// Who answers for it.
    pub owners: Vec<String>,
    /// Day after which it should be gone, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// Lints allowed here.
    pub allow: Vec<String>,
}

/// The metrics an operation records by itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OperationMetrics {
    /// Dimensions of `<operation>.duration` beside `error.type`.
    pub dimensions: Vec<AttributeId>,
    /// Whether `<operation>.active` is recorded.
    pub active: bool,
    /// Boundaries of the duration histogram in seconds, increasing; empty: the default.
    pub buckets: Vec<f64>,
}

/// How an operation's spans are sampled.
#[derive(Clone, Debug, PartialEq)]
pub struct Sampling {
    /// Share of traces kept, 0 to 1.
    pub ratio: f64,
    /// Keep every failed one.
    pub keep_errors: bool,
    /// Keep every one slower than this, in seconds.
    pub keep_slower_than: Option<f64>,
}

/// Instrument of a contract metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instrument {
    /// Sum that only grows.
    Counter,
    /// Sum that goes up and down.
    UpDownCounter,
    /// Distribution.
    Histogram,
    /// Last value.
    Gauge,
}

/// A metric beside those the operations record.
#[derive(Clone, Debug)]
pub struct Metric {
    /// Instrument name.
    pub name: String,
    /// Where it stands.
    pub at: Location,
    /// Its Rust names.
    pub rust: RustName,
    /// Kind of instrument.
    pub instrument: Instrument,
    /// UCUM unit.
    pub unit: String,
    /// What it measures, in one sentence.
    pub brief: String,
    /// More than the brief.
    pub note: Option<String>,
    /// Whether a callback is asked for the value.
    pub observable: bool,
    /// Whether values are integers (default) or doubles.
    pub value_type: MetricValue,
    /// Histogram boundaries in the unit, increasing; empty: the default.
    pub buckets: Vec<f64>,
    /// Its dimensions.
    pub attributes: Vec<AttributeUse>,
    /// Whether `error.type` is among the dimensions, and at which level.
    pub error_type: Option<RequirementLevel>,
    /// How settled it is.
    pub stability: Stability,
    /// Set when it should no longer be used.
    pub deprecated: Option<Deprecated>,
    /// Who answers for it.
    pub owners: Vec<String>,
    /// Day after which it should be gone, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// Lints allowed here.
    pub allow: Vec<String>,
}

/// Type of a metric's values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MetricValue {
    /// 64-bit integers.
    #[default]
    Int,
    /// 64-bit floating point numbers.
    Double,
}

/// Severity of a log record (OpenTelemetry: `SeverityNumber`).
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
    /// Event name.
    pub name: String,
    /// Where it stands.
    pub at: Location,
    /// Its Rust names.
    pub rust: RustName,
    /// What happened, in one sentence.
    pub brief: String,
    /// More than the brief.
    pub note: Option<String>,
    /// Severity of the record.
    pub severity: Severity,
    /// Its attributes.
    pub attributes: Vec<AttributeUse>,
    /// Whether `error.type` is among the attributes, and at which level.
    pub error_type: Option<RequirementLevel>,
    /// How settled it is.
    pub stability: Stability,
    /// Set when it should no longer be used.
    pub deprecated: Option<Deprecated>,
    /// Who answers for it.
    pub owners: Vec<String>,
    /// Day after which it should be gone, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// Lints allowed here.
    pub allow: Vec<String>,
}

/// How many series the contract may produce, as written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// For each metric; what holds is [`Budget::of_a_metric`].
    pub series_per_metric: Option<u64>,
    /// For all metrics together; without it they have no budget.
    pub series: Option<u64>,
}

impl Budget {
    /// How many series a metric may have where the contract does not say.
    ///
    /// An SDK reserves memory for the cardinality limit of each metric before anything is recorded,
    /// about 33 bytes a series, and nobody looks at a metric with more. Whoever needs more says so.
    pub const DEFAULT_SERIES_PER_METRIC: u64 = 100_000;

    /// How many series a metric may have: what the contract says, else
    /// [`Budget::DEFAULT_SERIES_PER_METRIC`].
    #[must_use]
    pub fn of_a_metric(&self) -> u64 {
        self.series_per_metric
            .unwrap_or(Self::DEFAULT_SERIES_PER_METRIC)
    }
}

impl Attribute {
    /// The key of the attribute that replaces it, where it is deprecated for one.
    #[must_use]
    pub fn successor(&self) -> Option<&str> {
        self.deprecated.as_ref()?.replaced_by.as_deref()
    }

    /// The cardinality class; a secret counts as unbounded, since it is recorded nowhere.
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

    /// The type of its values on the wire; `None` for a secret, which has none.
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
    /// Whether whatever is recorded of this is a value of the other too, under the same limit.
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
    /// How much it asks for, to compare.
    fn asks(&self) -> (u8, bool) {
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
    /// The attribute with this key, if the contract has it.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&Attribute> {
        self.attributes
            .iter()
            .find(|attribute| attribute.key == key)
    }

    /// The attributes that are recorded beside this one with the same value, while a rename lasts: the
    /// old ones that say `emit: both`, or the new one where this is such an old one; in the order of the contract.
    #[must_use]
    pub fn beside(&self, attribute: &Attribute) -> Vec<&Attribute> {
        let both = |one: &Attribute| {
            let deprecated = one.deprecated.as_ref();
            deprecated.is_some_and(|deprecated| deprecated.emit == Emit::Both)
        };
        let old = self.old_names_of(attribute).filter(|id| both(&self[*id]));
        let new = attribute.successor().filter(|_| both(attribute));
        let new = new.and_then(|key| self.attributes.iter().position(|one| one.key == key));
        let mut beside: Vec<AttributeId> = old.chain(new.map(AttributeId)).collect();
        // Two may replace each other.
        beside.sort_unstable();
        beside.dedup();
        beside.into_iter().map(|id| &self[id]).collect()
    }

    /// The deprecated attributes that this one replaces, in the order of the contract.
    #[must_use]
    pub fn replaced_by(&self, attribute: &Attribute) -> Vec<&Attribute> {
        self.old_names_of(attribute).map(|id| &self[id]).collect()
    }

    fn old_names_of(&self, attribute: &Attribute) -> impl Iterator<Item = AttributeId> {
        let successor = |id: &AttributeId| self[*id].successor();
        let renamed = self.renamed.iter().copied();
        renamed.filter(move |id| successor(id) == Some(attribute.key.as_str()))
    }

    /// Every attribute an operation takes: its own first, then its groups' in order, each once; what
    /// the operation says of an attribute goes before what a group says, and of two groups the one
    /// that asks for more.
    #[must_use]
    pub fn uses<'a>(&'a self, operation: &'a Operation) -> Vec<&'a AttributeUse> {
        let mut uses: Vec<&AttributeUse> = Vec::new();
        let mut places: HashMap<AttributeId, usize> = HashMap::new();
        for usage in &operation.attributes {
            places.entry(usage.attribute).or_insert_with(|| {
                uses.push(usage);
                uses.len() - 1
            });
        }
        let own = uses.len();
        let groups = operation.groups.iter();
        for usage in groups.flat_map(|group| &self[*group].attributes) {
            match places.entry(usage.attribute) {
                Entry::Vacant(free) => {
                    free.insert(uses.len());
                    uses.push(usage);
                }
                Entry::Occupied(place) => {
                    let known = &mut uses[*place.get()];
                    if *place.get() >= own && usage.asks() > known.asks() {
                        *known = usage;
                    }
                }
            }
        }
        uses
    }

    /// The classes an operation may fail with.
    #[must_use]
    pub fn errors_of<'a>(&'a self, operation: &'a Operation) -> Vec<&'a ErrorClass> {
        match &operation.errors {
            Some(errors) => errors.iter().map(|error| &self[*error]).collect(),
            None => self.errors.iter().collect(),
        }
    }
}
