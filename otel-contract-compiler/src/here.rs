//! Where generated code stands: on the path the user wrote, so that what rustc says of it points there and not
//! into the macro that called this one. Names resolve as in what any macro writes. A literal that is pasted stands
//! at the call; where that matters it is put [`here`] by hand.

use proc_macro2::{Ident, Span};
use std::cell::Cell;

thread_local! {
    static HERE: Cell<Option<Span>> = const { Cell::new(None) };
}

/// What `work` writes stands at `span`.
pub(crate) fn at<T>(span: Span, work: impl FnOnce() -> T) -> T {
    let before = HERE.replace(Some(Span::call_site().located_at(span)));
    let _back = Back(before);
    work()
}

/// Puts the place back, also after a panic: a span ends with the call of the macro.
struct Back(Option<Span>);

impl Drop for Back {
    fn drop(&mut self) {
        HERE.set(self.0);
    }
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

#[cfg(test)]
mod tests {
    use super::{HERE, at};
    use proc_macro2::Span;

    #[test]
    fn a_panic_leaves_no_place_behind() {
        let broken = || at(Span::call_site(), || -> () { panic!("while writing") });
        assert!(std::panic::catch_unwind(broken).is_err());
        assert!(HERE.get().is_none());
    }
}
