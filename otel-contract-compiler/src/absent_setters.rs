//! Setters of attributes that an operation, a metric or an event does not have. A call of such a setter is an error with a
//! message of the contract: without these setters, rustc reports only that there is no such method.

use crate::builder::builder_name;
use crate::location::{self, ident};
use crate::messages;
use crate::setter::Reserved;
use otel_contract_model::{Attribute, Contract, Domain};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, format_ident};

/// Generates the setters of all attributes, once for the whole contract. `Item` is the type that lacks the attribute: an
/// operation, or `Optional<M>` for a metric or event `M`. `Next` is the return type of the setters of `Item`.
pub(super) fn expand(contract: &Contract) -> TokenStream {
    let not_an_attribute = messages::not_an_attribute(contract);
    let not_optional = messages::not_an_optional_attribute(contract);
    let set_after_sampling = messages::set_after_sampling(contract);
    let setters = contract.attributes.iter().map(setter);
    let secrets = contract.attributes.iter();
    let secrets = secrets.filter(|attribute| attribute.domain == Domain::Secret);
    let secrets = secrets.map(|attribute| {
        let (name, unimplemented) = (secret(attribute), messages::secret(contract, attribute));
        quote_located! {
            #unimplemented
            pub trait #name {}
        }
    });
    quote_located! {
        /// Setters of attributes that an operation, a metric or an event does not have.
        #[doc(hidden)]
        pub mod __absent_setters {
            #not_an_attribute
            pub trait Has<Attribute> {}

            #not_optional
            pub trait HasOptional<Attribute> {}

            #set_after_sampling
            pub trait AtEntry {}

            #(#secrets)*

            /// A metric or an event, whose required attributes are fields.
            #[derive(Debug)]
            pub struct Optional<Item>(Item);
            impl<Item: HasOptional<Attribute>, Attribute> Has<Attribute> for Optional<Item> {}

            #[derive(Debug)]
            pub struct AbsentSetters<Item, Next>(::core::marker::PhantomData<fn() -> (Item, Next)>);

            impl<Item: 'static, Next: 'static> AbsentSetters<Item, Next> {
                pub const OF: &'static Self = &Self(::core::marker::PhantomData);
                #(#setters)*
            }
        }
    }
}

fn setter(attribute: &Attribute) -> TokenStream {
    let name = Reserved::default().rename(&attribute.rust.snake);
    let bound = if attribute.domain == Domain::Secret {
        secret(attribute).into_token_stream()
    } else {
        let camel = ident(&attribute.rust.camel);
        quote_located! { Has<super::#camel> }
    };
    quote_located! {
        pub fn #name<V>(&self, _: V) -> Next where Item: #bound {
            loop {}
        }
    }
}

/// Returns the name of the trait in the bound of the setter of a secret attribute. No type implements the trait. Other
/// bounds name the type of the attribute, but a secret attribute has no type.
fn secret(attribute: &Attribute) -> Ident {
    format_ident!("Secret{}", attribute.rust.camel, span = location::current())
}

/// Generates the `Deref` impl that gives the handle of an operation the setters of attributes that it does not have.
pub(super) fn of_operation(handle: &Ident, operation: &Ident) -> TokenStream {
    let item = quote_located! { #operation };
    deref(&TokenStream::new(), handle, &item, &quote_located! { () })
}

/// Generates the `Deref` impls of a metric or an event, and of its builder. `module` is the path of the contract's module.
pub(super) fn of_struct(module: &TokenStream, name: &Ident, has_builder: bool) -> TokenStream {
    let item = quote_located! { #module __absent_setters::Optional<#name> };
    let next = quote_located! { #name };
    let of_struct = deref(module, name, &item, &next);
    let of_builder = has_builder.then(|| deref(module, &builder_name(name), &item, &next));
    quote_located! { #of_struct #of_builder }
}

fn deref(module: &TokenStream, of: &Ident, item: &TokenStream, next: &TokenStream) -> TokenStream {
    quote_located! {
        #[doc(hidden)]
        impl ::core::ops::Deref for #of {
            type Target = #module __absent_setters::AbsentSetters<#item, #next>;
            fn deref(&self) -> &Self::Target {
                #module __absent_setters::AbsentSetters::OF
            }
        }
    }
}

/// The setter of an attribute that the sampler has read, on the handle of an operation.
pub(super) fn sampling_relevant(attribute: &Attribute, reserved: &Reserved) -> TokenStream {
    let name = reserved.rename(&attribute.rust.snake);
    quote_located! {
        #[doc(hidden)]
        pub fn #name<V: __absent_setters::AtEntry>(&self, _: V) {}
    }
}
