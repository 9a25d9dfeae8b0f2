//! One struct per event: what the contract requires as fields, the rest as setters.

use super::{deprecated, docs, group, tables};
use crate::here::ident;
use otel_contract_model::{AttributeUse, Contract, Event, RequirementLevel, Severity};
use proc_macro2::TokenStream;
use quote::format_ident;

/// Methods of the struct itself; a setter of the same name gets an underscore.
const TAKEN: [&str; 3] = ["emit", "clone", "from"];

pub(super) fn expand(contract: &Contract) -> TokenStream {
    let places = tables::Places::of(contract);
    let events = contract.events.iter().map(|one| event(&places, one));
    quote! { #(#events)* }
}

fn event(places: &tables::Places<'_>, event: &Event) -> TokenStream {
    let contract = places.contract;
    let name = ident(&event.rust.camel);
    let doc = docs::event(contract, event);
    let deprecated = deprecated(event.deprecated.as_ref());
    let fields = Field::all(places, event);
    let required = || fields.iter().filter(|field| field.required);
    let declared = required().map(Field::declared);
    let body = if required().next().is_none() {
        quote! { ; }
    } else {
        quote! { { #(#declared)* } }
    };
    let records = required().map(|field| {
        let held = field.ident();
        field.record(&quote! { ::core::option::Option::Some(self.#held) })
    });
    let definition = definition(event);
    let builder = builder(event, &fields);
    quote! {
        #[doc = #doc]
        #deprecated
        #[derive(Clone, Debug, PartialEq)]
        #[must_use = "an event is recorded by `emit()`"]
        pub struct #name #body

        impl __private::Event for #name {
            fn definition() -> &'static __private::EventDefinition {
                static DEFINITION: __private::EventDefinition = #definition;
                &DEFINITION
            }

            fn record(self, attributes: &mut __private::EventAttributes<'_>) {
                let _ = &attributes;
                #(#records)*
            }
        }

        __private::emits!(#name);
        #builder
    }
}

fn definition(event: &Event) -> TokenStream {
    let (name, brief) = (&event.name, &event.brief);
    let severity = match event.severity {
        Severity::Trace => quote! { Trace },
        Severity::Debug => quote! { Debug },
        Severity::Info => quote! { Info },
        Severity::Warn => quote! { Warn },
        Severity::Error => quote! { Error },
        Severity::Fatal => quote! { Fatal },
    };
    quote! {
        __private::EventDefinition {
            name: #name,
            brief: #brief,
            severity: __private::Severity::#severity,
            contract: &__CONTRACT,
        }
    }
}

/// What is recorded with the event.
struct Field<'a> {
    contract: &'a Contract,
    /// The use, and its place among the attributes of the contract; `None`: `error.type`.
    used: Option<(&'a AttributeUse, usize)>,
    required: bool,
}

impl<'a> Field<'a> {
    fn all(places: &tables::Places<'a>, event: &'a Event) -> Vec<Self> {
        let contract = places.contract;
        let required = |level: &RequirementLevel| *level == RequirementLevel::Required;
        let attributes = event.attributes.iter().map(|used| Self {
            contract,
            used: Some((used, places.get(used.attribute))),
            required: required(&used.level),
        });
        let error = event.error_type.iter().map(|level| Self {
            contract,
            used: None,
            required: required(level),
        });
        attributes.chain(error).collect()
    }

    fn ident(&self) -> proc_macro2::Ident {
        match self.used {
            Some((used, _)) => ident(&self.contract[used.attribute].rust.snake),
            None => ident("error_type"),
        }
    }

    fn camel(&self) -> proc_macro2::Ident {
        match self.used {
            Some((used, _)) => ident(&self.contract[used.attribute].rust.camel),
            None => ident("ErrorType"),
        }
    }

    /// The public field, where it is required.
    fn declared(&self) -> TokenStream {
        match self.used {
            Some((used, _)) => group::field(self.contract, used),
            None => quote! {
                /// `error.type`: why it failed.
                pub error_type: ErrorType,
            },
        }
    }

    /// Hands over the value that this expression holds, if there is one.
    fn record(&self, value: &TokenStream) -> TokenStream {
        match self.used {
            Some((_, place)) => quote! {
                attributes.set(#place, #value.map(__private::Attribute::record));
            },
            None => quote! { attributes.set_error(#value.map(ErrorType::as_str)); },
        }
    }

    /// The setter; `body` gets the value, which may be missing.
    fn setter(
        &self,
        receiver: &TokenStream,
        returns: &TokenStream,
        body: impl FnOnce(TokenStream) -> TokenStream,
    ) -> TokenStream {
        let (field, camel) = (self.ident(), self.camel());
        let Some((used, _)) = self.used else {
            let body = body(quote! { value.into() });
            return quote! {
                /// Sets `error.type`: why it failed.
                pub fn error_type(
                    #receiver,
                    value: impl ::core::convert::Into<::core::option::Option<ErrorType>>,
                ) -> #returns {
                    #body
                }
            };
        };
        let one = &self.contract[used.attribute];
        let doc = format!("Sets `{}`: {}", one.key, docs::phrase(&one.brief));
        let deprecated = deprecated(one.deprecated.as_ref());
        let name = setter_name(&field);
        let body = body(quote! { __private::Give::<_, Given>::give(&value) });
        quote! {
            #[doc = #doc]
            #deprecated
            pub fn #name<Given>(#receiver, value: impl __given::#camel<Given>) -> #returns {
                #body
            }
        }
    }
}

fn setter_name(field: &proc_macro2::Ident) -> proc_macro2::Ident {
    if TAKEN.iter().any(|taken| field == taken) {
        format_ident!("{field}_")
    } else {
        field.clone()
    }
}

/// The struct with what may be left out, where something may.
fn builder(event: &Event, fields: &[Field<'_>]) -> Option<TokenStream> {
    let optional = || fields.iter().filter(|field| !field.required);
    optional().next()?;
    let name = ident(&event.rust.camel);
    let builder = format_ident!("{name}Builder");
    let doc = format!("[`{name}`] with more than it requires.");
    let held = optional().map(|field| {
        let (ident, camel) = (field.ident(), field.camel());
        quote! { #ident: ::core::option::Option<#camel>, }
    });
    let none = optional().map(|field| {
        let ident = field.ident();
        quote! { #ident: ::core::option::Option::None, }
    });
    let setters = optional().map(|field| {
        let ident = field.ident();
        field.setter(&quote! { mut self }, &quote! { Self }, |value| {
            quote! {
                self.#ident = #value;
                self
            }
        })
    });
    let shortcuts = optional().map(|field| {
        let method = setter_name(&field.ident());
        field.setter(&quote! { self }, &quote! { #builder }, |_| {
            quote! { #builder::from(self).#method(value) }
        })
    });
    let records = optional().map(|field| {
        let ident = field.ident();
        field.record(&quote! { self.#ident })
    });
    Some(quote! {
        impl #name {
            #(#shortcuts)*
        }

        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq)]
        #[must_use = "an event is recorded by `emit()`"]
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

        impl __private::Event for #builder {
            fn definition() -> &'static __private::EventDefinition {
                <#name as __private::Event>::definition()
            }

            fn record(self, attributes: &mut __private::EventAttributes<'_>) {
                __private::Event::record(self.required, attributes);
                #(#records)*
            }
        }

        __private::emits!(#builder);
    })
}
