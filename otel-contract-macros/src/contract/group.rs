//! One struct per group, filled by the fields a group always has.

use super::{docs, ident, taker};
use otel_contract_model::{AttributeUse, Contract, Group, RequirementLevel};
use proc_macro2::{Span, TokenStream};
use quote::quote;

pub(super) fn expand(contract: &Contract, group: &Group) -> TokenStream {
    let name = ident(&group.rust.camel);
    let doc = docs::group(contract, group);
    let required = |(_, used): &(usize, &AttributeUse)| used.level == RequirementLevel::Required;
    let uses = || group.attributes.iter().enumerate();
    let fields = uses()
        .filter(required)
        .map(|(_, used)| field(contract, used));
    let records = uses()
        .filter(required)
        .map(|(index, used)| record(contract, index, used));
    let takers = uses().map(|(_, used)| take(contract, used));
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq)]
        pub struct #name {
            #(#fields)*
        }

        #[diagnostic::do_not_recommend]
        impl __private::AttributeGroup<#name> for #name {
            fn record(
                &self,
                set: &mut __private::AttributeSink<'_>,
            ) {
                let _ = &set;
                #(#records)*
            }
        }

        #[doc(hidden)]
        impl #name {
            #(#takers)*
        }
    }
}

/// The public field of a required attribute.
pub(super) fn field(contract: &Contract, used: &AttributeUse) -> TokenStream {
    let one = &contract[used.attribute];
    let (field, camel) = (ident(&one.rust.snake), ident(&one.rust.camel));
    let doc = format!("`{}`: {}", one.key, docs::prose(&one.brief));
    quote! { #[doc = #doc] pub #field: #camel, }
}

/// Hands the value of a field over.
pub(super) fn record(contract: &Contract, index: usize, used: &AttributeUse) -> TokenStream {
    let field = ident(&contract[used.attribute].rust.snake);
    quote! {
        set(#index, &|| ::core::option::Option::Some(
            __private::Attribute::into_value(::core::clone::Clone::clone(&self.#field)),
        ));
    }
}

/// The hidden function the macros pass values of an attribute to.
pub(super) fn take(contract: &Contract, used: &AttributeUse) -> TokenStream {
    let one = &contract[used.attribute];
    let (taker, camel) = (
        taker(&one.rust.snake, Span::call_site()),
        ident(&one.rust.camel),
    );
    let deprecated = super::deprecated(one.deprecated.as_ref());
    let certain =
        (used.level == RequirementLevel::Required).then(|| quote! { : __private::Certain });
    // `impl Trait` rather than a named parameter: one less thing for messages to mention.
    let warner = deprecated.as_ref().map(|deprecated| {
        let warner = super::warner(&one.rust.snake, Span::call_site());
        quote! { #deprecated pub const #warner: () = (); }
    });
    let value_warners =
        crate::definition::deprecated_values(one).map(|(_, variant, deprecated)| {
            let warner = super::warner(&format!("{}_{variant}", one.rust.snake), Span::call_site());
            let deprecated = super::deprecated(Some(deprecated));
            quote! { #deprecated pub const #warner: () = (); }
        });
    quote! {
        #(#value_warners)*
        #warner
        #deprecated
        #[inline]
        pub fn #taker<Given #certain>(
            value: &(impl __given::#camel<Given> + ?::core::marker::Sized),
        ) -> ::core::option::Option<__private::Value> {
            __given::#camel::give(value).map(__private::Attribute::into_value)
        }
    }
}
