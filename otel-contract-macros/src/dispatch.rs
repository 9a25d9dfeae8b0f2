//! The macro of a contract's module, as generated code calls it.

use otel_contract_definition::items::DISPATCH;
use proc_macro2::{Ident, Span};

/// Its name, located at the user's token that rustc underlines where the module has no such macro.
pub(crate) fn dispatch(at: Span) -> Ident {
    Ident::new(DISPATCH, Span::call_site().located_at(at))
}
