//! `constant!` of a contract. Literals are checked here. Other constant expressions are evaluated and checked by rustc.

use crate::messages::{Diagnostic, constants as messages, literals};
use crate::operation::literal::{self, Constant, Judgement};
use crate::spans::located_at;
use crate::warning::warning;
use otel_contract_definition::{AttributeDefinition, Definition, Index, Values};
use proc_macro2::{Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned as _;
use syn::{Expr, Ident, LitInt, LitStr, Token};

/// Input after the definition: `hash ["old value" "deprecation note" …] , value`.
pub(crate) struct Input {
    /// Hash that identifies the attribute within a program.
    attribute: LitInt,
    /// Deprecated values, each with its note.
    deprecated: Vec<(String, String)>,
    /// The tokens after the name of the attribute.
    value: TokenStream,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attribute = input.parse()?;
        let mut deprecated = Vec::new();
        let mut texts = bracketed(input)?.into_iter();
        while let (Some(value), Some(note)) = (texts.next(), texts.next()) {
            deprecated.push((value.value(), note.value()));
        }
        Ok(Self {
            attribute,
            deprecated,
            value: input.parse()?,
        })
    }
}

fn bracketed(input: ParseStream<'_>) -> syn::Result<Vec<LitStr>> {
    let list;
    syn::bracketed!(list in input);
    let mut texts = Vec::new();
    while !list.is_empty() {
        texts.push(list.parse()?);
    }
    Ok(texts)
}

/// The tokens `, value` with an optional comma at the end. For other input, the tokens to report.
enum Value {
    One(Expr),
    Missing(TokenStream),
    WithoutComma(TokenStream),
    Surplus(TokenStream),
}

impl Parse for Value {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let comma = match input.parse::<Option<Token![,]>>()? {
            Some(comma) if !input.is_empty() => comma,
            Some(comma) => return Ok(Self::Missing(comma.to_token_stream())),
            None if input.is_empty() => return Ok(Self::Missing(TokenStream::new())),
            None => return Ok(Self::WithoutComma(input.parse()?)),
        };
        if input.peek(Token![,]) {
            input.parse::<TokenStream>()?;
            return Ok(Self::Missing(comma.to_token_stream()));
        }
        let value = input.parse()?;
        input.parse::<Option<Token![,]>>()?;
        let rest: TokenStream = input.parse()?;
        Ok(if rest.is_empty() {
            Self::One(value)
        } else {
            Self::Surplus(rest)
        })
    }
}

/// Returns the value, or on error only the error. Both can be used as an expression and as a pattern. A deprecated
/// value can be used only as an expression, because it is in a block with the warning.
pub(crate) fn expand(krate: &TokenTree, definition: &Definition, input: Input) -> TokenStream {
    let Some(attribute) = definition.attributes.first() else {
        return TokenStream::new();
    };
    match value(krate, definition, attribute, input) {
        Ok(tokens) => tokens,
        Err(diagnostic) => diagnostic.into_token_stream(),
    }
}

fn value(
    krate: &TokenTree,
    definition: &Definition,
    attribute: &AttributeDefinition,
    input: Input,
) -> Result<TokenStream, Diagnostic> {
    let value = match syn::parse2(input.value)? {
        Value::One(value) => value,
        Value::Missing(tokens) => return Err(messages::no_value(definition, attribute, tokens)),
        Value::WithoutComma(tokens) => {
            return Err(messages::no_comma(definition, attribute, tokens));
        }
        Value::Surplus(rest) => {
            return Err(messages::several_values(definition, attribute, rest));
        }
    };
    let hash = &input.attribute;
    let constant = |value: &TokenStream| {
        quote! {
            <#krate::__private::constant::ConstantValue<#hash, #value>
                as #krate::__private::constant::Constant<_>>::VALUE
        }
    };
    let Some(read) = literal::read(&value) else {
        return Ok(constant(&evaluated(krate, definition, attribute, &value)));
    };
    let rejected = |literal: Option<&Constant>, fix: Option<String>| {
        let shown = match (&attribute.values, literal) {
            (Values::Strings { .. }, Some(Constant::Text(text))) => text.clone(),
            _ => value.to_token_stream().to_string().replace("- ", "-"),
        };
        literals::not_a_value(definition, attribute, &value, &shown, fix)
    };
    let literal = read.map_err(|fix| rejected(None, Some(fix)))?;
    if let Judgement::Rejected(fix) = literal::judge(&attribute.values, &literal) {
        return Err(rejected(Some(&literal), fix));
    }
    let Some(code) = code(&attribute.values, &literal) else {
        return Err(rejected(Some(&literal), None));
    };
    let code = Literal::i64_unsuffixed(code);
    let checked = constant(&quote! { { #code } });
    Ok(match deprecation(attribute, &input.deprecated, &literal) {
        Some(note) => with_warning(value.span(), &note, &checked),
        None => checked,
    })
}

/// Returns the number that represents a literal in the type `ConstantValue`.
fn code(values: &Values, literal: &Constant) -> Option<i64> {
    match (values, literal) {
        (Values::Strings { values, .. }, Constant::Text(written)) => {
            let position = values.iter().position(|(value, _)| value == written)?;
            i64::try_from(position).ok()
        }
        (Values::Ints(values), Constant::Integer(written, _)) => {
            let mut values = values.iter();
            let position = values.position(|(value, _)| i128::from(*value) == *written)?;
            i64::try_from(position).ok()
        }
        (Values::Range(..) | Values::Int, Constant::Integer(written, _)) => {
            i64::try_from(*written).ok()
        }
        (Values::Boolean, Constant::Boolean(written)) => Some(i64::from(*written)),
        _ => None,
    }
}

/// Returns a call that rustc evaluates at compile time, spanned at the value. The call panics with our message if the
/// value is not allowed.
fn evaluated(
    krate: &TokenTree,
    definition: &Definition,
    attribute: &AttributeDefinition,
    value: &Expr,
) -> TokenStream {
    let message = messages::not_a_value(definition, attribute, value);
    let (primitive, function, data) = match &attribute.values {
        Values::Strings { values, .. } => {
            let values = values.iter().map(|(value, _)| value);
            ("str", "index_of_text", quote! { &[#(#values),*], #message })
        }
        Values::Ints(values) => {
            let values = values
                .iter()
                .map(|(value, _)| Literal::i64_suffixed(*value));
            ("i64", "index_of", quote! { &[#(#values),*], #message })
        }
        Values::Range(min, max) => {
            let (min, max) = (Literal::i64_suffixed(*min), Literal::i64_suffixed(*max));
            ("i64", "range", quote! { #min, #max, #message })
        }
        Values::Boolean => ("bool", "boolean", TokenStream::new()),
        _ => ("i64", "integer", TokenStream::new()),
    };
    let tokens = || value.to_token_stream().into_iter();
    let start = value.span();
    let end = tokens().last().map_or(start, |last| last.span());
    let (primitive, function) = (Ident::new(primitive, start), Ident::new(function, start));
    let is_text = matches!(attribute.values, Values::Strings { .. });
    let reference = is_text.then(|| quote_spanned! {start=> & });
    // The name is hygienic, because the user's value is evaluated in the same block.
    let given = Ident::new("given", Span::mixed_site().located_at(start));
    // The function is imported under a local name, so that rustc underlines the value and does not mention this macro.
    let checked = Ident::new("__checked", start);
    let arguments = quote_spanned! {end=> (#given, #data) };
    let krate = located_at(krate, start);
    quote_spanned! {start=>
        {
            use #krate::__private::constant::#function as #checked;
            let #given: #reference ::core::primitive::#primitive = #value;
            #checked #arguments
        }
    }
}

/// Returns the deprecation note of the value, or else of the attribute.
fn deprecation(
    attribute: &AttributeDefinition,
    deprecated: &[(String, String)],
    literal: &Constant,
) -> Option<String> {
    let written = match literal {
        Constant::Text(text) => text.clone(),
        Constant::Integer(number, _) => number.to_string(),
        _ => String::new(),
    };
    let note = deprecated.iter().find(|(value, _)| *value == written);
    note.map(|(_, note)| note.clone())
        .or_else(|| attribute.deprecated.clone())
}

/// Returns the value together with a warning.
fn with_warning(span: Span, note: &str, value: &TokenStream) -> TokenStream {
    let warning = warning(&Ident::new("__USES_A_DEPRECATED_VALUE", span), note);
    quote! { { #warning #value } }
}

/// Returns the error for tokens that match no arm of the contract's `constant!`.
pub(crate) fn unknown(index: &Index, written: TokenStream) -> TokenStream {
    let is_comma =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
    let name: Vec<TokenTree> = written
        .into_iter()
        .take_while(|token| !is_comma(token))
        .collect();
    let is_known = |name: &Ident| index.attributes.iter().any(|known| name == &known.camel);
    let diagnostic = match name.as_slice() {
        // The attribute may be declared in a part of the contract that could not be read. That error is reported
        // elsewhere.
        [TokenTree::Ident(name)] if index.incomplete && !is_known(name) => {
            // Never runs: the error of the contract stops the compilation.
            return quote! { ::core::unimplemented!() };
        }
        [TokenTree::Ident(name)] => messages::unsupported(index, name),
        _ => messages::not_a_type(index, name.into_iter().collect()),
    };
    diagnostic.into_token_stream()
}
