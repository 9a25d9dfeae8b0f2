//! The module `metrics`: the struct of each metric, with its dimensions and the bound of its series.

use super::docs;
use super::tables::DimensionEncoding;
use crate::absent_setters;
use crate::builder::{Builder, FieldKind, OptionalField, builder_name, required};
use crate::location::ident;
use crate::tokens::deprecated;
use otel_contract_model::series::{self, Bound};
use otel_contract_model::{Attribute, Contract, Instrument, Metric, MetricValue, RequirementLevel};
use proc_macro2::{Ident, TokenStream};

pub(super) fn expand(contract: &Contract) -> TokenStream {
    let mut of_operations = TokenStream::new();
    for operation in &contract.operations {
        let Some(metrics) = &operation.metrics else {
            continue;
        };
        let (camel, name) = (&operation.rust.camel, &operation.name);
        let bound = series::duration(contract, operation, metrics);
        of_operations.extend(of_operation(camel, name, "duration", &bound));
        if metrics.active {
            let bound = series::active(contract, operation, metrics);
            of_operations.extend(of_operation(camel, name, "active", &bound));
        }
    }
    let metrics = contract.metrics.iter().enumerate();
    let own = metrics.map(|(index, metric)| expand_metric(contract, index, metric));
    let view = format!(
        "The view of contract `{}` for the OpenTelemetry SDK: `.with_view({}::view)`. It sets the boundaries of each metric of the contract, and a cardinality limit equal to its bound, so that `otel.metric.overflow` cannot happen.",
        contract.name, contract.name,
    );
    quote_located! {
        __private::if_sdk! {
            #[doc = #view]
            #[must_use]
            pub fn view(
                instrument: &__private::opentelemetry_sdk::metrics::Instrument,
            ) -> ::core::option::Option<__private::opentelemetry_sdk::metrics::Stream> {
                __private::view(&__CONTRACT, instrument)
            }
        }

        /// The metrics of the contract, each with the maximum number of its series.
        pub mod metrics {
            use super::{__given, __private};
            // A glob import has lower precedence, so a metric may have the same name as an instrument.
            pub use __private::instruments::*;
            #of_operations
            #(#own)*
        }
    }
}

/// Generates a metric that operations record automatically.
fn of_operation(camel: &str, operation: &str, which: &str, bound: &Bound) -> TokenStream {
    let name = format!("{operation}.{which}");
    let doc = format!(
        "`{name}`, recorded by operation [`{operation}`](super::{camel}).\n\n{}",
        docs::max_series(bound)
    );
    let (capital, rest) = which.split_at(1);
    let rust = ident(&format!("{camel}{}{rest}", capital.to_ascii_uppercase()));
    let consts = consts(&name, bound);
    quote_located! {
        #[doc = #doc]
        #[derive(Debug)]
        pub enum #rust {}
        impl #rust { #consts }
    }
}

fn consts(name: &str, bound: &Bound) -> TokenStream {
    let series = bound.product().unwrap_or(u64::MAX);
    let doc = docs::phrase(&format!("The maximum number of series: {bound}."));
    quote_located! {
        /// The name of the instrument.
        pub const NAME: &'static str = #name;
        #[doc = #doc]
        pub const SERIES: u64 = #series;
    }
}

fn expand_metric(contract: &Contract, index: usize, metric: &Metric) -> TokenStream {
    let name = ident(&metric.rust.camel);
    let bound = series::metric(contract, metric);
    let doc = docs::metric(contract, metric, &bound);
    let deprecated = deprecated(metric.life_cycle.deprecated.as_ref());
    let consts = consts(&metric.name, &bound);
    let instrument = instrument(metric, &name, &doc, deprecated.as_ref());
    let fields = Field::all(contract, metric, &bound);
    let declaration = declaration(&name, &fields);
    let implementation = implement_metric(&name, index, &bound);
    let dimensions = dimensions(&name, &name, &fields, |field| {
        let ident = &field.ident;
        field
            .required
            .then(|| quote_located! { ::core::option::Option::Some(&self.#ident) })
    });
    let has_optional = fields.iter().any(|field| !field.required);
    let absent_setters =
        absent_setters::of_struct(&quote_located! { super:: }, &name, has_optional);
    let builder = has_optional.then(|| builder(&name, &fields));
    quote_located! {
        #instrument

        #[doc = #doc]
        #deprecated
        #[derive(Clone, Debug, PartialEq)]
        #declaration

        impl #name { #consts }

        #implementation
        #dimensions
        #builder
        #absent_setters
    }
}

/// Generates the struct with a field for each required dimension. A metric without dimensions also accepts `()`.
fn declaration(name: &Ident, fields: &[Field<'_>]) -> TokenStream {
    if fields.is_empty() {
        return quote_located! {
            pub struct #name;

            #[diagnostic::do_not_recommend]
            impl __private::metric::Dimensions<#name> for () {
                #[inline]
                fn series(&self, _: &__private::metric::SeriesEncoder<'_>) -> u64 {
                    0
                }
            }
        };
    }
    let required = fields.iter().filter(|field| field.required);
    let declared = required.map(Field::declared);
    quote_located! { pub struct #name { #(#declared)* } }
}

fn implement_metric(name: &Ident, index: usize, bound: &Bound) -> TokenStream {
    let series = bound.product().unwrap_or(u64::MAX);
    quote_located! {
        impl __private::metric::Metric for #name {
            const SERIES: u64 = #series;

            #[inline]
            fn definition() -> (&'static __private::ContractDefinition, usize) {
                (&super::__CONTRACT, #index)
            }

            fn contract() -> &'static __private::description::Contract {
                &super::CONTRACT
            }

            #[inline]
            fn recent() -> &'static ::std::thread::LocalKey<__private::metric::Recent> {
                ::std::thread_local! {
                    static RECENT: __private::metric::Recent = const { __private::metric::Recent::none() };
                }
                &RECENT
            }
        }
    }
}

/// Generates the function that returns the instrument.
fn instrument(
    metric: &Metric,
    name: &Ident,
    doc: &str,
    deprecated: Option<&TokenStream>,
) -> TokenStream {
    let function = ident(&metric.rust.snake);
    let (instrument, int) = match (metric.instrument, metric.observable) {
        (Instrument::Counter, true) => ("Observable", quote_located! { u64 }),
        (Instrument::UpDownCounter | Instrument::Gauge, true) => {
            ("Observable", quote_located! { i64 })
        }
        (Instrument::Counter, false) => ("Counter", quote_located! { u64 }),
        (Instrument::UpDownCounter, false) => ("UpDownCounter", quote_located! { i64 }),
        (Instrument::Gauge, false) => ("Gauge", quote_located! { i64 }),
        (Instrument::Histogram, _) => ("Histogram", quote_located! { u64 }),
    };
    let instrument = ident(instrument);
    let number = match metric.value_type {
        MetricValue::Int => int,
        MetricValue::Double => quote_located! { f64 },
    };
    quote_located! {
        #[doc = #doc]
        #deprecated
        #[must_use]
        pub const fn #function() -> __private::metric::#instrument<#name, #number> {
            __private::metric::#instrument::__new()
        }
    }
}

/// A dimension of a metric.
struct Field<'a> {
    ident: Ident,
    /// `None` for `error.type`.
    attribute: Option<&'a Attribute>,
    required: bool,
    encoding: DimensionEncoding,
}

impl<'a> Field<'a> {
    /// Returns all dimensions, in the order of the factors of the bound.
    fn all(contract: &'a Contract, metric: &'a Metric, bound: &Bound) -> Vec<Self> {
        let is_required = |level: &RequirementLevel| *level == RequirementLevel::Required;
        let mut encodings = DimensionEncoding::all(bound).into_iter();
        let mut fields = Vec::new();
        for used in &metric.attributes {
            let attribute = &contract[used.attribute];
            fields.push(Self {
                ident: ident(&attribute.rust.snake),
                attribute: Some(attribute),
                required: is_required(&used.level),
                encoding: encodings.next().unwrap_or_default(),
            });
        }
        if let Some(level) = &metric.error_type {
            fields.push(Self {
                ident: ident("error_type"),
                attribute: None,
                required: is_required(level),
                encoding: encodings.next().unwrap_or_default(),
            });
        }
        fields
    }

    /// The type of the dimension, from the module `metrics`.
    fn ty(&self) -> TokenStream {
        let name = match self.attribute {
            Some(attribute) => ident(&attribute.rust.camel),
            None => ident("ErrorType"),
        };
        quote_located! { super::#name }
    }

    /// Generates the public field of a required dimension.
    fn declared(&self) -> TokenStream {
        let doc = match self.attribute {
            Some(attribute) => docs::field(attribute),
            None => docs::ERROR_TYPE.to_owned(),
        };
        let (ident, ty) = (&self.ident, self.ty());
        quote_located! { #[doc = #doc] pub #ident: #ty, }
    }

    /// The same dimension as an optional field of the builder.
    fn optional(&self) -> OptionalField<'a> {
        OptionalField {
            ident: self.ident.clone(),
            ty: self.ty(),
            kind: match self.attribute {
                Some(attribute) => FieldKind::Attribute(attribute),
                None => FieldKind::ErrorDimension,
            },
        }
    }
}

/// Generates the impl of `Dimensions`. `value` returns an expression for the value of a field, as an `Option`. A field
/// that `holder` does not have adds nothing to the index of the series.
fn dimensions(
    metric: &Ident,
    holder: &Ident,
    fields: &[Field<'_>],
    value: impl Fn(&Field<'_>) -> Option<TokenStream>,
) -> TokenStream {
    let parts = fields.iter().enumerate().filter_map(|(index, field)| {
        let value = value(field)?;
        let DimensionEncoding { stride, absent } = field.encoding;
        Some(quote_located! { + encoder.part(#index, #stride, #absent, #value) })
    });
    quote_located! {
        #[diagnostic::do_not_recommend]
        impl __private::metric::Dimensions<#metric> for #holder {
            #[inline]
            fn series(&self, encoder: &__private::metric::SeriesEncoder<'_>) -> u64 {
                let _ = encoder;
                0 #(#parts)*
            }
        }
    }
}

fn builder(name: &Ident, fields: &[Field<'_>]) -> TokenStream {
    let optional = fields.iter().filter(|field| !field.required);
    let builder = Builder {
        name,
        must_use: None,
        methods: &[],
        fields: optional.map(Field::optional).collect(),
    }
    .expand();
    let required = required();
    let dimensions = dimensions(name, &builder_name(name), fields, |field| {
        let ident = &field.ident;
        Some(if field.required {
            quote_located! { ::core::option::Option::Some(&self.#required.#ident) }
        } else {
            quote_located! { self.#ident.as_ref() }
        })
    });
    quote_located! { #builder #dimensions }
}
