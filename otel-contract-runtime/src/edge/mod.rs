//! Requests that a service receives, as operations of its contract. `contract!` generates `server_layer()`.

mod body;
mod facts;
mod layer;
mod request;
mod routes;
mod unrouted;

pub use body::ServerBody;
pub use layer::{ServerFuture, ServerLayer, ServerService, server_layer};
