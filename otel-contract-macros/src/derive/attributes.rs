//! `#[derive(Attributes)]`.

use super::{ContractPath, Derive, Input, find_attribute};
use crate::dispatch::dispatch;
use crate::messages::{Diagnostic, attributes, fields as messages};
use crate::operation::Key;
use crate::spans::located_at;
use otel_contract_definition::items::{deprecation_constant, setter};
use otel_contract_definition::names::similar_keys;
use otel_contract_definition::{Definition, Level, Values};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Field, Token};

/// First stage: requests the attributes of the group or operation from the contract.
pub(crate) fn first_stage(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item.clone()) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let expanded =
        ContractPath::of(&input, Derive::Attributes).and_then(|path| match &input.data {
            Data::Struct(_) => {
                let ContractPath { module, name, .. } = path;
                let dispatch = dispatch(name.span());
                Ok(quote! { #module #dispatch! { attributes #name { #module } { #item } } })
            }
            Data::Enum(data) => Err(messages::attributes_of_enum(data.enum_token)),
            Data::Union(data) => Err(messages::attributes_of_union(data.union_token)),
        });
    expanded.unwrap_or_else(ToTokens::into_token_stream)
}

/// Second stage: checks the fields against the definition.
pub(crate) fn expand(definition: &Definition, input: &Input) -> TokenStream {
    let Data::Struct(data) = &input.item.data else {
        return TokenStream::new();
    };
    let Input { module, item } = input;
    let mut diagnostics = Vec::new();
    let mut is_handled = vec![false; definition.attributes.len()];
    let mut records = Vec::new();
    for (position, field) in data.fields.iter().enumerate() {
        match read_field(definition, field, &mut is_handled) {
            Ok(Some(attribute)) => {
                records.extend(attribute.deprecation.as_ref().map(|constant| {
                    quote! { let () = #module __Attributes::#constant; }
                }));
                records.push(record(definition, input, field, position, &attribute));
            }
            Ok(None) => {}
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    let attributes = definition.attributes.iter().zip(&is_handled);
    let missing: Vec<&str> = attributes
        .filter(|(attribute, is_handled)| attribute.level == Level::Required && !**is_handled)
        .map(|(attribute, _)| attribute.key.as_str())
        .collect();
    if !missing.is_empty() && !definition.incomplete {
        diagnostics.push(messages::missing_fields(definition, &item.ident, &missing));
    }
    // Emit the impl even on error, to avoid follow-up errors where the struct is used.
    let name = &item.ident;
    let group = Ident::new(&definition.rust, Span::call_site());
    let (generics, types, wheres) = item.generics.split_for_impl();
    quote! {
        #(#diagnostics)*

        #[automatically_derived]
        impl #generics #module __private::AttributeGroup<#module #group> for #name #types #wheres {
            fn record(
                &self,
                __set: &mut #module __private::AttributeSink<'_>,
            ) {
                let _ = &__set;
                #(#records)*
            }
        }
    }
}

/// The attribute that a field sets.
struct FieldAttribute {
    /// Index among the attributes of the definition.
    index: usize,
    /// The deprecation constant, if the field uses an old name.
    deprecation: Option<Ident>,
    conversion: Option<Conversion>,
}

/// How the value of a field becomes a value of its attribute, as an option of `#[attribute(…)]`.
enum Conversion {
    /// `saturating`: an integer is clamped to the range of the attribute.
    Saturating(Ident),
    /// `capped`: a text becomes a value of a bounded attribute.
    Capped(Ident),
}

/// The arguments of `#[attribute(…)]`: a key, and optionally a conversion.
struct FieldArguments {
    key: Key,
    conversion: Option<Conversion>,
}

impl Parse for FieldArguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = input.parse()?;
        let comma: Option<Token![,]> = input.parse()?;
        if comma.is_none() || input.is_empty() {
            return Ok(Self {
                key,
                conversion: None,
            });
        }
        let option: Ident = input.parse()?;
        let conversion = match option.to_string().as_str() {
            "saturating" => Conversion::Saturating(option),
            "capped" => Conversion::Capped(option),
            _ => return Err(messages::unknown_field_option(&option)),
        };
        input.parse::<Option<Token![,]>>()?;
        Ok(Self {
            key,
            conversion: Some(conversion),
        })
    }
}

impl Conversion {
    /// Checks that the conversion results in a value of the attribute.
    fn check(&self, definition: &Definition, values: &Values, key: &Key) -> Result<(), Diagnostic> {
        match (self, values) {
            (Self::Saturating(_), Values::Range(..))
            | (Self::Capped(_), Values::Capped | Values::Newtype { capped: true }) => Ok(()),
            (Self::Saturating(option) | Self::Capped(option), _) => {
                Err(messages::conversion_of_another_class(
                    definition,
                    option,
                    &key.text,
                    matches!(self, Self::Capped(_)),
                ))
            }
        }
    }
}

/// Reads `#[attribute(…)]`. Returns `None` if a field has no such attribute. Marks attributes that are set, or whose
/// name is misspelt, as handled.
fn read_field(
    definition: &Definition,
    field: &Field,
    is_handled: &mut [bool],
) -> Result<Option<FieldAttribute>, Diagnostic> {
    if let Some(misplaced) = find_attribute(&field.attrs, "attributes")? {
        return Err(messages::attributes_on_field(misplaced));
    }
    let Some(found) = find_attribute(&field.attrs, "attribute")? else {
        return Ok(None);
    };
    let FieldArguments { key, conversion } = found.parse_args()?;
    let Some(index) = definition
        .attributes
        .iter()
        .position(|attribute| attribute.key == key.text || attribute.old_name(&key.text).is_some())
    else {
        if let Some(similar) = similar_attribute(definition, &key.text) {
            is_handled[similar] = true;
        }
        if definition.incomplete {
            return Ok(None);
        }
        return Err(messages::unknown_field_key(
            definition,
            &key.tokens,
            &key.text,
        ));
    };
    let attribute = &definition.attributes[index];
    if attribute.level == Level::OnSuccess {
        return Err(attributes::only_on_success(
            definition,
            attribute,
            &key.tokens,
        ));
    }
    if std::mem::replace(&mut is_handled[index], true) {
        return Err(attributes::duplicate(definition, attribute, &key.tokens));
    }
    if let Some(conversion) = &conversion {
        conversion.check(definition, &attribute.values, &key)?;
    }
    let old_name = attribute.old_name(&key.text);
    let deprecation = old_name.map(|old| Ident::new(&deprecation_constant(old), key.span()));
    Ok(Some(FieldAttribute {
        index,
        deprecation,
        conversion,
    }))
}

/// Returns the index of the attribute that the user probably meant by an unknown key.
fn similar_attribute(definition: &Definition, key: &str) -> Option<usize> {
    let attributes = || definition.attributes.iter();
    let replacement =
        attributes().position(|attribute| attribute.instead_of.iter().any(|old| old == key));
    replacement.or_else(|| {
        let keys = attributes().map(|attribute| attribute.key.as_str());
        match similar_keys(key, keys).as_slice() {
            [near] => attributes().position(|attribute| attribute.key == *near),
            _ => None,
        }
    })
}

fn record(
    definition: &Definition,
    input: &Input,
    field: &Field,
    position: usize,
    FieldAttribute {
        index, conversion, ..
    }: &FieldAttribute,
) -> TokenStream {
    let attribute = &definition.attributes[*index];
    // Spanned at the field's type, so that rustc underlines the type if it is not a value of the attribute.
    let span = field.ty.span();
    let is_required = attribute.level == Level::Required;
    let setter = Ident::new(&setter(&attribute.snake, is_required), span);
    let member = match &field.ident {
        Some(ident) => ident.to_token_stream(),
        None => syn::Index::from(position).to_token_stream(),
    };
    let this = quote! { self };
    let module = located_at(&input.module, span);
    let name = Ident::new(&attribute.camel, span);
    let given = quote_spanned! {span=> &(#this.#member) };
    let given = match conversion {
        None => given,
        Some(Conversion::Saturating(_)) => quote_spanned! {span=>
            &#module __private::SaturatingInput::convert(#given, #module #name::saturating)
        },
        Some(Conversion::Capped(_)) => quote_spanned! {span=>
            &#module __private::CappedInput::<#module #name>::convert(#given)
        },
    };
    let value = quote_spanned! {span=> #module __Attributes::#setter(#given) };
    quote! { __set(#index, &|| #value.map(#module __private::InputValue::into_owned)); }
}
