//! The routes of operations.

use crate::tokens::option;
use otel_contract_model::Route;
use proc_macro2::TokenStream;

/// Generates the routes of an operation, in tokens for the runtime and for `CONTRACT`.
pub(super) fn expand(routes: &[Route]) -> TokenStream {
    let routes = routes.iter().map(|route| {
        let (method, path) = (option(route.method()), route.path());
        quote_located! { __private::Route { method: #method, path: #path } }
    });
    quote_located! { &[#(#routes),*] }
}
