//! A contract as data: what `CONTRACT` of a generated module says.
//!
//! Plain static values, for tests, tools and documentation; nothing on the path of an operation
//! reads them.

/// One contract.
#[derive(Debug)]
pub struct Contract {
    /// Name, also the instrumentation scope's.
    pub name: &'static str,
    /// `SemVer` of the vocabulary.
    pub version: &'static str,
    /// Schema URL of the scope.
    pub schema_url: Option<&'static str>,
    /// What it is for.
    pub brief: &'static str,
    /// Where `contract:` stands.
    pub location: Location,
    /// Who answers for it.
    pub owners: &'static [&'static str],
    /// Every attribute.
    pub attributes: &'static [Attribute],
    /// Attributes that travel together.
    pub groups: &'static [Group],
    /// Every class behind `error.type`.
    pub errors: &'static [ErrorClass],
    /// Every operation.
    pub operations: &'static [Operation],
    /// Every metric beside those of operations.
    pub metrics: &'static [Metric],
    /// Every typed log record.
    pub events: &'static [Event],
    /// What the resource must say.
    pub resource: &'static [AttributeUse],
    /// Keys that may travel with requests.
    pub baggage: &'static [&'static str],
}

impl Contract {
    /// The attribute with this key.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&'static Attribute> {
        self.attributes
            .iter()
            .find(|attribute| attribute.key == key)
    }

    /// The operation with this name.
    #[must_use]
    pub fn operation(&self, name: &str) -> Option<&'static Operation> {
        self.operations
            .iter()
            .find(|operation| operation.name == name)
    }

    /// The metric with this name, beside those of operations.
    #[must_use]
    pub fn metric(&self, name: &str) -> Option<&'static Metric> {
        self.metrics.iter().find(|metric| metric.name == name)
    }

    /// The event with this name.
    #[must_use]
    pub fn event(&self, name: &str) -> Option<&'static Event> {
        self.events.iter().find(|event| event.name == name)
    }
}

/// Where something stands in the contract's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// Path relative to the vocabulary crate.
    pub file: &'static str,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

pub use crate::definition::Sampling;
/// As `schema/billing.yaml:31:3`.
impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// One attribute.
#[derive(Debug)]
pub struct Attribute {
    /// The OpenTelemetry key.
    pub key: &'static str,
    /// What it says.
    pub brief: &'static str,
    /// Type on the wire, as the contract writes it (`string`, `int[]`); empty for a secret.
    pub value_type: &'static str,
    /// How many values there may be.
    pub cardinality: Cardinality,
    /// Allowed values, where they are a list; integers in decimal.
    pub values: &'static [&'static str],
    /// Whether a value from outside of the list is recorded as `_OTHER`.
    pub other: bool,
    /// Least and greatest value, where it takes a range of integers.
    pub range: Option<(i64, i64)>,
    /// Who may see it.
    pub privacy: Privacy,
    /// Keys that are recorded beside this one, with the same value, while it is being renamed.
    pub beside: &'static [&'static str],
    /// Names people reach for instead.
    pub instead_of: &'static [&'static str],
    /// Where it is declared.
    pub location: Location,
}

/// How many values an attribute may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cardinality {
    /// So many, `_OTHER` included where it is allowed.
    Closed(u64),
    /// At most so many, and `_OTHER`.
    Bounded(u32),
    /// As many as there are.
    Unbounded,
}

/// Who may see an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privacy {
    /// May leave the company.
    Public,
    /// Our own back ends.
    Internal,
    /// Recorded only in a protected form.
    Personal(super::protect::Protected),
    /// Never recorded.
    Secret,
}

/// An attribute in use.
#[derive(Debug)]
pub struct AttributeUse {
    /// Its key.
    pub key: &'static str,
    /// Who must give it, and when.
    pub level: RequirementLevel,
    /// Whether the sampler sees it.
    pub sampling_relevant: bool,
}

/// Who must give an attribute, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequirementLevel {
    /// At entry.
    Required,
    /// Once it worked.
    OnSuccess,
    /// Under this condition.
    ConditionallyRequired(&'static str),
    /// Where it is known.
    Recommended,
    /// When asked for.
    OptIn,
}

/// Attributes that travel together.
#[derive(Debug)]
pub struct Group {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub brief: &'static str,
    /// What it holds.
    pub attributes: &'static [AttributeUse],
    /// Where it is declared.
    pub location: Location,
}

/// One value of `error.type`.
#[derive(Debug)]
pub struct ErrorClass {
    /// On the wire.
    pub name: &'static str,
    /// What went wrong.
    pub brief: &'static str,
    /// Where it is declared.
    pub location: Location,
}

/// One operation.
#[derive(Debug)]
pub struct Operation {
    /// Span name.
    pub name: &'static str,
    /// What it does.
    pub brief: &'static str,
    /// Span kind, as the contract writes it.
    pub kind: &'static str,
    /// Every attribute it takes, those of its groups included.
    pub attributes: &'static [AttributeUse],
    /// The classes it may fail with.
    pub errors: &'static [&'static str],
    /// Whether the operation lists them; where not, they are all of the contract.
    pub lists_errors: bool,
    /// Dimensions of its duration beside the outcome; `None` where its metrics are off.
    pub dimensions: Option<&'static [&'static str]>,
    /// The metrics it records by itself.
    pub metrics: &'static [OperationMetric],
    /// How its spans are sampled; `None`: the contract does not say.
    pub sampling: Option<Sampling>,
    /// Where it is declared.
    pub location: Location,
}

/// A metric an operation records by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperationMetric {
    /// Instrument name.
    pub name: &'static str,
    /// Instrument, as the contract writes it.
    pub instrument: &'static str,
    /// UCUM unit.
    pub unit: &'static str,
    /// Its dimensions, `error.type` of a duration aside.
    pub dimensions: &'static [Dimension],
    /// How many series it can have.
    pub series: u64,
}

/// A dimension of a metric an operation records by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimension {
    /// The attribute's key.
    pub key: &'static str,
    /// Whether every measurement has it.
    pub required: bool,
}

/// One metric beside those of operations.
#[derive(Debug)]
pub struct Metric {
    /// Instrument name.
    pub name: &'static str,
    /// What it measures.
    pub brief: &'static str,
    /// Instrument, as the contract writes it.
    pub instrument: &'static str,
    /// UCUM unit.
    pub unit: &'static str,
    /// Type of its values, `int` or `double`.
    pub value_type: &'static str,
    /// Its dimensions, `error.type` aside.
    pub attributes: &'static [AttributeUse],
    /// At which level `error.type` is a dimension, if it is one.
    pub error_type: Option<RequirementLevel>,
    /// How many series it can have.
    pub series: u64,
    /// Where it is declared.
    pub location: Location,
}

/// One typed log record.
#[derive(Debug)]
pub struct Event {
    /// Event name.
    pub name: &'static str,
    /// What happened.
    pub brief: &'static str,
    /// Severity, as the contract writes it.
    pub severity: &'static str,
    /// Its attributes, `error.type` aside.
    pub attributes: &'static [AttributeUse],
    /// At which level it takes `error.type`, if it does.
    pub error_type: Option<RequirementLevel>,
    /// Where it is declared.
    pub location: Location,
}
