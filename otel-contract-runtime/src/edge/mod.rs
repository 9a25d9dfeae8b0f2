//! Requests that a service receives and sends, as operations of its contract.
//!
//! `contract!` generates `server_layer()` and `client_layer()` (feature `tower`), and `reqwest_middleware()` (feature
//! `reqwest`), which create the types of this module.

#[macro_use]
#[cfg_attr(not(feature = "tower"), allow(dead_code, unused_imports))] // The facts of requests that a server receives.
mod facts;
#[cfg_attr(not(feature = "tower"), allow(dead_code))] // Trailers of gRPC.
mod message;

#[cfg(feature = "tower")]
mod body;
#[cfg(feature = "edge-client")]
pub mod client;
#[cfg(feature = "tower")]
mod layer;
#[cfg(feature = "tower")]
mod request;
#[cfg(feature = "tower")]
mod routes;
#[cfg(feature = "tower")]
mod unrouted;

#[cfg(feature = "tower")]
pub use body::ServerBody;
#[cfg(feature = "tower")]
pub use layer::{ServerFuture, ServerLayer, ServerService, server_layer};
