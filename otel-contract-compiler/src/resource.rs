//! The resource as a struct: what the contract requires cannot be forgotten.

use super::group;
use crate::here::ident;
use otel_contract_model::definitions::contract_name;
use otel_contract_model::{AttributeUse, Contract, RequirementLevel};
use proc_macro2::TokenStream;

/// What every service has to say of itself before its telemetry can be set up.
const IDENTITY: [&str; 3] = [
    "service.name",
    "service.version",
    "deployment.environment.name",
];

pub(super) fn expand(contract: &Contract) -> TokenStream {
    let telemetry = telemetry(contract);
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
            let doc = format!("Sets `{}`: {}", one.key, super::docs::phrase(&one.brief));
            quote! {
                #[doc = #doc]
                #[must_use]
                pub fn #method<Given>(mut self, value: impl __given::#camel<Given>) -> Self {
                    if let ::core::option::Option::Some(value) = __private::Give::<_, Given>::give(&value) {
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

        #telemetry
    }
}

/// `telemetry(…)`, which refuses a resource that does not identify the service.
fn telemetry(contract: &Contract) -> TokenStream {
    let required = |key: &&str| {
        contract.resource.iter().any(|used| {
            used.level == RequirementLevel::Required && contract[used.attribute].key == **key
        })
    };
    let missing: Vec<&str> = IDENTITY.into_iter().filter(|key| !required(key)).collect();
    let (name, at) = (&contract.name, &contract.at);
    let (message, label, help) = if missing.is_empty() {
        let message = format!("`{{Self}}` is not the resource of contract `{name}`");
        let help = format!("give a `{name}::Resource {{ … }}`");
        (message, format!("expected `{name}::Resource`"), help)
    } else {
        let keys = otel_contract_definition::names::quoted(missing.iter().copied());
        let message = format!("contract `{name}` does not require {keys} of its resource");
        let lines: Vec<String> = missing
            .iter()
            .map(|key| format!("{key}: required"))
            .collect();
        let help = format!(
            "add to the contract: `resource: {{ {} }}`",
            lines.join(", ")
        );
        let label = "telemetry that does not say where it comes from cannot be set up";
        (message, label.to_owned(), help)
    };
    let note = format!("contract {}, {at}", contract_name(contract));
    let complete = missing.is_empty().then(|| {
        quote! {
            impl __Identifies for Resource {}
            impl __Identifies for ResourceAttributes {}
        }
    });
    let doc = format!(
        "Sets up telemetry for a service under contract `{name}`: providers from the standard `OTEL_*` variables, with its resource, its sampling and its views. `let _telemetry = {name}::telemetry({name}::Resource {{ … }}).install()?;`"
    );
    quote! {
        __private::if_setup! {
            pub use __private::setup;

            #[doc = #doc]
            pub fn telemetry<Given: __Identifies>(resource: Given) -> setup::Setup {
                let resource: ResourceAttributes = resource.into();
                setup::Setup::new(&__CONTRACT, &CONTRACT, resource)
            }

            /// This contract, for a set-up that serves several, and its sampler.
            pub static VOCABULARY: setup::Vocabulary = setup::Vocabulary::new(&__CONTRACT);

            #[doc(hidden)]
            #[diagnostic::on_unimplemented(
                message = #message,
                label = #label,
                note = #help,
                note = #note,
            )]
            pub trait __Identifies: ::core::convert::Into<ResourceAttributes> {}
            #complete
        }
    }
}
