//! What runs after the body: the returned value decides how the operation ends.

use super::Handed;
use super::args::Parameter;
use super::check::{Ends, Plan, Recorded};
use super::expand::Names;
use crate::mistake::at;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

impl Names<'_> {
    /// Keeps `op` open until the stream in `result` ends.
    pub(super) fn keep_open(&self, handed: &Handed, plan: &Plan) -> TokenStream {
        let Self {
            krate,
            path,
            op,
            result,
            value,
            ..
        } = self;
        let span = handed.returned.failure_span();
        let returned = handed.returned.tokens.span();
        let shape = if handed.returned.mentions_impl() {
            "OpaqueStreamShape"
        } else {
            "StreamShape"
        };
        let shape = Ident::new(shape, returned);
        let shape = {
            let (krate, result) = (at(*krate, returned), at(result, returned));
            quote_spanned! {returned=> #krate::__private::#shape::new(&#result).__choose() }
        };
        let own = |failed: &TokenStream| {
            let failed = at(failed, span);
            quote! { <#path>::__outcome(#failed).err() }
        };
        let error = quote! { ::core::result::Result::<&(), _>::Err(#value) };
        let (judged, denied) = match &plan.err {
            None => {
                let item = at(value, span);
                let split = quote_spanned! {span=> __Probe(#item).__split() };
                (own(&split), own(&error))
            }
            Some(mapping) => {
                let class = &mapping.class;
                let parameter = self.parameter(&mapping.parameter);
                let classified = quote_spanned! {class.span()=> <#path>::__classified(#class) };
                let mapped = quote! { { #parameter #classified } };
                let judged = quote! {
                    __Probe(#value).__judge().1.and_then(|#value| #mapped)
                };
                (
                    judged,
                    if handed.returned.is_result() {
                        mapped
                    } else {
                        own(&error)
                    },
                )
            }
        };
        let on_success = plan.ok.as_ref();
        let on_success = on_success.map(|(parameter, pairs)| self.on_success(parameter, pairs));
        quote_spanned! {Span::mixed_site()=> {
            #shape.keep_open(
                &mut #op,
                #result,
                move |#value| #judged,
                move |#value| #denied,
                move |#op, #value| {
                    let _ = #value;
                    #on_success
                    #op.succeed();
                },
            )
        } }
    }

    /// Ends `op` by what `result` is. `looked_at`: an expression for a reference to the result.
    pub(super) fn end(&self, handed: &Handed, plan: &Plan, looked_at: &TokenStream) -> TokenStream {
        let Self {
            krate,
            path,
            op,
            value,
            ..
        } = self;
        // The type of the failure is the signature's; mistakes about it are shown there.
        let span = handed.returned.failure_span();
        let probe = |looked_at: &TokenStream, span: Span| {
            let looked_at = at(looked_at, span);
            let probe = Ident::new(
                if plan.ends == Ends::AtReturn {
                    "__ProbeReturned"
                } else {
                    "__Probe"
                },
                span,
            );
            quote_spanned! {span=> #probe(#looked_at) }
        };
        let split = |looked_at: &TokenStream, span: Span| {
            let probe = probe(looked_at, span);
            quote_spanned! {span=> #probe.__split() }
        };
        let on_success = plan.ok.as_ref();
        let on_success = on_success.map(|(parameter, pairs)| self.on_success(parameter, pairs));
        let succeeded = quote! { #on_success #op.succeed(); };
        if plan.err.is_none() && handed.returned.is_plain() {
            return quote_spanned! {Span::mixed_site()=>
                let #value = #looked_at;
                #succeeded
            };
        }
        // A `Result` in a `Result` fails too.
        let outcome = if handed.returned.holds_plain() {
            quote_spanned! {Span::mixed_site()=> { #succeeded } }
        } else {
            // `err(…)` is about the outer error; the class of an inner one is its own, or unknown.
            let inner = match &plan.err {
                None => {
                    let span = handed.returned.inner_failure_span();
                    let inner = split(&quote! { #value }, span);
                    quote! { <#path>::__outcome(#inner) }
                }
                Some(_) => quote! {
                    #krate::__private::ProbeInner(#value).__split().map_err(|#value| {
                        #krate::__private::Inner::<<#path as #krate::__private::Operation>::Attributes, _>::new(#value)
                            .__class()
                    })
                },
            };
            quote_spanned! {Span::mixed_site()=>
                match #inner {
                    ::core::result::Result::Ok(#value) => { #succeeded }
                    ::core::result::Result::Err(__failure) => #op.fail(__failure),
                }
            }
        };
        let Some(mapping) = &plan.err else {
            let outer = split(looked_at, span);
            if plan.ok.is_none() && handed.returned.holds_plain() {
                return quote_spanned! {Span::mixed_site()=> #op.finish(<#path>::__outcome(#outer)); };
            }
            return quote_spanned! {Span::mixed_site()=>
                match <#path>::__outcome(#outer) {
                    ::core::result::Result::Ok(#value) => #outcome
                    ::core::result::Result::Err(__failure) => #op.fail(__failure),
                }
            };
        };
        let class = &mapping.class;
        let parameter = self.parameter(&mapping.parameter);
        let class_span = class.span();
        let classified = quote_spanned! {class_span=> <#path>::__classified(#class) };
        let judged = probe(looked_at, span);
        let judged = quote_spanned! {span=> #judged.__judge() };
        quote_spanned! {Span::mixed_site()=> {
            let (__succeeded, __failed) = #judged;
            match __failed.and_then(|#value| {
                #parameter
                #classified
            }) {
                ::core::option::Option::Some(__failure) => #op.fail(__failure),
                ::core::option::Option::None => match __succeeded {
                    ::core::option::Option::Some(#value) => #outcome
                    ::core::option::Option::None => #op.succeed(),
                },
            }
        } }
    }

    /// What `ok(…)` sets.
    fn on_success(&self, parameter: &Parameter, pairs: &[Recorded]) -> TokenStream {
        let Self { op, value, .. } = self;
        let pairs: Vec<(usize, TokenStream)> = pairs
            .iter()
            .filter_map(|one| match one {
                Recorded::Attribute { index, value, .. } => Some((*index, self.taken(value))),
                Recorded::Group { .. } => None,
            })
            .collect();
        let wanted = pairs.iter().map(|(index, _)| quote! { #op.wants(#index) });
        let sets = pairs.iter().map(|(index, value)| {
            let set = quote! { #op.set(#index, #value); };
            if pairs.len() > 1 {
                quote! { if #op.wants(#index) { #set } }
            } else {
                set
            }
        });
        if pairs.is_empty() {
            return quote! { let _ = #value; };
        }
        let parameter = self.parameter(parameter);
        quote! {
            if #(#wanted)||* {
                #parameter
                #(#sets)*
            }
        }
    }

    /// Binds what a mapping names between its bars. The call and the type keep lints of unused or unit values quiet.
    fn parameter(&self, parameter: &Parameter) -> TokenStream {
        let value = &self.value;
        let Parameter { pat, ty } = parameter;
        let ty = ty
            .as_ref()
            .map_or_else(|| quote! { _ }, |ty| quote! { #ty });
        quote! { let #pat: #ty = ::core::convert::identity(#value); }
    }
}
