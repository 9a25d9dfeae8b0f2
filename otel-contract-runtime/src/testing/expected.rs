//! Expected attributes of an operation, a metric or an event, as values of the contract's types.

use super::sdk::any_value;
use crate::attribute::Attribute;
use opentelemetry::logs::AnyValue;

/// Expected attributes of `O`, an operation, a metric or an event: one attribute, such as
/// `billing::OrderId::new("ord_1")`, or a tuple of attributes. `contract!` implements this trait for the type of each
/// attribute of an operation or an event and each dimension of a metric.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an attribute of `{O}`",
    label = "expected an attribute of `{O}`, or a tuple of its attributes",
    note = "a test can expect only attributes that the contract lists for `{O}`, as values of the contract's types"
)]
pub trait Expected<O> {
    /// Passes each key and value to `sink`.
    #[doc(hidden)]
    fn each(self, sink: &mut ExpectedSink<'_>);
}

/// Function that receives each expected key and value.
#[doc(hidden)]
pub type ExpectedSink<'a> = dyn FnMut(&'static str, AnyValue) + 'a;

/// Body of the generated implementations of [`Expected`].
#[doc(hidden)]
pub fn expect_attribute<A: Attribute>(attribute: A, sink: &mut ExpectedSink<'_>) {
    sink(A::KEY, any_value(attribute.into_value()));
}

macro_rules! tuples {
    ($(($($name:ident)*))*) => {$(
        impl<Op, $($name: Expected<Op>),*> Expected<Op> for ($($name,)*) {
            #[allow(non_snake_case, unused_variables)]
            fn each(self, sink: &mut ExpectedSink<'_>) {
                let ($($name,)*) = self;
                $($name.each(sink);)*
            }
        }
    )*};
}

tuples! {
    () (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H)
    (A B C D E F G H I) (A B C D E F G H I J) (A B C D E F G H I J K) (A B C D E F G H I J K L)
}

/// Returns the expected attributes as pairs, in the order of the tuple.
pub(super) fn pairs<O>(expected: impl Expected<O>) -> Vec<(&'static str, AnyValue)> {
    let mut pairs = Vec::new();
    expected.each(&mut |key, value| pairs.push((key, value)));
    pairs
}
