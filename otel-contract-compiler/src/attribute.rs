//! One type per attribute, by its class.

use super::{deprecated, docs};
use crate::here::ident;
use crate::words;
use otel_contract_definition::items::{deprecation_constant as warner, setter as taker};
use otel_contract_model::definitions::{self, contract_name, deprecated_values};
use otel_contract_model::text::line;
use otel_contract_model::{Attribute, Contract, Domain, Element, Privacy, Protect, Type, Value};
use proc_macro2::{Literal, TokenStream};

/// The type of an attribute and what it can do.
pub(super) fn expand(contract: &Contract, one: &Attribute) -> TokenStream {
    let name = ident(&one.rust.camel);
    let key = &one.key;
    let doc = docs::attribute(contract, one);
    let deprecated = deprecated(one.deprecated.as_ref());
    let head = quote! { #[doc = #doc] #deprecated };
    if let (Privacy::Personal(protect), Domain::Unbounded(Type::String)) =
        (one.privacy, &one.domain)
    {
        let protected = protected(protect);
        let newtype = one.newtype.then(|| quote! { , newtype });
        return quote! {
            #head
            #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct #name(__private::ProtectedText);
            const _: () = { __private::personal!(#name #key #protected #newtype); };
        };
    }
    match &one.domain {
        Domain::Strings { values, other } => closed_strings(&head, one, values, *other),
        Domain::Ints { values } => closed_ints(&head, one, values),
        Domain::Range { min, max } => {
            let (text, min, max) = (format!("{min} to {max}"), signed(*min), signed(*max));
            quote! {
                #head
                #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
                pub struct #name(i64);
                const _: () = { __private::ranged!(#name #key #min #max #text); };
            }
        }
        Domain::Limited { limit } => {
            let plain = plain(contract, one);
            quote! {
                #head
                #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
                pub struct #name(__private::CappedText);
                const _: () = { __private::capped!(#name #key #limit #plain); };
            }
        }
        Domain::Unbounded(Type::String) => {
            let newtype = one.newtype.then(|| quote! { newtype });
            quote! {
                #head
                #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
                pub struct #name(::std::sync::Arc<str>);
                const _: () = { __private::text!(#name #key #newtype); };
            }
        }
        Domain::Boolean | Domain::Unbounded(Type::Boolean) => {
            let into = quote! { __private::Value::Bool(value.0), |value| value.0 as u64 };
            scalar(
                &head,
                one,
                &quote!(Boolean bool),
                &quote!(Boolean),
                &quote!(Copy, Eq, PartialOrd, Ord, Hash),
                &into,
            )
        }
        Domain::Unbounded(Type::Int) => {
            let into = quote! { __private::Value::I64(value.0) };
            scalar(
                &head,
                one,
                &quote!(Int i64),
                &unbounded(),
                &quote!(Copy, Eq, PartialOrd, Ord, Hash),
                &into,
            )
        }
        Domain::Unbounded(Type::Double) => {
            let into = quote! { __private::Value::F64(value.0) };
            scalar(
                &head,
                one,
                &quote!(Double f64),
                &unbounded(),
                &quote!(Copy, PartialOrd),
                &into,
            )
        }
        Domain::Unbounded(Type::Array(element)) => array(&head, one, *element),
        // Recorded nowhere, so there is nothing to make a type of.
        Domain::Secret => TokenStream::new(),
    }
}

fn closed_strings(
    head: &TokenStream,
    one: &Attribute,
    values: &[Value<String>],
    other: bool,
) -> TokenStream {
    let name = ident(&one.rust.camel);
    let key = &one.key;
    let variants = values.iter().map(variant);
    let pairs = values.iter().map(|value| {
        let (variant, text) = (ident(&value.variant), &value.value);
        quote! { #variant = #text, }
    });
    let other_variant = other.then(|| {
        quote! {
            /// A value the contract does not know, recorded as `_OTHER`.
            Other,
        }
    });
    let other = other.then(|| quote! { Other });
    quote! {
        #head
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum #name {
            #(#variants)*
            #other_variant
        }
        const _: () = { __private::closed_strings!(#name #key [#(#pairs)*] #other); };
    }
}

fn closed_ints(head: &TokenStream, one: &Attribute, values: &[Value<i64>]) -> TokenStream {
    let name = ident(&one.rust.camel);
    let key = &one.key;
    let variants = values.iter().map(variant);
    let pairs = values.iter().map(|value| {
        let (variant, text, value) = (
            ident(&value.variant),
            value.value.to_string(),
            signed(value.value),
        );
        quote! { #variant = #value #text, }
    });
    quote! {
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
    quote! { #[doc = #doc] #deprecated #variant, }
}

fn scalar(
    head: &TokenStream,
    one: &Attribute,
    kind_and_held: &TokenStream,
    values: &TokenStream,
    derives: &TokenStream,
    into: &TokenStream,
) -> TokenStream {
    let name = ident(&one.rust.camel);
    let key = &one.key;
    let held: TokenStream = kind_and_held.clone().into_iter().skip(1).collect();
    quote! {
        #head
        #[derive(Clone, Debug, PartialEq, #derives)]
        pub struct #name(#held);
        const _: () = { __private::scalar!(#name #key #kind_and_held, #values, |value| #into); };
    }
}

fn array(head: &TokenStream, one: &Attribute, element: Element) -> TokenStream {
    let (kind_and_held, variant, derives) = match element {
        Element::String => (
            quote!(TextArray::std::vec::Vec<__private::StringValue>),
            quote!(String),
            quote!(Eq, Hash),
        ),
        Element::Int => (
            quote!(IntArray::std::vec::Vec<i64>),
            quote!(I64),
            quote!(Eq, Hash),
        ),
        Element::Double => (
            quote!(DoubleArray::std::vec::Vec<f64>),
            quote!(F64),
            quote!(PartialOrd),
        ),
        Element::Boolean => (
            quote!(BooleanArray::std::vec::Vec<bool>),
            quote!(Bool),
            quote!(Eq, Hash),
        ),
    };
    let into = quote! { __private::Value::Array(__private::Array::#variant(value.0)) };
    scalar(head, one, &kind_and_held, &unbounded(), &derives, &into)
}

/// A bounded attribute of the resource alone takes plain strings: it is set once, and nothing is capped.
fn plain(contract: &Contract, one: &Attribute) -> Option<TokenStream> {
    takes_plain(contract, one).then(|| quote! { plain })
}

/// Whether a bounded attribute takes plain strings.
pub(super) fn takes_plain(contract: &Contract, one: &Attribute) -> bool {
    !one.newtype && definitions::is_of_resource_alone(contract, one)
}

fn unbounded() -> TokenStream {
    quote! { Unbounded }
}

fn protected(protect: Protect) -> TokenStream {
    match protect {
        Protect::Hash => quote! { __private::Protected::Hash },
        Protect::Mask => quote! { __private::Protected::Mask },
        Protect::KeepLast(count) => quote! { __private::Protected::KeepLast(#count as usize) },
    }
}

/// A literal pattern, also for negative numbers: `macro_rules` takes `-5` as one literal.
fn signed(value: i64) -> Literal {
    Literal::i64_suffixed(value)
}

/// The trait of what may be given for an attribute; its messages say what the attribute takes.
pub(super) fn given(contract: &Contract, one: &Attribute) -> TokenStream {
    let name = ident(&one.rust.camel);
    let key = braces(&one.key);
    let message = match one.domain {
        Domain::Limited { limit } if !takes_plain(contract, one) => {
            format!("`{{Self}}` may have any number of values, and `{key}` records {limit}")
        }
        _ => format!("`{{Self}}` is not a value of `{key}`"),
    };
    let label = braces(&expected(contract, one));
    let fix = braces(&fix(contract, one));
    let note = braces(&format!("contract {}, {}", contract_name(contract), one.at));
    quote! {
        #[diagnostic::on_unimplemented(message = #message, label = #label, note = #fix, note = #note)]
        pub trait #name<Given>: __private::Give<super::#name, Given> {}

        #[diagnostic::do_not_recommend]
        impl<T, Given> #name<Given> for T
        where
            T: __private::Give<super::#name, Given> + ?::core::marker::Sized,
        {
        }

        #[doc(hidden)]
        impl super::#name {
            pub fn __from_given<Given: __private::Certain>(
                value: &(impl #name<Given> + ?::core::marker::Sized),
            ) -> Self {
                __private::certainly(__private::Give::<Self, Given>::give(value))
            }
        }
    }
}

fn expected(contract: &Contract, one: &Attribute) -> String {
    let path = format!("`{}::{}`", contract.name, one.rust.camel);
    match &one.domain {
        Domain::Strings { .. } | Domain::Ints { .. } | Domain::Range { .. } => {
            format!(
                "expected {path}: {}",
                words::allowed(one).unwrap_or_default()
            )
        }
        Domain::Limited { .. } if !takes_plain(contract, one) => format!("expected {path}"),
        Domain::Unbounded(Type::String) if one.newtype => {
            format!("expected {path}; other strings are not taken")
        }
        Domain::Limited { .. } | Domain::Unbounded(Type::String) => {
            format!("expected a string or {path}")
        }
        Domain::Boolean | Domain::Unbounded(Type::Boolean) => format!("expected `bool` or {path}"),
        Domain::Unbounded(Type::Int) => format!("expected an integer or {path}"),
        Domain::Unbounded(Type::Double) => format!("expected a floating point number or {path}"),
        Domain::Unbounded(Type::Array(element)) => {
            format!(
                "expected a slice, array or `Vec` of {}, or {path}",
                definitions::elements(*element)
            )
        }
        Domain::Secret => String::new(),
    }
}

fn fix(contract: &Contract, one: &Attribute) -> String {
    let path = format!("{}::{}", contract.name, one.rust.camel);
    match &one.domain {
        Domain::Strings { other: true, .. } => format!(
            "parse it with `{path}::from_str_or_other`, or derive `AttributeValue` for an enum of your own"
        ),
        Domain::Strings { .. } => format!(
            "parse it (`value.parse::<{path}>()`), or derive `AttributeValue` for an enum of your own"
        ),
        Domain::Ints { .. } => format!("convert it with `{path}::try_from(value)`"),
        Domain::Range { .. } => {
            format!(
                "make it with `{path}::new(value)`, which checks, or `{path}::saturating(value)`"
            )
        }
        Domain::Limited { limit } if !takes_plain(contract, one) => format!(
            "make it with `{path}::capped(text)`: the first {limit} values are recorded, later ones as `_OTHER`"
        ),
        Domain::Unbounded(Type::String) if one.newtype => {
            format!("make it with `{path}::new(value)` where the value is known to be one")
        }
        Domain::Limited { .. } | Domain::Boolean | Domain::Unbounded(_) | Domain::Secret => {
            "derive `AttributeValue` for a type of your own".to_owned()
        }
    }
}

/// The texts of `on_unimplemented` are format strings, and one line each.
pub(super) fn braces(text: &str) -> String {
    line(text).replace('{', "{{").replace('}', "}}")
}

/// What the macros pass values of an attribute through, once for the whole contract: a function where
/// it may be left out, one where it is required, and what warns of deprecated literals.
pub(super) fn take(one: &Attribute) -> TokenStream {
    let (snake, camel) = (one.rust.snake.as_str(), ident(&one.rust.camel));
    let (optional, required) = (ident(&taker(snake, false)), ident(&taker(snake, true)));
    let deprecated = deprecated(one.deprecated.as_ref());
    let own_warner = deprecated.as_ref().map(|deprecated| {
        let warner = ident(&warner(snake));
        quote! { #deprecated pub const #warner: () = (); }
    });
    let value_warners = deprecated_values(one).map(|(_, variant, deprecated)| {
        let warner = ident(&warner(&format!("{snake}_{variant}")));
        let deprecated = super::deprecated(Some(deprecated));
        quote! { #deprecated pub const #warner: () = (); }
    });
    quote! {
        #(#value_warners)*
        #own_warner

        #deprecated
        #[inline]
        pub fn #optional<Given>(
            value: &(impl __given::#camel<Given> + ?::core::marker::Sized),
        ) -> ::core::option::Option<__private::Recorded<'_>> {
            __private::Give::<#camel, Given>::record(value)
        }

        #deprecated
        #[inline]
        pub fn #required<Given: __private::Certain>(
            value: &(impl __given::#camel<Given> + ?::core::marker::Sized),
        ) -> ::core::option::Option<__private::Recorded<'_>> {
            __private::Give::<#camel, Given>::record(value)
        }
    }
}
