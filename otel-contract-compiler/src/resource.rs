//! The resource as a struct. The attributes that the contract requires are fields.

use super::group;
use crate::location::ident;
use crate::messages;
use crate::setter::{Reserved, Setter};
use otel_contract_model::{AttributeUse, Contract, RequirementLevel};
use proc_macro2::TokenStream;

pub(super) fn expand(contract: &Contract) -> TokenStream {
    let telemetry = telemetry(contract);
    let is_required = |used: &&AttributeUse| used.level == RequirementLevel::Required;
    let required = || contract.resource.iter().filter(is_required);
    let fields = required().map(|used| group::field(contract, used));
    let key_values = required().map(|used| {
        let attribute = &contract[used.attribute];
        let (field, key) = (ident(&attribute.rust.snake), &attribute.key);
        quote_located! {
            __private::KeyValue::new(#key, __private::Attribute::into_value(resource.#field)),
        }
    });
    let attributes = quote_located! {
        /// A [`Resource`] as attributes, with setters for the optional attributes.
        #[derive(Clone, Debug, PartialEq)]
        pub struct ResourceAttributes(::std::vec::Vec<__private::KeyValue>);

        impl ::core::convert::From<Resource> for ResourceAttributes {
            fn from(resource: Resource) -> Self {
                let _ = &resource;
                Self(::std::vec![#(#key_values)*])
            }
        }

        impl ::core::iter::IntoIterator for ResourceAttributes {
            type Item = __private::KeyValue;
            type IntoIter = ::std::vec::IntoIter<__private::KeyValue>;
            fn into_iter(self) -> Self::IntoIter {
                __private::with_other_keys(&__CONTRACT, self.0).into_iter()
            }
        }
    };
    let reserved = Reserved::in_tokens(&attributes);
    let setters = contract
        .resource
        .iter()
        .filter(|used| !is_required(used))
        .map(|used| setter(contract, used, &reserved));
    quote_located! {
        /// The entity that produces the telemetry, with the attributes that the contract requires.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Resource {
            #(#fields)*
        }

        impl Resource {
            /// Converts the resource into attributes, to set optional attributes.
            #[must_use]
            pub fn into_attributes(self) -> ResourceAttributes {
                self.into()
            }
        }

        #attributes

        impl ResourceAttributes {
            #(#setters)*
        }

        #telemetry
    }
}

fn setter(contract: &Contract, used: &AttributeUse, reserved: &Reserved) -> TokenStream {
    let attribute = &contract[used.attribute];
    let key = &attribute.key;
    let setter = Setter::of(attribute, reserved);
    let value = setter.value();
    let body = quote_located! {
        if let ::core::option::Option::Some(value) = #value {
            let value = __private::Attribute::into_value(value);
            self.0.retain(|known| known.key.as_str() != #key);
            self.0.push(__private::KeyValue::new(#key, value));
        }
        self
    };
    setter.method(
        &quote_located! { mut self },
        &quote_located! { Self },
        &body,
    )
}

/// Generates the function `telemetry(…)`. It rejects a resource that does not identify the service.
fn telemetry(contract: &Contract) -> TokenStream {
    let missing = contract.missing_identity();
    let unimplemented = if missing.is_empty() {
        messages::not_the_resource(contract)
    } else {
        messages::resource_without_identity(contract, &missing)
    };
    let identifies = missing.is_empty().then(|| {
        quote_located! {
            impl __Identifies for Resource {}
            impl __Identifies for ResourceAttributes {}
        }
    });
    let name = &contract.name;
    let doc = format!(
        "Sets up telemetry for a service under contract `{name}`: providers from the standard `OTEL_*` variables, with its resource, its sampling and its views. `let _telemetry = {name}::telemetry({name}::Resource {{ … }}).install()?;`"
    );
    quote_located! {
        __private::if_setup! {
            pub use __private::setup;

            #[doc = #doc]
            pub fn telemetry<Given: __Identifies>(resource: Given) -> setup::Setup {
                let resource: ResourceAttributes = resource.into();
                setup::Setup::new(&__CONTRACT, &CONTRACT, resource)
            }

            /// This contract with its sampler, for a set-up of several contracts.
            pub static VOCABULARY: setup::Vocabulary = setup::Vocabulary::new(&__CONTRACT, &CONTRACT);

            #[doc(hidden)]
            #unimplemented
            pub trait __Identifies: ::core::convert::Into<ResourceAttributes> {}
            #identifies
        }
    }
}
