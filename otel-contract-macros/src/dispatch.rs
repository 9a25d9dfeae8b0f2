//! The dispatch macro of a contract's module.

use otel_contract_definition::items::DISPATCH;
use proc_macro2::{Ident, Span};

/// Returns the name of the dispatch macro. The name is located at a token of the user; rustc underlines this token
/// if the module has no such macro.
pub(crate) fn dispatch(location: Span) -> Ident {
    Ident::new(DISPATCH, Span::call_site().located_at(location))
}
