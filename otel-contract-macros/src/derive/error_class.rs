//! `#[derive(ErrorClass)]`.
//!
//! Class names are looked up in the contract's index, so that a misspelt class gets a message of this crate.

use super::find_attribute;
use crate::dispatch::dispatch;
use crate::messages::{Diagnostic, contract, derives as messages};
use crate::spans::located_at;
use otel_contract_definition::Index;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned as _;
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
            implement(&input, &attribute.contract, &arms, allow.as_ref())
        }
        Err(diagnostics) => {
            let implemented = implement_placeholder(&input, &attribute.contract);
            quote! { #(#diagnostics)* #implemented }
        }
    }
}

/// Impls without classes, emitted on error to avoid follow-up errors where the type is used.
fn implement_placeholder(input: &DeriveInput, contract: &Path) -> TokenStream {
    let name = &input.ident;
    let (generics, types, wheres) = input.generics.split_for_impl();
    let mut failing = input.generics.clone();
    failing.params.push(syn::parse_quote! { __Op });
    let (failing_generics, _, _) = failing.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #generics #contract::ErrorClass for #name #types #wheres {
            const CLASSES: &'static #contract::__private::ErrorClasses<#contract::ErrorType> =
                &#contract::__private::ErrorClasses { own: &[], through: &[] };

            fn error_class(&self) -> #contract::ErrorType {
                ::core::unreachable!()
            }
        }

        #[automatically_derived]
        impl #failing_generics #contract::__errors::FailsWith<__Op> for #name #types #wheres {}
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

impl Arm {
    /// The arm of `error_class`.
    fn error_class(&self, contract: &Path) -> TokenStream {
        let pattern = &self.pattern;
        match &self.class {
            ArmClass::Named { variant, .. } => {
                quote! { #pattern => #contract::ErrorType::#variant, }
            }
            ArmClass::Other => quote! { #pattern => #contract::ErrorType::Other, },
            ArmClass::Inner { binding, ty } => {
                let inner = inner_item(contract, ty, &quote! { error_class });
                quote! { #pattern => #inner(#binding), }
            }
        }
    }

    /// The arm of `safe_description`.
    fn safe_description(&self, contract: &Path) -> TokenStream {
        let pattern = &self.pattern;
        match (&self.class, self.describe) {
            (_, Some(span)) => {
                // Spanned at `describe`, so that rustc underlines that option if the error implements no `Display`.
                let this = quote! { self };
                let text =
                    quote_spanned! {span=> { let __shown = #this; ::std::format!("{}", __shown) } };
                quote! {
                    #pattern => ::core::option::Option::Some(::std::borrow::Cow::Owned(#text)),
                }
            }
            (ArmClass::Inner { binding, ty }, None) => {
                let inner = inner_item(contract, ty, &quote! { safe_description });
                quote! { #pattern => #inner(#binding), }
            }
            (ArmClass::Named { .. } | ArmClass::Other, None) => {
                quote! { #pattern => ::core::option::Option::None, }
            }
        }
    }

    /// The variant of `ErrorType`, unless the class is that of the inner error.
    fn own_class(&self, contract: &Path) -> Option<TokenStream> {
        match &self.class {
            ArmClass::Named { variant, .. } => Some(quote! { #contract::ErrorType::#variant }),
            ArmClass::Other => Some(quote! { #contract::ErrorType::Other }),
            ArmClass::Inner { .. } => None,
        }
    }
}

/// An item of `ErrorClass` for the inner error, spanned at its type.
fn inner_item(contract: &Path, ty: &Type, item: &TokenStream) -> TokenStream {
    located_at(quote! { <#ty as #contract::ErrorClass>::#item }, ty.span())
}

fn implement(
    input: &DeriveInput,
    contract: &Path,
    arms: &[Arm],
    allow: Option<&TokenStream>,
) -> TokenStream {
    let name = &input.ident;
    let inner = inner_types(input, arms);
    let generic_inner: Vec<&Type> = inner
        .iter()
        .copied()
        .filter(|ty| mentions_parameter(input, ty))
        .collect();
    let (generics, types, wheres) = input.generics.split_for_impl();
    let predicates: Vec<&syn::WherePredicate> = wheres
        .iter()
        .flat_map(|clause| &clause.predicates)
        .collect();
    let own_classes = arms.iter().filter_map(|arm| arm.own_class(contract));
    let inner_classes = inner
        .iter()
        .map(|ty| inner_item(contract, ty, &quote! { CLASSES }));
    let error_classes = arms.iter().map(|arm| arm.error_class(contract));
    let descriptions = arms.iter().map(|arm| arm.safe_description(contract));
    let unreachable = arms.is_empty().then(|| quote! { _ => match *self {}, });
    let fails_with = implement_fails_with(input, contract, arms, &inner, &generic_inner);
    quote! {
        #[automatically_derived]
        #allow
        impl #generics #contract::ErrorClass for #name #types
        where
            #(#predicates,)*
            #(#generic_inner: #contract::ErrorClass,)*
        {
            const CLASSES: &'static #contract::__private::ErrorClasses<#contract::ErrorType> =
                &#contract::__private::ErrorClasses {
                    own: &[#(#own_classes),*],
                    through: &[#(#inner_classes),*],
                };

            fn error_class(&self) -> #contract::ErrorType {
                match self {
                    #(#error_classes)*
                    #unreachable
                }
            }

            fn safe_description(
                &self,
            ) -> ::core::option::Option<::std::borrow::Cow<'static, str>> {
                match self {
                    #(#descriptions)*
                    #unreachable
                }
            }
        }

        #fails_with
    }
}

/// `FailsWith` for every operation that lists the classes of the error: the bounds name each class.
fn implement_fails_with(
    input: &DeriveInput,
    contract: &Path,
    arms: &[Arm],
    inner: &[&Type],
    generic_inner: &[&Type],
) -> TokenStream {
    let name = &input.ident;
    let (_, types, wheres) = input.generics.split_for_impl();
    let predicates = wheres.iter().flat_map(|clause| &clause.predicates);
    let listed = arms.iter().filter_map(|arm| match &arm.class {
        ArmClass::Named { marker, .. } => Some(quote_spanned! {marker.span()=>
            __Op: #contract::__errors::#marker,
        }),
        ArmClass::Other | ArmClass::Inner { .. } => None,
    });
    let mut generics = input.generics.clone();
    generics.params.push(syn::parse_quote! { __Op });
    let (generics, _, _) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #generics #contract::__errors::FailsWith<__Op> for #name #types
        where
            #(#predicates,)*
            #(#listed)*
            #(#generic_inner: #contract::ErrorClass,)*
            #(#inner: #contract::__errors::Through<__Op>,)*
        {}
    }
}

/// Types of the inner errors. The error itself is left out: it adds no class, and a bound on itself would never end.
fn inner_types<'a>(input: &DeriveInput, arms: &'a [Arm]) -> Vec<&'a Type> {
    let own_name = [input.ident.to_string()];
    let inner = arms.iter().filter_map(|arm| match &arm.class {
        ArmClass::Inner { ty, .. } => Some(&**ty),
        ArmClass::Named { .. } | ArmClass::Other => None,
    });
    inner
        .filter(|ty| !mentions(ty.to_token_stream(), &own_name))
        .collect()
}

/// Whether a bound on the type is needed. A type without parameters has none: where it is used, rustc reports a missing
/// impl anyway, and only once.
fn mentions_parameter(input: &DeriveInput, ty: &Type) -> bool {
    let parameters = input.generics.type_params();
    let names: Vec<String> = parameters.map(|param| param.ident.to_string()).collect();
    mentions(ty.to_token_stream(), &names)
}

/// Whether any of the words is among the tokens.
fn mentions(tokens: TokenStream, words: &[String]) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => words.contains(&ident.to_string()),
        TokenTree::Group(group) => mentions(group.stream(), words),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
