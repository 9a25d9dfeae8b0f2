//! `#[derive(AttributeValue)]`.

use super::{ContractPath, Derive, Input, find_attribute, snake_case};
use crate::dispatch::dispatch;
use crate::messages::{Diagnostic, derives as messages, literals};
use crate::operation::literal::{self, Constant};
use crate::spans::located_at;
use otel_contract_definition::names::nearest;
use otel_contract_definition::{AttributeDefinition, Definition, Values};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned as _;
use syn::{Data, DataEnum, DataStruct, DeriveInput, Expr, Lit, Token, Variant};

/// First stage. For a struct, converts its field; for an enum, requests the values from the contract.
pub(crate) fn first_stage(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item.clone()) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let expanded =
        ContractPath::of(&input, Derive::AttributeValue).and_then(|path| match &input.data {
            Data::Struct(data) => convert_field(&input, data, &path),
            Data::Enum(_) => ask_for_values(&path, &item),
            Data::Union(data) => Err(messages::value_of_union(data.union_token)),
        });
    expanded.unwrap_or_else(ToTokens::into_token_stream)
}

fn ask_for_values(path: &ContractPath, item: &TokenStream) -> Result<TokenStream, Diagnostic> {
    let ContractPath {
        module,
        name,
        capped,
    } = path;
    if let Some(capped) = capped {
        return Err(messages::capped_enum(capped));
    }
    let dispatch = dispatch(name.span());
    Ok(quote! { #module #dispatch! { attribute_value #name { #module } { #item } } })
}

fn convert_field(
    input: &DeriveInput,
    data: &DataStruct,
    path: &ContractPath,
) -> Result<TokenStream, Diagnostic> {
    let fields: Vec<_> = data.fields.iter().collect();
    let [field] = fields.as_slice() else {
        return Err(messages::value_of_several_fields(
            &input.ident,
            fields.len(),
        ));
    };
    let ContractPath {
        module,
        name,
        capped,
    } = path;
    let ident = &input.ident;
    let (generics, types, wheres) = input.generics.split_for_impl();
    // Spanned at the field's type, so that rustc underlines the type if it is not a value of the attribute.
    let span = field.ty.span();
    let this = quote! { self };
    let member = match &field.ident {
        Some(ident) => ident.to_token_stream(),
        None => quote! { 0 },
    };
    let reference = quote_spanned! {span=> &(#this.#member) };
    let value = match capped {
        Some(capped) => {
            let module = located_at(module, capped.span());
            quote_spanned! {capped.span()=> #module __private::capped_value::<#module #name>(#reference) }
        }
        None => quote_spanned! {span=> #module #name::__from_given(#reference) },
    };
    Ok(quote! {
        #[automatically_derived]
        impl #generics #module __private::AttributeValue<#module #name> for #ident #types #wheres {
            fn to_attribute(&self) -> #module #name {
                #value
            }
        }
    })
}

/// Second stage: maps the variants of an enum to the values of the attribute.
pub(crate) fn expand(definition: &Definition, input: &Input) -> TokenStream {
    let Data::Enum(data) = &input.item.data else {
        return TokenStream::new();
    };
    match map_variants(definition, &input.item.ident, data) {
        Ok(mapped) => {
            let (module, attribute) = (&input.module, attribute_type(definition));
            let arms = data.variants.iter().zip(mapped).map(|(variant, value)| {
                let ident = &variant.ident;
                quote! { Self::#ident { .. } => #module #attribute::#value, }
            });
            implement(definition, input, &quote! { match self { #(#arms)* } })
        }
        Err(diagnostics) => {
            // Emit the impl even on error, to avoid follow-up errors where the enum is used. The error stops the
            // compilation, so the impl never runs.
            let implemented = implement(definition, input, &quote! { ::core::unreachable!() });
            quote! { #(#diagnostics)* #implemented }
        }
    }
}

/// The argument of `#[attribute_value(…)]` on a variant.
enum Argument {
    Literal(Expr),
    Other(Ident),
    /// A word without quotes.
    Unquoted(Ident),
}

impl Parse for Argument {
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

/// The values of a closed set.
struct ClosedSet {
    /// Pairs of a value and its variant in the contract's enum.
    values: Vec<(String, String)>,
    /// Whether `_OTHER` is allowed.
    other: bool,
}

impl ClosedSet {
    fn of(attribute: &AttributeDefinition) -> Option<Self> {
        match &attribute.values {
            Values::Strings { values, other } => Some(Self {
                values: values.clone(),
                other: *other,
            }),
            Values::Ints(values) => {
                let values = values.iter();
                Some(Self {
                    values: values
                        .map(|(value, variant)| (value.to_string(), variant.clone()))
                        .collect(),
                    other: false,
                })
            }
            _ => None,
        }
    }

    fn names(&self) -> Vec<&str> {
        self.values
            .iter()
            .map(|(value, _)| value.as_str())
            .collect()
    }
}

/// The value that a variant maps to.
enum MappedValue {
    Other,
    /// Index among the values of the attribute.
    Listed(usize),
}

/// A variant that maps to no value.
struct Unmapped {
    diagnostic: Diagnostic,
    /// The value as written, to suggest the nearest value of the attribute.
    written: Option<String>,
}

impl<T: Into<Diagnostic>> From<T> for Unmapped {
    fn from(diagnostic: T) -> Self {
        Self {
            diagnostic: diagnostic.into(),
            written: None,
        }
    }
}

/// Returns the variant of the contract's enum for each variant of the user's enum.
fn map_variants(
    definition: &Definition,
    name: &Ident,
    data: &DataEnum,
) -> Result<Vec<Ident>, Vec<Diagnostic>> {
    let Some(attribute) = definition.attributes.first() else {
        return Ok(Vec::new());
    };
    let Some(set) = ClosedSet::of(attribute) else {
        return Err(vec![messages::value_not_closed(definition, name)]);
    };
    let mut diagnostics = Vec::new();
    let mut mapped = Vec::new();
    let mut is_mapped = vec![false; set.values.len()];
    // Values that are suggested for a misspelt value, and the number of variants without a suggestion.
    let (mut suggested, mut unknown) = (Vec::new(), 0);
    for variant in &data.variants {
        match map_variant(definition, variant, &set) {
            Ok(MappedValue::Other) => mapped.push(Ident::new("Other", Span::call_site())),
            Ok(MappedValue::Listed(index)) => {
                let (value, contract_variant) = &set.values[index];
                if std::mem::replace(&mut is_mapped[index], true) {
                    diagnostics.push(messages::duplicate_variant(
                        definition,
                        &variant.ident,
                        value,
                    ));
                }
                mapped.push(Ident::new(contract_variant, Span::call_site()));
            }
            Err(Unmapped {
                diagnostic,
                written,
            }) => {
                let near = written.and_then(|written| nearest(&written, set.names()));
                unknown += usize::from(near.is_none());
                suggested.extend(near);
                diagnostics.push(diagnostic);
            }
        }
    }
    let missing: Vec<&str> = set
        .names()
        .into_iter()
        .zip(&is_mapped)
        .filter(|(value, is_mapped)| !**is_mapped && !suggested.contains(value))
        .map(|(value, _)| value)
        .collect();
    // Each unknown variant may be meant for one missing value, so missing values are reported only if they outnumber
    // the unknown variants.
    if missing.len() > unknown {
        diagnostics.push(messages::missing_variants(definition, name, &missing));
    }
    if diagnostics.is_empty() {
        Ok(mapped)
    } else {
        Err(diagnostics)
    }
}

fn map_variant(
    definition: &Definition,
    variant: &Variant,
    set: &ClosedSet,
) -> Result<MappedValue, Unmapped> {
    let unknown = |tokens: TokenStream, written: String, fix: Option<String>| Unmapped {
        diagnostic: messages::unknown_variant(definition, tokens, &written, &set.names(), fix),
        written: Some(written),
    };
    let Some(found) = find_attribute(&variant.attrs, "attribute_value")? else {
        let ident = variant.ident.unraw().to_string();
        let mut values = set.values.iter();
        return match values.position(|(_, variant)| *variant == ident) {
            Some(index) => Ok(MappedValue::Listed(index)),
            None if set.other && ident == "Other" => Ok(MappedValue::Other),
            None => Err(unknown(
                variant.ident.to_token_stream(),
                snake_case(&ident),
                None,
            )),
        };
    };
    match found.parse_args::<Argument>()? {
        Argument::Literal(expression) => {
            let (written, fix) = read_literal(definition, &expression);
            let mut values = set.values.iter();
            let position = values.position(|(value, _)| *value == written);
            match position.filter(|_| fix.is_none()) {
                Some(index) => Ok(MappedValue::Listed(index)),
                None => Err(unknown(expression.to_token_stream(), written, fix)),
            }
        }
        Argument::Unquoted(word) => Err(Unmapped {
            diagnostic: messages::unquoted_value(&word),
            written: Some(word.to_string()),
        }),
        Argument::Other(_) if set.other => Ok(MappedValue::Other),
        Argument::Other(word) => Err(messages::no_other_value(definition, word).into()),
    }
}

/// Returns a literal as the contract would write it. Also returns a fix if the literal is of the wrong kind.
fn read_literal(definition: &Definition, expression: &Expr) -> (String, Option<String>) {
    let shown = || expression.to_token_stream().to_string().replace("- ", "-");
    let attribute = definition.attributes.first();
    let values = attribute.map(|attribute| &attribute.values);
    match (values, literal::read(expression)) {
        (_, Some(Err(fix))) => (shown(), Some(fix)),
        (Some(Values::Strings { .. }), Some(Ok(Constant::Text(text)))) => (text, None),
        (Some(Values::Ints(_)), Some(Ok(Constant::Integer(number, _)))) => {
            (number.to_string(), None)
        }
        (Some(Values::Ints(_)), Some(Ok(Constant::Text(_)))) => {
            (shown(), Some(literals::quoted_integer()))
        }
        _ => (shown(), None),
    }
}

fn implement(definition: &Definition, input: &Input, body: &TokenStream) -> TokenStream {
    let Input { module, item } = input;
    let attribute = attribute_type(definition);
    let name = &item.ident;
    let (generics, types, wheres) = item.generics.split_for_impl();
    let is_deprecated = |attribute: &AttributeDefinition| {
        attribute.deprecated.is_some() || !attribute.deprecated_values.is_empty()
    };
    let uses_deprecated = definition.attributes.iter().any(is_deprecated);
    let allow = uses_deprecated.then(|| quote! { #[allow(deprecated)] });
    quote! {
        #[automatically_derived]
        #allow
        impl #generics #module __private::AttributeValue<#module #attribute> for #name #types #wheres {
            fn to_attribute(&self) -> #module #attribute {
                #body
            }
        }
    }
}

fn attribute_type(definition: &Definition) -> Ident {
    Ident::new(&definition.rust, Span::call_site())
}
