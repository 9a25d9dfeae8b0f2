//! What a test says of attributes, in the contract's types.

use super::sdk::any;
use crate::attribute::Attribute;
use opentelemetry::logs::AnyValue;

/// Attributes of operation `O` with their values: `billing::OrderId::new("ord_1")`, or a tuple of
/// several. Implemented by `contract!` for the type of each attribute an operation takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an attribute of operation `{O}`",
    label = "expected one of its attributes in the contract, or a tuple of them",
    note = "a test can expect only what the operation may record, in the types of the contract"
)]
pub trait Expected<O> {
    /// Hands over each key and value.
    #[doc(hidden)]
    fn each(self, take: &mut Take<'_>);
}

/// Takes a key and its value.
#[doc(hidden)]
pub type Take<'a> = dyn FnMut(&'static str, AnyValue) + 'a;

/// What the generated implementations do.
#[doc(hidden)]
pub fn one<A: Attribute>(attribute: A, take: &mut Take<'_>) {
    take(A::KEY, any(attribute.into_value()));
}

macro_rules! tuples {
    ($(($($name:ident)*))*) => {$(
        impl<Op, $($name: Expected<Op>),*> Expected<Op> for ($($name,)*) {
            #[allow(non_snake_case, unused_variables)]
            fn each(self, take: &mut Take<'_>) {
                let ($($name,)*) = self;
                $($name.each(take);)*
            }
        }
    )*};
}

tuples! {
    () (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H)
    (A B C D E F G H I) (A B C D E F G H I J) (A B C D E F G H I J K) (A B C D E F G H I J K L)
}

/// As pairs, in the order written.
pub(super) fn pairs<O>(expected: impl Expected<O>) -> Vec<(&'static str, AnyValue)> {
    let mut pairs = Vec::new();
    expected.each(&mut |key, value| pairs.push((key, value)));
    pairs
}
