//! Attributes that are being renamed: values are recorded under both keys, and old types convert into new types.

use crate::location::ident;
use otel_contract_model::{Attribute, Contract, Domain, Value};
use proc_macro2::TokenStream;

/// Returns pairs of keys. A value that is recorded under the first key is also recorded under the second key.
pub(super) fn keys(contract: &Contract) -> TokenStream {
    let mut pairs = Vec::new();
    for attribute in &contract.attributes {
        for other in contract.recorded_with(attribute) {
            let (key, other) = (&attribute.key, &other.key);
            pairs.push(quote_located! { (#key, #other) });
        }
    }
    quote_located! { &[#(#pairs),*] }
}

/// Generates conversions from the type of an old attribute to the type of its replacement, if both record the same
/// values.
pub(super) fn expand(contract: &Contract) -> TokenStream {
    let mut conversions = TokenStream::new();
    for old in &contract.attributes {
        let new = old.successor().and_then(|key| contract.attribute(key));
        if let Some(new) = new
            && old.privacy == new.privacy
            && old.domain.has_same_values_as(&new.domain)
        {
            conversions.extend(conversion(old, new));
        }
    }
    conversions
}

fn conversion(old: &Attribute, new: &Attribute) -> TokenStream {
    let (from, to) = (ident(&old.rust.camel), ident(&new.rust.camel));
    let value = match (&old.domain, &new.domain) {
        (Domain::Strings { values, other }, Domain::Strings { values: now, .. }) => {
            let arms = arms(&from, &to, values, now);
            let other = other.then(|| quote_located! { #from::Other => #to::Other, });
            quote_located! { match self { #arms #other } }
        }
        (Domain::Ints { values }, Domain::Ints { values: now }) => {
            let arms = arms(&from, &to, values, now);
            quote_located! { match self { #arms } }
        }
        _ => quote_located! { #to(::core::clone::Clone::clone(&self.0)) },
    };
    quote_located! {
        impl __private::AttributeValue<#to> for #from {
            fn to_attribute(&self) -> #to {
                #value
            }
        }
    }
}

fn arms<T>(
    from: &proc_macro2::Ident,
    to: &proc_macro2::Ident,
    old: &[Value<T>],
    new: &[Value<T>],
) -> TokenStream {
    let mut arms = TokenStream::new();
    for (old, new) in old.iter().zip(new) {
        let (old, new) = (ident(&old.variant), ident(&new.variant));
        arms.extend(quote_located! { #from::#old => #to::#new, });
    }
    arms
}
