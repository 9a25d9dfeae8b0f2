//! A contract as data: the types of `CONTRACT` in a generated module.
//!
//! The values are static, for tests, tools and documentation. Operations do not read them.

/// A contract.
#[derive(Debug)]
pub struct Contract {
    /// Name of the contract and of its instrumentation scope.
    pub name: &'static str,
    /// Version of the contract (`SemVer`).
    pub version: &'static str,
    /// Schema URL of the instrumentation scope.
    pub schema_url: Option<&'static str>,
    /// Purpose of the contract.
    pub brief: &'static str,
    /// Location of `contract:` in the file.
    pub location: Location,
    /// Teams that are responsible for the contract.
    pub owners: &'static [&'static str],
    /// All attributes.
    pub attributes: &'static [Attribute],
    /// Attribute groups.
    pub groups: &'static [Group],
    /// All error classes, which are the values of `error.type`.
    pub errors: &'static [ErrorClass],
    /// All operations.
    pub operations: &'static [Operation],
    /// All metrics, except for the metrics of operations.
    pub metrics: &'static [Metric],
    /// All typed log records.
    pub events: &'static [Event],
    /// Attributes of the resource.
    pub resource: &'static [AttributeUse],
    /// Keys that may be propagated as baggage.
    pub baggage: &'static [&'static str],
}

impl Contract {
    /// Returns the attribute with this key.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&'static Attribute> {
        self.attributes
            .iter()
            .find(|attribute| attribute.key == key)
    }

    /// Returns the operation with this name.
    #[must_use]
    pub fn operation(&self, name: &str) -> Option<&'static Operation> {
        self.operations
            .iter()
            .find(|operation| operation.name == name)
    }

    /// Returns the metric with this name. Metrics of operations are not included.
    #[must_use]
    pub fn metric(&self, name: &str) -> Option<&'static Metric> {
        self.metrics.iter().find(|metric| metric.name == name)
    }

    /// Returns the event with this name.
    #[must_use]
    pub fn event(&self, name: &str) -> Option<&'static Event> {
        self.events.iter().find(|event| event.name == name)
    }
}

/// Location in a file of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// Path, relative to the vocabulary crate.
    pub file: &'static str,
    /// Line, counted from 1.
    pub line: u32,
    /// Column, counted from 1.
    pub column: u32,
}

/// A route of HTTP or gRPC requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// Method of the requests; `None`: every method.
    pub method: Option<&'static str>,
    /// Template of the path, such as `/orders/{id}`; `_OTHER`: requests that match no other route of the contract.
    pub path: &'static str,
}

/// Formats a location as `schema/billing.yaml:31:3`.
impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// An attribute.
#[derive(Debug)]
pub struct Attribute {
    /// OpenTelemetry key.
    pub key: &'static str,
    /// Meaning of the attribute.
    pub brief: &'static str,
    /// Type as written in the contract (`string`, `int[]`); empty for a secret.
    pub value_type: &'static str,
    /// Number of distinct values.
    pub cardinality: Cardinality,
    /// Allowed values, if the contract lists them; integers in decimal.
    pub values: &'static [&'static str],
    /// Whether a value that is not in the list is recorded as `_OTHER`.
    pub other: bool,
    /// Least and greatest value of a range of integers.
    pub range: Option<(i64, i64)>,
    /// Privacy class.
    pub privacy: Privacy,
    /// Other keys that are recorded with the same value while the attribute is being renamed.
    pub other_keys: &'static [&'static str],
    /// Names that people use by mistake instead of this one.
    pub instead_of: &'static [&'static str],
    /// Whether the attribute is deprecated.
    pub deprecated: bool,
    /// The deprecated ones of the allowed values.
    pub deprecated_values: &'static [&'static str],
    /// Whether the allowed values are the list of the semantic conventions, of which a service uses only some.
    pub conventional_values: bool,
    /// Location of the declaration.
    pub location: Location,
}

/// Number of distinct values of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cardinality {
    /// A fixed number of values, including `_OTHER` if it is allowed.
    Closed(u64),
    /// At most this number of values, and `_OTHER`.
    Bounded(u32),
    /// Any number of values.
    Unbounded,
}

/// Privacy class of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privacy {
    /// The value may leave the company.
    Public,
    /// The value may be sent to the company's own back ends.
    Internal,
    /// The value is recorded only in a protected form.
    Personal(super::protect::Protected),
    /// The value is never recorded.
    Secret,
}

impl Privacy {
    /// Whether a value is recorded as it is.
    #[cfg(feature = "setup")]
    pub(crate) fn is_recorded_in_clear(self) -> bool {
        match self {
            Self::Public | Self::Internal => true,
            Self::Personal(_) | Self::Secret => false,
        }
    }
}

/// Use of an attribute by an operation, a group, a metric, an event or the resource.
#[derive(Debug)]
pub struct AttributeUse {
    /// Key of the attribute.
    pub key: &'static str,
    /// When the attribute must be set.
    pub level: RequirementLevel,
    /// Whether the sampler sees the attribute.
    pub sampling_relevant: bool,
}

/// Requirement level: when an attribute must be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequirementLevel {
    /// Always, at entry.
    Required,
    /// When the operation succeeds.
    OnSuccess,
    /// Under this condition.
    ConditionallyRequired(&'static str),
    /// Whenever its value is known.
    Recommended,
    /// Only on request.
    OptIn,
}

/// A group of attributes that are used together.
#[derive(Debug)]
pub struct Group {
    /// Name of the group.
    pub name: &'static str,
    /// Purpose of the group.
    pub brief: &'static str,
    /// Attributes of the group.
    pub attributes: &'static [AttributeUse],
    /// Location of the declaration.
    pub location: Location,
}

/// An error class: a value of `error.type`.
#[derive(Debug)]
pub struct ErrorClass {
    /// Value of `error.type`.
    pub name: &'static str,
    /// Description of the error.
    pub brief: &'static str,
    /// Level of the `tracing` event of a failure, as written in the contract; `fatal` becomes `error`.
    pub severity: &'static str,
    /// Whether the error is an expected outcome: the span keeps the status `Unset`, and the error is not logged.
    pub expected: bool,
    /// Whether the class is deprecated.
    pub deprecated: bool,
    /// Location of the declaration.
    pub location: Location,
}

/// An operation.
#[derive(Debug)]
pub struct Operation {
    /// Span name.
    pub name: &'static str,
    /// Description of the operation.
    pub brief: &'static str,
    /// Span kind as written in the contract.
    pub kind: &'static str,
    /// All attributes of the operation, including the attributes of its groups.
    pub attributes: &'static [AttributeUse],
    /// Error classes of the operation.
    pub errors: &'static [&'static str],
    /// Whether the operation lists its error classes. If not, they are all classes of the contract.
    pub lists_errors: bool,
    /// Dimensions of its duration, except for `error.type`; `None`: the operation has no metrics.
    pub dimensions: Option<&'static [&'static str]>,
    /// Metrics that the operation records automatically.
    pub metrics: &'static [OperationMetric],
    /// Sampling of its spans; `None`: not specified by the contract.
    pub sampling: Option<Sampling>,
    /// Routes whose requests are the operation.
    pub routes: &'static [Route],
    /// Whether the operation is deprecated.
    pub deprecated: bool,
    /// Location of the declaration.
    pub location: Location,
}

/// Sampling of the spans of an operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampling {
    /// Share of traces that are kept, 0 to 1.
    pub ratio: f64,
    /// Whether every failed operation is kept.
    pub keep_errors: bool,
    /// Duration in seconds; every operation that takes longer is kept.
    pub keep_slower_than: Option<f64>,
}

impl Sampling {
    /// Returns the ratio of the head sampler. It is 1 if failed or slow operations are kept: the head sampler cannot know
    /// them in advance and would discard them. The ratio is then for tail sampling in a Collector.
    #[must_use]
    pub fn head_ratio(self) -> f64 {
        if self.keep_errors || self.keep_slower_than.is_some() {
            1.0
        } else {
            self.ratio
        }
    }
}

/// A metric that an operation records automatically.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperationMetric {
    /// Instrument name.
    pub name: &'static str,
    /// Instrument as written in the contract.
    pub instrument: &'static str,
    /// UCUM unit.
    pub unit: &'static str,
    /// Dimensions of the metric, except for `error.type` of a duration.
    pub dimensions: &'static [Dimension],
    /// Maximum number of series.
    pub series: u64,
}

/// A dimension of a metric that an operation records automatically.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimension {
    /// Key of the attribute.
    pub key: &'static str,
    /// Whether every measurement has the dimension.
    pub required: bool,
}

/// A metric that is not recorded by an operation.
#[derive(Debug)]
pub struct Metric {
    /// Instrument name.
    pub name: &'static str,
    /// Measured quantity.
    pub brief: &'static str,
    /// Instrument as written in the contract.
    pub instrument: &'static str,
    /// UCUM unit.
    pub unit: &'static str,
    /// Type of the values, `int` or `double`.
    pub value_type: &'static str,
    /// Dimensions of the metric, except for `error.type`.
    pub attributes: &'static [AttributeUse],
    /// Requirement level of the dimension `error.type`; `None`: not a dimension.
    pub error_type: Option<RequirementLevel>,
    /// Maximum number of series.
    pub series: u64,
    /// Whether the metric is deprecated.
    pub deprecated: bool,
    /// Location of the declaration.
    pub location: Location,
}

/// An event: a typed log record.
#[derive(Debug)]
pub struct Event {
    /// Event name.
    pub name: &'static str,
    /// Description of the event.
    pub brief: &'static str,
    /// Severity as written in the contract.
    pub severity: &'static str,
    /// Attributes of the event, except for `error.type`.
    pub attributes: &'static [AttributeUse],
    /// Requirement level of `error.type`; `None`: the event does not have it.
    pub error_type: Option<RequirementLevel>,
    /// Whether the event is deprecated.
    pub deprecated: bool,
    /// Location of the declaration.
    pub location: Location,
}
