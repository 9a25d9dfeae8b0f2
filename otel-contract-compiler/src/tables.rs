//! Static tables for the runtime: every attribute, operation and metric of the contract.

use super::{baggage, rename, routes};
use crate::location::ident;
use crate::tokens::option;
use otel_contract_model::series::{self, Bound, Factor};
use otel_contract_model::{
    AttributeId, Cardinality, Contract, Domain, Instrument, Metric, MetricValue, Operation,
    OperationMetrics, Sampling, SpanKind,
};
use proc_macro2::{Literal, TokenStream};

/// Default boundaries of durations in seconds, as the semantic conventions recommend for HTTP requests.
const DURATIONS: [f64; 14] = [
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
];

/// Outcomes of every operation besides success and its error classes.
const OUTCOMES: [&str; 3] = ["panic", "cancelled", "_OTHER"];

pub(super) fn expand(contract: &Contract) -> TokenStream {
    let Contract { name, version, .. } = contract;
    let schema_url = option(contract.schema_url.as_ref());
    let recorded = contract
        .attributes
        .iter()
        .filter(|attribute| attribute.domain != Domain::Secret);
    let attributes = recorded.map(|attribute| {
        let camel = ident(&attribute.rust.camel);
        quote_located! {
            __private::AttributeDefinition {
                key: <#camel as __private::Attribute>::KEY,
                values: <#camel as __private::Attribute>::VALUES,
            }
        }
    });
    let indices = &RecordedIndices::of(contract);
    let operations = contract.operations.iter().enumerate();
    let operations =
        operations.map(|(index, operation)| expand_operation(indices, index, operation));
    let metrics = contract
        .metrics
        .iter()
        .map(|metric| expand_metric(indices, metric));
    let limited = option(limited(contract));
    let renames = rename::keys(contract);
    let baggage = baggage::definition(contract);
    quote_located! {
        #[doc(hidden)]
        pub static __CONTRACT: __private::ContractDefinition = __private::ContractDefinition {
            name: #name,
            version: #version,
            schema_url: #schema_url,
            attributes: &[#(#attributes),*],
            operations: &[#(#operations),*],
            metrics: &[#(#metrics),*],
            limited: #limited,
            renames: #renames,
            baggage: #baggage,
            description: __private::described!(CONTRACT),
            index: __private::ContractIndex::new(),
        };
    }
}

/// A contract, with the index of each attribute among the recorded attributes.
pub(super) struct RecordedIndices<'a> {
    pub(super) contract: &'a Contract,
    indices: Vec<usize>,
}

impl<'a> RecordedIndices<'a> {
    pub(super) fn of(contract: &'a Contract) -> Self {
        let mut next = 0;
        let indices = contract.attributes.iter().map(|attribute| {
            let index = next;
            next += usize::from(attribute.domain != Domain::Secret);
            index
        });
        Self {
            indices: indices.collect(),
            contract,
        }
    }

    pub(super) fn get(&self, id: AttributeId) -> usize {
        self.indices[id.index()]
    }
}

fn expand_operation(
    indices: &RecordedIndices<'_>,
    index: usize,
    operation: &Operation,
) -> TokenStream {
    let contract = indices.contract;
    let name = &operation.name;
    let kind = match operation.kind {
        SpanKind::Internal => quote_located! { Internal },
        SpanKind::Server => quote_located! { Server },
        SpanKind::Client => quote_located! { Client },
        SpanKind::Producer => quote_located! { Producer },
        SpanKind::Consumer => quote_located! { Consumer },
    };
    let metrics = operation.metrics.as_ref();
    let dimensions = metrics.map_or(&[][..], |metrics| metrics.dimensions.as_slice());
    let attributes = contract.uses(operation).into_iter().map(|used| {
        let attribute = indices.get(used.attribute);
        let position = dimensions.iter().position(|id| *id == used.attribute);
        let dimension = option(position);
        let sampling_relevant = used.sampling_relevant;
        let protected = contract[used.attribute].privacy.is_protected();
        let camel = ident(&contract[used.attribute].rust.camel);
        quote_located! {
            __private::OperationAttribute {
                key: <#camel as __private::Attribute>::KEY,
                values: <#camel as __private::Attribute>::VALUES,
                attribute: #attribute,
                dimension: #dimension,
                sampling_relevant: #sampling_relevant,
                protected: #protected,
            }
        }
    });
    let errors = option(operation.errors.as_ref().map(|errors| {
        let names = errors.iter().map(|error| &contract[*error].name);
        quote_located! { &[#(#names),*] }
    }));
    let duration = option(metrics.map(|metrics| duration(indices, operation, metrics)));
    let with_active = metrics.filter(|metrics| metrics.active);
    let active = option(with_active.map(|metrics| active_metric(indices, operation, metrics)));
    let sampling = sampling(operation.sampling.as_ref());
    let routes = routes::expand(&operation.routes);
    quote_located! {
        __private::OperationDefinition {
            name: #name,
            kind: __private::SpanKind::#kind,
            contract: &__CONTRACT,
            index: #index,
            attributes: &[#(#attributes),*],
            errors: #errors,
            duration: #duration,
            active: #active,
            sampling: #sampling,
            routes: #routes,
        }
    }
}

/// Generates the sampling of an operation, in tokens for the runtime and for `CONTRACT`.
pub(super) fn sampling(sampling: Option<&Sampling>) -> TokenStream {
    option(sampling.map(|sampling| {
        let Sampling {
            ratio,
            keep_errors,
            keep_slower_than,
        } = sampling;
        let keep_slower_than = option(*keep_slower_than);
        quote_located! {
            __private::Sampling {
                ratio: #ratio,
                keep_errors: #keep_errors,
                keep_slower_than: #keep_slower_than,
            }
        }
    }))
}

fn duration(
    indices: &RecordedIndices<'_>,
    operation: &Operation,
    metrics: &OperationMetrics,
) -> TokenStream {
    let contract = indices.contract;
    let bound = series::duration(contract, operation, metrics);
    let classes = contract
        .errors_of(operation)
        .into_iter()
        .map(|error| &*error.name);
    let outcomes: Vec<&str> = OUTCOMES.into_iter().chain(classes).collect();
    let boundaries = match metrics.buckets.as_slice() {
        [] => DURATIONS.as_slice(),
        buckets => buckets,
    };
    Definition {
        name: &format!("{}.duration", operation.name),
        unit: "s",
        brief: &format!("Duration of the operation. {}", operation.brief),
        boundaries: Some(boundaries),
        errors: &outcomes,
        bound: &bound,
        operation_dimensions: &metrics.dimensions,
    }
    .expand(indices)
}

fn active_metric(
    indices: &RecordedIndices<'_>,
    operation: &Operation,
    metrics: &OperationMetrics,
) -> TokenStream {
    Definition {
        name: &format!("{}.active", operation.name),
        unit: "{operation}",
        brief: &format!("Number of active calls. {}", operation.brief),
        boundaries: None,
        errors: &[],
        bound: &series::active(indices.contract, operation, metrics),
        operation_dimensions: &metrics.dimensions,
    }
    .expand(indices)
}

fn expand_metric(indices: &RecordedIndices<'_>, metric: &Metric) -> TokenStream {
    let contract = indices.contract;
    let classes = contract.errors.iter().map(|error| &*error.name);
    let errors: Vec<&str> = classes.chain(["_OTHER"]).collect();
    let boundaries = match metric.buckets.as_slice() {
        [] if metric.unit == "s" => Some(DURATIONS.as_slice()),
        [] => None,
        buckets => Some(buckets),
    };
    let definition = Definition {
        name: &metric.name,
        unit: &metric.unit,
        brief: &metric.brief,
        boundaries: boundaries.filter(|_| metric.instrument == Instrument::Histogram),
        errors: &errors,
        bound: &series::metric(contract, metric),
        operation_dimensions: &[],
    }
    .expand(indices);
    let instrument = match (metric.instrument, metric.observable) {
        (Instrument::Counter, false) => quote_located! { Counter },
        (Instrument::Counter, true) => quote_located! { ObservableCounter },
        (Instrument::UpDownCounter, false) => quote_located! { UpDownCounter },
        (Instrument::UpDownCounter, true) => quote_located! { ObservableUpDownCounter },
        (Instrument::Gauge, false) => quote_located! { Gauge },
        (Instrument::Gauge, true) => quote_located! { ObservableGauge },
        (Instrument::Histogram, _) => quote_located! { Histogram },
    };
    let number = match metric.value_type {
        MetricValue::Int => quote_located! { Int },
        MetricValue::Double => quote_located! { Double },
    };
    quote_located! {
        __private::ContractMetric {
            definition: #definition,
            instrument: __private::InstrumentKind::#instrument,
            number: __private::NumberType::#number,
        }
    }
}

/// Generates the metric `otel_contract.limited`, with a series for each bounded attribute.
fn limited(contract: &Contract) -> Option<TokenStream> {
    let bounded = |attribute: &&otel_contract_model::Attribute| {
        matches!(attribute.cardinality(), Cardinality::Bounded(_))
    };
    let count = contract.attributes.iter().filter(bounded).count() as u64;
    let series = Literal::u64_suffixed(count);
    (count > 0).then(|| {
        quote_located! {
            __private::MetricDefinition {
                name: "otel_contract.limited",
                unit: "{value}",
                brief: "Values of bounded attributes that were recorded as `_OTHER`.",
                boundaries: ::core::option::Option::None,
                dimensions: &[],
                series: #series,
            }
        }
    })
}

/// How the encoded value of a dimension contributes to the index of a series.
#[derive(Clone, Copy, Default)]
pub(super) struct DimensionEncoding {
    /// The product of the sizes of the dimensions before it.
    pub(super) stride: u64,
    /// Whether the first code represents an absent value.
    pub(super) absent: bool,
}

impl DimensionEncoding {
    pub(super) fn all(bound: &Bound) -> Vec<Self> {
        let mut stride = 1_u64;
        let encode = |factor: &Factor| {
            let encoding = Self {
                stride,
                absent: factor.may_be_absent,
            };
            stride = stride.saturating_mul(size(factor));
            encoding
        };
        bound.factors.iter().map(encode).collect()
    }
}

/// Returns the size of a dimension. A contract with errors may have a dimension without a size. Its crate does not
/// compile, so the returned 1 has no effect.
fn size(factor: &Factor) -> u64 {
    factor.count.unwrap_or(1).max(1)
}

/// The `MetricDefinition` of one metric.
struct Definition<'a> {
    name: &'a str,
    unit: &'a str,
    brief: &'a str,
    boundaries: Option<&'a [f64]>,
    /// The values of `error.type`, the only dimension that is not an attribute.
    errors: &'a [&'a str],
    bound: &'a Bound,
    /// The dimensions of the operation that records the metric. Empty for a metric that code records.
    operation_dimensions: &'a [AttributeId],
}

impl Definition<'_> {
    fn expand(&self, indices: &RecordedIndices<'_>) -> TokenStream {
        let Self {
            name, unit, brief, ..
        } = self;
        let boundaries = option(
            self.boundaries
                .map(|boundaries| quote_located! { &[#(#boundaries),*] }),
        );
        let series = self.bound.product().unwrap_or(u64::MAX);
        let factors = self
            .bound
            .factors
            .iter()
            .zip(DimensionEncoding::all(self.bound));
        let dimensions =
            factors.map(|(factor, encoding)| self.dimension(indices, factor, encoding));
        quote_located! {
            __private::MetricDefinition {
                name: #name,
                unit: #unit,
                brief: #brief,
                boundaries: #boundaries,
                dimensions: &[#(#dimensions),*],
                series: #series,
            }
        }
    }

    fn dimension(
        &self,
        indices: &RecordedIndices<'_>,
        factor: &Factor,
        encoding: DimensionEncoding,
    ) -> TokenStream {
        let errors = self.errors;
        let size = size(factor);
        let of_operation = option(factor.attribute.and_then(|id| {
            let mut dimensions = self.operation_dimensions.iter();
            dimensions.position(|dimension| *dimension == id)
        }));
        let DimensionEncoding { stride, absent } = encoding;
        // For the duration of an operation, `size` counts one value more than `errors`: success, which has no `error.type`.
        let absent = absent || (factor.attribute.is_none() && size > errors.len() as u64);
        let (key, values, attribute) = match factor.attribute {
            Some(id) => {
                let camel = ident(&indices.contract[id].rust.camel);
                (
                    quote_located! { <#camel as __private::Attribute>::KEY },
                    quote_located! { <#camel as __private::Attribute>::VALUES },
                    option(Some(indices.get(id))),
                )
            }
            None => (
                quote_located! { "error.type" },
                quote_located! { __private::Values::Strings(&[#(#errors),*]) },
                option(None::<usize>),
            ),
        };
        quote_located! {
            __private::Dimension {
                key: #key,
                values: #values,
                attribute: #attribute,
                of_operation: #of_operation,
                size: #size,
                absent: #absent,
                stride: #stride,
            }
        }
    }
}
