//! The struct of each operation, with a field for each required attribute; its builder and its handle, with setters for
//! the other attributes.

use super::{deprecated, docs, group};
use crate::location::ident;
use crate::setter::{Reserved, Setter};
use otel_contract_definition::items;
use otel_contract_model::definitions::old_attributes;
use otel_contract_model::{
    AttributeId, AttributeUse, Contract, Group, Operation, RequirementLevel,
};
use proc_macro2::{Ident, TokenStream};
use quote::format_ident;

/// Methods of the runtime's `Active`, which dereferences to the handle.
const OF_ACTIVE: [&str; 5] = ["context", "fail", "handle", "in_context", "succeed"];

pub(super) fn expand(contract: &Contract, index: usize, operation: &Operation) -> TokenStream {
    let uses = contract.uses(operation);
    let fields = Fields::of(contract, operation, &uses);
    let declaration = declaration(contract, operation, &fields);
    let implementation = implement_operation(operation, index);
    let group = implement_group(contract, operation, &fields);
    let hidden = hidden_functions(contract, operation);
    let builder_and_handle = builder_and_handle(contract, operation, &uses, &declaration);
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
            let mut attributes = groups.iter().flat_map(|field| &field.group.attributes);
            attributes.any(|used| used.attribute == id && is_required(used))
        };
        let own = uses.iter().copied().enumerate();
        let own = own
            .filter(|(_, used)| is_required(used) && !is_in_group(used.attribute))
            .collect();
        Self { own, groups }
    }
}

fn declaration(contract: &Contract, operation: &Operation, fields: &Fields<'_>) -> TokenStream {
    let name = ident(&operation.rust.camel);
    let doc = docs::operation(contract, operation);
    let deprecated = deprecated(operation.deprecated.as_ref());
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

/// The impl with which the struct sets the operation's attributes.
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

/// Functions that the expansion of `#[instrumented_operation]` calls.
fn hidden_functions(contract: &Contract, operation: &Operation) -> TokenStream {
    let name = ident(&operation.rust.camel);
    let groups = operation.groups.iter().map(|id| &contract[*id].rust);
    let group_setters = groups.chain([&operation.rust]).map(|rust| {
        let (setter, camel) = (ident(&items::filler(&rust.snake)), ident(&rust.camel));
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

/// The bound on error types: any class of the contract, or only the listed classes.
fn accepted_error(operation: &Operation) -> TokenStream {
    let name = ident(&operation.rust.camel);
    match &operation.errors {
        None => quote_located! { ErrorClass },
        Some(_) => quote_located! { __FailsWith<#name> },
    }
}

/// The class that `err(…)` returned. A class that the operation does not list, and that is known only at run time, is
/// recorded as `_OTHER`.
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

// Documentation of methods of an operation and of its builder. Strings, because `quote!` re-tokenizes doc comments on
// every use.
const PARENT: &str = "Starts the operation under this parent instead of the current context.";
const LINK: &str = "Links another span that led to this operation.";
const START: &str = "Starts the operation; the caller ends it.";
const RUN: &str = "Runs a future as this operation, which starts at the first poll.\n\n# Errors\n\nReturns the error of the future.";

/// Makes the setters of an operation.
struct Setters<'a> {
    contract: &'a Contract,
    uses: &'a [&'a AttributeUse],
    reserved: Reserved,
}

impl<'a> Setters<'a> {
    /// The setters of some attributes, each with its index among the attributes of the operation: under the name of the
    /// attribute, and under old names, with a deprecation.
    fn of(&self, is_set: impl Fn(&AttributeUse) -> bool) -> Vec<(usize, Setter<'a>)> {
        let uses = self.uses.iter().enumerate();
        let set = uses.filter(|(_, used)| is_set(used));
        set.flat_map(|(index, used)| {
            let current = || {
                let setter = Setter::of(&self.contract[used.attribute], &self.reserved);
                if used.level == RequirementLevel::OnSuccess {
                    setter.refusing_options()
                } else {
                    setter
                }
            };
            let old = old_attributes(self.contract, self.uses, used).into_iter();
            let old = old.map(|old| current().renamed(old, &self.reserved));
            let all: Vec<_> = [current()].into_iter().chain(old).collect();
            all.into_iter().map(move |setter| (index, setter))
        })
        .collect()
    }
}

/// The builder, the methods of the operation that start it, and the handle.
fn builder_and_handle(
    contract: &Contract,
    operation: &Operation,
    uses: &[&AttributeUse],
    operation_declaration: &TokenStream,
) -> TokenStream {
    let name = ident(&operation.rust.camel);
    let builder = format_ident!("{}Builder", name);
    let methods = builder_methods(operation);
    let declaration = builder_declaration(&name, &builder);
    let other_items = quote_located! { #operation_declaration #declaration #methods };
    let reserved = Reserved::in_tokens(&other_items).and(&OF_ACTIVE);
    let setters = Setters {
        contract,
        uses,
        reserved,
    };
    let is_optional = |used: &AttributeUse| {
        !matches!(
            used.level,
            RequirementLevel::Required | RequirementLevel::OnSuccess
        )
    };
    let optional = setters.of(is_optional);
    let builder_setters = optional.iter().map(|(index, setter)| {
        let body = quote_located! {
            self.0.give::<_, Given>(#index, &value);
            self
        };
        setter.method(
            &quote_located! { mut self },
            &quote_located! { Self },
            &body,
        )
    });
    let starters = optional.iter().map(|(_, setter)| {
        let method = &setter.name;
        let body = quote_located! { #builder::from(self).#method(value) };
        setter.method(
            &quote_located! { self },
            &quote_located! { #builder },
            &body,
        )
    });
    let starting_methods = starting_methods(operation, &builder);
    let handle = handle(&name, &setters);
    quote_located! {
        impl #name {
            #(#starters)*
            #starting_methods
        }

        #declaration

        impl #builder {
            #(#builder_setters)*
            #methods
        }

        #handle
    }
}

fn builder_declaration(name: &Ident, builder: &Ident) -> TokenStream {
    let doc = format!("[`{name}`] with its optional attributes, before it starts.");
    quote_located! {
        #[doc = #doc]
        #[derive(Debug)]
        pub struct #builder(__private::Prepared);

        impl ::core::convert::From<#name> for #builder {
            fn from(operation: #name) -> Self {
                Self(__private::Prepared::new(&operation))
            }
        }
    }
}

/// Methods of the builder that do not set an attribute.
fn builder_methods(operation: &Operation) -> TokenStream {
    let name = ident(&operation.rust.camel);
    let error = accepted_error(operation);
    quote_located! {
        #[doc = #PARENT]
        #[must_use]
        pub fn parent(mut self, parent: impl __private::IntoParent) -> Self {
            self.0.parent(&parent);
            self
        }

        #[doc = #LINK]
        #[must_use]
        pub fn link(mut self, link: impl __private::IntoLink) -> Self {
            self.0.link(&link);
            self
        }

        #[doc = #START]
        pub fn start(self) -> __private::Active<#name> {
            __private::Active::new(self.0.start())
        }

        #[doc = #RUN]
        pub fn run<T, E: #error, F>(
            self,
            body: F,
        ) -> impl ::core::future::Future<Output = ::core::result::Result<T, E>>
        where
            F: ::core::future::Future<Output = ::core::result::Result<T, E>>,
        {
            __private::run_result(move || self.0.start(), body, __Attributes::failure::<E>)
        }
    }
}

/// The same methods of the operation's struct, which start the builder.
fn starting_methods(operation: &Operation, builder: &Ident) -> TokenStream {
    let error = accepted_error(operation);
    quote_located! {
        #[doc = #PARENT]
        #[must_use]
        pub fn parent(self, parent: impl __private::IntoParent) -> #builder {
            #builder::from(self).parent(parent)
        }

        #[doc = #LINK]
        #[must_use]
        pub fn link(self, link: impl __private::IntoLink) -> #builder {
            #builder::from(self).link(link)
        }

        #[doc = #START]
        pub fn start(self) -> __private::Active<Self> {
            #builder::from(self).start()
        }

        #[doc = #RUN]
        pub fn run<T, E: #error, F>(
            self,
            body: F,
        ) -> impl ::core::future::Future<Output = ::core::result::Result<T, E>>
        where
            F: ::core::future::Future<Output = ::core::result::Result<T, E>>,
        {
            #builder::from(self).run(body)
        }
    }
}

fn handle(name: &Ident, setters: &Setters<'_>) -> TokenStream {
    let handle = format_ident!("{}Handle", name);
    let doc = format!(
        "Sets attributes of an active [`{name}`]: the last value of each is exported when it ends."
    );
    // An attribute that the sampler has read cannot change any more.
    let late = setters.of(|used| !used.sampling_relevant);
    let methods = late.into_iter().map(|(index, setter)| {
        let body = quote_located! { self.0.give::<_, Given>(#index, &value); };
        setter
            .not_must_use()
            .method(&quote_located! { &self }, &quote_located! { () }, &body)
    });
    quote_located! {
        #[doc = #doc]
        #[derive(Clone, Debug, Default)]
        pub struct #handle(__private::Handle);

        impl #handle {
            #(#methods)*
        }
    }
}
