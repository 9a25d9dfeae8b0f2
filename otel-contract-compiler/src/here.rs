//! Where generated code stands: on the path the user wrote, so that what the compiler says of it points there and
//! not into the macro that called this one. Names resolve as in what any macro writes.

use proc_macro2::{Ident, Span};
use std::cell::Cell;

thread_local! {
    static HERE: Cell<Option<Span>> = const { Cell::new(None) };
}

/// What `work` writes stands at `span`.
pub(crate) fn at<T>(span: Span, work: impl FnOnce() -> T) -> T {
    HERE.set(Some(Span::call_site().located_at(span)));
    let written = work();
    HERE.set(None);
    written
}

/// The place of what is being written.
pub(crate) fn here() -> Span {
    HERE.get().unwrap_or_else(Span::call_site)
}

/// A Rust name of the model as a token.
pub(crate) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, here()),
        None => Ident::new(name, here()),
    }
}

/// `quote::quote!`, here.
macro_rules! quote {
    ($($tokens:tt)*) => {
        ::quote::quote_spanned! {$crate::here::here()=> $($tokens)*}
    };
}
