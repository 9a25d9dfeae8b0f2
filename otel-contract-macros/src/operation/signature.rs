//! The return type of a function, judged by its tokens. Only rustc knows whether a type is a `Result` or a future,
//! because an alias may hide it.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser as _};
use syn::spanned::Spanned;
use syn::{GenericArgument, PathArguments, Type, TypeParamBound};

/// The return type of a function, parsed once.
pub(crate) struct ReturnType {
    /// The type as written; empty if the function returns nothing.
    pub(crate) tokens: TokenStream,
    /// `None` if syn cannot parse the type.
    parsed: Option<Type>,
}

/// Types of the prelude. They are not futures and not type parameters.
const PRELUDE: [&str; 19] = [
    "String", "Vec", "bool", "char", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize",
    "str", "u128", "u16", "u32", "u64", "u8", "usize",
];

impl ReturnType {
    pub(crate) fn new(tokens: TokenStream) -> Self {
        let parsed = (!tokens.is_empty()).then(|| syn::parse2(tokens.clone()));
        Self {
            tokens,
            parsed: parsed.and_then(Result::ok),
        }
    }

    /// Returns the type without parentheses and the groups of `macro_rules!` fragments.
    fn bare(&self) -> Option<&Type> {
        let mut ty = self.parsed.as_ref()?;
        loop {
            ty = match ty {
                Type::Group(group) => &group.elem,
                Type::Paren(paren) => &paren.elem,
                _ => return Some(ty),
            };
        }
    }

    /// Whether the type is `impl Trait`. The body then determines the type.
    pub(crate) fn is_opaque(&self) -> bool {
        matches!(self.bare(), Some(Type::ImplTrait(_)))
    }

    /// Whether the type is `impl Fn(…) -> …`, or a tuple with such a type. Only closure traits have arguments in
    /// parentheses.
    pub(crate) fn is_closure(&self) -> bool {
        self.bare().is_some_and(is_closure)
    }

    pub(crate) fn is_never(&self) -> bool {
        matches!(self.bare(), Some(Type::Never(_)))
    }

    /// Whether the type is certainly not a future. rustc decides about any other type.
    pub(crate) fn is_no_future(&self) -> bool {
        match self.bare() {
            None => self.is_empty(),
            Some(Type::Path(path)) if path.qself.is_none() => {
                let last = path.path.segments.last();
                last.is_some_and(|last| {
                    last.ident == "Result"
                        || last.ident == "Option"
                        || PRELUDE.iter().any(|name| last.ident == name)
                })
            }
            Some(Type::Path(_) | Type::ImplTrait(_) | Type::Macro(_) | Type::Verbatim(_)) => false,
            Some(_) => true,
        }
    }

    /// Whether the type is certainly not a `Result`, a future or a stream.
    pub(crate) fn is_plain(&self) -> bool {
        self.is_empty() || self.bare().is_some_and(is_plain)
    }

    /// Whether the type is a `Result` whose `Ok` type is plain.
    pub(crate) fn holds_plain(&self) -> bool {
        let output = self.output();
        let returned = output.as_ref().unwrap_or(self);
        let Some(Type::Path(path)) = returned.bare() else {
            return false;
        };
        let last = path.path.segments.last();
        last.is_some_and(|last| {
            last.ident == "Result" && arguments(last).next().is_some_and(is_plain)
        })
    }

    /// Whether the type may be a type parameter or an associated type. rustc knows only the bounds of such a type.
    pub(crate) fn may_be_parameter(&self) -> bool {
        let Some(Type::Path(path)) = self.bare() else {
            return false;
        };
        let last = path.path.segments.last();
        last.is_some_and(|last| {
            let is_known = path.path.segments.len() == 1
                && (last.ident == "Self" || PRELUDE.iter().any(|name| last.ident == name));
            last.arguments.is_none() && !is_known
        })
    }

    /// Returns the type, if it is a type parameter of the function.
    pub(crate) fn parameter(&self, generics: &[Ident]) -> Option<TokenStream> {
        let Some(Type::Path(path)) = self.bare() else {
            return None;
        };
        let name = path.path.get_ident()?;
        generics.contains(name).then(|| self.tokens.clone())
    }

    /// Returns the `T` of `impl Future<Output = T>`, also if the future is boxed.
    pub(crate) fn output(&self) -> Option<Self> {
        output(self.tokens.clone()).map(|ty| Self::new(ty.into_token_stream()))
    }

    /// Returns the span for errors about the failure type: the `E` of `Result<T, E>`, or the name of an alias that
    /// hides `E`. For a future, its `Output` is used.
    pub(crate) fn failure_span(&self) -> Span {
        let output = self.output();
        let returned = output.as_ref().unwrap_or(self);
        let all = returned.tokens.span();
        let Some(Type::Path(path)) = returned.bare() else {
            return all;
        };
        let Some(last) = path.path.segments.last() else {
            return all;
        };
        match arguments(last).count() {
            0 => all,
            1 => last.ident.span(),
            _ => arguments(last).last().map_or(all, Spanned::span),
        }
    }

    /// Returns the type, unless it contains `impl Trait`. An expression cannot name such a type.
    pub(crate) fn named(&self) -> Option<TokenStream> {
        if self.is_empty() {
            return Some(quote! { () });
        }
        (!self.mentions_impl()).then(|| self.tokens.clone())
    }

    /// Whether the type contains `impl Trait`.
    pub(crate) fn mentions_impl(&self) -> bool {
        mentions(self.tokens.clone(), "impl")
    }

    /// Whether the type, or the output of the future, is named `Result`.
    pub(crate) fn is_result(&self) -> bool {
        let output = self.output();
        let Some(Type::Path(path)) = output.as_ref().unwrap_or(self).bare() else {
            return false;
        };
        let last = path.path.segments.last();
        last.is_some_and(|last| last.ident == "Result")
    }

    /// Whether the function returns nothing.
    pub(crate) fn is_unit(&self) -> bool {
        let unit = |ty: &Type| matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty());
        self.is_empty() || self.bare().is_some_and(unit)
    }

    fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// Returns the span for errors about the inner failure type: the first `E` of `Result<Result<T, E>, F>`.
    pub(crate) fn inner_failure_span(&self) -> Span {
        let output = self.output();
        let returned = output.as_ref().unwrap_or(self);
        let inner = match returned.bare() {
            Some(Type::Path(path)) if self.is_result() => {
                path.path.segments.last().and_then(|last| {
                    let inner = arguments(last).next()?;
                    Some(Self::new(inner.to_token_stream()))
                })
            }
            _ => None,
        };
        inner.map_or_else(|| self.failure_span(), |inner| inner.failure_span())
    }

    /// Returns the type with `_` instead of `impl Trait`, so that an expression can name it.
    pub(crate) fn erased(&self) -> TokenStream {
        match &self.parsed {
            Some(_) if !self.mentions_impl() => self.tokens.clone(),
            Some(_) => erase(self.tokens.clone()),
            None => quote! { _ },
        }
    }
}

/// Returns the `T` of the first `Output = T`.
fn output(tokens: TokenStream) -> Option<Type> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    tokens
        .iter()
        .enumerate()
        .find_map(|(index, token)| match token {
            TokenTree::Group(group) => output(group.stream()),
            TokenTree::Ident(word) if word == "Output" => match tokens.get(index + 1) {
                Some(TokenTree::Punct(equals)) if equals.as_char() == '=' => {
                    leading_type(&tokens[index + 2..]).map(|(ty, _)| ty)
                }
                _ => None,
            },
            _ => None,
        })
}

/// Replaces each `impl Trait` by `_`.
fn erase(tokens: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut erased = TokenStream::new();
    let mut rest = tokens.as_slice();
    while let [token, after @ ..] = rest {
        rest = after;
        match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), erase(group.stream()));
                inner.set_span(group.span());
                erased.extend([TokenTree::Group(inner)]);
            }
            TokenTree::Ident(word) if word == "impl" => {
                if let Some((ty, len)) = leading_type(&tokens[tokens.len() - after.len() - 1..]) {
                    syn::Token![_](ty.span()).to_tokens(&mut erased);
                    rest = &after[len - 1..];
                }
            }
            token => erased.extend([token.clone()]),
        }
    }
    erased
}

/// Parses the type at the start of the tokens, and counts its tokens.
fn leading_type(tokens: &[TokenTree]) -> Option<(Type, usize)> {
    let parser = |input: ParseStream<'_>| {
        let ty: Type = input.parse()?;
        let rest: TokenStream = input.parse()?;
        Ok((ty, rest.into_iter().count()))
    };
    let (ty, rest) = parser.parse2(tokens.iter().cloned().collect()).ok()?;
    Some((ty, tokens.len() - rest))
}

fn is_closure(ty: &Type) -> bool {
    let is_sugared = |bound: &TypeParamBound| match bound {
        TypeParamBound::Trait(bound) => {
            let last = bound.path.segments.last();
            last.is_some_and(|last| matches!(last.arguments, PathArguments::Parenthesized(_)))
        }
        _ => false,
    };
    match ty {
        Type::ImplTrait(opaque) => opaque.bounds.iter().any(is_sugared),
        Type::Tuple(tuple) => tuple.elems.iter().any(is_closure),
        _ => false,
    }
}

fn is_plain(ty: &Type) -> bool {
    match ty {
        Type::Tuple(tuple) => tuple.elems.is_empty(),
        Type::Path(path) => path
            .path
            .get_ident()
            .is_some_and(|name| PRELUDE.iter().any(|known| name == known)),
        _ => false,
    }
}

/// Whether the tokens contain a word, also in groups.
pub(super) fn mentions(tokens: TokenStream, word: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => mentions(group.stream(), word),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// Returns the type arguments of a path segment.
fn arguments(segment: &syn::PathSegment) -> impl Iterator<Item = &Type> {
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
        _ => None,
    };
    arguments
        .into_iter()
        .flatten()
        .filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        })
}
