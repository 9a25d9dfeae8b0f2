//! The type `Providers` of a contract.

use otel_contract_model::Contract;
use proc_macro2::TokenStream;

/// Generates an alias of the runtime's providers that refers to the contract. Installing these providers creates the
/// instruments of the contract.
pub(crate) fn expand(contract: &Contract) -> TokenStream {
    let doc = format!(
        "Providers for every contract of the process. Installing them creates the instruments of contract `{}` in advance.",
        contract.name
    );
    quote_located! {
        #[doc = #doc]
        pub type Providers = __private::ContractProviders<__Known>;

        #[doc(hidden)]
        #[derive(Debug)]
        pub struct __Known;

        impl __private::KnownContract for __Known {
            fn definition() -> ::core::option::Option<&'static __private::ContractDefinition> {
                ::core::option::Option::Some(&__CONTRACT)
            }
        }
    }
}
