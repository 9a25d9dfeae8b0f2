//! Requests that a service sends, as operations of its contract.
//!
//! The layers do two things with each request: they write the current trace context and the baggage of the contract into
//! its headers, and they record the request. What they record depends on their mode:
//!
//! - By default, a request sets attributes of the **current operation**, if that operation has `kind: client`. The function
//!   decides about the outcome.
//! - With `each`, a request is an operation of its own. Inside of a retry layer, each try is an operation.
//!
//! The attributes are those of the [semantic conventions] that the operation declares: `http.request.method`,
//! `server.address`, `server.port`, `url.scheme`, `url.template` (from the extension [`UrlTemplate`]),
//! `http.response.status_code`, `network.protocol.name` and `.version`, `http.request.resend_count` and `retry.attempt`,
//! `http.request.body.size` and `http.response.body.size` in bytes if they are known from the start; for gRPC
//! `rpc.system.name`, `rpc.method`, `rpc.service` and `rpc.status_code`. An attribute that the contract protects is left
//! out, because only its typed setter protects the value. The path and the query of a URL are never recorded.
//!
//! [semantic conventions]: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span

#[cfg(feature = "tower")]
mod body;
mod call;
#[cfg(feature = "tower")]
mod count_tries;
mod each;
mod facts;
#[cfg(feature = "tower")]
mod layer;
#[cfg(feature = "reqwest")]
mod middleware;
mod tries;

#[cfg(feature = "tower")]
pub use body::ClientBody;
#[cfg(feature = "tower")]
pub use count_tries::{CountTries, CountedTries};
pub use each::EachRequest;
pub use facts::UrlTemplate;
#[cfg(feature = "tower")]
pub use layer::{ClientFuture, ClientLayer, ClientService};
#[cfg(feature = "reqwest")]
pub use middleware::ClientMiddleware;
pub use tries::Tries;

#[doc(hidden)]
pub use each::record_extension;
#[doc(hidden)]
pub use http::Extensions;
#[cfg(feature = "tower")]
#[doc(hidden)]
pub use layer::client_layer;
#[cfg(feature = "reqwest")]
#[doc(hidden)]
pub use middleware::reqwest_middleware;
