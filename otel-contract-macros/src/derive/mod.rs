//! The derives. A path into the contract leads back here through the contract's macro.

pub(crate) mod attribute_value;
pub(crate) mod attributes;
pub(crate) mod error_class;

use crate::mistake::Mistake;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, DeriveInput, Token};

/// A path into the contract: the module, and the name behind it.
pub(crate) struct ContractPath {
    /// `billing ::`
    pub(crate) prefix: TokenStream,
    pub(crate) name: Ident,
    /// `capped`, behind the path.
    pub(crate) capped: Option<Ident>,
}

/// What stands in the attribute: a path, perhaps with an option.
struct Target {
    path: syn::Path,
    option: Option<Ident>,
}

impl Parse for Target {
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
    /// From `#[attributes(billing::Account)]`, which must be there once.
    fn of(input: &DeriveInput, attribute: &str, example: &str) -> Result<Self, Mistake> {
        let found = only(&input.attrs, attribute)?;
        let Some(found) = found else {
            let name = &input.ident;
            return Err(Mistake::at(
                name,
                format!("`{name}` does not say what it is in the contract"),
            )
            .help(format!("add `#[{attribute}({example})]`")));
        };
        let Target { path, option } = found.parse_args().map_err(|_| {
            Mistake::at(
                &found.meta,
                format!("`{attribute}` takes a path into the contract"),
            )
            .help(format!("write `#[{attribute}({example})]`"))
        })?;
        // The one option there is, of the one derive that has it.
        let capped = match option {
            Some(option) if attribute != "attribute_value" => {
                return Err(Mistake::at(
                    &option,
                    format!("`{attribute}` has no option `{option}`"),
                )
                .help(format!("write `#[{attribute}({example})]`")));
            }
            Some(option) if option != "capped" => {
                return Err(Mistake::at(&option, format!("unknown option `{option}`"))
                    .help("the available option is `capped`"));
            }
            option => option,
        };
        let mut segments: Vec<_> = path.segments.iter().collect();
        let Some(last) = segments.pop() else {
            return Err(Mistake::at(&found.meta, "expected a path"));
        };
        if segments.is_empty() {
            return Err(Mistake::at(
                &path,
                format!("`{}` is named without its contract", last.ident),
            )
            .help(format!(
                "write the contract's module before it, as in `{example}`"
            )));
        }
        let leading = path.leading_colon;
        Ok(Self {
            prefix: quote! { #leading #(#segments ::)* },
            name: last.ident.clone(),
            capped,
        })
    }
}

/// The one attribute of this name, if it is there.
fn only<'a>(attributes: &'a [Attribute], name: &str) -> Result<Option<&'a Attribute>, Mistake> {
    let mut found = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident(name));
    let first = found.next();
    match found.next() {
        Some(second) => Err(Mistake::at(
            second.to_token_stream(),
            format!("`{name}` is given twice"),
        )
        .help("remove one of them")),
        None => Ok(first),
    }
}

/// What the contract's macro handed back.
pub(crate) struct Handed {
    /// The contract's module, as the user wrote it.
    prefix: TokenStream,
    /// The type the derive stands on.
    input: DeriveInput,
}

impl Parse for Handed {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (prefix, item);
        syn::braced!(prefix in input);
        syn::braced!(item in input);
        Ok(Self {
            prefix: prefix.parse()?,
            input: item.parse()?,
        })
    }
}
