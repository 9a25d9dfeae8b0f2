//! An attribute that returns the function unchanged. Tests compare instrumented functions with functions that have this
//! attribute.

use proc_macro::TokenStream;

/// Returns the function unchanged.
#[proc_macro_attribute]
pub fn instrumented_operation(_arguments: TokenStream, item: TokenStream) -> TokenStream {
    item
}
