//! Requests that a service receives, as operations of its contract. `contract!` generates `server_layer()` and
//! `actix_middleware()`.

#[cfg(feature = "actix")]
mod actix;
#[cfg(feature = "tower")]
mod body;
mod facts;
#[cfg(feature = "tower")]
mod layer;
mod message;
mod request;
mod routes;
mod server;
mod unrouted;

#[cfg(feature = "actix")]
pub use actix::{ActixBody, ActixFuture, ActixMiddleware, ActixService, actix_middleware};
#[cfg(feature = "tower")]
pub use body::ServerBody;
#[cfg(feature = "tower")]
pub use layer::{ServerFuture, ServerLayer, ServerService, server_layer};
