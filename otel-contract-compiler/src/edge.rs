//! The layers of a contract for the edges of a service.

use otel_contract_model::Contract;
use proc_macro2::TokenStream;

/// Generates `server_layer()`. Without the feature, the contract has a stub that names it.
pub(crate) fn expand(contract: &Contract) -> TokenStream {
    let doc = format!(
        "Layer for servers of `tower`, such as axum, hyper and tonic: makes each request the operation of contract `{}` whose \
         `route` matches it.",
        contract.name
    );
    quote_located! {
        __private::if_tower! {
            #[doc = #doc]
            #[must_use]
            pub fn server_layer() -> __private::edge::ServerLayer {
                __private::edge::server_layer::<Baggage>(&__CONTRACT)
            }
        }
    }
}
