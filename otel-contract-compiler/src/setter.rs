//! Methods that set a single value. Operations, handles, metrics, events, baggage and the resource have such methods.

use super::docs;
use crate::location::ident;
use crate::tokens::deprecated;
use otel_contract_model::{Attribute, Deprecated};
use proc_macro2::{Ident, TokenStream, TokenTree};
use std::collections::HashSet;

/// Names of the methods of a generated type other than setters. A setter with such a name gets a trailing underscore.
#[derive(Default)]
pub(crate) struct Reserved(HashSet<String>);

impl Reserved {
    /// Collects the names of all functions in generated tokens, and the methods of the derives that users call.
    pub(crate) fn in_tokens(tokens: &TokenStream) -> Self {
        let mut reserved = Self::default();
        reserved.collect(tokens.clone());
        reserved
    }

    /// Adds methods that are not in the generated tokens.
    pub(crate) fn and(mut self, names: &[&str]) -> Self {
        self.0.extend(names.iter().map(|name| (*name).to_owned()));
        self
    }

    fn collect(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match (&token, tokens.peek()) {
                (TokenTree::Ident(word), Some(TokenTree::Ident(name))) if word == "fn" => {
                    self.0.insert(name.to_string());
                }
                (TokenTree::Ident(word), Some(TokenTree::Group(list))) if word == "derive" => {
                    self.collect_derives(list.stream());
                }
                (TokenTree::Group(group), _) => self.collect(group.stream()),
                _ => {}
            }
        }
    }

    fn collect_derives(&mut self, list: TokenStream) {
        for token in list {
            match token.to_string().as_str() {
                "Clone" => self.0.insert("clone".to_owned()),
                "Default" => self.0.insert("default".to_owned()),
                _ => false,
            };
        }
    }

    /// Returns the name of a setter.
    pub(crate) fn rename(&self, snake: &str) -> Ident {
        if self.0.contains(snake) {
            ident(&format!("{snake}_"))
        } else {
            ident(snake)
        }
    }
}

/// A method that sets one value.
pub(crate) struct Setter<'a> {
    pub(crate) name: Ident,
    argument: Argument,
    doc: String,
    deprecated: Option<&'a Deprecated>,
    is_must_use: bool,
}

/// The argument of a setter.
enum Argument {
    /// Any type that implements this trait of `__given`.
    Accepted {
        name: Ident,
        /// Whether an `Option` is rejected, because success requires the attribute.
        refuses_options: bool,
    },
    /// A class of the contract, or an `Option` of a class.
    ErrorType,
}

impl<'a> Setter<'a> {
    pub(crate) fn of(attribute: &'a Attribute, reserved: &Reserved) -> Self {
        Self {
            name: reserved.rename(&attribute.rust.snake),
            argument: Argument::Accepted {
                name: ident(&attribute.rust.camel),
                refuses_options: false,
            },
            doc: format!("Sets {}", docs::field(attribute)),
            deprecated: attribute.life_cycle.deprecated.as_ref(),
            is_must_use: true,
        }
    }

    /// The setter of the dimension `error.type`.
    pub(crate) fn of_error_dimension(reserved: &Reserved) -> Self {
        Self {
            argument: Argument::Accepted {
                name: ident("ErrorType"),
                refuses_options: false,
            },
            ..Self::of_error_type(reserved)
        }
    }

    /// The setter of `error.type` of an event.
    pub(crate) fn of_error_type(reserved: &Reserved) -> Self {
        Self {
            name: reserved.rename("error_type"),
            argument: Argument::ErrorType,
            doc: format!("Sets {}", docs::ERROR_TYPE),
            deprecated: None,
            is_must_use: true,
        }
    }

    /// The same setter under an old name of the attribute.
    pub(crate) fn renamed(self, old: &'a Attribute, reserved: &Reserved) -> Self {
        Self {
            name: reserved.rename(&old.rust.snake),
            deprecated: old.life_cycle.deprecated.as_ref(),
            ..self
        }
    }

    /// The same setter without `Option` as an argument.
    pub(crate) fn refusing_options(self) -> Self {
        let argument = match self.argument {
            Argument::Accepted { name, .. } => Argument::Accepted {
                name,
                refuses_options: true,
            },
            Argument::ErrorType => Argument::ErrorType,
        };
        Self { argument, ..self }
    }

    /// The same setter without `#[must_use]`. Used if the setter returns nothing, or returns a type that is
    /// `#[must_use]`.
    pub(crate) fn not_must_use(self) -> Self {
        Self {
            is_must_use: false,
            ..self
        }
    }

    /// Returns an expression for the body of the method: the argument as an `Option` of the attribute's type.
    pub(crate) fn value(&self) -> TokenStream {
        match self.argument {
            Argument::Accepted { .. } => {
                quote_located! { __private::AttributeInput::<_, Given>::attribute(&value) }
            }
            Argument::ErrorType => quote_located! { value.into() },
        }
    }

    /// Generates the method. `body` can use the argument `value` and the type parameter `Given`, which selects the
    /// conversion of the argument.
    pub(crate) fn method(
        &self,
        receiver: &TokenStream,
        returns: &TokenStream,
        body: &TokenStream,
    ) -> TokenStream {
        let Self { name, doc, .. } = self;
        let deprecated = deprecated(self.deprecated);
        let must_use = self.is_must_use.then(|| quote_located! { #[must_use] });
        let (generics, argument) = match &self.argument {
            Argument::Accepted {
                name,
                refuses_options,
            } => {
                let bound = refuses_options.then(|| quote_located! { : __private::AlwaysPresent });
                let generics = quote_located! { <Given #bound> };
                (Some(generics), quote_located! { __given::#name<Given> })
            }
            Argument::ErrorType => (
                None,
                quote_located! { ::core::convert::Into<::core::option::Option<ErrorType>> },
            ),
        };
        quote_located! {
            #[doc = #doc]
            #must_use
            #deprecated
            pub fn #name #generics(#receiver, value: impl #argument) -> #returns {
                #body
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reserved;

    #[test]
    fn names_of_functions_and_methods_of_derives_are_reserved() {
        let tokens = quote::quote! {
            #[derive(Clone)]
            struct S { field: fn() -> u8 }
            impl From<u8> for S { fn from(value: u8) -> Self { S } }
            impl S { pub const fn start(self) {} }
        };
        let reserved = Reserved::in_tokens(&tokens).and(&["emit"]);
        let renamed = ["clone", "from", "start", "emit", "field", "default"]
            .map(|name| reserved.rename(name).to_string());
        let expected = ["clone_", "from_", "start_", "emit_", "field", "default"];
        assert_eq!(renamed, expected);
    }
}
