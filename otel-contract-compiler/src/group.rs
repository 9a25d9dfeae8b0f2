//! The struct of each group, with a field for each required attribute.

use super::docs;
use crate::location::ident;
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
    quote_located! {
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

/// Generates the public field of a required attribute.
pub(super) fn field(contract: &Contract, used: &AttributeUse) -> TokenStream {
    let attribute = &contract[used.attribute];
    let (field, camel) = (ident(&attribute.rust.snake), ident(&attribute.rust.camel));
    let doc = docs::field(attribute);
    quote_located! { #[doc = #doc] pub #field: #camel, }
}

/// Records the value of a field.
pub(super) fn record(contract: &Contract, index: usize, used: &AttributeUse) -> TokenStream {
    let field = ident(&contract[used.attribute].rust.snake);
    quote_located! {
        __private::record_field(set, #index, &self.#field);
    }
}
