//! The dispatch macro of a contract's module.

use otel_contract_definition::items::DISPATCH;
use proc_macro2::{Ident, Span};

/// The name of the dispatch macro, located at the user's token that rustc underlines if the module has no such macro.
pub(crate) fn dispatch(location: Span) -> Ident {
    Ident::new(DISPATCH, Span::call_site().located_at(location))
}
