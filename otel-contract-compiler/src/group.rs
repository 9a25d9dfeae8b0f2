//! One struct per group, filled by the fields a group always has.

use super::docs;
use crate::here::ident;
use otel_contract_model::{AttributeUse, Contract, Group, RequirementLevel};
use proc_macro2::TokenStream;

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
    }
}

/// The public field of a required attribute.
pub(super) fn field(contract: &Contract, used: &AttributeUse) -> TokenStream {
    let one = &contract[used.attribute];
    let (field, camel) = (ident(&one.rust.snake), ident(&one.rust.camel));
    let doc = format!("`{}`: {}", one.key, docs::phrase(&one.brief));
    quote! { #[doc = #doc] pub #field: #camel, }
}

/// Hands the value of a field over.
pub(super) fn record(contract: &Contract, index: usize, used: &AttributeUse) -> TokenStream {
    let field = ident(&contract[used.attribute].rust.snake);
    quote! {
        __private::own(set, #index, &self.#field);
    }
}
