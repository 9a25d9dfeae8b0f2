//! The location of generated tokens: the path that the user wrote. rustc then points to the path and not into the
//! `macro_rules!` of `otel_contract`. Names resolve as in the output of any macro.
//!
//! The location is a thread-local variable, because every function in this crate generates tokens; `quote_located!`
//! uses it. Interpolated literals have the span of the macro call. Where this matters, set their span to [`current`].

use proc_macro2::{Ident, Span};
use std::cell::Cell;

thread_local! {
    static CURRENT: Cell<Option<Span>> = const { Cell::new(None) };
}

/// Runs `generate` with `span` as the location of its tokens.
pub(crate) fn with<T>(span: Span, generate: impl FnOnce() -> T) -> T {
    let before = CURRENT.replace(Some(Span::call_site().located_at(span)));
    let _restore = Restore(before);
    generate()
}

/// Restores the location, also after a panic, because a span is invalid after the macro call.
struct Restore(Option<Span>);

impl Drop for Restore {
    fn drop(&mut self) {
        CURRENT.set(self.0);
    }
}

/// Returns the location of the tokens that are being generated.
pub(crate) fn current() -> Span {
    CURRENT.get().unwrap_or_else(Span::call_site)
}

/// Returns a Rust name of the model as an identifier.
pub(crate) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, current()),
        None => Ident::new(name, current()),
    }
}

/// `quote!` with the current location as the span.
macro_rules! quote_located {
    ($($tokens:tt)*) => {
        ::quote::quote_spanned! {$crate::location::current()=> $($tokens)*}
    };
}

#[cfg(test)]
mod tests {
    use super::{CURRENT, with};
    use proc_macro2::Span;

    #[test]
    fn a_panic_restores_the_location() {
        let panics = || with(Span::call_site(), || -> () { panic!("while generating") });
        assert!(std::panic::catch_unwind(panics).is_err());
        assert!(CURRENT.get().is_none());
    }
}
