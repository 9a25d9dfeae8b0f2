//! The module `metrics`: one struct per metric, which is its dimensions and knows its bound.

use super::tables::Place;
use super::{deprecated, docs};
use crate::here::ident;
use otel_contract_model::series::{self, Bound};
use otel_contract_model::{Contract, Instrument, Metric, MetricValue, RequirementLevel};
use proc_macro2::{Ident, TokenStream};
use quote::format_ident;

pub(super) fn expand(contract: &Contract) -> TokenStream {
    let of_operations = contract.operations.iter().flat_map(|operation| {
        let metrics = operation.metrics.as_ref();
        let duration = metrics.map(|metrics| {
            let bound = series::duration(contract, operation, metrics);
            of_operation(&operation.rust.camel, &operation.name, "duration", &bound)
        });
        let active = metrics.filter(|metrics| metrics.active).map(|metrics| {
            let bound = series::active(contract, operation, metrics);
            of_operation(&operation.rust.camel, &operation.name, "active", &bound)
        });
        [duration, active].into_iter().flatten()
    });
    let own = contract.metrics.iter().enumerate();
    let own = own.map(|(index, one)| metric(contract, index, one));
    let view = format!(
        "The view of contract `{}` for the OpenTelemetry SDK: `.with_view({}::view)`. It gives each metric of the contract its boundaries, and a cardinality limit equal to its bound, so that `otel.metric.overflow` cannot happen.",
        contract.name, contract.name,
    );
    quote! {
        __private::if_sdk! {
            #[doc = #view]
            #[must_use]
            pub fn view(
                instrument: &__private::opentelemetry_sdk::metrics::Instrument,
            ) -> ::core::option::Option<__private::opentelemetry_sdk::metrics::Stream> {
                __private::view(&__CONTRACT, instrument)
            }
        }

        /// The metrics of the contract, each with the number of series it can have.
        pub mod metrics {
            use super::{__given, __private};
            // Theirs are the names of metrics, where one is called like an instrument.
            pub use __private::instruments::*;
            #(#of_operations)*
            #(#own)*
        }
    }
}

/// A metric that operations record by themselves.
fn of_operation(camel: &str, operation: &str, which: &str, bound: &Bound) -> TokenStream {
    let name = format!("{operation}.{which}");
    let doc = format!(
        "`{name}`, recorded by operation [`{operation}`](super::{camel}).\n\n{}",
        docs::at_most(bound)
    );
    let (capital, rest) = which.split_at(1);
    let rust = ident(&format!("{camel}{}{rest}", capital.to_ascii_uppercase()));
    let consts = consts(&name, bound);
    quote! {
        #[doc = #doc]
        #[derive(Debug)]
        pub enum #rust {}
        impl #rust { #consts }
    }
}

fn consts(name: &str, bound: &Bound) -> TokenStream {
    let series = bound.product().unwrap_or(u64::MAX);
    let doc = docs::phrase(&format!("How many series it can have: {bound}."));
    quote! {
        /// Name of the instrument.
        pub const NAME: &'static str = #name;
        #[doc = #doc]
        pub const SERIES: u64 = #series;
    }
}

fn metric(contract: &Contract, index: usize, metric: &Metric) -> TokenStream {
    let name = ident(&metric.rust.camel);
    let bound = series::metric(contract, metric);
    let doc = docs::metric(contract, metric, &bound);
    let deprecated = deprecated(metric.deprecated.as_ref());
    let consts = consts(&metric.name, &bound);
    let series = bound.product().unwrap_or(u64::MAX);
    let instrument = instrument(metric, &name, &doc, deprecated.as_ref());
    let fields = Field::all(contract, metric, &bound);
    let required = fields
        .iter()
        .filter(|field| field.required)
        .map(Field::declared);
    let own = dimensions(&name, &name, &fields, |field| {
        let ident = &field.ident;
        field.required.then(|| {
            quote! { ::core::option::Option::Some(&self.#ident) }
        })
    });
    let builder = builder(&name, &fields);
    let body = if fields.is_empty() {
        quote! {
            ;

            #[diagnostic::do_not_recommend]
            impl __private::metric::Dimensions<#name> for () {
                #[inline]
                fn series(&self, _: &__private::metric::Codes<'_>) -> u64 {
                    0
                }
            }
        }
    } else {
        quote! { { #(#required)* } }
    };
    quote! {
        #instrument

        #[doc = #doc]
        #deprecated
        #[derive(Clone, Debug, PartialEq)]
        pub struct #name #body

        impl #name { #consts }

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

        #own
        #builder
    }
}

/// The function that gives the instrument.
fn instrument(
    metric: &Metric,
    name: &Ident,
    doc: &str,
    deprecated: Option<&TokenStream>,
) -> TokenStream {
    let function = ident(&metric.rust.snake);
    let (instrument, int) = match (metric.instrument, metric.observable) {
        (Instrument::Counter, true) => ("Observable", quote! { u64 }),
        (Instrument::UpDownCounter | Instrument::Gauge, true) => ("Observable", quote! { i64 }),
        (Instrument::Counter, false) => ("Counter", quote! { u64 }),
        (Instrument::UpDownCounter, false) => ("UpDownCounter", quote! { i64 }),
        (Instrument::Gauge, false) => ("Gauge", quote! { i64 }),
        (Instrument::Histogram, _) => ("Histogram", quote! { u64 }),
    };
    let instrument = ident(instrument);
    let number = match metric.value_type {
        MetricValue::Int => int,
        MetricValue::Double => quote! { f64 },
    };
    quote! {
        #[doc = #doc]
        #deprecated
        #[must_use]
        pub const fn #function() -> __private::metric::#instrument<#name, #number> {
            __private::metric::#instrument::__new()
        }
    }
}

/// What is given with each measurement.
struct Field<'a> {
    ident: Ident,
    /// `None`: `error.type`.
    attribute: Option<&'a otel_contract_model::Attribute>,
    required: bool,
    place: Place,
}

impl<'a> Field<'a> {
    /// In the order of the bound's factors.
    fn all(contract: &'a Contract, metric: &'a Metric, bound: &Bound) -> Vec<Self> {
        let mut places = Place::all(bound).into_iter();
        let mut place = || places.next().unwrap_or_default();
        let required = |level: &RequirementLevel| *level == RequirementLevel::Required;
        let mut fields: Vec<Self> = Vec::new();
        for used in &metric.attributes {
            let attribute = &contract[used.attribute];
            fields.push(Self {
                ident: ident(&attribute.rust.snake),
                attribute: Some(attribute),
                required: required(&used.level),
                place: place(),
            });
        }
        fields.extend(metric.error_type.as_ref().map(|level| Self {
            ident: ident("error_type"),
            attribute: None,
            required: required(level),
            place: place(),
        }));
        fields
    }

    fn rust(&self) -> Ident {
        self.attribute.map_or_else(
            || ident("ErrorType"),
            |attribute| ident(&attribute.rust.camel),
        )
    }

    fn camel(&self) -> TokenStream {
        let camel = self.rust();
        quote! { super::#camel }
    }

    fn doc(&self) -> String {
        match self.attribute {
            Some(one) => format!("`{}`: {}", one.key, docs::phrase(&one.brief)),
            None => "`error.type`: why it failed.".to_owned(),
        }
    }

    fn declared(&self) -> TokenStream {
        let (doc, ident, camel) = (self.doc(), &self.ident, self.camel());
        quote! { #[doc = #doc] pub #ident: #camel, }
    }

    /// The setter; `body` gets the value, which may be missing.
    fn setter(
        &self,
        receiver: &TokenStream,
        returns: &TokenStream,
        body: impl FnOnce(TokenStream) -> TokenStream,
    ) -> TokenStream {
        let (doc, name) = (format!("Sets {}", self.doc()), &self.ident);
        let deprecated = self
            .attribute
            .and_then(|one| deprecated(one.deprecated.as_ref()));
        let camel = self.rust();
        let body = body(quote! { __private::Give::<_, Given>::give(&value) });
        quote! {
            #[doc = #doc]
            #[must_use]
            #deprecated
            pub fn #name<Given>(#receiver, value: impl __given::#camel<Given>) -> #returns {
                #body
            }
        }
    }
}

/// The implementation of `Dimensions`; `value` gives the expression of what a field holds, as an
/// `Option`, if it is there at all: absent counts nothing.
fn dimensions(
    metric: &Ident,
    holder: &Ident,
    fields: &[Field<'_>],
    value: impl Fn(&Field<'_>) -> Option<TokenStream>,
) -> TokenStream {
    let parts = fields.iter().enumerate().filter_map(|(index, field)| {
        let value = value(field)?;
        let Place { stride, absent } = field.place;
        Some(quote! { + codes.part(#index, #stride, #absent, #value) })
    });
    quote! {
        #[diagnostic::do_not_recommend]
        impl __private::metric::Dimensions<#metric> for #holder {
            #[inline]
            fn series(&self, codes: &__private::metric::Codes<'_>) -> u64 {
                let _ = codes;
                0 #(#parts)*
            }
        }
    }
}

/// The struct with what may be left out, where something may.
fn builder(name: &Ident, fields: &[Field<'_>]) -> Option<TokenStream> {
    let optional = || fields.iter().filter(|field| !field.required);
    optional().next()?;
    let builder = format_ident!("{name}Builder");
    let doc = format!("[`{name}`] with more than it requires.");
    let held = optional().map(|field| {
        let (ident, camel) = (&field.ident, field.camel());
        quote! { #ident: ::core::option::Option<#camel>, }
    });
    let none = optional().map(|field| {
        let ident = &field.ident;
        quote! { #ident: ::core::option::Option::None, }
    });
    let setters = optional().map(|field| {
        let ident = &field.ident;
        field.setter(&quote! { mut self }, &quote! { Self }, |value| {
            quote! {
                self.#ident = #value;
                self
            }
        })
    });
    let shortcuts = optional().map(|field| {
        let ident = &field.ident;
        field.setter(&quote! { self }, &quote! { #builder }, |_| {
            quote! { #builder::from(self).#ident(value) }
        })
    });
    let dimensions = dimensions(name, &builder, fields, |field| {
        let ident = &field.ident;
        let held = if field.required {
            quote! { ::core::option::Option::Some(&self.required.#ident) }
        } else {
            quote! { self.#ident.as_ref() }
        };
        Some(held)
    });
    Some(quote! {
        impl #name {
            #(#shortcuts)*
        }

        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq)]
        pub struct #builder {
            required: #name,
            #(#held)*
        }

        impl ::core::convert::From<#name> for #builder {
            fn from(required: #name) -> Self {
                Self { required, #(#none)* }
            }
        }

        impl #builder {
            #(#setters)*
        }

        #dimensions
    })
}
