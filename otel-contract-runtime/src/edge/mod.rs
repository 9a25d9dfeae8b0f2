//! Requests that a service receives and sends, as operations of its contract.
//!
//! `contract!` generates `server_layer()` and `client_layer()` (feature `tower`), `actix_middleware()` (feature `actix`) and
//! `reqwest_middleware()` (feature `reqwest`), which create the types of this module.

#[macro_use]
#[cfg_attr(not(feature = "edge"), allow(dead_code, unused_imports))] // The facts of requests that a server receives.
mod facts;
#[cfg_attr(not(all(feature = "edge", feature = "tower")), allow(dead_code))]
// Trailers of gRPC, and hosts.
mod message;

#[cfg(feature = "actix")]
mod actix;
#[cfg(feature = "tower")]
mod body;
#[cfg(feature = "edge-client")]
pub mod client;
#[cfg(feature = "tower")]
mod layer;
#[cfg(feature = "edge")]
mod request;
#[cfg(feature = "edge")]
mod routes;
#[cfg(feature = "edge")]
mod server;
#[cfg(feature = "edge")]
mod unrouted;

#[cfg(feature = "actix")]
pub use actix::{ActixBody, ActixFuture, ActixMiddleware, ActixService, actix_middleware};
#[cfg(feature = "tower")]
pub use body::ServerBody;
#[cfg(feature = "tower")]
pub use layer::{ServerFuture, ServerLayer, ServerService, server_layer};
