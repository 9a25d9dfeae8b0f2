//! `CONTRACT`: the whole contract as static data.

use super::docs;
use crate::tokens::option;
use crate::words;
use otel_contract_model::definitions;
use otel_contract_model::series::{self, Bound};
use otel_contract_model::{
    Attribute, AttributeUse, Cardinality, Contract, Domain, Event, Location, Metric, MetricValue,
    Operation, Privacy, Protect, RequirementLevel, Severity,
};
use proc_macro2::TokenStream;

pub(super) fn expand(contract: &Contract) -> TokenStream {
    let Contract {
        name,
        version,
        brief,
        owners,
        ..
    } = contract;
    let schema_url = option(contract.schema_url.as_ref());
    let at = location(&contract.at);
    let attributes = contract
        .attributes
        .iter()
        .map(|attribute| describe_attribute(contract, attribute));
    let baggage = contract.baggage.iter().map(|id| &contract[*id].key);
    let resource = uses(contract, contract.resource.iter());
    let errors = contract.errors.iter().map(|error| {
        let (name, brief, at) = (&error.name, &error.brief, location(&error.at));
        let (severity, expected) = (severity(error.severity), error.expected);
        let deprecated = error.deprecated.is_some();
        quote_located! {
            ErrorClass {
                name: #name,
                brief: #brief,
                severity: #severity,
                expected: #expected,
                deprecated: #deprecated,
                location: #at,
            }
        }
    });
    let groups = contract.groups.iter().map(|group| {
        let (name, brief, at) = (&group.name, &group.brief, location(&group.at));
        let attributes = uses(contract, group.attributes.iter());
        quote_located! { Group { name: #name, brief: #brief, attributes: #attributes, location: #at } }
    });
    let operations = contract
        .operations
        .iter()
        .map(|operation| describe_operation(contract, operation));
    let metrics = contract
        .metrics
        .iter()
        .map(|metric| describe_metric(contract, metric));
    let events = contract
        .events
        .iter()
        .map(|event| describe_event(contract, event));
    quote_located! {
        /// The whole contract as data.
        pub static CONTRACT: __private::description::Contract = {
            use __private::Protected;
            use __private::description::*;
            Contract {
                name: #name,
                version: #version,
                schema_url: #schema_url,
                brief: #brief,
                location: #at,
                owners: &[#(#owners),*],
                attributes: &[#(#attributes),*],
                groups: &[#(#groups),*],
                errors: &[#(#errors),*],
                operations: &[#(#operations),*],
                metrics: &[#(#metrics),*],
                events: &[#(#events),*],
                resource: #resource,
                baggage: &[#(#baggage),*],
            }
        };
    }
}

fn describe_event(contract: &Contract, event: &Event) -> TokenStream {
    let (name, brief, at) = (&event.name, &event.brief, location(&event.at));
    let severity = severity(event.severity);
    let attributes = uses(contract, event.attributes.iter());
    let error_type = option(event.error_type.as_ref().map(level));
    let deprecated = event.life_cycle.deprecated.is_some();
    quote_located! {
        Event {
            name: #name,
            brief: #brief,
            severity: #severity,
            attributes: #attributes,
            error_type: #error_type,
            deprecated: #deprecated,
            location: #at,
        }
    }
}

fn describe_operation(contract: &Contract, operation: &Operation) -> TokenStream {
    let (name, brief, at) = (&operation.name, &operation.brief, location(&operation.at));
    let kind = docs::kind(operation.kind);
    let attributes = uses(contract, contract.uses(operation).into_iter());
    let errors = contract
        .errors_of(operation)
        .into_iter()
        .map(|error| &error.name);
    let lists_errors = operation.errors.is_some();
    let dimensions = option(operation.metrics.as_ref().map(|metrics| {
        let keys = metrics.dimensions.iter().map(|id| &contract[*id].key);
        quote_located! { &[#(#keys),*] }
    }));
    let metrics = operation.metrics.as_ref();
    let duration = metrics.map(|metrics| {
        let bound = series::duration(contract, operation, metrics);
        let name = format!("{name}.duration");
        operation_metric(contract, &name, "histogram", "s", &bound)
    });
    let active = metrics.filter(|metrics| metrics.active).map(|metrics| {
        let bound = series::active(contract, operation, metrics);
        let name = format!("{name}.active");
        operation_metric(contract, &name, "updowncounter", "{operation}", &bound)
    });
    let metrics = duration.into_iter().chain(active);
    let sampling = super::tables::sampling(operation.sampling.as_ref());
    let routes = super::routes::expand(&operation.routes);
    let deprecated = operation.life_cycle.deprecated.is_some();
    quote_located! {
        Operation {
            name: #name,
            brief: #brief,
            kind: #kind,
            attributes: #attributes,
            errors: &[#(#errors),*],
            lists_errors: #lists_errors,
            dimensions: #dimensions,
            metrics: &[#(#metrics),*],
            sampling: #sampling,
            routes: #routes,
            deprecated: #deprecated,
            location: #at,
        }
    }
}

fn operation_metric(
    contract: &Contract,
    name: &str,
    instrument: &str,
    unit: &str,
    bound: &Bound,
) -> TokenStream {
    let dimensions = bound.factors.iter().filter_map(|factor| {
        let key = &contract[factor.attribute?].key;
        let required = !factor.may_be_absent;
        Some(quote_located! { Dimension { key: #key, required: #required } })
    });
    let series = self::bound(bound);
    quote_located! {
        OperationMetric {
            name: #name,
            instrument: #instrument,
            unit: #unit,
            dimensions: &[#(#dimensions),*],
            series: #series,
        }
    }
}

fn describe_metric(contract: &Contract, metric: &Metric) -> TokenStream {
    let (name, brief, unit, at) = (
        &metric.name,
        &metric.brief,
        &metric.unit,
        location(&metric.at),
    );
    let instrument = docs::instrument(metric.instrument);
    let attributes = uses(contract, metric.attributes.iter());
    let error_type = option(metric.error_type.as_ref().map(level));
    let value_type = match metric.value_type {
        MetricValue::Int => "int",
        MetricValue::Double => "double",
    };
    let series = bound(&series::metric(contract, metric));
    let deprecated = metric.life_cycle.deprecated.is_some();
    quote_located! {
        Metric {
            name: #name,
            brief: #brief,
            instrument: #instrument,
            unit: #unit,
            value_type: #value_type,
            attributes: #attributes,
            error_type: #error_type,
            series: #series,
            deprecated: #deprecated,
            location: #at,
        }
    }
}

fn bound(bound: &Bound) -> u64 {
    bound.product().unwrap_or(u64::MAX)
}

fn describe_attribute(contract: &Contract, attribute: &Attribute) -> TokenStream {
    let (key, brief, at) = (&attribute.key, &attribute.brief, location(&attribute.at));
    let value_type = words::value_type(attribute);
    let cardinality = match attribute.cardinality() {
        Cardinality::Closed(count) => quote_located! { Closed(#count) },
        Cardinality::Bounded(limit) => quote_located! { Bounded(#limit) },
        Cardinality::Unbounded => quote_located! { Unbounded },
    };
    let recorded_with = contract
        .recorded_with(attribute)
        .into_iter()
        .map(|other| &other.key);
    let privacy = match attribute.privacy {
        Privacy::Public => quote_located! { Public },
        Privacy::Internal => quote_located! { Internal },
        Privacy::Secret => quote_located! { Secret },
        Privacy::Personal(Protect::Hash) => quote_located! { Personal(Protected::Hash) },
        Privacy::Personal(Protect::Mask) => quote_located! { Personal(Protected::Mask) },
        Privacy::Personal(Protect::KeepLast(count)) => {
            quote_located! { Personal(Protected::KeepLast(#count as usize)) }
        }
    };
    let values = listed_values(attribute);
    let deprecated = attribute.life_cycle.deprecated.is_some();
    let deprecated_values = definitions::deprecated_values(attribute).map(|(value, _, _)| value);
    let conventional_values = attribute.conventional_values;
    let other = matches!(attribute.domain, Domain::Strings { other: true, .. });
    let range = option(match attribute.domain {
        Domain::Range { min, max } => Some(quote_located! { (#min, #max) }),
        _ => None,
    });
    let instead_of = &attribute.instead_of;
    quote_located! {
        Attribute {
            key: #key,
            brief: #brief,
            value_type: #value_type,
            cardinality: Cardinality::#cardinality,
            values: &[#(#values),*],
            other: #other,
            range: #range,
            privacy: Privacy::#privacy,
            other_keys: &[#(#recorded_with),*],
            instead_of: &[#(#instead_of),*],
            deprecated: #deprecated,
            deprecated_values: &[#(#deprecated_values),*],
            conventional_values: #conventional_values,
            location: #at,
        }
    }
}

fn listed_values(attribute: &Attribute) -> Vec<String> {
    match &attribute.domain {
        Domain::Strings { values, .. } => values.iter().map(|value| value.value.clone()).collect(),
        Domain::Ints { values } => values.iter().map(|value| value.value.to_string()).collect(),
        Domain::Range { .. }
        | Domain::Boolean
        | Domain::Limited { .. }
        | Domain::Unbounded(_)
        | Domain::Secret => Vec::new(),
    }
}

fn uses<'a>(contract: &Contract, uses: impl Iterator<Item = &'a AttributeUse>) -> TokenStream {
    let uses = uses.map(|used| {
        let key = &contract[used.attribute].key;
        let sampling_relevant = used.sampling_relevant;
        let level = level(&used.level);
        quote_located! {
            AttributeUse {
                key: #key,
                level: #level,
                sampling_relevant: #sampling_relevant,
            }
        }
    });
    quote_located! { &[#(#uses),*] }
}

fn level(level: &RequirementLevel) -> TokenStream {
    let level = match level {
        RequirementLevel::Required => quote_located! { Required },
        RequirementLevel::OnSuccess => quote_located! { OnSuccess },
        RequirementLevel::ConditionallyRequired(text) => {
            quote_located! { ConditionallyRequired(#text) }
        }
        RequirementLevel::Recommended => quote_located! { Recommended },
        RequirementLevel::OptIn => quote_located! { OptIn },
    };
    quote_located! { RequirementLevel::#level }
}

fn location(at: &Location) -> TokenStream {
    let Location { line, column, .. } = at;
    let file = &*at.file;
    quote_located! { Location { file: #file, line: #line, column: #column } }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Trace => "trace",
        Severity::Debug => "debug",
        Severity::Info => "info",
        Severity::Warn => "warn",
        Severity::Error => "error",
        Severity::Fatal => "fatal",
    }
}
