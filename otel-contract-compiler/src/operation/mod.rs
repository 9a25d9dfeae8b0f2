//! The struct of each operation, with a field for each required attribute; its builder, with setters for the optional
//! attributes; and its handle, with setters for all attributes that the sampler does not read.

mod builder;

use super::{docs, group};
use crate::location::ident;
use crate::tokens::deprecated;
use otel_contract_definition::items;
use otel_contract_model::{
    AttributeId, AttributeUse, Contract, Group, Operation, RequirementLevel,
};
use proc_macro2::TokenStream;
use quote::format_ident;

pub(super) fn expand(contract: &Contract, index: usize, operation: &Operation) -> TokenStream {
    let uses = contract.uses(operation);
    let fields = Fields::of(contract, operation, &uses);
    let declaration = declaration(contract, operation, &fields);
    let implementation = implement_operation(operation, index);
    let group = implement_group(contract, operation, &fields);
    let hidden = hidden_functions(contract, operation);
    let builder_and_handle = builder::builder_and_handle(contract, operation, &uses, &declaration);
    quote_located! {
        #declaration
        #implementation
        #group
        #hidden
        #builder_and_handle
    }
}

/// The fields of an operation's struct.
struct Fields<'a> {
    /// Required attributes of the operation itself, with their indices among the attributes of the operation.
    own: Vec<(usize, &'a AttributeUse)>,
    /// Groups with required attributes.
    groups: Vec<GroupField<'a>>,
}

struct GroupField<'a> {
    group: &'a Group,
    /// Indices among the attributes of the operation, in the order of the group's attributes.
    indices: Vec<usize>,
}

impl<'a> Fields<'a> {
    fn of(contract: &'a Contract, operation: &Operation, uses: &[&'a AttributeUse]) -> Self {
        let is_required = |used: &AttributeUse| used.level == RequirementLevel::Required;
        let index = |id: AttributeId| {
            let position = uses.iter().position(|used| used.attribute == id);
            position.unwrap_or_default()
        };
        let groups: Vec<GroupField<'_>> = operation
            .groups
            .iter()
            .map(|id| &contract[*id])
            .filter(|group| group.attributes.iter().any(is_required))
            .map(|group| {
                let attributes = group.attributes.iter();
                let indices = attributes.map(|used| index(used.attribute)).collect();
                GroupField { group, indices }
            })
            .collect();
        let is_in_group = |id: AttributeId| {
            let requires = |used: &AttributeUse| used.attribute == id && is_required(used);
            let mut groups = groups.iter();
            groups.any(|field| field.group.attributes.iter().any(requires))
        };
        let indexed = uses.iter().copied().enumerate();
        let own = indexed
            .filter(|(_, used)| is_required(used) && !is_in_group(used.attribute))
            .collect();
        Self { own, groups }
    }
}

fn declaration(contract: &Contract, operation: &Operation, fields: &Fields<'_>) -> TokenStream {
    let name = ident(&operation.rust.camel);
    let doc = docs::operation(contract, operation);
    let deprecated = deprecated(operation.life_cycle.deprecated.as_ref());
    let own = fields
        .own
        .iter()
        .map(|(_, used)| group::field(contract, used));
    let groups = fields.groups.iter().map(|GroupField { group, .. }| {
        let (field, camel) = (ident(&group.rust.snake), ident(&group.rust.camel));
        let doc = format!("Group `{}`.", group.name);
        quote_located! { #[doc = #doc] pub #field: #camel, }
    });
    quote_located! {
        #[doc = #doc]
        #deprecated
        #[derive(Clone, Debug, PartialEq)]
        pub struct #name {
            #(#own)*
            #(#groups)*
        }
    }
}

fn implement_operation(operation: &Operation, index: usize) -> TokenStream {
    let name = ident(&operation.rust.camel);
    let handle = format_ident!("{}Handle", name);
    quote_located! {
        impl __private::Operation for #name {
            #[inline]
            fn definition() -> &'static __private::OperationDefinition {
                &__CONTRACT.operations[#index]
            }
            fn contract() -> &'static __private::description::Contract {
                &CONTRACT
            }
            type ErrorType = ErrorType;
            type Handle = #handle;
            type Attributes = __Attributes;
            fn handle(handle: __private::Handle) -> #handle {
                #handle(handle)
            }
        }
    }
}

/// Generates the impl through which the struct sets the attributes of the operation.
fn implement_group(contract: &Contract, operation: &Operation, fields: &Fields<'_>) -> TokenStream {
    let name = ident(&operation.rust.camel);
    let own = fields
        .own
        .iter()
        .map(|(index, used)| group::record(contract, *index, used));
    let groups = fields.groups.iter().map(|GroupField { group, indices }| {
        let field = ident(&group.rust.snake);
        quote_located! {
            __private::AttributeGroup::record(&self.#field, &mut |index, value| {
                const INDICES: &[usize] = &[#(#indices),*];
                set(INDICES[index], value);
            });
        }
    });
    quote_located! {
        #[diagnostic::do_not_recommend]
        impl __private::AttributeGroup<#name> for #name {
            fn record(
                &self,
                set: &mut __private::AttributeSink<'_>,
            ) {
                let _ = &set;
                #(#own)*
                #(#groups)*
            }
        }
    }
}

/// Generates functions that the expansion of `#[instrumented_operation]` calls.
fn hidden_functions(contract: &Contract, operation: &Operation) -> TokenStream {
    let name = ident(&operation.rust.camel);
    let groups = operation.groups.iter().map(|id| &contract[*id].rust);
    let group_setters = groups.chain([&operation.rust]).map(|rust| {
        let (setter, camel) = (ident(&items::group_setter(&rust.snake)), ident(&rust.camel));
        quote_located! {
            pub fn #setter(
                value: &(impl __private::AttributeGroup<#camel> + ?::core::marker::Sized),
                set: &mut __private::AttributeSink<'_>,
            ) {
                __private::AttributeGroup::<#camel>::record(value, set);
            }
        }
    });
    let error = accepted_error(operation);
    let listed_class = listed_class(contract, operation);
    quote_located! {
        #[doc(hidden)]
        impl #name {
            #(#group_setters)*

            pub fn __outcome<'a, T, E: #error>(
                result: ::core::result::Result<&'a T, &'a E>,
            ) -> ::core::result::Result<&'a T, __private::Failure> {
                result.map_err(__Attributes::failure)
            }

            pub fn __classified(
                class: impl __private::IntoClass<ErrorType>,
            ) -> ::core::option::Option<__private::Failure> {
                let class = class.into_class()?;
                ::core::option::Option::Some(__private::Failure::from(#listed_class))
            }
        }
    }
}

/// Generates the bound on error types: any class of the contract, or only the listed classes.
fn accepted_error(operation: &Operation) -> TokenStream {
    let name = ident(&operation.rust.camel);
    match &operation.errors {
        None => quote_located! { ErrorClass },
        Some(_) => quote_located! { __FailsWith<#name> },
    }
}

/// Returns the class that `err(…)` returned. If the operation does not list the class, `_OTHER` is recorded; such a
/// class is known only at run time.
fn listed_class(contract: &Contract, operation: &Operation) -> TokenStream {
    let Some(errors) = &operation.errors else {
        return quote_located! { class };
    };
    let listed = errors
        .iter()
        .map(|error| ident(&contract[*error].rust.camel));
    quote_located! {
        match class {
            #(ErrorType::#listed => class,)*
            _ => ErrorType::Other,
        }
    }
}
