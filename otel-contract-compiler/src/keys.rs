//! The attributes by the segments of their keys, for editors.

use crate::location::ident;
use otel_contract_definition::editor::KEYS;
use otel_contract_model::{Contract, Domain, names};
use proc_macro2::TokenStream;

/// The modules and attributes under a prefix of keys.
#[derive(Default)]
struct Segment<'a> {
    /// The Rust name of the attribute whose key ends here.
    attribute: Option<&'a str>,
    /// The following segments, sorted.
    below: Vec<(&'a str, Segment<'a>)>,
}

/// `__keys::order::id`, the type of the attribute `order.id`, and so on.
pub(crate) fn expand(contract: &Contract) -> TokenStream {
    let mut root = Segment::default();
    let all = contract.attributes.iter();
    for attribute in all.filter(|attribute| attribute.domain != Domain::Secret) {
        let mut segment = &mut root;
        for part in attribute.key.split('.') {
            segment = segment.entry(part);
        }
        segment.attribute = Some(&attribute.rust.camel);
    }
    let name = ident(KEYS);
    let items = root.items("", 1);
    quote_located! {
        #[doc(hidden)]
        pub mod #name { #items }
    }
}

impl<'a> Segment<'a> {
    /// Returns the segment below this segment with a name. Adds it if it is new.
    fn entry(&mut self, name: &'a str) -> &mut Self {
        let found = self.below.binary_search_by_key(&name, |(name, _)| name);
        let index = found.unwrap_or_else(|index| {
            self.below.insert(index, (name, Self::default()));
            index
        });
        &mut self.below[index].1
    }

    /// Returns the items of the module for keys that begin with `prefix`. `depth` is the number of `super` from these items
    /// to the module of the contract.
    fn items(&self, prefix: &str, depth: usize) -> TokenStream {
        let parents = (0..depth).map(|_| ident("super"));
        let parents = quote_located! { #(#parents ::)* };
        let items = self.below.iter().filter(|(part, _)| is_word(part));
        let items = items.map(|(part, segment)| {
            let name = ident(&raw(part));
            match segment.attribute {
                Some(attribute) if segment.below.is_empty() => {
                    let attribute = ident(attribute);
                    quote_located! { pub use #parents #attribute as #name; }
                }
                _ => {
                    let prefix = format!("{prefix}{part}.");
                    let doc = format!("Attributes whose keys begin with `{prefix}`.");
                    let items = segment.items(&prefix, depth + 1);
                    quote_located! {
                        #[doc = #doc]
                        pub mod #name { #items }
                    }
                }
            }
        });
        quote_located! { #(#items)* }
    }
}

/// Whether a segment can be written without quotes.
fn is_word(part: &str) -> bool {
    let mut characters = part.chars();
    let is_lower = characters
        .next()
        .is_some_and(|first| first.is_ascii_lowercase());
    let is_path = ["crate", "self", "super"].contains(&part);
    is_lower && !is_path && characters.all(|one| one.is_ascii_alphanumeric() || one == '_')
}

/// A keyword as a raw identifier.
fn raw(part: &str) -> String {
    let prefix = if names::is_keyword(part) { "r#" } else { "" };
    format!("{prefix}{part}")
}
