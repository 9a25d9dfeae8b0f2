//! The resource as a struct: what the contract requires cannot be forgotten.

use super::{group, ident};
use otel_contract_model::{AttributeUse, Contract, RequirementLevel};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn expand(contract: &Contract) -> TokenStream {
    let required = |used: &&AttributeUse| used.level == RequirementLevel::Required;
    let fields = contract
        .resource
        .iter()
        .filter(required)
        .map(|used| group::field(contract, used));
    let key_values = contract.resource.iter().filter(required).map(|used| {
        let one = &contract[used.attribute];
        let (field, key) = (ident(&one.rust.snake), &one.key);
        quote! {
            __private::KeyValue::new(#key, __private::Attribute::into_value(resource.#field)),
        }
    });
    let setters = contract
        .resource
        .iter()
        .filter(|used| !required(used))
        .map(|used| {
            let one = &contract[used.attribute];
            let (method, camel, key) = (ident(&one.rust.snake), ident(&one.rust.camel), &one.key);
            let doc = format!("Sets `{}`: {}", one.key, super::docs::prose(&one.brief));
            quote! {
                #[doc = #doc]
                #[must_use]
                pub fn #method<Given>(mut self, value: impl __given::#camel<Given>) -> Self {
                    if let ::core::option::Option::Some(value) = __given::#camel::give(&value) {
                        let value = __private::Attribute::into_value(value);
                        self.0.retain(|known| known.key.as_str() != #key);
                        self.0.push(__private::KeyValue::new(#key, value));
                    }
                    self
                }
            }
        });
    quote! {
        /// The entity that produces the telemetry, with what the contract requires of it.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Resource {
            #(#fields)*
        }

        /// A [`Resource`] as attributes, and what may be added to it.
        #[derive(Clone, Debug, PartialEq)]
        pub struct ResourceAttributes(::std::vec::Vec<__private::KeyValue>);

        impl ::core::convert::From<Resource> for ResourceAttributes {
            fn from(resource: Resource) -> Self {
                let _ = &resource;
                Self(::std::vec![#(#key_values)*])
            }
        }

        impl Resource {
            /// The resource as attributes, to add what the contract recommends.
            #[must_use]
            pub fn into_attributes(self) -> ResourceAttributes {
                self.into()
            }
        }

        impl ResourceAttributes {
            #(#setters)*
        }

        impl ::core::iter::IntoIterator for ResourceAttributes {
            type Item = __private::KeyValue;
            type IntoIter = ::std::vec::IntoIter<__private::KeyValue>;
            fn into_iter(self) -> Self::IntoIter {
                __private::with_other_keys(&__CONTRACT, self.0).into_iter()
            }
        }
    }
}
