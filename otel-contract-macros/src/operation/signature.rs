//! What a function's return type shows, by its tokens alone.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::spanned::Spanned as _;

/// The return type of a function, read once.
pub(crate) struct ReturnType {
    /// As written; nothing where it returns nothing.
    pub(crate) tokens: TokenStream,
    /// `None` where it is no type that syn knows.
    parsed: Option<syn::Type>,
}

impl ReturnType {
    pub(crate) fn new(tokens: TokenStream) -> Self {
        let parsed = (!tokens.is_empty()).then(|| syn::parse2(tokens.clone()));
        Self {
            tokens,
            parsed: parsed.and_then(Result::ok),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }
}

/// What a signature says of the returned value.
pub(crate) enum Returned {
    /// Nothing, or a type that shows whether it is a `Result`.
    Seen,
    /// A type parameter or an associated type: it may be a `Result` or not.
    Generic(TokenStream),
}

/// What the return type shows, or the output of a future the function ends with.
pub(crate) fn returned(returned: &ReturnType, generics: &[Ident], future: bool) -> Returned {
    let inner;
    let returned = if future {
        inner = output(returned);
        &inner
    } else {
        returned
    };
    let tokens = &returned.tokens;
    let Some(syn::Type::Path(returned)) = &returned.parsed else {
        return Returned::Seen;
    };
    let associated = returned.qself.is_some();
    let first = returned.path.segments.first().map(|segment| &segment.ident);
    let generic = |ident: &Ident| generics.contains(ident) || single_letter(ident);
    let alone = returned.path.segments.len() == 1;
    let of_generic = first.is_some_and(|first| generic(first) || (!alone && *first == "Self"));
    if associated || of_generic {
        Returned::Generic(tokens.clone())
    } else {
        Returned::Seen
    }
}

/// What follows `Output =` in a type; nothing where it does not say.
pub(super) fn output(returned: &ReturnType) -> ReturnType {
    struct Output(TokenStream);
    impl syn::visit_mut::VisitMut for Output {
        fn visit_assoc_type_mut(&mut self, one: &mut syn::AssocType) {
            if one.ident == "Output" && self.0.is_empty() {
                self.0 = one.ty.to_token_stream();
            }
        }
    }
    let mut found = Output(TokenStream::new());
    if let Some(one) = &returned.parsed
        && mentions(returned.tokens.clone(), "Output")
    {
        syn::visit_mut::VisitMut::visit_type_mut(&mut found, &mut one.clone());
    }
    ReturnType::new(found.0)
}

/// Whether a word stands anywhere among tokens.
pub(super) fn mentions(tokens: TokenStream, word: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => mentions(group.stream(), word),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// Parameters of the `impl` around the function cannot be seen; they are named like this.
fn single_letter(ident: &Ident) -> bool {
    let name = ident.to_string();
    name.len() == 1 && name.starts_with(|c: char| c.is_ascii_uppercase())
}

/// Whether a return type says by its name that it is a future, or holds one directly.
pub(crate) fn builds_a_future(returned: &ReturnType) -> bool {
    returned.parsed.as_ref().is_some_and(is_future)
}

fn is_future(returned: &syn::Type) -> bool {
    let named = |tokens: TokenStream| {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => {
                matches!(
                    ident.to_string().as_str(),
                    "Future" | "BoxFuture" | "LocalBoxFuture"
                )
            }
            _ => false,
        })
    };
    match returned {
        syn::Type::ImplTrait(one) => one.bounds.iter().any(|bound| match bound {
            syn::TypeParamBound::Trait(one) => one
                .path
                .segments
                .last()
                .is_some_and(|last| named(last.ident.to_token_stream())),
            _ => false,
        }),
        syn::Type::Tuple(tuple) => tuple.elems.iter().any(is_future),
        syn::Type::Path(path) => {
            path.path
                .segments
                .last()
                .is_some_and(|last| match last.ident.to_string().as_str() {
                    "Pin" | "Box" => named(last.arguments.to_token_stream()),
                    "Result" | "Option" => arguments(last).any(is_future),
                    _ => named(last.ident.to_token_stream()),
                })
        }
        _ => false,
    }
}

/// The type arguments of a path's segment.
fn arguments(segment: &syn::PathSegment) -> impl Iterator<Item = &syn::Type> {
    let arguments = match &segment.arguments {
        syn::PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
        _ => None,
    };
    arguments
        .into_iter()
        .flatten()
        .filter_map(|argument| match argument {
            syn::GenericArgument::Type(one) => Some(one),
            _ => None,
        })
}

/// Where messages about the type of a failure stand: the `E` of `Result<T, E>`, the name of an alias
/// that hides it, the same inside a future's `Output`.
pub(super) fn failure_span(returned: &ReturnType) -> Span {
    let all = returned.tokens.span();
    let Some(syn::Type::Path(path)) = &returned.parsed else {
        return all;
    };
    let Some(last) = path.path.segments.last() else {
        return all;
    };
    match arguments(last).count() {
        0 => all,
        1 => last.ident.span(),
        _ => arguments(last)
            .last()
            .map_or(all, syn::spanned::Spanned::span),
    }
}

pub(super) fn never(returned: &ReturnType) -> bool {
    matches!(returned.parsed, Some(syn::Type::Never(_)))
}

/// A return type as a closure or a `let` can name it: `impl Trait` becomes `_`.
pub(super) fn erase(returned: &ReturnType) -> TokenStream {
    struct Erase;
    impl syn::visit_mut::VisitMut for Erase {
        fn visit_type_mut(&mut self, one: &mut syn::Type) {
            if let syn::Type::ImplTrait(_) = one {
                let underscore_token = syn::Token![_](one.span());
                *one = syn::Type::Infer(syn::TypeInfer {
                    attrs: Vec::new(),
                    underscore_token,
                });
            } else {
                syn::visit_mut::visit_type_mut(self, one);
            }
        }
    }
    match &returned.parsed {
        Some(_) if !mentions(returned.tokens.clone(), "impl") => returned.tokens.clone(),
        Some(one) => {
            let mut one = one.clone();
            syn::visit_mut::VisitMut::visit_type_mut(&mut Erase, &mut one);
            one.into_token_stream()
        }
        None => quote! { _ },
    }
}
