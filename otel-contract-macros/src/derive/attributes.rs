//! `#[derive(Attributes)]`.

use super::{ContractPath, Handed, only};
use crate::dispatch::dispatch;
use crate::mistake::Mistake;
use crate::mistake::at;
use crate::operation::args::Key;
use otel_contract_definition::items::{deprecation_constant as warner, setter as taker};
use otel_contract_definition::{Definition, Level};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Field};

const EXAMPLE: &str = "billing::Account";

/// First stage: asks the contract what the group or operation takes.
pub(crate) fn attach(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item.clone()) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let attached =
        ContractPath::of(&input, "attributes", EXAMPLE).and_then(|path| match &input.data {
            Data::Struct(_) => {
                let ContractPath { prefix, name, .. } = path;
                let dispatch = dispatch(name.span());
                Ok(quote! { #prefix #dispatch! { attributes #name { #prefix } { #item } } })
            }
            Data::Enum(data) => Err(Mistake::at(
                data.enum_token,
                "attributes are the fields of a struct, not of an enum",
            )
            .help("derive `AttributeValue` for an enum that is the value of one attribute")),
            Data::Union(data) => Err(Mistake::at(
                data.union_token,
                "attributes are the fields of a struct, not of a union",
            )),
        });
    attached.unwrap_or_else(ToTokens::into_token_stream)
}

/// Second stage: the fields against the definition.
pub(crate) fn expand(definition: &Definition, handed: &Handed) -> TokenStream {
    let Data::Struct(data) = &handed.input.data else {
        return TokenStream::new();
    };
    let mut mistakes = Vec::new();
    let mut settled = vec![false; definition.attributes.len()];
    let mut records = Vec::new();
    for (position, field) in data.fields.iter().enumerate() {
        match index(definition, field, &mut settled) {
            Ok(Some((index, old))) => {
                records.extend(old.map(|old| {
                    let prefix = &handed.prefix;
                    quote! { let () = #prefix __Attributes::#old; }
                }));
                records.push(record(definition, handed, field, position, index));
            }
            Ok(None) => {}
            Err(mistake) => mistakes.push(mistake),
        }
    }
    let required = definition.attributes.iter().zip(&settled);
    let required = required.filter(|(one, settled)| one.level == Level::Required && !**settled);
    let missing: Vec<&str> = required.map(|(one, _)| one.key.as_str()).collect();
    if !missing.is_empty() && !definition.incomplete {
        mistakes.push(Mistake::fields_missing(
            definition,
            &handed.input.ident,
            &missing,
        ));
    }
    // What is sound is implemented all the same: uses of the struct are not wrong as well.
    let Handed { prefix, input } = handed;
    let name = &input.ident;
    let group = proc_macro2::Ident::new(&definition.rust, Span::call_site());
    let (generics, types, wheres) = input.generics.split_for_impl();
    quote! {
        #(#mistakes)*

        #[automatically_derived]
        impl #generics #prefix __private::AttributeGroup<#prefix #group> for #name #types #wheres {
            fn record(
                &self,
                __set: &mut #prefix __private::AttributeSink<'_>,
            ) {
                let _ = &__set;
                #(#records)*
            }
        }
    }
}

/// Which attribute a field is, if it is one, and what warns of a name that is no longer said.
fn index(
    definition: &Definition,
    field: &Field,
    settled: &mut [bool],
) -> Result<Option<(usize, Option<Ident>)>, Mistake> {
    if let Some(misplaced) = only(&field.attrs, "attributes")? {
        return Err(Mistake::at(
            misplaced.to_token_stream(),
            "`attributes` says what the struct fills; a field is one attribute",
        )
        .help("write `#[attribute(…)]`"));
    }
    let Some(found) = only(&field.attrs, "attribute")? else {
        return Ok(None);
    };
    let key: Key = found.parse_args()?;
    let Some(index) = definition
        .attributes
        .iter()
        .position(|one| one.key == key.text || one.old_name(&key.text).is_some())
    else {
        let candidates = || definition.attributes.iter();
        let meant = candidates()
            .position(|one| one.instead_of.contains(&key.text))
            .or_else(|| {
                let near = otel_contract_definition::names::nearest(
                    &key.text,
                    candidates().map(|one| one.key.as_str()),
                )?;
                candidates().position(|one| one.key == near)
            });
        if let Some(meant) = meant {
            settled[meant] = true;
        }
        if definition.incomplete {
            return Ok(None);
        }
        return Err(Mistake::field_unknown(definition, &key.tokens, &key.text));
    };
    if definition.attributes[index].level == Level::OnSuccess {
        return Err(Mistake::known_on_success(
            definition,
            &definition.attributes[index],
            &key.tokens,
        ));
    }
    if std::mem::replace(&mut settled[index], true) {
        return Err(Mistake::given_twice(
            definition,
            &definition.attributes[index],
            &key.tokens,
        ));
    }
    let old = definition.attributes[index].old_name(&key.text);
    let old = old.map(|old| Ident::new(&warner(old), key.span()));
    Ok(Some((index, old)))
}

fn record(
    definition: &Definition,
    handed: &Handed,
    field: &Field,
    position: usize,
    index: usize,
) -> TokenStream {
    let prefix = &handed.prefix;
    let attribute = &definition.attributes[index];
    let taker = taker(&attribute.snake, attribute.level == Level::Required);
    let taker = Ident::new(&taker, field.ty.span());
    let member = match &field.ident {
        Some(ident) => ident.to_token_stream(),
        None => syn::Index::from(position).to_token_stream(),
    };
    // All of it spanned at the field's type, which has to be a value of the attribute.
    let span = field.ty.span();
    let this = quote! { self };
    let prefix = at(prefix, span);
    let value = quote_spanned! {span=> #prefix __Attributes::#taker(&(#this.#member)) };
    quote! { __set(#index, &|| #value.map(#prefix __private::Recorded::into_owned)); }
}
