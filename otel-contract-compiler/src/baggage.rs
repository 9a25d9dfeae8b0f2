//! `Baggage` and `TraceContext`: what the contract lets travel with requests.

use super::{deprecated, docs};
use crate::here::ident;
use otel_contract_model::{Attribute, Contract, Domain, Type};
use proc_macro2::TokenStream;

pub(super) fn expand(contract: &Contract) -> TokenStream {
    let all = listed(contract);
    let fields = all.iter().map(|one| {
        let (field, camel, doc) = (ident(&one.rust.snake), ident(&one.rust.camel), doc(one));
        quote! { #[doc = #doc] pub #field: ::core::option::Option<#camel>, }
    });
    let setters = all.iter().map(|one| setter(one));
    let reads = all.iter().map(|one| {
        let (field, key, parse) = (ident(&one.rust.snake), &one.key, parse(one));
        quote! {
            #field: __private::propagation::read(context, #key).and_then(|text| {
                let text: &str = &text;
                #parse
            }),
        }
    });
    let texts = all.iter().map(|one| {
        let (field, key) = (ident(&one.rust.snake), &one.key);
        quote! {
            if let ::core::option::Option::Some(value) = &self.#field {
                let value = __private::Attribute::into_value(::core::clone::Clone::clone(value));
                texts.push((#key, value.as_str().into_owned()));
            }
        }
    });
    let admits = all.iter().map(|one| {
        let (key, camel, parse) = (&one.key, ident(&one.rust.camel), parse(one));
        quote! {
            #key => {
                let value: ::core::option::Option<#camel> = #parse;
                let value = __private::Attribute::into_value(value?);
                ::core::option::Option::Some(value.as_str().into_owned())
            }
        }
    });
    let about = match all.as_slice() {
        [] => format!("Contract `{}` lets no attribute travel.", contract.name),
        all => {
            let keys: Vec<&str> = all.iter().map(|one| one.key.as_str()).collect();
            format!(
                "Contract `{}` lets {} travel.",
                contract.name,
                otel_contract_definition::names::quoted(keys)
            )
        }
    };
    quote! {
        /// The attributes that travel with requests and jobs, as W3C Baggage: set in one process, read
        /// in the next. They reach every receiver, so only what the contract calls public is here.
        ///
        /// What comes in is held to the contract: of a value that is not the attribute's there is none.
        ///
        #[doc = #about]
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Baggage {
            #(#fields)*
        }

        impl Baggage {
            /// Nothing yet.
            #[must_use]
            pub fn new() -> Self {
                Self::default()
            }

            /// What came in with the request or job that is being handled here, or was attached since.
            #[must_use]
            pub fn current() -> Self {
                Self::of(&__private::current_context())
            }

            /// What a context carries.
            #[must_use]
            pub fn of(context: &__private::Context) -> Self {
                let _ = context;
                Self { #(#reads)* }
            }

            #(#setters)*

            /// The current context with this baggage, to run something in; what is `None` here stays
            /// as it is there.
            #[must_use]
            pub fn to_context(&self) -> __private::Context {
                __private::propagation::context_with(
                    &__private::current_context(),
                    &self.__texts(),
                )
            }

            /// Lets it travel with everything this thread does until the guard goes. Around a future,
            /// use [`to_context`](Self::to_context) with `in_context`: a guard does not go with a task
            /// that waits.
            #[must_use = "the baggage is taken off when the guard is dropped"]
            pub fn attach(&self) -> __private::Attached {
                __private::propagation::attach(&self.__texts())
            }

            fn __texts(&self) -> ::std::vec::Vec<(&'static str, ::std::string::String)> {
                let mut texts = ::std::vec::Vec::new();
                #(#texts)*
                texts
            }
        }

        impl __private::propagation::ContractBaggage for Baggage {
            fn keys() -> ::std::borrow::Cow<'static, [&'static str]> {
                ::std::borrow::Cow::Borrowed(__CONTRACT.baggage.keys)
            }

            fn admit(key: &str, text: &str) -> ::core::option::Option<::std::string::String> {
                match key {
                    #(#admits)*
                    _ => ::core::option::Option::None,
                }
            }
        }

        /// Where in a trace something was made, to be kept with it: in a job, an outbox row, a message.
        /// It carries this contract's [`Baggage`] along, and no other.
        pub type TraceContext = __private::propagation::TraceContext<Baggage>;
    }
}

/// What the contract lists. A secret is a fault, reported, and there is no type of it to name.
fn listed(contract: &Contract) -> Vec<&Attribute> {
    let all = contract.baggage.iter().map(|id| &contract[*id]);
    all.filter(|one| one.domain != Domain::Secret).collect()
}

/// The same for the runtime: the `BaggageDefinition` of the contract.
pub(super) fn definition(contract: &Contract) -> TokenStream {
    let keys = listed(contract).into_iter().map(|one| &one.key);
    quote! {
        __private::BaggageDefinition {
            keys: &[#(#keys),*],
            admit: <Baggage as __private::propagation::ContractBaggage>::admit,
        }
    }
}

fn doc(one: &Attribute) -> String {
    format!("`{}`: {}", one.key, docs::phrase(&one.brief))
}

fn setter(one: &Attribute) -> TokenStream {
    let (field, camel) = (ident(&one.rust.snake), ident(&one.rust.camel));
    let name = match one.rust.snake.as_str() {
        taken @ ("new" | "current" | "of" | "to_context" | "attach" | "clone" | "default") => {
            ident(&format!("{taken}_"))
        }
        snake => ident(snake),
    };
    let doc = format!("Sets {}", doc(one));
    let deprecated = deprecated(one.deprecated.as_ref());
    quote! {
        #[doc = #doc]
        #[must_use]
        #deprecated
        pub fn #name<Given>(mut self, value: impl __given::#camel<Given>) -> Self {
            self.#field = __private::Give::<_, Given>::give(&value);
            self
        }
    }
}

/// The value of a text that came from outside, as an `Option`.
fn parse(one: &Attribute) -> TokenStream {
    let camel = ident(&one.rust.camel);
    let parsed = |as_what: TokenStream| {
        quote! {
            text.parse::<#as_what>().ok().map(<#camel as ::core::convert::From<#as_what>>::from)
        }
    };
    match &one.domain {
        Domain::Strings { other: true, .. } => {
            quote! { ::core::option::Option::Some(#camel::from_str_or_other(text)) }
        }
        Domain::Strings { other: false, .. } => quote! { text.parse::<#camel>().ok() },
        Domain::Ints { .. } | Domain::Range { .. } => quote! {
            text.parse::<i64>().ok().and_then(|number| {
                <#camel as ::core::convert::TryFrom<i64>>::try_from(number).ok()
            })
        },
        Domain::Boolean | Domain::Unbounded(Type::Boolean) => parsed(quote! { bool }),
        Domain::Unbounded(Type::Int) => parsed(quote! { i64 }),
        Domain::Unbounded(Type::Double) => parsed(quote! { f64 }),
        // Whatever comes in counts against the limit.
        Domain::Limited { .. } => quote! { ::core::option::Option::Some(#camel::capped(text)) },
        Domain::Unbounded(Type::String) if one.newtype => {
            quote! { ::core::option::Option::Some(#camel::new(text)) }
        }
        Domain::Unbounded(Type::String) => {
            quote! { ::core::option::Option::Some(<#camel as ::core::convert::From<&str>>::from(text)) }
        }
        // Faults of a contract, and reported.
        Domain::Unbounded(Type::Array(_)) | Domain::Secret => {
            quote! { { let _ = text; ::core::option::Option::None } }
        }
    }
}
