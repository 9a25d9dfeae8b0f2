//! Warnings. A macro cannot emit a warning on stable Rust, so rustc warns about the use of a deprecated constant.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// Generates statements for which rustc prints the name of the constant and the note, at the span of the constant.
pub(crate) fn warning(constant: &Ident, note: &str) -> TokenStream {
    quote! {
        #[deprecated(note = #note)]
        const #constant: () = ();
        let () = #constant;
    }
}
