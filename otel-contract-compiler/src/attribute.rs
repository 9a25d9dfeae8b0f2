//! The type of each attribute, by its cardinality and privacy class.

use super::docs;
use crate::location::ident;
use crate::messages;
use crate::tokens::deprecated;
use crate::words::takes_plain;
use otel_contract_definition::items::{deprecation_constant, setter};
use otel_contract_model::definitions::deprecated_values;
use otel_contract_model::{Attribute, Contract, Domain, Element, Privacy, Protect, Type, Value};
use proc_macro2::{Literal, TokenStream};

/// Generates the type of an attribute and its impls.
pub(super) fn expand(contract: &Contract, attribute: &Attribute) -> TokenStream {
    let name = ident(&attribute.rust.camel);
    let key = &attribute.key;
    let doc = docs::attribute(contract, attribute);
    let deprecated = deprecated(attribute.life_cycle.deprecated.as_ref());
    let head = quote_located! { #[doc = #doc] #deprecated };
    if let (Privacy::Personal(protect), Domain::Unbounded(Type::String)) =
        (attribute.privacy, &attribute.domain)
    {
        let protected = protected(protect);
        let newtype = attribute.newtype.then(|| quote_located! { , newtype });
        return quote_located! {
            #head
            #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct #name(__private::ProtectedText);
            const _: () = { __private::personal!(#name #key #protected #newtype); };
        };
    }
    match &attribute.domain {
        Domain::Strings { values, other } => closed_strings(&head, attribute, values, *other),
        Domain::Ints { values } => closed_ints(&head, attribute, values),
        Domain::Range { min, max } => {
            let (text, min, max) = (format!("{min} to {max}"), signed(*min), signed(*max));
            quote_located! {
                #head
                #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
                pub struct #name(i64);
                const _: () = { __private::ranged!(#name #key #min #max #text); };
            }
        }
        Domain::Limited { limit } => {
            let plain = plain(contract, attribute);
            quote_located! {
                #head
                #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
                pub struct #name(__private::CappedText);
                const _: () = { __private::capped!(#name #key #limit #plain); };
            }
        }
        Domain::Unbounded(Type::String) => {
            let newtype = attribute.newtype.then(|| quote_located! { newtype });
            quote_located! {
                #head
                #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
                pub struct #name(::std::sync::Arc<str>);
                const _: () = { __private::text!(#name #key #newtype); };
            }
        }
        Domain::Boolean | Domain::Unbounded(Type::Boolean) => {
            Scalar::boolean().expand(&head, attribute)
        }
        Domain::Unbounded(Type::Int) => Scalar::int().expand(&head, attribute),
        Domain::Unbounded(Type::Double) => Scalar::double().expand(&head, attribute),
        Domain::Unbounded(Type::Array(element)) => Scalar::array(*element).expand(&head, attribute),
        // A secret attribute is never recorded, so it has no type.
        Domain::Secret => TokenStream::new(),
    }
}

fn closed_strings(
    head: &TokenStream,
    attribute: &Attribute,
    values: &[Value<String>],
    other: bool,
) -> TokenStream {
    let name = ident(&attribute.rust.camel);
    let key = &attribute.key;
    let variants = values.iter().map(variant);
    let pairs = values.iter().map(|value| {
        let (variant, text) = (ident(&value.variant), &value.value);
        quote_located! { #variant = #text, }
    });
    let other_variant = other.then(|| {
        quote_located! {
            /// A value that the contract does not list, recorded as `_OTHER`.
            Other,
        }
    });
    let other = other.then(|| quote_located! { Other });
    quote_located! {
        #head
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum #name {
            #(#variants)*
            #other_variant
        }
        const _: () = { __private::closed_strings!(#name #key [#(#pairs)*] #other); };
    }
}

fn closed_ints(head: &TokenStream, attribute: &Attribute, values: &[Value<i64>]) -> TokenStream {
    let name = ident(&attribute.rust.camel);
    let key = &attribute.key;
    let variants = values.iter().map(variant);
    let pairs = values.iter().map(|value| {
        let (variant, text, value) = (
            ident(&value.variant),
            value.value.to_string(),
            signed(value.value),
        );
        quote_located! { #variant = #value #text, }
    });
    quote_located! {
        #head
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum #name {
            #(#variants)*
        }
        const _: () = { __private::closed_ints!(#name #key [#(#pairs)*]); };
    }
}

fn variant<T: std::fmt::Display>(value: &Value<T>) -> TokenStream {
    let text = docs::code(&value.value.to_string());
    let doc = match value.brief.as_str() {
        "" => text,
        brief => format!("{text}: {}", docs::phrase(brief)),
    };
    let deprecated = deprecated(value.deprecated.as_ref());
    let variant = ident(&value.variant);
    quote_located! { #[doc = #doc] #deprecated #variant, }
}

/// The input of the runtime's macro `scalar!`, which generates a type with one unchecked value.
struct Scalar {
    /// The kind of plain Rust values that convert into the type.
    kind: TokenStream,
    inner: TokenStream,
    values: TokenStream,
    derives: TokenStream,
    /// Closures that convert the type for recording.
    conversions: TokenStream,
}

impl Scalar {
    fn boolean() -> Self {
        Self {
            kind: quote_located! { Boolean },
            inner: quote_located! { bool },
            values: quote_located! { Boolean },
            derives: quote_located! { Copy, Eq, PartialOrd, Ord, Hash },
            conversions: quote_located! {
                |value| __private::Value::Bool(value.0), |value| value.0 as u64
            },
        }
    }

    fn int() -> Self {
        Self {
            kind: quote_located! { Int },
            inner: quote_located! { i64 },
            values: unbounded(),
            derives: quote_located! { Copy, Eq, PartialOrd, Ord, Hash },
            conversions: quote_located! { |value| __private::Value::I64(value.0) },
        }
    }

    fn double() -> Self {
        Self {
            kind: quote_located! { Double },
            inner: quote_located! { f64 },
            values: unbounded(),
            derives: quote_located! { Copy, PartialOrd },
            conversions: quote_located! { |value| __private::Value::F64(value.0) },
        }
    }

    fn array(element: Element) -> Self {
        let (kind, inner, variant, derives) = match element {
            Element::String => (
                quote_located! { TextArray },
                quote_located! { __private::StringValue },
                quote_located! { String },
                quote_located! { Eq, Hash },
            ),
            Element::Int => (
                quote_located! { IntArray },
                quote_located! { i64 },
                quote_located! { I64 },
                quote_located! { Eq, Hash },
            ),
            Element::Double => (
                quote_located! { DoubleArray },
                quote_located! { f64 },
                quote_located! { F64 },
                quote_located! { PartialOrd },
            ),
            Element::Boolean => (
                quote_located! { BooleanArray },
                quote_located! { bool },
                quote_located! { Bool },
                quote_located! { Eq, Hash },
            ),
        };
        Self {
            kind,
            inner: quote_located! { ::std::vec::Vec<#inner> },
            values: unbounded(),
            derives,
            conversions: quote_located! {
                |value| __private::Value::Array(__private::Array::#variant(value.0))
            },
        }
    }

    fn expand(&self, head: &TokenStream, attribute: &Attribute) -> TokenStream {
        let (name, key) = (ident(&attribute.rust.camel), &attribute.key);
        let Self {
            kind,
            inner,
            values,
            derives,
            conversions,
        } = self;
        quote_located! {
            #head
            #[derive(Clone, Debug, PartialEq, #derives)]
            pub struct #name(#inner);
            const _: () = { __private::scalar!(#name #key #kind #inner, #values, #conversions); };
        }
    }
}

/// Generates the option `plain`, which makes a bounded attribute accept plain strings. Only an attribute of the resource
/// has this option: the resource is set once, so its values need no limit.
fn plain(contract: &Contract, attribute: &Attribute) -> Option<TokenStream> {
    takes_plain(contract, attribute).then(|| quote_located! { plain })
}

fn unbounded() -> TokenStream {
    quote_located! { Unbounded }
}

fn protected(protect: Protect) -> TokenStream {
    match protect {
        Protect::Hash => quote_located! { __private::Protected::Hash },
        Protect::Mask => quote_located! { __private::Protected::Mask },
        Protect::KeepLast(count) => {
            quote_located! { __private::Protected::KeepLast(#count as usize) }
        }
    }
}

/// Returns a literal pattern, also for negative numbers: `macro_rules` accepts `-5` as a single literal.
fn signed(value: i64) -> Literal {
    Literal::i64_suffixed(value)
}

/// Generates the trait of the values that the attribute accepts.
pub(super) fn accepted(contract: &Contract, attribute: &Attribute) -> TokenStream {
    let name = ident(&attribute.rust.camel);
    let unimplemented = messages::not_a_value(contract, attribute);
    quote_located! {
        #unimplemented
        pub trait #name<Given>: __private::AttributeInput<super::#name, Given> {}

        #[diagnostic::do_not_recommend]
        impl<T, Given> #name<Given> for T
        where
            T: __private::AttributeInput<super::#name, Given> + ?::core::marker::Sized,
        {
        }

        #[doc(hidden)]
        impl super::#name {
            pub fn __from_given<Given: __private::AlwaysPresent>(
                value: &(impl #name<Given> + ?::core::marker::Sized),
            ) -> Self {
                __private::expect_present(__private::AttributeInput::<Self, Given>::attribute(value))
            }
        }
    }
}

/// Generates the hidden functions that the macros call to pass a value of the attribute: one function for optional
/// values, one for required values. Also generates the deprecation constants for literals. All operations and groups of
/// the contract share these items.
pub(super) fn hidden_setters(attribute: &Attribute) -> TokenStream {
    let (snake, camel) = (attribute.rust.snake.as_str(), ident(&attribute.rust.camel));
    let (optional, required) = (ident(&setter(snake, false)), ident(&setter(snake, true)));
    let deprecated = deprecated(attribute.life_cycle.deprecated.as_ref());
    let of_attribute = deprecated.as_ref().map(|deprecated| {
        let constant = ident(&deprecation_constant(snake));
        quote_located! { #deprecated pub const #constant: () = (); }
    });
    let of_values = deprecated_values(attribute).map(|(_, variant, deprecated)| {
        let constant = ident(&deprecation_constant(&format!("{snake}_{variant}")));
        let deprecated = crate::tokens::deprecated(Some(deprecated));
        quote_located! { #deprecated pub const #constant: () = (); }
    });
    quote_located! {
        #(#of_values)*
        #of_attribute

        #deprecated
        #[inline]
        pub fn #optional<Given>(
            value: &(impl __given::#camel<Given> + ?::core::marker::Sized),
        ) -> ::core::option::Option<__private::InputValue<'_>> {
            __private::AttributeInput::<#camel, Given>::record(value)
        }

        #deprecated
        #[inline]
        pub fn #required<Given: __private::AlwaysPresent>(
            value: &(impl __given::#camel<Given> + ?::core::marker::Sized),
        ) -> ::core::option::Option<__private::InputValue<'_>> {
            __private::AttributeInput::<#camel, Given>::record(value)
        }
    }
}
