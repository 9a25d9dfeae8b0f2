//! `#[derive(ErrorClass)]`.
//!
//! The classes are those of the contract's index, so a misspelt one gets our own message.

use super::only;
use crate::dispatch::dispatch;
use crate::mistake::{Mistake, at};
use otel_contract_definition::Index;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Fields, LitStr, Path, Token, Type};

/// How one shape of the error is classed.
#[derive(Clone)]
enum Class {
    /// A class of the contract, as written.
    Named(ClassName),
    /// `_OTHER`.
    Other,
    /// That of the error inside.
    Transparent,
}

/// The name of a class: a word, or a string literal for others.
#[derive(Clone)]
struct ClassName {
    text: String,
    tokens: TokenStream,
}

/// `order_not_found, describe`
#[derive(Clone)]
struct Options {
    class: Class,
    /// Where `describe` stands.
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
                let message = format!(
                    "unknown option `{option}`; the only one is `describe`\n  = help: `describe` stores the error's message, where it is safe to store"
                );
                return Err(syn::Error::new(option.span(), message));
            }
            describe = Some(option.span());
        }
        Ok(Self { class, describe })
    }
}

/// `billing` or, on a struct, `billing, gateway_timeout`.
struct Head {
    contract: Path,
    options: Option<Options>,
}

impl Parse for Head {
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
    /// The field behind `transparent`.
    inner: Option<(TokenStream, Type)>,
    /// Its own class, unless it has that of the error inside.
    class: Option<Resolved>,
    /// Where `describe` stands.
    describe: Option<Span>,
}

/// A class of the contract on the Rust side.
struct Resolved {
    /// Of `ErrorType`.
    variant: Ident,
    /// The trait that stands for the class in bounds; `_OTHER` needs none, every operation may.
    marker: Option<Ident>,
}

fn named(class: &ClassName, index: &Index) -> Result<Resolved, Mistake> {
    let Some(known) = index.errors.iter().find(|known| known.name == class.text) else {
        return Err(Mistake::no_such_class(index, &class.tokens, &class.text));
    };
    let span = class
        .tokens
        .clone()
        .into_iter()
        .next()
        .map_or_else(Span::call_site, |token| token.span());
    let ident = |name: &str| match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, span),
        None => Ident::new(name, span),
    };
    Ok(Resolved {
        variant: ident(&known.camel),
        marker: Some(ident(&known.snake)),
    })
}

/// First stage: asks the contract for its classes.
pub(crate) fn attach(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item.clone()) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    match head(&input) {
        Ok(Head { contract, .. }) => {
            let dispatch = dispatch(Span::call_site());
            quote! { #contract::#dispatch! { error_class { #item } } }
        }
        Err(mistake) => mistake.into_token_stream(),
    }
}

/// Second stage, with the index of the contract.
pub(crate) fn expand(index: &Index, item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let head = match head(&input) {
        Ok(head) => head,
        Err(mistake) => return mistake.into_token_stream(),
    };
    match arms(&input, &head, index) {
        Ok(arms) => {
            let is_deprecated = |arm: &Arm| {
                let class = arm.class.as_ref();
                let mut errors = index.errors.iter().filter(|one| one.deprecated);
                class.is_some_and(|class| errors.any(|one| class.variant == one.camel))
            };
            let allowed = arms.iter().any(is_deprecated);
            let allowed = allowed.then(|| quote! { #[allow(deprecated)] });
            implement(&input, &head.contract, &arms, allowed.as_ref())
        }
        Err(mistakes) => {
            let implemented = implement_anything(&input, &head.contract);
            quote! { #(#mistakes)* #implemented }
        }
    }
}

/// An error with a mistake has a class all the same, so that what uses it is not wrong as well.
fn implement_anything(input: &DeriveInput, contract: &Path) -> TokenStream {
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

fn head(input: &DeriveInput) -> Result<Head, Mistake> {
    let name = &input.ident;
    let Some(found) = only(&input.attrs, "error_class")? else {
        return Err(Mistake::at(
            name,
            format!("`{name}` does not say which contract its classes are of"),
        )
        .help("add `#[error_class(billing)]`, with the contract's module"));
    };
    Ok(found.parse_args()?)
}

fn arms(input: &DeriveInput, head: &Head, index: &Index) -> Result<Vec<Arm>, Vec<Mistake>> {
    match &input.data {
        Data::Struct(data) => {
            let name = &input.ident;
            let Some(options) = &head.options else {
                return Err(vec![
                    Mistake::at(&head.contract, format!("which class is `{name}`?"))
                        .help("a struct is one class: `#[error_class(billing, gateway_timeout)]`"),
                ]);
            };
            arm(&quote! { Self }, name, &data.fields, options.clone(), index)
                .map(|arm| vec![arm])
                .map_err(|one| vec![one])
        }
        Data::Enum(data) => {
            let mut mistakes = Vec::new();
            if let Some(Options {
                class: Class::Named(class),
                ..
            }) = &head.options
            {
                mistakes.push(
                    Mistake::at(&class.tokens, "an enum has a class for each variant")
                        .help("put `#[error_class(…)]` on the variants"),
                );
            }
            let mut arms = Vec::new();
            for variant in &data.variants {
                let ident = &variant.ident;
                let options = match only(&variant.attrs, "error_class") {
                    Ok(Some(found)) => found.parse_args::<Options>().map_err(Mistake::from),
                    Ok(None) => Err(Mistake::at(ident, format!("which class is `{ident}`?")).help(
                        "add `#[error_class(…)]` with a class of the contract, `transparent` or `other`",
                    )),
                    Err(mistake) => Err(mistake),
                };
                match options.and_then(|options| {
                    arm(
                        &quote! { Self::#ident },
                        ident,
                        &variant.fields,
                        options,
                        index,
                    )
                }) {
                    Ok(arm) => arms.push(arm),
                    Err(mistake) => mistakes.push(mistake),
                }
            }
            if mistakes.is_empty() {
                Ok(arms)
            } else {
                Err(mistakes)
            }
        }
        Data::Union(data) => Err(vec![Mistake::at(
            data.union_token,
            "a union has no error class",
        )]),
    }
}

fn arm(
    path: &TokenStream,
    name: &Ident,
    fields: &Fields,
    options: Options,
    index: &Index,
) -> Result<Arm, Mistake> {
    let class = match &options.class {
        Class::Named(class) => Some(named(class, index)?),
        Class::Other => Some(Resolved {
            variant: Ident::new("Other", Span::call_site()),
            marker: None,
        }),
        Class::Transparent => None,
    };
    if class.is_some() {
        return Ok(Arm {
            pattern: quote! { #path { .. } },
            inner: None,
            class,
            describe: options.describe,
        });
    }
    let marked = |field: &&syn::Field| {
        field
            .attrs
            .iter()
            .any(|one| one.path().is_ident("from") || one.path().is_ident("source"))
    };
    let all: Vec<&syn::Field> = fields.iter().collect();
    let inner = match all.as_slice() {
        [only] => Some(*only),
        more => more.iter().copied().find(marked),
    };
    let Some(inner) = inner else {
        return Err(Mistake::at(
            name,
            format!("`{name}` is transparent, and which of its fields is the error cannot be seen"),
        )
        .help("give it one field, or mark the error with `#[source]`"));
    };
    let member = match &inner.ident {
        Some(ident) => ident.to_token_stream(),
        None => {
            let index = all
                .iter()
                .position(|field| std::ptr::eq(*field, inner))
                .unwrap_or_default();
            syn::Index::from(index).to_token_stream()
        }
    };
    let binding = Ident::new("__inner", Span::mixed_site());
    Ok(Arm {
        pattern: quote! { #path { #member: #binding, .. } },
        inner: Some((binding.to_token_stream(), inner.ty.clone())),
        class: None,
        describe: options.describe,
    })
}

impl Arm {
    /// What `error_class` says for it.
    fn class(&self, contract: &Path) -> TokenStream {
        let Self { pattern, inner, .. } = self;
        match (class(contract, self), inner) {
            (Some(class), _) => quote! { #pattern => #class, },
            (None, Some((binding, ty))) => {
                let inner = through(contract, ty, &quote! { error_class });
                quote! { #pattern => #inner(#binding), }
            }
            (None, None) => TokenStream::new(),
        }
    }

    /// What `safe_description` says for it.
    fn description(&self, contract: &Path) -> TokenStream {
        let Self {
            pattern,
            inner,
            describe,
            ..
        } = self;
        match inner {
            _ if describe.is_some() => {
                // Spanned at `describe`, which asks for the error to be shown.
                let this = quote! { self };
                let span = describe.unwrap_or_else(Span::call_site);
                let text =
                    quote_spanned! {span=> { let __shown = #this; ::std::format!("{}", __shown) } };
                quote! {
                    #pattern => ::core::option::Option::Some(::std::borrow::Cow::Owned(#text)),
                }
            }
            Some((binding, ty)) => {
                let inner = through(contract, ty, &quote! { safe_description });
                quote! { #pattern => #inner(#binding), }
            }
            None => quote! { #pattern => ::core::option::Option::None, },
        }
    }
}

/// An item of the error inside, all of it spanned at its type.
fn through(contract: &Path, ty: &Type, item: &TokenStream) -> TokenStream {
    at(quote! { <#ty as #contract::ErrorClass>::#item }, ty.span())
}

fn implement(
    input: &DeriveInput,
    contract: &Path,
    arms: &[Arm],
    allowed: Option<&TokenStream>,
) -> TokenStream {
    let name = &input.ident;
    let own: Vec<TokenStream> = arms.iter().filter_map(|arm| class(contract, arm)).collect();
    // An error inside itself adds no class, and a bound on itself would never end.
    let own_name = [name.to_string()];
    let inner: Vec<&Type> = arms
        .iter()
        .filter_map(|arm| Some(&arm.inner.as_ref()?.1))
        .filter(|ty| !mentions(ty.to_token_stream(), &own_name))
        .collect();
    let classes = arms.iter().map(|arm| arm.class(contract));
    let descriptions = arms.iter().map(|arm| arm.description(contract));
    let unreachable = arms.is_empty().then(|| quote! { _ => match *self {}, });
    // Listed classes are bounds on the operation: one that does not list them is refused by name.
    let bounds = arms.iter().filter_map(|arm| {
        let marker = arm.class.as_ref()?.marker.as_ref()?;
        Some(quote_spanned! {marker.span()=>
            __Op: #contract::__errors::#marker,
        })
    });
    // A bound is needed where a parameter is involved. Elsewhere the uses say it, all with one span,
    // so that the compiler says once that it does not hold.
    let generic = |inner: &&&Type| {
        let parameters = input
            .generics
            .type_params()
            .map(|param| param.ident.to_string());
        mentions(inner.to_token_stream(), &parameters.collect::<Vec<_>>())
    };
    let inner_classes: Vec<&&Type> = inner.iter().filter(generic).collect();
    let through_classes = inner
        .iter()
        .map(|ty| through(contract, ty, &quote! { CLASSES }));
    let (generics, types, wheres) = input.generics.split_for_impl();
    let predicates: Vec<&syn::WherePredicate> = wheres
        .iter()
        .flat_map(|clause| &clause.predicates)
        .collect();
    let mut failing = input.generics.clone();
    failing.params.push(syn::parse_quote! { __Op });
    let (failing_generics, _, _) = failing.split_for_impl();
    quote! {
        #[automatically_derived]
        #allowed
        impl #generics #contract::ErrorClass for #name #types
        where
            #(#predicates,)*
            #(#inner_classes: #contract::ErrorClass,)*
        {
            const CLASSES: &'static #contract::__private::ErrorClasses<#contract::ErrorType> =
                &#contract::__private::ErrorClasses {
                    own: &[#(#own),*],
                    through: &[#(#through_classes),*],
                };

            fn error_class(&self) -> #contract::ErrorType {
                match self {
                    #(#classes)*
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

        #[automatically_derived]
        impl #failing_generics #contract::__errors::FailsWith<__Op> for #name #types
        where
            #(#predicates,)*
            #(#bounds)*
            #(#inner_classes: #contract::ErrorClass,)*
            #(#inner: #contract::__errors::Through<__Op>,)*
        {}
    }
}

/// The variant of `ErrorType`; `None` where it is that of the error inside.
fn class(contract: &Path, arm: &Arm) -> Option<TokenStream> {
    let variant = &arm.class.as_ref()?.variant;
    Some(quote! { #contract::ErrorType::#variant })
}

/// Whether any of the words stands among the tokens.
fn mentions(tokens: TokenStream, words: &[String]) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => words.contains(&ident.to_string()),
        TokenTree::Group(group) => mentions(group.stream(), words),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
