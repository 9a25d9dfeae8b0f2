//! `#[derive(ErrorClass)]`.
//!
//! Class names are looked up in the contract's index, so that a misspelt class gets a message of this crate.

mod implement;

use super::find_attribute;
use crate::dispatch::dispatch;
use crate::messages::{Diagnostic, contract, derives as messages};
use implement::{implement, implement_placeholder};
use otel_contract_definition::Index;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Data, DeriveInput, Fields, LitStr, Path, Token, Type, Variant};

/// The class of a struct or variant, as written.
#[derive(Clone)]
enum Class {
    /// A class of the contract.
    Named(ClassName),
    /// The class recorded as `_OTHER`.
    Other,
    /// The class of the inner error.
    Transparent,
}

/// The name of a class: a word, or a string literal for names that are no identifier.
#[derive(Clone)]
struct ClassName {
    text: String,
    tokens: TokenStream,
}

/// `order_not_found, describe`
#[derive(Clone)]
struct Options {
    class: Class,
    /// The span of `describe`.
    describe: Option<Span>,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let class = if input.peek(LitStr) {
            let name: LitStr = input.parse()?;
            Class::Named(ClassName {
                text: name.value(),
                tokens: name.to_token_stream(),
            })
        } else {
            let word: Ident = input.call(Ident::parse_any)?;
            match word.to_string().as_str() {
                "other" => Class::Other,
                "transparent" => Class::Transparent,
                text => Class::Named(ClassName {
                    text: text.to_owned(),
                    tokens: word.to_token_stream(),
                }),
            }
        };
        let mut describe = None;
        while input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            let option: Ident = input.call(Ident::parse_any)?;
            if option != "describe" {
                return Err(messages::unknown_class_option(&option));
            }
            describe = Some(option.span());
        }
        Ok(Self { class, describe })
    }
}

/// The attribute on the type: `billing`, or on a struct `billing, gateway_timeout`.
struct TypeAttribute {
    contract: Path,
    options: Option<Options>,
}

impl Parse for TypeAttribute {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let contract = input.call(Path::parse_mod_style)?;
        let more = input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty();
        Ok(Self {
            contract,
            options: if more { Some(input.parse()?) } else { None },
        })
    }
}

/// One arm of the generated matches.
struct Arm {
    pattern: TokenStream,
    class: ArmClass,
    /// The span of `describe`.
    describe: Option<Span>,
}

/// The class of an arm, resolved.
enum ArmClass {
    /// A class of the contract.
    Named {
        /// The name in the contract.
        name: String,
        /// The variant of `ErrorType`.
        variant: Ident,
        /// The trait that stands for the class in bounds.
        marker: Ident,
    },
    /// The class recorded as `_OTHER`, with which every operation may fail.
    Other,
    /// The class of the inner error.
    Inner { binding: Ident, ty: Box<Type> },
}

/// First stage: asks the contract for its classes.
pub(crate) fn attach(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item.clone()) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    match type_attribute(&input) {
        Ok(TypeAttribute { contract, .. }) => {
            let dispatch = dispatch(Span::call_site());
            quote! { #contract::#dispatch! { error_class { #item } } }
        }
        Err(diagnostic) => diagnostic.into_token_stream(),
    }
}

/// Second stage, with the index of the contract.
pub(crate) fn expand(index: &Index, item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let attribute = match type_attribute(&input) {
        Ok(attribute) => attribute,
        Err(diagnostic) => return diagnostic.into_token_stream(),
    };
    match arms(&input, &attribute, index) {
        Ok(arms) => {
            let is_deprecated = |arm: &Arm| match &arm.class {
                ArmClass::Named { variant, .. } => {
                    let mut errors = index.errors.iter().filter(|known| known.deprecated);
                    errors.any(|known| variant == &known.camel)
                }
                ArmClass::Other | ArmClass::Inner { .. } => false,
            };
            let uses_deprecated = arms.iter().any(is_deprecated);
            let allow = uses_deprecated.then(|| quote! { #[allow(deprecated)] });
            implement(&input, &attribute.contract, &arms, index, allow.as_ref())
        }
        Err(diagnostics) => {
            let implemented = implement_placeholder(&input, &attribute.contract);
            quote! { #(#diagnostics)* #implemented }
        }
    }
}

fn type_attribute(input: &DeriveInput) -> Result<TypeAttribute, Diagnostic> {
    match find_attribute(&input.attrs, "error_class")? {
        Some(found) => Ok(found.parse_args()?),
        None => Err(messages::no_contract_of_classes(&input.ident)),
    }
}

fn arms(
    input: &DeriveInput,
    attribute: &TypeAttribute,
    index: &Index,
) -> Result<Vec<Arm>, Vec<Diagnostic>> {
    match &input.data {
        Data::Struct(data) => struct_arm(input, &data.fields, attribute, index)
            .map(|arm| vec![arm])
            .map_err(|diagnostic| vec![diagnostic]),
        Data::Enum(data) => {
            let mut diagnostics = Vec::new();
            if let Some(Options {
                class: Class::Named(class),
                ..
            }) = &attribute.options
            {
                diagnostics.push(messages::class_of_enum(&class.tokens));
            }
            let mut arms = Vec::new();
            for variant in &data.variants {
                match variant_arm(variant, index) {
                    Ok(arm) => arms.push(arm),
                    Err(diagnostic) => diagnostics.push(diagnostic),
                }
            }
            if diagnostics.is_empty() {
                Ok(arms)
            } else {
                Err(diagnostics)
            }
        }
        Data::Union(data) => Err(vec![messages::class_of_union(data.union_token)]),
    }
}

fn struct_arm(
    input: &DeriveInput,
    fields: &Fields,
    attribute: &TypeAttribute,
    index: &Index,
) -> Result<Arm, Diagnostic> {
    let name = &input.ident;
    match &attribute.options {
        Some(options) => arm(&quote! { Self }, name, fields, options, index),
        None => Err(messages::no_class_of_struct(&attribute.contract, name)),
    }
}

fn variant_arm(variant: &Variant, index: &Index) -> Result<Arm, Diagnostic> {
    let name = &variant.ident;
    let Some(found) = find_attribute(&variant.attrs, "error_class")? else {
        return Err(messages::no_class_of_variant(name));
    };
    let options: Options = found.parse_args()?;
    arm(
        &quote! { Self::#name },
        name,
        &variant.fields,
        &options,
        index,
    )
}

fn arm(
    path: &TokenStream,
    name: &Ident,
    fields: &Fields,
    options: &Options,
    index: &Index,
) -> Result<Arm, Diagnostic> {
    let any = || quote! { #path { .. } };
    let (pattern, class) = match &options.class {
        Class::Named(class) => (any(), resolve(class, index)?),
        Class::Other => (any(), ArmClass::Other),
        Class::Transparent => {
            let Some((member, ty)) = inner_error(fields) else {
                return Err(messages::no_inner_error(name));
            };
            let binding = Ident::new("__inner", Span::mixed_site());
            let pattern = quote! { #path { #member: #binding, .. } };
            (pattern, ArmClass::Inner { binding, ty })
        }
    };
    Ok(Arm {
        pattern,
        class,
        describe: options.describe,
    })
}

fn resolve(class: &ClassName, index: &Index) -> Result<ArmClass, Diagnostic> {
    let Some(known) = index.errors.iter().find(|known| known.name == class.text) else {
        return Err(contract::unknown_class(index, &class.tokens, &class.text));
    };
    let first = class.tokens.clone().into_iter().next();
    let span = first.map_or_else(Span::call_site, |token| token.span());
    let ident = |name: &str| match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, span),
        None => Ident::new(name, span),
    };
    Ok(ArmClass::Named {
        name: known.name.clone(),
        variant: ident(&known.camel),
        marker: ident(&known.snake),
    })
}

/// The inner error of a transparent error: the only field, or the one marked as the source.
fn inner_error(fields: &Fields) -> Option<(TokenStream, Box<Type>)> {
    let is_marked = |field: &syn::Field| {
        let mut attributes = field.attrs.iter();
        attributes.any(|attribute| {
            attribute.path().is_ident("from") || attribute.path().is_ident("source")
        })
    };
    let position = match fields.len() {
        1 => 0,
        _ => fields.iter().position(is_marked)?,
    };
    let field = fields.iter().nth(position)?;
    let member = match &field.ident {
        Some(ident) => ident.to_token_stream(),
        None => syn::Index::from(position).to_token_stream(),
    };
    Some((member, Box::new(field.ty.clone())))
}
