//! The struct of each event: required values are fields, optional values have setters.

use super::{docs, group, tables};
use crate::absent_setters;
use crate::builder::{Builder, FieldKind, OptionalField, builder_name, required};
use crate::location::ident;
use crate::messages::UNUSED_EVENT;
use crate::tokens::deprecated;
use otel_contract_model::{AttributeUse, Contract, Event, RequirementLevel, Severity};
use proc_macro2::{Ident, TokenStream};

/// The method that the runtime's macro `emits!` adds to an event.
const EMIT: &str = "emit";

pub(super) fn expand(contract: &Contract) -> TokenStream {
    let indices = tables::RecordedIndices::of(contract);
    let events = contract
        .events
        .iter()
        .map(|event| expand_event(&indices, event));
    quote_located! { #(#events)* }
}

fn expand_event(indices: &tables::RecordedIndices<'_>, event: &Event) -> TokenStream {
    let contract = indices.contract;
    let name = ident(&event.rust.camel);
    let doc = docs::event(contract, event);
    let deprecated = deprecated(event.life_cycle.deprecated.as_ref());
    let (required, optional): (Vec<Field<'_>>, Vec<Field<'_>>) = Field::all(indices, event)
        .into_iter()
        .partition(|field| field.required);
    let declared = required.iter().map(Field::declared);
    let body = if required.is_empty() {
        quote_located! { ; }
    } else {
        quote_located! { { #(#declared)* } }
    };
    let records = required.iter().map(|field| {
        let ident = field.ident();
        field.record(&quote_located! { ::core::option::Option::Some(self.#ident) })
    });
    let definition = definition(contract, event);
    let absent_setters =
        absent_setters::of_struct(&TokenStream::new(), &name, !optional.is_empty());
    let builder = (!optional.is_empty()).then(|| builder(&name, &optional));
    quote_located! {
        #[doc = #doc]
        #deprecated
        #[derive(Clone, Debug, PartialEq)]
        #[must_use = #UNUSED_EVENT]
        pub struct #name #body

        impl __private::Event for #name {
            fn definition() -> &'static __private::EventDefinition {
                static DEFINITION: __private::EventDefinition = #definition;
                &DEFINITION
            }

            fn contract() -> &'static __private::description::Contract {
                &CONTRACT
            }

            fn record(self, attributes: &mut __private::EventAttributes<'_>) {
                let _ = &attributes;
                #(#records)*
            }
        }

        __private::emits!(#name);
        #builder
        #absent_setters
    }
}

fn definition(contract: &Contract, event: &Event) -> TokenStream {
    let (name, brief) = (&event.name, &event.brief);
    let attributes = event.attributes.iter();
    let keys = attributes.map(|used| contract[used.attribute].key.as_str());
    let keys = keys.chain(event.error_type.iter().map(|_| "error.type"));
    let severity = severity(event.severity);
    quote_located! {
        __private::EventDefinition {
            name: #name,
            brief: #brief,
            severity: #severity,
            keys: &[#(#keys),*],
            contract: &__CONTRACT,
        }
    }
}

/// Generates the runtime's value of a severity.
pub(super) fn severity(severity: Severity) -> TokenStream {
    let variant = match severity {
        Severity::Trace => quote_located! { Trace },
        Severity::Debug => quote_located! { Debug },
        Severity::Info => quote_located! { Info },
        Severity::Warn => quote_located! { Warn },
        Severity::Error => quote_located! { Error },
        Severity::Fatal => quote_located! { Fatal },
    };
    quote_located! { __private::Severity::#variant }
}

/// A value that is recorded with the event.
struct Field<'a> {
    contract: &'a Contract,
    /// The attribute and its index among the recorded attributes of the contract; `None` for `error.type`.
    used: Option<(&'a AttributeUse, usize)>,
    required: bool,
}

impl<'a> Field<'a> {
    fn all(indices: &tables::RecordedIndices<'a>, event: &'a Event) -> Vec<Self> {
        let contract = indices.contract;
        let is_required = |level: &RequirementLevel| *level == RequirementLevel::Required;
        let mut fields = Vec::new();
        for used in &event.attributes {
            fields.push(Self {
                contract,
                used: Some((used, indices.get(used.attribute))),
                required: is_required(&used.level),
            });
        }
        if let Some(level) = &event.error_type {
            fields.push(Self {
                contract,
                used: None,
                required: is_required(level),
            });
        }
        fields
    }

    fn ident(&self) -> Ident {
        match self.used {
            Some((used, _)) => ident(&self.contract[used.attribute].rust.snake),
            None => ident("error_type"),
        }
    }

    /// Generates the public field of a required value.
    fn declared(&self) -> TokenStream {
        match self.used {
            Some((used, _)) => group::field(self.contract, used),
            None => {
                let doc = docs::ERROR_TYPE;
                quote_located! { #[doc = #doc] pub error_type: ErrorType, }
            }
        }
    }

    /// Returns the same value as an optional field of the builder.
    fn optional(&self) -> OptionalField<'a> {
        let (ty, kind) = match self.used {
            Some((used, _)) => {
                let attribute = &self.contract[used.attribute];
                (
                    ident(&attribute.rust.camel),
                    FieldKind::Attribute(attribute),
                )
            }
            None => (ident("ErrorType"), FieldKind::ErrorType),
        };
        OptionalField {
            ident: self.ident(),
            ty: quote_located! { #ty },
            kind,
        }
    }

    /// Records the value of an expression of type `Option`.
    fn record(&self, value: &TokenStream) -> TokenStream {
        match self.used {
            Some((_, index)) => quote_located! {
                attributes.set(#index, #value.map(__private::Attribute::record));
            },
            None => quote_located! { attributes.set_error(#value.map(ErrorType::as_str)); },
        }
    }
}

fn builder(name: &Ident, optional: &[Field<'_>]) -> TokenStream {
    let builder = Builder {
        name,
        must_use: Some(quote_located! { #[must_use = #UNUSED_EVENT] }),
        methods: &[EMIT],
        fields: optional.iter().map(Field::optional).collect(),
    }
    .expand();
    let builder_name = builder_name(name);
    let required = required();
    let records = optional.iter().map(|field| {
        let ident = field.ident();
        field.record(&quote_located! { self.#ident })
    });
    quote_located! {
        #builder

        impl __private::Event for #builder_name {
            fn definition() -> &'static __private::EventDefinition {
                <#name as __private::Event>::definition()
            }

            fn contract() -> &'static __private::description::Contract {
                &CONTRACT
            }

            fn record(self, attributes: &mut __private::EventAttributes<'_>) {
                __private::Event::record(self.#required, attributes);
                #(#records)*
            }
        }

        __private::emits!(#builder_name);
    }
}
