//! Messages about names that a contract does not have, and about different versions of otel-contract.

use super::Diagnostic;
use otel_contract_definition::Index;
use otel_contract_definition::names::{nearest, quoted};
use proc_macro2::Span;
use quote::ToTokens;

/// The kind of item to which a path into the contract must lead.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Operation,
    Attributes,
    AttributeValue,
}

impl Kind {
    fn noun(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Attributes => "group or operation",
            Self::AttributeValue => "attribute",
        }
    }

    /// The section of the contract that declares such an item.
    fn section(self) -> &'static str {
        match self {
            Self::Operation => "operations",
            Self::Attributes => "groups",
            Self::AttributeValue => "attributes",
        }
    }
}

pub(crate) fn unknown_class(index: &Index, tokens: impl ToTokens, name: &str) -> Diagnostic {
    let classes: Vec<&str> = index
        .errors
        .iter()
        .map(|class| class.name.as_str())
        .collect();
    let diagnostic = Diagnostic::at(
        tokens,
        format!("contract {} has no error class `{name}`", index.contract),
    );
    let help = match nearest(name, classes.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if classes.is_empty() => {
            "the contract has no error classes yet: add `errors` to it".to_owned()
        }
        None => format!("its error classes are {}", quoted(classes)),
    };
    diagnostic.help(help).note(&index.contract, &index.at)
}

/// A path into the contract whose last part is not an item of the expected kind.
pub(crate) fn unknown_name(index: &Index, kind: Kind, name: impl ToTokens) -> Diagnostic {
    let text = name.to_token_stream().to_string();
    Diagnostic::at(
        name,
        format!(
            "contract {} has no {} `{text}`",
            index.contract,
            kind.noun()
        ),
    )
    .help(help_for_unknown_name(index, kind, &text))
    .note(&index.contract, &index.at)
}

fn help_for_unknown_name(index: &Index, kind: Kind, text: &str) -> String {
    let types = Types::of(index);
    if let Some((kind, name)) = types.find(text) {
        return format!("`{text}` is the type of {kind} `{name}`");
    }
    let candidates = types.of_kind(kind);
    if let Some(near) = nearest(text, candidates.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    let same_name = |(_, name): &&(String, String)| letters(name) == letters(text);
    if let Some((rust, _)) = index.operations.iter().find(same_name) {
        return format!("did you mean `{rust}`?");
    }
    match candidates.len() {
        0 => format!(
            "the contract has none yet: declare it under `{}`",
            kind.section()
        ),
        1..=8 => format!("the contract has {}", quoted(candidates)),
        _ => format!("declare it under `{}`", kind.section()),
    }
}

/// Pairs of a Rust type and the name in the contract.
struct Types<'a> {
    operations: Vec<(&'a str, &'a str)>,
    groups: Vec<(&'a str, &'a str)>,
    attributes: Vec<(&'a str, &'a str)>,
}

impl<'a> Types<'a> {
    fn of(index: &'a Index) -> Self {
        let pairs = |list: &'a [(String, String)]| {
            let borrowed = list.iter().map(|(rust, name)| (&**rust, &**name));
            borrowed.collect()
        };
        let public = index.attributes.iter().filter(|known| !known.secret);
        Self {
            operations: pairs(&index.operations),
            groups: pairs(&index.groups),
            attributes: public.map(|known| (&*known.camel, &*known.key)).collect(),
        }
    }

    /// The kind and the name of a type.
    fn find(&self, rust: &str) -> Option<(&'static str, &'a str)> {
        let lists = [
            ("operation", &self.operations),
            ("group", &self.groups),
            ("attribute", &self.attributes),
        ];
        lists.into_iter().find_map(|(kind, list)| {
            let (_, name) = list.iter().find(|(known, _)| *known == rust)?;
            Some((kind, *name))
        })
    }

    fn of_kind(&self, kind: Kind) -> Vec<&'a str> {
        let types = |list: &[(&'a str, &'a str)]| list.iter().map(|(rust, _)| *rust).collect();
        match kind {
            Kind::Operation => types(&self.operations),
            Kind::Attributes => types(&[self.groups.as_slice(), &self.operations].concat()),
            Kind::AttributeValue => types(&self.attributes),
        }
    }
}

/// The letters and digits of a name in lower case.
fn letters(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase()
}

/// A definition that another version of `contract!` encoded.
pub(crate) fn other_vocabulary_version(span: Span) -> syn::Error {
    syn::Error::new(
        span,
        "the vocabulary crate was built with another version of otel-contract",
    )
}

/// A request that another version of the macros wrote.
pub(crate) fn other_macro_version(span: Span) -> syn::Error {
    syn::Error::new(
        span,
        "the macros and the runtime of otel-contract have different versions",
    )
}
