//! Operations that a client layer starts for each request.

use crate::attribute::{Attribute, AttributeSink, record_field};
use crate::operation::Operation;
use http::Extensions;

/// An operation that a client layer can start for each request. `contract!` implements it for operations with
/// `kind: client` that declare attributes of the layer and require no other attribute.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an operation of HTTP requests",
    label = "cannot be recorded for each request",
    note = "in the contract, the operation needs `kind: client` and attributes that the layer sets, such as `http.request.method`, `server.address` and `http.response.status_code`"
)]
pub trait EachRequest: Operation {
    /// Passes the attributes among the extensions of a request to `set`.
    #[doc(hidden)]
    fn record(extensions: &Extensions, set: &mut AttributeSink<'_>);
}

/// Passes the attribute `A` to `set`, if the request has it as an extension.
#[doc(hidden)]
pub fn record_extension<A: Attribute + Clone + Send + Sync + 'static>(
    extensions: &Extensions,
    set: &mut AttributeSink<'_>,
    index: usize,
) {
    if let Some(value) = extensions.get::<A>() {
        record_field(set, index, value);
    }
}
