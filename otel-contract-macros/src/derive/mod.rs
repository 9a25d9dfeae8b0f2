//! The derives. Their first stage calls the dispatch macro of a contract, which calls the second stage with the
//! definition.

pub(crate) mod attribute_value;
pub(crate) mod attributes;
pub(crate) mod error_class;

use crate::messages::{Diagnostic, derives as messages};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, DeriveInput, Token};

/// A derive whose attribute is a path into the contract.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Derive {
    AttributeValue,
    Attributes,
}

impl Derive {
    /// Returns the name of the attribute on the type.
    fn attribute(self) -> &'static str {
        match self {
            Self::AttributeValue => "attribute_value",
            Self::Attributes => "attributes",
        }
    }

    /// Returns a path for help in messages.
    fn example(self) -> &'static str {
        match self {
            Self::AttributeValue => "billing::AccountTier",
            Self::Attributes => "billing::Account",
        }
    }
}

/// A path into the contract, and the option after it: `billing::QueueName, capped`.
pub(crate) struct ContractPath {
    /// The contract's module: `billing ::`.
    pub(crate) module: TokenStream,
    pub(crate) name: Ident,
    /// The option `capped`.
    pub(crate) capped: Option<Ident>,
}

/// The arguments of a derive's attribute, as written.
struct Arguments {
    path: syn::Path,
    option: Option<Ident>,
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let path = input.parse()?;
        let comma: Option<Token![,]> = input.parse()?;
        let option = if comma.is_some() && !input.is_empty() {
            Some(input.call(Ident::parse_any)?)
        } else {
            None
        };
        Ok(Self { path, option })
    }
}

impl ContractPath {
    /// Reads `#[attributes(billing::Account)]`, which is required exactly once.
    fn of(input: &DeriveInput, derive: Derive) -> Result<Self, Diagnostic> {
        let (attribute, example) = (derive.attribute(), derive.example());
        let Some(found) = find_attribute(&input.attrs, attribute)? else {
            return Err(messages::no_attribute(&input.ident, attribute, example));
        };
        let not_a_path = || messages::not_a_path(&found.meta, attribute, example);
        let Arguments { path, option } = found.parse_args().map_err(|_| not_a_path())?;
        let capped = match option {
            Some(option) if derive == Derive::Attributes => {
                return Err(messages::option_of_another_derive(
                    &option, attribute, example,
                ));
            }
            Some(option) if option != "capped" => {
                return Err(messages::unknown_value_option(&option));
            }
            option => option,
        };
        let mut segments: Vec<_> = path.segments.iter().collect();
        let Some(last) = segments.pop() else {
            return Err(not_a_path());
        };
        if segments.is_empty() {
            return Err(messages::no_contract(&path, &last.ident, example));
        }
        let leading = path.leading_colon;
        Ok(Self {
            module: quote! { #leading #(#segments ::)* },
            name: last.ident.clone(),
            capped,
        })
    }
}

/// Returns the attribute with this name. Reports a second attribute with the same name.
fn find_attribute<'a>(
    attributes: &'a [Attribute],
    name: &str,
) -> Result<Option<&'a Attribute>, Diagnostic> {
    let mut found = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident(name));
    let first = found.next();
    match found.next() {
        Some(second) => Err(messages::duplicate_attribute(second, name)),
        None => Ok(first),
    }
}

/// Input of the second stage after the definition.
pub(crate) struct Input {
    /// The contract's module, as the user wrote it.
    module: TokenStream,
    /// The type with the derive.
    item: DeriveInput,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (module, item);
        syn::braced!(module in input);
        syn::braced!(item in input);
        Ok(Self {
            module: module.parse()?,
            item: item.parse()?,
        })
    }
}

/// The name of a variant as the contract writes its values.
fn snake_case(camel: &str) -> String {
    let mut snake = String::new();
    for (index, letter) in camel.char_indices() {
        if letter.is_ascii_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
