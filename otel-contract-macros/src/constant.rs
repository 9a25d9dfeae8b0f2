//! `constant!` of a contract: a literal is checked here, a constant expression by rustc's evaluation of it.

use crate::mistake::{Mistake, at};
use crate::operation::literal::{self, Constant, Judged};
use otel_contract_definition::{AttributeDefinition, Definition, Index, Values};
use proc_macro2::{Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned as _;
use syn::{Expr, Ident, LitInt, LitStr, Token};

/// `number ["old value" "what to do instead" …] , value`
pub(crate) struct Handed {
    attribute: LitInt,
    /// Deprecated values, each with what to do instead.
    old: Vec<(String, String)>,
    /// What comes behind the name of the attribute.
    value: TokenStream,
}

impl Parse for Handed {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attribute = input.parse()?;
        let (list, mut old) = (bracketed(input)?, Vec::new());
        let mut texts = list.into_iter();
        while let (Some(value), Some(note)) = (texts.next(), texts.next()) {
            old.push((value.value(), note.value()));
        }
        Ok(Self {
            attribute,
            old,
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

/// `, value`, with a comma behind it or not; in error, the tokens that are none of it.
enum Value {
    Given(Expr),
    Missing(TokenStream),
    Surplus(TokenStream),
}

impl Parse for Value {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let comma = match input.parse::<Option<Token![,]>>()? {
            Some(comma) if !input.is_empty() => comma,
            other => {
                let rest: TokenStream = input.parse()?;
                return Ok(Self::Missing(quote! { #other #rest }));
            }
        };
        if input.peek(Token![,]) {
            input.parse::<TokenStream>()?;
            return Ok(Self::Missing(comma.to_token_stream()));
        }
        let value = input.parse()?;
        input.parse::<Option<Token![,]>>()?;
        let rest: TokenStream = input.parse()?;
        Ok(if rest.is_empty() {
            Self::Given(value)
        } else {
            Self::Surplus(rest)
        })
    }
}

/// The value, or the message alone: both may stand wherever an expression or a pattern does.
pub(crate) fn expand(krate: &TokenTree, definition: &Definition, handed: Handed) -> TokenStream {
    let Some(attribute) = definition.attributes.first() else {
        return TokenStream::new();
    };
    match value(krate, definition, attribute, handed) {
        Ok(tokens) => tokens,
        Err(mistake) => mistake.into_token_stream(),
    }
}

fn value(
    krate: &TokenTree,
    definition: &Definition,
    attribute: &AttributeDefinition,
    handed: Handed,
) -> Result<TokenStream, Mistake> {
    let value = match syn::parse2(handed.value)? {
        Value::Given(value) => value,
        Value::Missing(at) => {
            return Err(Mistake::constant_without_value(definition, attribute, at));
        }
        Value::Surplus(rest) => {
            return Err(Mistake::constant_values(definition, attribute, rest));
        }
    };
    let number = &handed.attribute;
    let known = |value: &TokenStream| {
        quote! {
            <#krate::__private::constant::Written<#number, #value>
                as #krate::__private::constant::Constant<_>>::VALUE
        }
    };
    let Some(read) = literal::read(&value) else {
        return Ok(known(&evaluated(krate, definition, attribute, &value)));
    };
    let refused = |given: Option<&Constant>, why: Option<String>| {
        let shown = match (&attribute.values, given) {
            (Values::Strings { .. }, Some(Constant::Text(text))) => text.clone(),
            _ => value.to_token_stream().to_string().replace("- ", "-"),
        };
        Mistake::not_a_value(definition, attribute, &value, &shown, why)
    };
    let given = read.map_err(|why| refused(None, Some(why)))?;
    if let Judged::Refused(why) = literal::judge(&attribute.values, &given) {
        return Err(refused(Some(&given), why));
    }
    let Some(code) = code(&attribute.values, &given) else {
        return Err(refused(Some(&given), None));
    };
    let code = Literal::i64_unsuffixed(code);
    let known = known(&quote! { { #code } });
    Ok(match deprecation(attribute, &handed.old, &given) {
        Some(note) => warning(value.span(), &note, &known),
        None => known,
    })
}

/// The number by which `Written` knows a literal.
fn code(values: &Values, given: &Constant) -> Option<i64> {
    match (values, given) {
        (Values::Strings { values, .. }, Constant::Text(given)) => {
            let position = values.iter().position(|(value, _)| value == given)?;
            i64::try_from(position).ok()
        }
        (Values::Ints(values), Constant::Integer(given, _)) => {
            let mut values = values.iter();
            let position = values.position(|(value, _)| i128::from(*value) == *given)?;
            i64::try_from(position).ok()
        }
        (Values::Range(..) | Values::Int, Constant::Integer(given, _)) => {
            i64::try_from(*given).ok()
        }
        (Values::Boolean, Constant::Boolean(given)) => Some(i64::from(*given)),
        _ => None,
    }
}

/// What rustc evaluates: a call at the place of the value, which panics with our message.
fn evaluated(
    krate: &TokenTree,
    definition: &Definition,
    attribute: &AttributeDefinition,
    value: &Expr,
) -> TokenStream {
    let refusal = Mistake::constant_outside(definition, attribute, value).text();
    let (held, function, data) = match &attribute.values {
        Values::Strings { values, .. } => {
            let values = values.iter().map(|(value, _)| value);
            ("str", "place_of_text", quote! { &[#(#values),*], #refusal })
        }
        Values::Ints(values) => {
            let values = values
                .iter()
                .map(|(value, _)| Literal::i64_suffixed(*value));
            ("i64", "place", quote! { &[#(#values),*], #refusal })
        }
        Values::Range(min, max) => {
            let (min, max) = (Literal::i64_suffixed(*min), Literal::i64_suffixed(*max));
            ("i64", "range", quote! { #min, #max, #refusal })
        }
        Values::Boolean => ("bool", "boolean", TokenStream::new()),
        _ => ("i64", "integer", TokenStream::new()),
    };
    let tokens = || value.to_token_stream().into_iter();
    let start = value.span();
    let end = tokens().last().map_or(start, |last| last.span());
    let (held, function) = (Ident::new(held, start), Ident::new(function, start));
    let reference = (held == "str").then(|| quote_spanned! {start=> & });
    // Hygienic, since the user's value is evaluated beside it.
    let given = Ident::new("given", Span::mixed_site().located_at(start));
    // Called by a name of its own, so that rustc underlines the value and does not mention this macro.
    let checked = Ident::new("__checked", start);
    let arguments = quote_spanned! {end=> (#given, #data) };
    let krate = at(krate, start);
    quote_spanned! {start=>
        {
            use #krate::__private::constant::#function as #checked;
            let #given: #reference ::core::primitive::#held = #value;
            #checked #arguments
        }
    }
}

/// What to do instead of a deprecated attribute or value.
fn deprecation(
    attribute: &AttributeDefinition,
    old: &[(String, String)],
    given: &Constant,
) -> Option<String> {
    let written = match given {
        Constant::Text(text) => text.clone(),
        Constant::Integer(number, _) => number.to_string(),
        _ => String::new(),
    };
    let note = old.iter().find(|(value, _)| *value == written);
    note.map(|(_, note)| note.clone())
        .or_else(|| attribute.deprecated.clone())
}

/// The value, and a use of something deprecated beside it.
fn warning(span: Span, note: &str, value: &TokenStream) -> TokenStream {
    let warner = Ident::new("__USES_A_DEPRECATED_VALUE", span);
    quote! {
        {
            #[deprecated(note = #note)]
            const #warner: () = ();
            let () = #warner;
            #value
        }
    }
}

/// What was written where no arm of the macro matches.
pub(crate) fn unknown(index: &Index, written: TokenStream) -> TokenStream {
    let is_comma =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
    let name: Vec<TokenTree> = written
        .into_iter()
        .take_while(|token| !is_comma(token))
        .collect();
    let known = |name: &Ident| index.attributes.iter().any(|one| name == &one.camel);
    let mistake = match name.as_slice() {
        // It may be what could not be read of the contract, which is reported there.
        [TokenTree::Ident(name)] if index.incomplete && !known(name) => {
            return quote! { ::core::unimplemented!() };
        }
        [TokenTree::Ident(name)] => Mistake::no_constant(index, name),
        _ => Mistake::constant_of(index, name.into_iter().collect()),
    };
    mistake.into_token_stream()
}
