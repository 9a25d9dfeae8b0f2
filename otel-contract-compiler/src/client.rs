//! The layers of a contract for the requests that a service sends, and the operations that they can start.

use crate::location::ident;
use crate::messages;
use otel_contract_model::{
    Attribute, AttributeUse, Contract, Domain, Operation, RequirementLevel, SpanKind,
};
use proc_macro2::TokenStream;

/// Attributes that the layers know before they send a request. The runtime has the same list, in `edge/client/facts.rs`.
const BEFORE_REQUEST: [&str; 9] = [
    "http.request.method",
    "network.protocol.name",
    "rpc.method",
    "rpc.service",
    "rpc.system",
    "rpc.system.name",
    "server.address",
    "server.port",
    "url.scheme",
];

/// Attributes that the layers know after every successful request.
const AFTER_SUCCESS: [&str; 2] = ["http.response.status_code", "network.protocol.version"];

/// Attributes that the layers set if they know the value.
const OTHERS: [&str; 8] = [
    "http.request.body.size",
    "http.request.resend_count",
    "http.response.body.size",
    "retry.attempt",
    "rpc.grpc.status_code",
    "rpc.response.status_code",
    "rpc.status_code",
    "url.template",
];

/// Whether the layers set attributes of the operation.
pub(crate) fn is_http_client(contract: &Contract, operation: &Operation) -> bool {
    let mut uses = contract.uses(operation).into_iter();
    operation.kind == SpanKind::Client
        && uses.any(|used| {
            let attribute = &contract[used.attribute];
            is_one_of(attribute, &BEFORE_REQUEST)
                || is_one_of(attribute, &AFTER_SUCCESS)
                || is_one_of(attribute, &OTHERS)
        })
}

/// A layer leaves out an attribute that the contract protects.
fn is_one_of(attribute: &Attribute, keys: &[&str]) -> bool {
    !attribute.privacy.is_protected() && keys.contains(&&*attribute.key)
}

/// Generates `client_layer()` and `reqwest_middleware()`. Without their features, the contract has stubs that name them.
pub(crate) fn expand(contract: &Contract) -> TokenStream {
    let name = &contract.name;
    let layer = format!(
        "Layer for clients of `tower`: writes the trace context and the baggage of contract `{name}` into each request, and \
         records the request."
    );
    let middleware = format!(
        "Middleware of `reqwest-middleware`: writes the trace context and the baggage of contract `{name}` into each request, \
         and records the request."
    );
    let operations = contract.operations.iter();
    let clients = operations.filter(|operation| is_http_client(contract, operation));
    let clients: Vec<TokenStream> = clients
        .map(|operation| each_request(contract, operation))
        .collect();
    quote_located! {
        __private::if_tower! {
            #[doc = #layer]
            pub fn client_layer() -> __private::edge::client::ClientLayer {
                __private::edge::client::client_layer::<Baggage>(&__CONTRACT)
            }
        }
        __private::if_reqwest! {
            #[doc = #middleware]
            pub fn reqwest_middleware() -> __private::edge::client::ClientMiddleware {
                __private::edge::client::reqwest_middleware::<Baggage>(&__CONTRACT)
            }
        }
        __private::if_edge_client! {
            #(#clients)*
        }
    }
}

/// Generates the impl with which a layer starts the operation for each request. If the operation requires attributes that
/// the layers do not know, the impl has a bound that no type meets, whose message names them.
fn each_request(contract: &Contract, operation: &Operation) -> TokenStream {
    let name = ident(&operation.rust.camel);
    let uses = contract.uses(operation);
    let unknown = uses.iter().filter(|used| !is_known(contract, used));
    let unknown: Vec<&Attribute> = unknown.map(|used| &contract[used.attribute]).collect();
    let message = (!unknown.is_empty())
        .then(|| messages::unknown_to_client_layer(contract, operation, &unknown));
    let declaration = message.iter().map(|unimplemented| {
        quote_located! {
            #unimplemented
            pub trait KnownToTheLayer {}
        }
    });
    let bound = message.iter().map(|_| {
        // The lifetime delays the check until the impl is used.
        quote_located! { where for<'a> &'a #name: KnownToTheLayer }
    });
    let attributes = uses.iter().enumerate();
    let recorded = attributes.filter_map(|(index, used)| {
        let attribute = &contract[used.attribute];
        let camel = ident(&attribute.rust.camel);
        (attribute.domain != Domain::Secret).then(|| {
            quote_located! {
                __private::edge::client::record_extension::<#camel>(extensions, set, #index);
            }
        })
    });
    quote_located! {
        const _: () = {
            #(#declaration)*

            impl __private::edge::client::EachRequest for #name #(#bound)* {
                fn record(
                    extensions: &__private::edge::client::Extensions,
                    set: &mut __private::AttributeSink<'_>,
                ) {
                    #(#recorded)*
                }
            }
        };
    }
}

/// Whether a layer knows the attribute whenever the contract requires it.
fn is_known(contract: &Contract, used: &AttributeUse) -> bool {
    let attribute = &contract[used.attribute];
    match used.level {
        RequirementLevel::Required => is_one_of(attribute, &BEFORE_REQUEST),
        RequirementLevel::OnSuccess => {
            is_one_of(attribute, &BEFORE_REQUEST) || is_one_of(attribute, &AFTER_SUCCESS)
        }
        RequirementLevel::ConditionallyRequired(_)
        | RequirementLevel::Recommended
        | RequirementLevel::OptIn => true,
    }
}
