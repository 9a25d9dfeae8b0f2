//! `#[instrumented_operation]`: args → check → expand, with the operation's definition handed over
//! by the macro `contract!` generated.

pub(crate) mod args;
pub(crate) mod attach;
mod body;
mod check;
mod end;
mod exits;
mod expand;
pub(crate) mod literal;
mod outline;
mod parameters;
mod signature;
mod start;

use crate::dispatch::dispatch;
use crate::mistake::{Kind, Mistake};
use args::Args;
pub(crate) use args::Key;
use body::Mode;
use check::Findings;
use otel_contract_definition::{Definition, Index, Wire as _};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use signature::ReturnType;
use syn::parse::{Parse, ParseStream};

/// What the first stage handed through the contract's macro.
pub(crate) struct Handed {
    /// The operation's path, as the user wrote it.
    pub(crate) path: TokenStream,
    pub(crate) arguments: TokenStream,
    pub(crate) mode: Mode,
    pub(crate) returned: ReturnType,
    /// Type parameters of the function.
    pub(crate) generics: Vec<Ident>,
    /// Whether the block around the body borrows its arguments.
    pub(crate) borrows: bool,
    /// Arguments that the block owns, the last first.
    pub(crate) kept: Vec<Ident>,
    /// Statements that take other arguments over.
    pub(crate) bindings: TokenStream,
    pub(crate) body: TokenStream,
    /// Where the braces of the body are.
    pub(crate) block: Span,
}

impl Handed {
    /// `(path) (arguments) (mode) (return type) (type parameters) (passing) { body }`, as the first stage wrote it.
    /// Not by a parser: that takes in every token of the body.
    pub(crate) fn read(mut tokens: impl Iterator<Item = TokenTree>) -> Option<Self> {
        let mut groups = groups(&mut tokens);
        let mut group = || groups.next();
        let (path, arguments, mode) = (group()?, group()?, group()?);
        let (returned, generics, passing) = (group()?, group()?, group()?);
        drop(groups);
        let Some(TokenTree::Group(body)) = tokens.next() else {
            return None;
        };
        let mut passing = self::groups(passing.into_iter());
        let (borrows, kept, bindings) = (passing.next()?, passing.next()?, passing.next()?);
        let ident = |token| match token {
            TokenTree::Ident(ident) => Some(ident),
            _ => None,
        };
        let mode = mode.into_iter().find_map(ident);
        let mode = mode.map(|mode| mode.to_string());
        Some(Self {
            path,
            arguments,
            mode: match mode.as_deref() {
                Some("async") => Mode::Async,
                Some("direct") => Mode::Direct,
                _ => Mode::Any,
            },
            returned: ReturnType::new(returned),
            generics: generics.into_iter().filter_map(ident).collect(),
            borrows: !borrows.is_empty(),
            kept: kept.into_iter().filter_map(ident).collect(),
            bindings,
            block: body.span(),
            body: body.stream(),
        })
    }

    /// The body as it was written, for functions that are not instrumented.
    fn unchanged(&self) -> TokenStream {
        let Self { bindings, body, .. } = self;
        quote! { #bindings #body }
    }
}

/// What is in each of these groups.
fn groups(tokens: impl Iterator<Item = TokenTree>) -> impl Iterator<Item = TokenStream> {
    tokens.map_while(|token| match token {
        TokenTree::Group(group) => Some(group.stream()),
        _ => None,
    })
}

/// Second stage.
pub(crate) fn expand(krate: &TokenTree, definition: &Definition, handed: &Handed) -> TokenStream {
    let mut findings = Findings::default();
    let plan = match Args::read(handed.arguments.clone()) {
        Ok(args) => Some(check::plan(definition, args, handed, &mut findings)),
        Err(mistake) => {
            findings.mistakes.push(mistake);
            None
        }
    };
    match plan {
        Some(plan) if findings.mistakes.is_empty() && findings.unknown.is_empty() => {
            let body = body::Body::of(handed, &plan);
            expand::expand(krate, definition, handed, &plan, body)
        }
        _ => refused(krate, definition, handed, &findings),
    }
}

/// Every mistake, and the body as it was: nothing else turns red.
fn refused(
    krate: &TokenTree,
    definition: &Definition,
    handed: &Handed,
    findings: &Findings,
) -> TokenStream {
    let path = &handed.path;
    let body = handed.unchanged();
    let handle = args::handle(&handed.arguments).map(|handle| {
        quote! {
            #[allow(unused_variables)]
            let #handle = <#path as #krate::__private::Operation>::handle(
                ::core::default::Default::default(),
            );
        }
    });
    let mistakes = &findings.mistakes;
    let prefix: Vec<TokenTree> = path.clone().into_iter().collect();
    let unknown: Vec<TokenStream> = match prefix.as_slice() {
        [prefix @ .., last] if attach::names_contract(prefix) => {
            let dispatch = dispatch(last.span());
            let definition = definition.encode();
            let keys = findings.unknown.iter().map(|key| {
                let Key {
                    text,
                    tokens,
                    literal,
                } = key;
                quote! { #(#prefix)* #dispatch! { key #definition #text #literal #tokens } }
            });
            keys.collect()
        }
        // Imported by name: the contract's index cannot be reached from here.
        _ => findings
            .unknown
            .iter()
            .map(|key| unknown(definition, key, None).into_token_stream())
            .collect(),
    };
    quote! { { #(#mistakes)* #(#unknown)* #handle #body } }
}

fn unknown(definition: &Definition, key: &Key, index: Option<&Index>) -> Mistake {
    Mistake::unknown(definition, &key.tokens, &key.text, index, key.word())
}

/// `key "definition" "text" literal tokens`: a key the operation does not have, with the index of
/// the whole contract.
pub(crate) struct UnknownKey {
    definition: Definition,
    key: Key,
}

impl Parse for UnknownKey {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let definition: syn::LitStr = input.parse()?;
        let definition = crate::decode(definition.token())?;
        let text: syn::LitStr = input.parse()?;
        let literal: syn::LitBool = input.parse()?;
        let key = Key {
            text: text.value(),
            tokens: input.parse()?,
            literal: literal.value,
        };
        Ok(Self { definition, key })
    }
}

pub(crate) fn explain(index: &Index, unknown_key: &UnknownKey) -> TokenStream {
    unknown(&unknown_key.definition, &unknown_key.key, Some(index)).into_token_stream()
}

/// A path into the contract that names no operation.
pub(crate) fn no_such(index: &Index, name: &Ident, handed: &Handed) -> TokenStream {
    let body = args::without_handle(&handed.arguments, &handed.unchanged());
    let mistake = (!index.incomplete).then(|| Mistake::no_such(index, Kind::Operation, name));
    quote! { { #mistake #body } }
}
