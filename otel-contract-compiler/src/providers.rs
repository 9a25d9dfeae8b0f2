//! The type `Providers` of a contract.

use otel_contract_model::Contract;
use proc_macro2::TokenStream;

/// The alias of the runtime's providers that knows the contract, so that its instruments are made at the installation.
pub(crate) fn expand(contract: &Contract) -> TokenStream {
    let doc = format!(
        "Providers for every contract of the process. Their installation makes the instruments of contract `{}` ahead.",
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
