//! `#[instrumented_operation]`.
//!
//! First stage, on the function. `first_stage` reads the signature (`function`, `outline`, `parameters`) and decides how
//! arguments reach the body (`passing`). The output is a `call` of the contract's macro that contains a `handover`.
//!
//! Second stage, in the body, with the operation's definition: `args`, with `key` → `check` → `plan` → `expand`, which
//! uses `body`, `start` and `end`.

pub(crate) mod args;
mod body;
mod call;
mod check;
mod end;
mod exits;
mod expand;
pub(crate) mod first_stage;
mod function;
mod handover;
mod key;
pub(crate) mod literal;
mod names;
mod outline;
mod parameters;
mod passing;
mod plan;
mod search;
mod signature;
mod start;
mod tracked;
mod values;

use crate::decode::decode;
use crate::dispatch::dispatch;
use crate::messages::attributes::unknown;
use crate::messages::contract::{Kind, unknown_name};
use args::Args;
use check::Findings;
pub(crate) use handover::Input;
pub(crate) use key::Key;
use otel_contract_definition::{Definition, Index, Wire as _};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};

/// Second stage: the new body of the function.
pub(crate) fn expand(krate: &TokenTree, definition: &Definition, input: &Input) -> TokenStream {
    let mut findings = Findings::default();
    let plan = match Args::read(input.arguments.clone()) {
        Ok(args) => Some(check::plan(definition, args, input, &mut findings)),
        Err(diagnostic) => {
            findings.diagnostics.push(diagnostic);
            None
        }
    };
    match plan {
        Some(plan) if findings.diagnostics.is_empty() && findings.unknown.is_empty() => {
            let body = body::Body::of(input, &plan);
            expand::expand(krate, definition, input, &plan, body)
        }
        _ => with_errors(krate, definition, input, &findings),
    }
}

/// Returns all errors, and the unchanged body to avoid follow-up errors.
fn with_errors(
    krate: &TokenTree,
    definition: &Definition,
    input: &Input,
    findings: &Findings,
) -> TokenStream {
    let path = &input.path;
    let body = input.unchanged_body();
    let handle = args::handle(&input.arguments).map(|handle| {
        quote! {
            #[allow(unused_variables)]
            let #handle = <#path as #krate::__private::Operation>::handle(
                ::core::default::Default::default(),
            );
        }
    });
    let diagnostics = &findings.diagnostics;
    let unknown = unknown_keys(definition, input, &findings.unknown);
    quote! { { #(#diagnostics)* #(#unknown)* #handle #body } }
}

/// Returns calls of the contract's macro. With the index of the whole contract, the macro reports each unknown key.
fn unknown_keys(definition: &Definition, input: &Input, keys: &[Key]) -> Vec<TokenStream> {
    let path: Vec<TokenTree> = input.path.clone().into_iter().collect();
    match path.as_slice() {
        [prefix @ .., last] if call::names_contract(prefix) => {
            let dispatch = dispatch(last.span());
            let definition = definition.encode();
            let calls = keys.iter().map(|key| {
                let Key {
                    text,
                    tokens,
                    is_literal,
                } = key;
                quote! { #(#prefix)* #dispatch! { key #definition #text #is_literal #tokens } }
            });
            calls.collect()
        }
        // The operation is imported by name, so the index of the contract is not available here.
        _ => keys
            .iter()
            .map(|key| unknown_key(definition, key, None))
            .collect(),
    }
}

fn unknown_key(definition: &Definition, key: &Key, index: Option<&Index>) -> TokenStream {
    unknown(definition, &key.tokens, &key.text, index, key.is_word()).into_token_stream()
}

/// A key that the operation does not have, as the contract's macro passes it back:
/// `key "definition" "text" is_literal tokens`.
pub(crate) struct UnknownKey {
    definition: Definition,
    key: Key,
}

impl Parse for UnknownKey {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let definition: syn::LitStr = input.parse()?;
        let text: syn::LitStr = input.parse()?;
        let is_literal: syn::LitBool = input.parse()?;
        Ok(Self {
            definition: decode(definition.token())?,
            key: Key {
                text: text.value(),
                tokens: input.parse()?,
                is_literal: is_literal.value,
            },
        })
    }
}

/// Reports a key that the operation does not have.
pub(crate) fn report_unknown_key(index: &Index, unknown: &UnknownKey) -> TokenStream {
    unknown_key(&unknown.definition, &unknown.key, Some(index))
}

/// Reports a path into the contract that names no operation.
pub(crate) fn report_unknown_operation(index: &Index, name: &Ident, input: &Input) -> TokenStream {
    let body = args::without_handle(&input.arguments, &input.unchanged_body());
    let diagnostic = (!index.incomplete).then(|| unknown_name(index, Kind::Operation, name));
    quote! { { #diagnostic #body } }
}
