//! What a test says of attributes, in the contract's types.

use super::recording::any;
use crate::attribute::Attribute;
use crate::operation::Operation;
use opentelemetry::logs::AnyValue;

/// An operation that takes attribute `A`; implemented by `contract!`.
#[diagnostic::on_unimplemented(
    message = "operation `{Self}` does not take attribute `{A}`",
    label = "not one of its attributes in the contract",
    note = "a test can expect only what the operation may record"
)]
pub trait HasAttribute<A>: Operation {}

/// Attributes of operation `O` with their values: a value of a generated attribute type, or a tuple
/// of them.
///
/// `billing::OrderId::new("ord_1")`, `(billing::OrderId::new("ord_1"), billing::AccountTier::Pro)`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an attribute of the contract, nor a tuple of them",
    label = "expected a generated type, such as `billing::OrderId`",
    note = "give values in the contract's types, so that only what may be recorded can be expected"
)]
pub trait Expected<O> {
    /// Hands over each key and value.
    #[doc(hidden)]
    fn each(self, take: &mut dyn FnMut(&'static str, AnyValue));
}

#[diagnostic::do_not_recommend]
impl<O: HasAttribute<A>, A: Attribute> Expected<O> for A {
    fn each(self, take: &mut dyn FnMut(&'static str, AnyValue)) {
        take(A::KEY, any(self.into_value()));
    }
}

macro_rules! tuples {
    ($(($($name:ident)*))*) => {$(
        #[diagnostic::do_not_recommend]
        impl<Op, $($name: Expected<Op>),*> Expected<Op> for ($($name,)*) {
            #[allow(non_snake_case, unused_variables)]
            fn each(self, take: &mut dyn FnMut(&'static str, AnyValue)) {
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
