//! The builder and the handle of an operation.

use super::accepted_error;
use crate::absent_setters;
use crate::location::ident;
use crate::setter::{Reserved, Setter};
use otel_contract_model::definitions::old_attributes;
use otel_contract_model::{AttributeUse, Contract, Operation, RequirementLevel};
use proc_macro2::{Ident, TokenStream};
use quote::format_ident;

/// Methods of the runtime's `Active`, which dereferences to the handle.
const OF_ACTIVE: [&str; 5] = ["context", "fail", "handle", "in_context", "succeed"];

// Documentation of methods of an operation and of its builder. The texts are strings, because `quote!` re-tokenizes doc
// comments on every use.
const PARENT: &str = "Starts the operation under this parent instead of the current context.";
const LINK: &str = "Links another span that led to this operation.";
const START: &str = "Starts the operation. The caller ends it with `succeed` or `fail`.";
const RUN: &str = "Runs a future as this operation, which starts at the first poll.\n\n# Errors\n\nReturns the error of the future.";

/// Makes the setters of an operation.
struct Setters<'a> {
    contract: &'a Contract,
    uses: &'a [&'a AttributeUse],
    reserved: Reserved,
}

impl<'a> Setters<'a> {
    /// Returns the setters of some attributes, each with the index of its attribute in the operation. Each attribute
    /// has a setter under its name, and a deprecated setter under each old name.
    fn of(&self, is_set: impl Fn(&AttributeUse) -> bool) -> Vec<(usize, Setter<'a>)> {
        let mut setters = Vec::new();
        for (index, used) in self.uses.iter().enumerate() {
            if is_set(used) {
                setters.push((index, self.current(used)));
                for old in old_attributes(self.contract, self.uses, used) {
                    setters.push((index, self.current(used).renamed(old, &self.reserved)));
                }
            }
        }
        setters
    }

    /// Returns the setter of an attribute under its name.
    fn current(&self, used: &AttributeUse) -> Setter<'a> {
        let setter = Setter::of(&self.contract[used.attribute], &self.reserved);
        if used.level == RequirementLevel::OnSuccess {
            setter.refusing_options()
        } else {
            setter
        }
    }
}

/// Generates the builder, the methods of the operation that start it, and the handle.
pub(super) fn builder_and_handle(
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
    let optional = setters.of(|used| {
        !matches!(
            used.level,
            RequirementLevel::Required | RequirementLevel::OnSuccess
        )
    });
    let builder_setters = optional.iter().map(|(index, setter)| {
        let body = quote_located! {
            self.0.set_input::<_, Given>(#index, &value);
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

/// Generates methods of the builder that do not set an attribute.
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

/// Generates the same methods on the operation's struct. They start the builder.
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
        "Sets attributes of an active [`{name}`]. When the operation ends, the last value of each attribute is exported."
    );
    // Excludes the attributes that the sampler reads: it has read them before the handle exists, so they cannot change.
    let late = setters.of(|used| !used.sampling_relevant);
    let methods = late.into_iter().map(|(index, setter)| {
        let body = quote_located! { self.0.set_input::<_, Given>(#index, &value); };
        setter
            .not_must_use()
            .method(&quote_located! { &self }, &quote_located! { () }, &body)
    });
    let sampling_relevant = setters.uses.iter().filter(|used| used.sampling_relevant);
    let sampling_relevant = sampling_relevant.map(|used| {
        let attribute = &setters.contract[used.attribute];
        absent_setters::sampling_relevant(attribute, &setters.reserved)
    });
    let absent_setters = absent_setters::of_operation(&handle, name);
    quote_located! {
        #[doc = #doc]
        #[derive(Clone, Debug, Default)]
        pub struct #handle(__private::Handle);

        impl #handle {
            #(#methods)*
            #(#sampling_relevant)*
        }

        #absent_setters
    }
}
