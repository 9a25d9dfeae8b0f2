//! The resolved contract.
//!
//! All references are valid. Parts refer to each other by ids, which index into their own contract
//! (`contract[id]`). Derived facts are methods next to the data.

mod attribute;
mod life_cycle;
mod route;
mod signals;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::ops::Index;
use std::sync::Arc;

pub use attribute::{Attribute, Cardinality, Domain, Element, Privacy, Protect, Type, Value};
pub use life_cycle::{Deprecated, Emit, LifeCycle, Stability};
pub use route::Route;
pub use signals::{
    Event, Instrument, Metric, MetricValue, Operation, OperationMetrics, Sampling, Severity,
    SpanKind,
};

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
    /// The teams or people responsible for the contract.
    pub owners: Vec<String>,
    /// The location of `contract:`.
    pub at: Location,
    /// The paths of all files, the root first, as shown to users.
    pub files: Vec<Arc<str>>,
    /// The attributes in the order written, followed by imported semantic-convention attributes.
    pub attributes: Vec<Attribute>,
    /// The deprecated attributes that name a successor. Used to look up the old names of an attribute.
    pub(crate) renamed: Vec<AttributeId>,
    /// The templates without keys (`keys: []`). Each is an attribute whose `key` is the template itself.
    pub templates: Vec<Attribute>,
    /// The groups of attributes.
    pub groups: Vec<Group>,
    /// The error classes: the closed set of values of `error.type`.
    pub errors: Vec<ErrorClass>,
    /// The business operations.
    pub operations: Vec<Operation>,
    /// The declared metrics. Operations record further metrics automatically.
    pub metrics: Vec<Metric>,
    /// The typed log records.
    pub events: Vec<Event>,
    /// The attributes of the resource.
    pub resource: Vec<AttributeUse>,
    /// The public attributes that requests may carry as baggage.
    pub baggage: Vec<AttributeId>,
    /// The maximum number of series.
    pub budget: Budget,
    /// The lints allowed for individual entries, in the order read.
    pub allowances: Vec<Allowance>,
    /// Whether some part of the files could not be read or some name could not be resolved, so that entries or uses
    /// may be missing. Errors that a missing entry or use may cause must not be reported. Always false for a contract
    /// without errors.
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
    /// The location of the entry's name.
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

/// An attribute in use by an operation, group, metric, event or the resource.
#[derive(Clone, Debug)]
pub struct AttributeUse {
    /// The attribute.
    pub attribute: AttributeId,
    /// The location of the use.
    pub at: Location,
    /// The requirement level.
    pub level: RequirementLevel,
    /// Whether the sampler sees the attribute before its decision. False for every `on_success` attribute.
    pub sampling_relevant: bool,
}

/// A requirement level: whether and when an attribute must be set (OpenTelemetry: "attribute requirement levels").
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequirementLevel {
    /// Set when the operation starts.
    Required,
    /// Set by `ok(…)`: the value is known only after success.
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
    /// The level of the `tracing` event of a failure with this class; `Fatal` becomes `ERROR`.
    pub severity: Severity,
    /// Whether the error is an expected outcome, which is neither logged nor an error of the span.
    pub expected: bool,
    /// The deprecation, if the entry is deprecated.
    pub deprecated: Option<Deprecated>,
}

/// The maximum number of series, as written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// The maximum for each metric; [`Budget::per_metric`] adds the default.
    pub series_per_metric: Option<u64>,
    /// The maximum for all metrics together; unlimited if `None`.
    pub series: Option<u64>,
}

impl Budget {
    /// The default maximum number of series of a metric.
    ///
    /// An SDK reserves memory for the cardinality limit of each metric before the first recording: about 33 bytes for
    /// each series. Metrics with more series are rarely useful, so a contract must raise the budget explicitly.
    pub const DEFAULT_SERIES_PER_METRIC: u64 = 100_000;

    /// Returns the maximum number of series of a metric: the written budget, or [`Budget::DEFAULT_SERIES_PER_METRIC`].
    #[must_use]
    pub fn per_metric(&self) -> u64 {
        self.series_per_metric
            .unwrap_or(Self::DEFAULT_SERIES_PER_METRIC)
    }
}

impl AttributeUse {
    /// Returns a key to compare the strictness of uses: level first, then sampling relevance.
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

/// The attributes that identify a service. The resource of a contract must require them before a service can set up
/// its telemetry.
const IDENTITY: [&str; 3] = [
    "service.name",
    "service.version",
    "deployment.environment.name",
];

impl Contract {
    /// Returns the attribute with this key.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&Attribute> {
        self.attributes
            .iter()
            .find(|attribute| attribute.key == key)
    }

    /// Returns the keys that identify a service and that the resource does not require. The set-up rejects a resource
    /// with missing keys.
    ///
    /// ```
    /// fn advice(contract: &otel_contract_model::Contract) -> String {
    ///     let missing = contract.missing_identity();
    ///     format!("the resource does not require: {}", missing.join(", "))
    /// }
    /// ```
    #[must_use]
    pub fn missing_identity(&self) -> Vec<&'static str> {
        let is_required = |key: &str| {
            self.resource.iter().any(|used| {
                used.level == RequirementLevel::Required && self[used.attribute].key == key
            })
        };
        IDENTITY
            .into_iter()
            .filter(|key| !is_required(key))
            .collect()
    }

    /// Returns the attributes that are recorded together with this attribute because of `emit: both`, in the order of
    /// the contract. For a new name these are the old names; for an old name, the new name.
    #[must_use]
    pub fn recorded_with(&self, attribute: &Attribute) -> Vec<&Attribute> {
        let emits_both = |attribute: &Attribute| {
            let deprecated = attribute.life_cycle.deprecated.as_ref();
            deprecated.is_some_and(|deprecated| deprecated.emit == Emit::Both)
        };
        let old = self
            .old_names_of(attribute)
            .filter(|id| emits_both(&self[*id]));
        let new = attribute.successor().filter(|_| emits_both(attribute));
        let new = new.and_then(|key| self.attributes.iter().position(|known| known.key == key));
        let mut recorded_with: Vec<AttributeId> = old.collect();
        // Two attributes may replace each other.
        if let Some(new) = new.map(AttributeId)
            && let Err(index) = recorded_with.binary_search(&new)
        {
            recorded_with.insert(index, new);
        }
        recorded_with.into_iter().map(|id| &self[id]).collect()
    }

    /// Returns the deprecated attributes that this attribute replaces, in the order of the contract.
    #[must_use]
    pub fn predecessors_of(&self, attribute: &Attribute) -> Vec<&Attribute> {
        self.old_names_of(attribute).map(|id| &self[id]).collect()
    }

    fn old_names_of(&self, attribute: &Attribute) -> impl Iterator<Item = AttributeId> {
        let successor = |id: &AttributeId| self[*id].successor();
        let renamed = self.renamed.iter().copied();
        renamed.filter(move |id| successor(id) == Some(attribute.key.as_str()))
    }

    /// Returns all attributes of an operation, each once: first the operation's own attributes, then the attributes of
    /// its groups in order. The level is the operation's own requirement level, or else the strictest level in the
    /// groups.
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
