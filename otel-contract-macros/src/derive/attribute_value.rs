//! `#[derive(AttributeValue)]`.

use super::{ContractPath, Handed, only};
use crate::dispatch::dispatch;
use crate::mistake::{Mistake, at};
use crate::operation::literal::{self, Constant};
use otel_contract_definition::{AttributeDefinition, Definition, Values};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned as _;
use syn::{Data, DataEnum, DataStruct, DeriveInput, Expr, Lit, Token, Variant};

const EXAMPLE: &str = "billing::AccountTier";

/// First stage: a struct goes through its field, an enum asks the contract for the values.
pub(crate) fn attach(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item.clone()) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let attached =
        ContractPath::of(&input, "attribute_value", EXAMPLE).and_then(|path| match &input.data {
            Data::Struct(data) => through_field(&input, data, &path),
            Data::Enum(_) => {
                let ContractPath {
                    prefix,
                    name,
                    capped,
                } = path;
                if let Some(capped) = capped {
                    return Err(Mistake::at(
                        &capped,
                        "an enum has as many values as variants, and caps none",
                    )
                    .help("remove `capped`"));
                }
                let dispatch = dispatch(name.span());
                Ok(quote! { #prefix #dispatch! { attribute_value #name { #prefix } { #item } } })
            }
            Data::Union(data) => Err(Mistake::at(
                data.union_token,
                "a union is no value of an attribute",
            )),
        });
    attached.unwrap_or_else(ToTokens::into_token_stream)
}

fn through_field(
    input: &DeriveInput,
    data: &DataStruct,
    path: &ContractPath,
) -> Result<TokenStream, Mistake> {
    let fields: Vec<_> = data.fields.iter().collect();
    let [field] = fields.as_slice() else {
        let name = &input.ident;
        return Err(Mistake::at(
            name,
            format!(
                "`{name}` has {} fields, and which is the value cannot be seen",
                fields.len()
            ),
        )
        .help("derive `AttributeValue` on a struct with one field, or implement it by hand"));
    };
    let ContractPath {
        prefix,
        name,
        capped,
    } = path;
    let ident = &input.ident;
    let (generics, types, wheres) = input.generics.split_for_impl();
    // Spanned at the field's type, which has to be a value of the attribute.
    let span = field.ty.span();
    let this = quote! { self };
    let member = match &field.ident {
        Some(ident) => ident.to_token_stream(),
        None => quote! { 0 },
    };
    let field = quote_spanned! {span=> &(#this.#member) };
    let value = match capped {
        Some(capped) => {
            let prefix = at(prefix, capped.span());
            quote_spanned! {capped.span()=> #prefix __private::capped_value::<#prefix #name>(#field) }
        }
        None => quote_spanned! {span=> #prefix #name::__from_given(#field) },
    };
    Ok(quote! {
        #[automatically_derived]
        impl #generics #prefix __private::AttributeValue<#prefix #name> for #ident #types #wheres {
            fn to_attribute(&self) -> #prefix #name {
                #value
            }
        }
    })
}

/// Second stage: an enum against the values of the attribute.
pub(crate) fn expand(definition: &Definition, handed: &Handed) -> TokenStream {
    let Data::Enum(data) = &handed.input.data else {
        return TokenStream::new();
    };
    match mapping(definition, &handed.input.ident, data) {
        Ok(targets) => {
            let (prefix, attribute) = (&handed.prefix, attribute(definition));
            let arms = data.variants.iter().zip(targets).map(|(variant, target)| {
                let ident = &variant.ident;
                quote! { Self::#ident { .. } => #prefix #attribute::#target, }
            });
            implement(definition, handed, &quote! { match self { #(#arms)* } })
        }
        Err(mistakes) => {
            // Implemented all the same: uses of the enum are not wrong as well.
            let implemented = implement(definition, handed, &quote! { ::core::unreachable!() });
            quote! { #(#mistakes)* #implemented }
        }
    }
}

/// What a variant says of its value.
enum Said {
    Literal(Expr),
    Other(Ident),
    /// A word that lacks its quotes.
    Unquoted(Ident),
    Nothing,
}

impl Parse for Said {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Token![-]) || input.peek(Lit) {
            return input.parse().map(Self::Literal);
        }
        let word: Ident = input.call(Ident::parse_any)?;
        if word == "other" {
            Ok(Self::Other(word))
        } else {
            Ok(Self::Unquoted(word))
        }
    }
}

/// The variant of the contract's enum for each variant of the user's.
fn mapping(
    definition: &Definition,
    name: &Ident,
    data: &DataEnum,
) -> Result<Vec<Ident>, Vec<Mistake>> {
    let Some(attribute) = definition.attributes.first() else {
        return Ok(Vec::new());
    };
    let (values, other): (Vec<(String, String)>, bool) = match &attribute.values {
        Values::Strings { values, other } => (values.clone(), *other),
        Values::Ints(values) => (
            values
                .iter()
                .map(|(value, variant)| (value.to_string(), variant.clone()))
                .collect(),
            false,
        ),
        _ => return Err(vec![Mistake::not_closed(definition, name)]),
    };
    let known: Vec<&str> = values.iter().map(|(value, _)| value.as_str()).collect();
    let mut mistakes = Vec::new();
    let mut taken = vec![false; values.len()];
    let (mut meant, mut unknown) = (Vec::new(), 0);
    let mut targets = Vec::new();
    for variant in &data.variants {
        match target(definition, variant, &values, other) {
            Ok(None) => targets.push(Ident::new("Other", Span::call_site())),
            Ok(Some(index)) => {
                if std::mem::replace(&mut taken[index], true) {
                    mistakes.push(Mistake::variant_twice(
                        definition,
                        &variant.ident,
                        &values[index].0,
                    ));
                }
                targets.push(Ident::new(&values[index].1, Span::call_site()));
            }
            Err((mistake, written)) => {
                let near = written.and_then(|written| {
                    let near =
                        otel_contract_definition::names::nearest(&written, known.iter().copied());
                    near.map(str::to_owned)
                });
                unknown += usize::from(near.is_none());
                meant.extend(near);
                mistakes.push(mistake);
            }
        }
    }
    // A value whose variant is misspelt is not missing as well.
    let missing = values
        .iter()
        .zip(&taken)
        .filter(|((value, _), taken)| !**taken && !meant.contains(value));
    let missing: Vec<&str> = missing.map(|((value, _), _)| value.as_str()).collect();
    // A variant nobody knows may be a value under another name.
    if missing.len() > unknown {
        mistakes.push(Mistake::enum_lacks(definition, name, &missing));
    }
    if mistakes.is_empty() {
        Ok(targets)
    } else {
        Err(mistakes)
    }
}

/// Index of the value a variant stands for; `None` for `_OTHER`. In error, what was written.
fn target(
    definition: &Definition,
    variant: &Variant,
    values: &[(String, String)],
    other: bool,
) -> Result<Option<usize>, (Mistake, Option<String>)> {
    let known: Vec<&str> = values.iter().map(|(value, _)| value.as_str()).collect();
    let said = match only(&variant.attrs, "attribute_value").map_err(|mistake| (mistake, None))? {
        Some(found) => found
            .parse_args::<Said>()
            .map_err(|error| (error.into(), None))?,
        None => Said::Nothing,
    };
    let find = |written: &str| values.iter().position(|(value, _)| value == written);
    let unknown = |tokens: TokenStream, written: String, why: Option<String>| {
        let mistake = Mistake::variant_unknown(definition, tokens, &written, &known, why);
        (mistake, Some(written))
    };
    match said {
        Said::Literal(expression) => {
            let (written, why) = literal_value(definition, &expression);
            let found = if why.is_none() { find(&written) } else { None };
            let tokens = || expression.to_token_stream();
            found
                .map(Some)
                .ok_or_else(|| unknown(tokens(), written, why))
        }
        Said::Unquoted(word) => {
            let mistake = Mistake::at(&word, format!("a value stands in quotes: `\"{word}\"`"))
                .help(format!(
                    "write `#[attribute_value(\"{word}\")]`, or `other`"
                ));
            Err((mistake, Some(word.to_string())))
        }
        Said::Other(_) if other => Ok(None),
        Said::Other(word) => Err((Mistake::no_other(definition, word), None)),
        Said::Nothing => {
            let ident = variant.ident.unraw().to_string();
            let index = values.iter().position(|(_, name)| *name == ident);
            match index {
                Some(index) => Ok(Some(index)),
                None if other && ident == "Other" => Ok(None),
                None => Err(unknown(
                    variant.ident.to_token_stream(),
                    snake(&ident),
                    None,
                )),
            }
        }
    }
}

/// A literal as the values of the attribute are written; and why it is none of them, where that is not its value.
fn literal_value(definition: &Definition, expression: &Expr) -> (String, Option<String>) {
    let shown = || expression.to_token_stream().to_string().replace("- ", "-");
    let closed = definition.attributes.first().map(|one| &one.values);
    match (closed, literal::read(expression)) {
        (_, Some(Err(why))) => (shown(), Some(why)),
        (Some(Values::Strings { .. }), Some(Ok(Constant::Text(text)))) => (text, None),
        (Some(Values::Ints(_)), Some(Ok(Constant::Integer(number, _)))) => {
            (number.to_string(), None)
        }
        (Some(Values::Ints(_)), Some(Ok(Constant::Text(_)))) => (
            shown(),
            Some("an integer is written without quotes".to_owned()),
        ),
        _ => (shown(), None),
    }
}

fn snake(camel: &str) -> String {
    let mut snake = String::new();
    for (index, letter) in camel.char_indices() {
        if letter.is_ascii_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

fn implement(definition: &Definition, handed: &Handed, body: &TokenStream) -> TokenStream {
    let Handed { prefix, input } = handed;
    let attribute = attribute(definition);
    let name = &input.ident;
    let (generics, types, wheres) = input.generics.split_for_impl();
    let is_deprecated =
        |one: &AttributeDefinition| one.deprecated.is_some() || !one.deprecated_values.is_empty();
    let allowed = definition.attributes.iter().any(is_deprecated);
    let allowed = allowed.then(|| quote! { #[allow(deprecated)] });
    quote! {
        #[automatically_derived]
        #allowed
        impl #generics #prefix __private::AttributeValue<#prefix #attribute> for #name #types #wheres {
            fn to_attribute(&self) -> #prefix #attribute {
                #body
            }
        }
    }
}

/// The type of the attribute.
fn attribute(definition: &Definition) -> Ident {
    Ident::new(&definition.rust, Span::call_site())
}
