//! What a contract generates for the edges of a service: its layers, and the paths of its routes.

use crate::location::ident;
use otel_contract_model::{Contract, Operation, Route};
use proc_macro2::TokenStream;
use std::collections::BTreeSet;

/// Generates `server_layer()`, `actix_middleware()`, and `PATH` of the operations with routes. Without a feature, the
/// contract has a stub that names it.
pub(crate) fn expand(contract: &Contract) -> TokenStream {
    let layer = format!(
        "Layer for servers of `tower`, such as axum, hyper and tonic: makes each request the operation of contract `{}` whose \
         `route` matches it.",
        contract.name
    );
    let middleware = format!(
        "Middleware for servers of actix-web: makes each request the operation of contract `{}` whose `route` matches it.",
        contract.name
    );
    let paths = contract.operations.iter().filter_map(path);
    quote_located! {
        __private::if_tower! {
            #[doc = #layer]
            #[must_use]
            pub fn server_layer() -> __private::edge::ServerLayer {
                __private::edge::server_layer::<Baggage>(&__CONTRACT)
            }
        }
        __private::if_actix! {
            #[doc = #middleware]
            #[must_use]
            pub fn actix_middleware() -> __private::edge::ActixMiddleware {
                __private::edge::actix_middleware::<Baggage>(&__CONTRACT)
            }
        }
        #(#paths)*
    }
}

/// Generates the constant `PATH` of an operation whose routes have one path, so that its router need not repeat it.
fn path(operation: &Operation) -> Option<TokenStream> {
    let routes = operation.routes.iter();
    let paths: BTreeSet<&str> = routes
        .filter(|route| **route != Route::Other)
        .map(Route::path)
        .collect();
    let mut paths = paths.into_iter();
    let (Some(path), None) = (paths.next(), paths.next()) else {
        return None;
    };
    let camel = ident(&operation.rust.camel);
    // actix-web writes the rest of a path as `{name:.*}`.
    let syntax = if path.contains("{*") {
        "axum 0.8"
    } else {
        "axum 0.8 and actix-web"
    };
    let doc =
        format!("Path of the routes of the operation in the contract, in the syntax of {syntax}.");
    Some(quote_located! {
        impl #camel {
            #[doc = #doc]
            pub const PATH: &'static str = #path;
        }
    })
}
