//! The impls that `#[derive(ErrorClass)]` generates.

use super::{Arm, ArmClass};
use crate::messages::derives as messages;
use crate::spans::located_at;
use otel_contract_definition::Index;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{DeriveInput, Path, Type};

impl Arm {
    /// Generates the match arm in the method `error_class`.
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

    /// Generates the match arm in the method `safe_description`.
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

    /// Generates the variant of `ErrorType`; `None` if the inner error determines the class.
    fn own_class(&self, contract: &Path) -> Option<TokenStream> {
        match &self.class {
            ArmClass::Named { variant, .. } => Some(quote! { #contract::ErrorType::#variant }),
            ArmClass::Other => Some(quote! { #contract::ErrorType::Other }),
            ArmClass::Inner { .. } => None,
        }
    }
}

/// Generates the path of an associated item of `Inner`, which stands for `ErrorClass` of an inner error, spanned at the
/// type of this error.
fn inner_item(contract: &Path, ty: &Type, item: &TokenStream) -> TokenStream {
    located_at(
        quote! { <#ty as #contract::__errors::Inner>::#item },
        ty.span(),
    )
}

pub(super) fn implement(
    input: &DeriveInput,
    contract: &Path,
    arms: &[Arm],
    index: &Index,
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
    let fails_with = implement_fails_with(input, contract, arms, index, &inner, &generic_inner);
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
                    wrapped: &[#(#inner_classes),*],
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

/// Implements `FailsWith` for every operation that lists all classes of the error. The bound for the error's own
/// classes is the marker trait of the class; for several classes, a generated trait.
fn implement_fails_with(
    input: &DeriveInput,
    contract: &Path,
    arms: &[Arm],
    index: &Index,
    inner: &[&Type],
    generic_inner: &[&Type],
) -> TokenStream {
    let name = &input.ident;
    let (_, types, wheres) = input.generics.split_for_impl();
    let predicates = wheres.iter().flat_map(|clause| &clause.predicates);
    let classes = OwnClasses::of(arms);
    let (all_listed, bound) = classes.bound(contract, name, index);
    let mut generics = input.generics.clone();
    generics.params.push(syn::parse_quote! { __Op });
    let (generics, _, _) = generics.split_for_impl();
    let implementation = quote! {
        #[automatically_derived]
        impl #generics #contract::__errors::FailsWith<__Op> for #name #types
        where
            #(#predicates,)*
            #bound
            #(#generic_inner: #contract::ErrorClass,)*
            #(#inner: #contract::__errors::InnerFailsWith<__Op>,)*
        {}
    };
    match all_listed {
        Some(all_listed) => quote! { const _: () = { #all_listed #implementation }; },
        None => implementation,
    }
}

/// The classes of an error without those of inner errors, each once.
struct OwnClasses<'a> {
    names: Vec<&'a str>,
    /// The traits that stand for the classes in bounds.
    markers: Vec<&'a Ident>,
}

impl<'a> OwnClasses<'a> {
    fn of(arms: &'a [Arm]) -> Self {
        let (mut names, mut markers) = (Vec::new(), Vec::new());
        for arm in arms {
            if let ArmClass::Named { name, marker, .. } = &arm.class
                && !markers.contains(&marker)
            {
                names.push(name.as_str());
                markers.push(marker);
            }
        }
        Self { names, markers }
    }

    /// Returns the bound that requires an operation to list all classes. If there are several classes, the bound is a
    /// generated trait, which is returned before the bound: rustc would report only one of several bounds, but the message
    /// of the trait names all classes.
    fn bound(
        &self,
        contract: &Path,
        error: &Ident,
        index: &Index,
    ) -> (Option<TokenStream>, TokenStream) {
        let bounds = self.markers.iter().map(|marker| {
            quote_spanned! {marker.span()=> #contract::__errors::#marker }
        });
        if self.markers.len() < 2 {
            return (None, quote! { #(__Op: #bounds,)* });
        }
        let unimplemented = messages::unlisted_classes(index, error, &self.names);
        let all_listed = Ident::new("__ListsAll", Span::mixed_site());
        let all_listed_trait = quote! {
            #unimplemented
            pub trait #all_listed {}
            #[diagnostic::do_not_recommend]
            impl<__Op> #all_listed for __Op where #(__Op: #bounds,)* {}
        };
        (Some(all_listed_trait), quote! { __Op: #all_listed, })
    }
}

/// Returns the types of the inner errors, without the error type itself: the type adds no class, and a bound on itself
/// would be infinitely recursive.
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

/// Whether the type mentions a generic parameter of the user's type. The bound `ErrorClass` is generated only in this
/// case. Without it, rustc reports a missing impl only once, at the inner error.
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

/// Generates impls without classes. They are emitted on error, to avoid follow-up errors where the type is used. The
/// error stops the compilation, so the impls never run.
pub(super) fn implement_placeholder(input: &DeriveInput, contract: &Path) -> TokenStream {
    let name = &input.ident;
    let (generics, types, wheres) = input.generics.split_for_impl();
    let mut failing = input.generics.clone();
    failing.params.push(syn::parse_quote! { __Op });
    let (failing_generics, _, _) = failing.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #generics #contract::ErrorClass for #name #types #wheres {
            const CLASSES: &'static #contract::__private::ErrorClasses<#contract::ErrorType> =
                &#contract::__private::ErrorClasses { own: &[], wrapped: &[] };

            fn error_class(&self) -> #contract::ErrorType {
                ::core::unreachable!()
            }
        }

        #[automatically_derived]
        impl #failing_generics #contract::__errors::FailsWith<__Op> for #name #types #wheres {}
    }
}
