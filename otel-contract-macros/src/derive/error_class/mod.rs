//! `#[derive(ErrorClass)]`.
//!
//! Class names are looked up in the contract's index, so that the message for a misspelt class can suggest the right
//! name.

mod implement;

use super::{find_attribute, snake_case};
use crate::dispatch::dispatch;
use crate::messages::{Diagnostic, contract, derives as messages};
use implement::{implement, implement_placeholder};
use otel_contract_definition::Index;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Data, DataEnum, DeriveInput, Fields, LitStr, Path, Token, Type, Variant};

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

/// The name of a class: a word, or a string literal if the name is not an identifier.
#[derive(Clone)]
struct ClassName {
    text: String,
    tokens: TokenStream,
}

/// Arguments of `#[error_class(…)]`: `order_not_found, describe`.
#[derive(Clone)]
struct Options {
    class: Class,
    /// The span of `describe`.
    describe: Option<Span>,
    /// An option that does not exist.
    unknown: Option<Ident>,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let class = if input.peek(LitStr) {
            let name: LitStr = input.parse()?;
            Class::Named(ClassName {
                text: name.value(),
                tokens: name.to_token_stream(),
            })
        } else if input.peek2(Token![::]) {
            let path = input.call(Path::parse_mod_style)?;
            return Err(messages::path_of_class(&path, &class_name(&path)));
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
        let mut options = Self {
            class,
            describe: None,
            unknown: None,
        };
        while input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            let option: Ident = input.call(Ident::parse_any)?;
            if option == "describe" {
                options.describe = Some(option.span());
            } else {
                options.unknown.get_or_insert(option);
            }
        }
        Ok(options)
    }
}

/// The name of the class that a path ends with: `not_found` of `billing::ErrorType::NotFound`.
fn class_name(path: &Path) -> String {
    let last = path.segments.last();
    let last = last.map(|last| last.ident.unraw().to_string());
    snake_case(&last.unwrap_or_default())
}

/// The arguments of the attribute on the type: `billing`, or on a struct `billing, gateway_timeout`.
struct TypeAttribute {
    contract: Path,
    options: Option<Options>,
}

impl Parse for TypeAttribute {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            let class: LitStr = input.parse()?;
            return Err(messages::class_before_contract(&class, &class.value()));
        }
        let contract = input.call(Path::parse_mod_style)?;
        let more = input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty();
        Ok(Self {
            contract,
            options: if more { Some(input.parse()?) } else { None },
        })
    }
}

impl TypeAttribute {
    /// Rejects an attribute whose path is a class and not a contract, or may be a class because the type has no other
    /// class. The second stage cannot reject it: if the path is not a contract, the call of the contract's macro does not
    /// resolve, and rustc reports the path.
    fn check(&self, input: &DeriveInput) -> Result<(), Diagnostic> {
        let path = &self.contract;
        let parts: Vec<&Ident> = path.segments.iter().map(|part| &part.ident).collect();
        if let [contract @ .., error_type, _] = parts.as_slice()
            && *error_type == "ErrorType"
        {
            let name = class_name(path);
            return Err(messages::variant_as_contract(path, contract, &name));
        }
        let is_certain = ["crate", "self", "super"]
            .iter()
            .any(|word| parts.first().is_some_and(|first| first == word));
        if self.options.is_some() || is_certain {
            return Ok(());
        }
        match &input.data {
            Data::Struct(_) => Err(messages::no_class_of_struct(path, &input.ident, &parts)),
            Data::Enum(data) if has_no_classes(data) => {
                Err(messages::no_class_of_variants(path, &input.ident))
            }
            Data::Enum(_) | Data::Union(_) => Ok(()),
        }
    }
}

/// Whether no variant of an enum has a class.
fn has_no_classes(data: &DataEnum) -> bool {
    let is_class = |attribute: &syn::Attribute| attribute.path().is_ident("error_class");
    let mut variants = data.variants.iter();
    !data.variants.is_empty() && !variants.any(|variant| variant.attrs.iter().any(is_class))
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
        /// The marker trait that represents the class in bounds.
        marker: Ident,
    },
    /// The class recorded as `_OTHER`, with which every operation may fail.
    Other,
    /// The class of the inner error.
    Inner { binding: Ident, ty: Box<Type> },
}

/// First stage: requests the error classes from the contract.
pub(crate) fn first_stage(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item.clone()) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let attribute =
        type_attribute(&input).and_then(|attribute| attribute.check(&input).map(|()| attribute));
    match attribute {
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
        None => {
            let is_struct = matches!(input.data, Data::Struct(_));
            Err(messages::no_contract_of_classes(&input.ident, is_struct))
        }
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
        None => Err(messages::no_class_of_struct(&attribute.contract, name, &[])),
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
    if let Some(unknown) = &options.unknown {
        return Err(unknown_option(options, unknown, index));
    }
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

/// Returns the error for an unknown word after the class. In `#[error_class(billing, late)]` on a variant, `late` is the
/// class and `billing` the contract, which belongs only in the attribute on the type.
fn unknown_option(options: &Options, unknown: &Ident, index: &Index) -> Diagnostic {
    let is_class = |name: &str| index.errors.iter().any(|known| known.name == name);
    match &options.class {
        Class::Named(contract) if !is_class(&contract.text) && is_class(&unknown.to_string()) => {
            messages::contract_of_variant(index, &contract.tokens, &contract.text, unknown)
        }
        _ => messages::unknown_class_option(unknown),
    }
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

/// Returns the inner error of a transparent error: the only field, or the field marked with `#[source]` or `#[from]`.
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
