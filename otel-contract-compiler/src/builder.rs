//! Builders of metrics and events. A struct has the required values as fields. Its builder has a setter for each
//! optional value.

use crate::location::ident;
use crate::setter::{Reserved, Setter};
use otel_contract_model::Attribute;
use proc_macro2::{Ident, TokenStream};
use quote::format_ident;

pub(crate) struct Builder<'a> {
    /// The struct that the builder starts from.
    pub(crate) name: &'a Ident,
    /// The `#[must_use]` of the builder. If absent, each setter has a `#[must_use]`.
    pub(crate) must_use: Option<TokenStream>,
    /// Methods that the runtime's macros add to the builder.
    pub(crate) methods: &'static [&'static str],
    pub(crate) fields: Vec<OptionalField<'a>>,
}

/// An optional value.
pub(crate) struct OptionalField<'a> {
    pub(crate) ident: Ident,
    /// The path of its type.
    pub(crate) ty: TokenStream,
    pub(crate) kind: FieldKind<'a>,
}

pub(crate) enum FieldKind<'a> {
    Attribute(&'a Attribute),
    /// The dimension `error.type` of a metric.
    ErrorDimension,
    /// `error.type` of an event.
    ErrorType,
}

/// Returns the field of a builder that contains the struct with the required values.
pub(crate) fn required() -> Ident {
    ident("__required")
}

/// The name of the builder of a struct.
pub(crate) fn builder_name(name: &Ident) -> Ident {
    format_ident!("{name}Builder")
}

impl Builder<'_> {
    /// Generates the builder, and setters on the struct that start the builder.
    pub(crate) fn expand(&self) -> TokenStream {
        let Self { name, fields, .. } = self;
        let builder = builder_name(name);
        let declaration = self.declaration(&builder);
        let reserved = Reserved::in_tokens(&declaration).and(self.methods);
        let setters: Vec<Setter<'_>> = fields
            .iter()
            .map(|field| self.setter(field, &reserved))
            .collect();
        let starters = setters.iter().map(|setter| {
            let method = &setter.name;
            let body = quote_located! { #builder::from(self).#method(value) };
            setter.method(
                &quote_located! { self },
                &quote_located! { #builder },
                &body,
            )
        });
        let methods = fields.iter().zip(&setters).map(|(field, setter)| {
            let (field, value) = (&field.ident, setter.value());
            let body = quote_located! {
                self.#field = #value;
                self
            };
            setter.method(
                &quote_located! { mut self },
                &quote_located! { Self },
                &body,
            )
        });
        quote_located! {
            impl #name {
                #(#starters)*
            }

            #declaration

            impl #builder {
                #(#methods)*
            }
        }
    }

    fn declaration(&self, builder: &Ident) -> TokenStream {
        let Self { name, must_use, .. } = self;
        let doc = format!("[`{name}`] with its optional values.");
        let required = required();
        let idents = || self.fields.iter().map(|field| &field.ident);
        let (fields, none) = (idents(), idents());
        let types = self.fields.iter().map(|field| &field.ty);
        quote_located! {
            #[doc = #doc]
            #[derive(Clone, Debug, PartialEq)]
            #must_use
            pub struct #builder {
                #required: #name,
                #(#fields: ::core::option::Option<#types>,)*
            }

            impl ::core::convert::From<#name> for #builder {
                fn from(required: #name) -> Self {
                    Self { #required: required, #(#none: ::core::option::Option::None,)* }
                }
            }
        }
    }

    fn setter<'b>(&self, field: &OptionalField<'b>, reserved: &Reserved) -> Setter<'b> {
        let setter = match field.kind {
            FieldKind::Attribute(attribute) => Setter::of(attribute, reserved),
            FieldKind::ErrorDimension => Setter::of_error_dimension(reserved),
            FieldKind::ErrorType => Setter::of_error_type(reserved),
        };
        if self.must_use.is_some() {
            setter.not_must_use()
        } else {
            setter
        }
    }
}
