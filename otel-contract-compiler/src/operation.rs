//! One struct per operation: what entry requires as fields, the rest as setters.

use super::{deprecated, docs, group};
use crate::here::ident;
use otel_contract_definition::items;
use otel_contract_model::definitions::old_attributes;
use otel_contract_model::{AttributeId, AttributeUse, Contract, Operation, RequirementLevel};
use proc_macro2::{Ident, TokenStream};
use quote::format_ident;

/// Methods of the builder and of `Active` themselves; a setter of the same name gets an underscore.
const TAKEN: [&str; 11] = [
    "start",
    "run",
    "parent",
    "link",
    "clone",
    "from",
    "context",
    "fail",
    "handle",
    "in_context",
    "succeed",
];

pub(super) fn expand(contract: &Contract, index: usize, operation: &Operation) -> TokenStream {
    let name = ident(&operation.rust.camel);
    let doc = docs::operation(contract, operation);
    let deprecated = deprecated(operation.deprecated.as_ref());
    let uses = contract.uses(operation);
    let fields = Fields::of(contract, operation, &uses);
    let own = fields
        .own
        .iter()
        .map(|(_, used)| group::field(contract, used));
    let groups = fields.groups.iter().map(|(group, _)| {
        let (field, camel) = (ident(&group.rust.snake), ident(&group.rust.camel));
        let doc = format!("Group `{}`", group.name);
        quote! { #[doc = #doc] pub #field: #camel, }
    });
    let records = fields
        .own
        .iter()
        .map(|(index, used)| group::record(contract, *index, used));
    let group_records = fields.groups.iter().map(|(group, indices)| {
        let field = ident(&group.rust.snake);
        quote! {
            __private::AttributeGroup::record(&self.#field, &mut |index, value| {
                const INDICES: &[usize] = &[#(#indices),*];
                set(INDICES[index], value);
            });
        }
    });
    let all_groups = operation.groups.iter().map(|id| &contract[*id].rust);
    let fillers = all_groups.chain([&operation.rust]).map(|rust| {
        let (filler, camel) = (ident(&items::group_setter(&rust.snake)), ident(&rust.camel));
        quote! {
            pub fn #filler(
                value: &(impl __private::AttributeGroup<#camel> + ?::core::marker::Sized),
                set: &mut __private::AttributeSink<'_>,
            ) {
                __private::AttributeGroup::<#camel>::record(value, set);
            }
        }
    });
    let builder = builder(contract, operation, &uses);
    let handle = handle(contract, operation, &uses);
    let handle_name = format_ident!("{}Handle", name);
    let check = check(contract, operation);
    let failing = failing(operation);
    quote! {
        #[doc = #doc]
        #deprecated
        #[derive(Clone, Debug, PartialEq)]
        pub struct #name {
            #(#own)*
            #(#groups)*
        }

        impl __private::Operation for #name {
            #[inline]
            fn definition() -> &'static __private::OperationDefinition {
                &__CONTRACT.operations[#index]
            }
            fn contract() -> &'static __private::description::Contract {
                &CONTRACT
            }
            type ErrorType = ErrorType;
            type Handle = #handle_name;
            type Attributes = __Attributes;
            fn handle(handle: __private::Handle) -> #handle_name {
                #handle_name(handle)
            }
        }

        #[diagnostic::do_not_recommend]
        impl __private::AttributeGroup<#name> for #name {
            fn record(
                &self,
                set: &mut __private::AttributeSink<'_>,
            ) {
                let _ = &set;
                #(#records)*
                #(#group_records)*
            }
        }

        #[doc(hidden)]
        impl #name {
            #(#fillers)*

            pub fn __outcome<'a, T, E: #failing>(
                result: ::core::result::Result<&'a T, &'a E>,
            ) -> ::core::result::Result<&'a T, __private::Failure> {
                result.map_err(__Attributes::failure)
            }

            #check
        }

        #builder
        #handle
    }
}

/// What the struct holds: own attributes, and groups that always give something.
struct Fields<'a> {
    own: Vec<(usize, &'a AttributeUse)>,
    groups: Vec<(&'a otel_contract_model::Group, Vec<usize>)>,
}

impl<'a> Fields<'a> {
    fn of(contract: &'a Contract, operation: &Operation, uses: &[&'a AttributeUse]) -> Self {
        let required = |used: &AttributeUse| used.level == RequirementLevel::Required;
        let index = |id: AttributeId| {
            uses.iter()
                .position(|used| used.attribute == id)
                .unwrap_or_default()
        };
        let groups: Vec<_> = operation
            .groups
            .iter()
            .map(|id| &contract[*id])
            .filter(|group| group.attributes.iter().any(required))
            .map(|group| {
                (
                    group,
                    group
                        .attributes
                        .iter()
                        .map(|used| index(used.attribute))
                        .collect(),
                )
            })
            .collect();
        let grouped = |id: AttributeId| {
            groups
                .iter()
                .any(|(group, _): &(&otel_contract_model::Group, Vec<usize>)| {
                    group
                        .attributes
                        .iter()
                        .any(|used| used.attribute == id && required(used))
                })
        };
        let own = uses.iter().copied().enumerate();
        let own = own
            .filter(|(_, used)| required(used) && !grouped(used.attribute))
            .collect();
        Self { own, groups }
    }
}

/// What an error type must be: any class of the contract will do, or only those listed.
fn failing(operation: &Operation) -> TokenStream {
    let name = ident(&operation.rust.camel);
    match &operation.errors {
        None => quote! { ErrorClass },
        Some(_) => quote! { __FailsWith<#name> },
    }
}

/// `err(|error| …)` gives a class; one that is known only at run time and not listed is recorded as `_OTHER`.
fn check(contract: &Contract, operation: &Operation) -> TokenStream {
    let class = match &operation.errors {
        None => quote! { class },
        Some(errors) => {
            let listed = errors
                .iter()
                .map(|error| ident(&contract[*error].rust.camel));
            quote! {
                match class {
                    #(ErrorType::#listed => class,)*
                    _ => ErrorType::Other,
                }
            }
        }
    };
    quote! {
        pub fn __classified(
            class: impl __private::IntoClass<ErrorType>,
        ) -> ::core::option::Option<__private::Failure> {
            let class = class.into_class()?;
            ::core::option::Option::Some(__private::Failure::from(#class))
        }
    }
}

/// What the methods of an operation and of its builder do. Texts, since a comment in a quotation is read anew each
/// time it is written.
const PARENT: &str = "Hangs the operation under this parent instead of the current context.";
const LINK: &str = "Links another span that led to this operation.";
const START: &str = "Starts the operation, to be ended by hand.";
const RUN: &str = "Runs a future as this operation, which starts at its first poll.\n\n# Errors\n\nThose of the future.";

fn builder<'a>(
    contract: &'a Contract,
    operation: &Operation,
    uses: &'a [&'a AttributeUse],
) -> TokenStream {
    let name = ident(&operation.rust.camel);
    let builder = format_ident!("{}Builder", name);
    let doc = format!("[`{name}`] with more than it requires, about to start.");
    let failing = failing(operation);
    let optional = || {
        uses.iter().enumerate().filter(|(_, used)| {
            !matches!(
                used.level,
                RequirementLevel::Required | RequirementLevel::OnSuccess
            )
        })
    };
    let named = || {
        optional().flat_map(|(index, used)| {
            let setters = setters(contract, uses, used).into_iter();
            setters.map(move |setter| (index, setter))
        })
    };
    let setters = named().map(|(index, setter)| {
        setter.method(
            &quote! { mut self },
            &quote! { Self },
            &quote! {
                self.0.give::<_, Given>(#index, &value);
                self
            },
        )
    });
    let shortcuts = named().map(|(_, setter)| {
        let method = &setter.name;
        setter.method(
            &quote! { self },
            &quote! { #builder },
            &quote! {
                #builder::from(self).#method(value)
            },
        )
    });
    let begun = begun(&name, &builder, &failing, shortcuts);
    quote! {
        #begun

        #[doc = #doc]
        #[derive(Debug)]
        pub struct #builder(__private::Prepared);

        impl ::core::convert::From<#name> for #builder {
            fn from(operation: #name) -> Self {
                Self(__private::Prepared::new(&operation))
            }
        }

        impl #builder {
            #(#setters)*

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
            pub fn run<T, E: #failing, F>(
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
}

/// What the struct of an operation does itself, by way of its builder.
fn begun(
    name: &Ident,
    builder: &Ident,
    failing: &TokenStream,
    shortcuts: impl Iterator<Item = TokenStream>,
) -> TokenStream {
    quote! {
        impl #name {
            #(#shortcuts)*

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
            pub fn run<T, E: #failing, F>(
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
}

fn handle(contract: &Contract, operation: &Operation, uses: &[&AttributeUse]) -> TokenStream {
    let name = ident(&operation.rust.camel);
    let handle = format_ident!("{}Handle", name);
    let doc = format!(
        "Sets attributes of a running [`{name}`]: the last value of each is exported when it ends."
    );
    // What the sampler has seen cannot change any more.
    let late = uses
        .iter()
        .enumerate()
        .filter(|(_, used)| !used.sampling_relevant);
    let late = late.flat_map(|(index, used)| {
        let setters = setters(contract, uses, used).into_iter();
        setters.map(move |setter| (index, setter))
    });
    let setters = late.map(|(index, setter)| {
        setter.method(
            &quote! { &self },
            &quote! { () },
            &quote! {
                self.0.give::<_, Given>(#index, &value);
            },
        )
    });
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, Default)]
        pub struct #handle(__private::Handle);

        impl #handle {
            #(#setters)*
        }
    }
}

/// The setters of one attribute: by its name, and by the old names it replaces, which warn.
fn setters<'a>(
    contract: &'a Contract,
    uses: &[&AttributeUse],
    used: &AttributeUse,
) -> Vec<Setter<'a>> {
    let old = old_attributes(contract, uses, used).into_iter();
    let old = old.map(|old| Setter {
        name: Setter::name(&old.rust.snake),
        deprecated: old.deprecated.as_ref(),
        ..Setter::of(contract, used)
    });
    [Setter::of(contract, used)]
        .into_iter()
        .chain(old)
        .collect()
}

/// A method that sets one attribute.
struct Setter<'a> {
    name: Ident,
    camel: Ident,
    doc: String,
    deprecated: Option<&'a otel_contract_model::Deprecated>,
    /// No `Option` is accepted, since success requires the attribute.
    certain: bool,
}

impl<'a> Setter<'a> {
    fn name(snake: &str) -> Ident {
        if TAKEN.contains(&snake) {
            ident(&format!("{snake}_"))
        } else {
            ident(snake)
        }
    }

    fn of(contract: &'a Contract, used: &AttributeUse) -> Self {
        let one = &contract[used.attribute];
        let doc = format!("Sets `{}`: {}", one.key, docs::phrase(&one.brief));
        Self {
            name: Self::name(&one.rust.snake),
            camel: ident(&one.rust.camel),
            doc,
            deprecated: one.deprecated.as_ref(),
            certain: used.level == RequirementLevel::OnSuccess,
        }
    }

    /// In `body`, `value` is what was given, in the way `Given`.
    fn method(
        &self,
        receiver: &TokenStream,
        returns: &TokenStream,
        body: &TokenStream,
    ) -> TokenStream {
        let Self {
            name,
            camel,
            doc,
            deprecated: said,
            certain,
        } = self;
        let bound = certain.then(|| quote! { : __private::Certain });
        let deprecated = deprecated(*said);
        let must_use = (returns.to_string() != "()").then(|| quote! { #[must_use] });
        quote! {
            #[doc = #doc]
            #must_use
            #deprecated
            pub fn #name<Given #bound>(#receiver, value: impl __given::#camel<Given>) -> #returns {
                #body
            }
        }
    }
}
