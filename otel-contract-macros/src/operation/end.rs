//! Code after the body: the returned value decides how the operation ends.

use super::args::Parameter;
use super::handover::Input;
use super::names::Names;
use super::plan::{Ends, Plan, Recorded};
use crate::spans::located_at;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

impl Names<'_> {
    /// Keeps `op` open until the stream in `result` ends.
    pub(super) fn keep_open(&self, input: &Input, plan: &Plan) -> TokenStream {
        let Self {
            krate,
            op,
            result,
            value,
            ..
        } = self;
        let span = input.returned.tokens.span();
        let name = if input.returned.mentions_impl() {
            "OpaqueStreamShape"
        } else {
            "StreamShape"
        };
        let shape = Ident::new(name, span);
        let (located_krate, located_result) = (located_at(*krate, span), located_at(result, span));
        let stream = quote_spanned! {span=>
            #located_krate::__private::#shape::new(&#located_result).__choose()
        };
        let (item_failure, error_failure) = self.stream_failures(input, plan);
        let on_success = self.on_success(plan);
        quote_spanned! {Span::mixed_site()=> {
            #stream.keep_open(
                &mut #op,
                #result,
                move |#value| #item_failure,
                move |#value| #error_failure,
                move |#op, #value| {
                    let _ = #value;
                    #on_success
                    #op.succeed();
                },
            )
        } }
    }

    /// Returns two expressions: for the failure of an item of the stream, and for the failure of a function that
    /// returns an error instead of a stream.
    fn stream_failures(&self, input: &Input, plan: &Plan) -> (TokenStream, TokenStream) {
        let Self { path, value, .. } = self;
        let span = input.returned.failure_span();
        let by_type = |result: &TokenStream| {
            let result = located_at(result, span);
            quote! { <#path>::__outcome(#result).err() }
        };
        let error = by_type(&quote! { ::core::result::Result::<&(), _>::Err(#value) });
        let Some(mapping) = &plan.err else {
            let item = located_at(value, span);
            let split = quote_spanned! {span=> __Probe(#item).__split() };
            return (by_type(&split), error);
        };
        let class = &mapping.class;
        let parameter = self.parameter(&mapping.parameter);
        let classified = quote_spanned! {class.span()=> <#path>::__classified(#class) };
        let mapped = quote! { { #parameter #classified } };
        let item_failure = quote! {
            __Probe(#value).__judge().1.and_then(|#value| #mapped)
        };
        let is_result = input.returned.is_result();
        (item_failure, if is_result { mapped } else { error })
    }

    /// Ends `op` with the outcome of the returned value. `result` is an expression for a reference to this value.
    pub(super) fn end(&self, input: &Input, plan: &Plan, result: &TokenStream) -> TokenStream {
        let Self {
            path, op, value, ..
        } = self;
        let returned = &input.returned;
        let on_success = self.on_success(plan);
        let succeed = quote! { #on_success #op.succeed(); };
        if plan.err.is_none() && returned.is_plain() {
            return quote_spanned! {Span::mixed_site()=>
                let #value = #result;
                #succeed
            };
        }
        // The signature contains the failure type, so errors about the type are located there.
        let span = returned.failure_span();
        let probe = probe(plan, result, span);
        let inner_outcome = self.inner_outcome(input, plan, &succeed);
        let Some(mapping) = &plan.err else {
            let outcome = quote_spanned! {span=> #probe.__split() };
            if plan.ok.is_none() && returned.holds_plain() {
                return quote_spanned! {Span::mixed_site()=> #op.finish(<#path>::__outcome(#outcome)); };
            }
            return quote_spanned! {Span::mixed_site()=>
                match <#path>::__outcome(#outcome) {
                    ::core::result::Result::Ok(#value) => #inner_outcome
                    ::core::result::Result::Err(__failure) => #op.fail(__failure),
                }
            };
        };
        let class = &mapping.class;
        let parameter = self.parameter(&mapping.parameter);
        let class_span = class.span();
        let classified = quote_spanned! {class_span=> <#path>::__classified(#class) };
        let judged = quote_spanned! {span=> #probe.__judge() };
        quote_spanned! {Span::mixed_site()=> {
            let (__succeeded, __failed) = #judged;
            match __failed.and_then(|#value| {
                #parameter
                #classified
            }) {
                ::core::option::Option::Some(__failure) => #op.fail(__failure),
                ::core::option::Option::None => match __succeeded {
                    ::core::option::Option::Some(#value) => #inner_outcome
                    ::core::option::Option::None => #op.succeed(),
                },
            }
        } }
    }

    /// Ends `op` with the outcome of the `Ok` value of a `Result`. The `Ok` value may be a `Result` too.
    fn inner_outcome(&self, input: &Input, plan: &Plan, succeed: &TokenStream) -> TokenStream {
        let Self {
            krate,
            path,
            op,
            value,
            ..
        } = self;
        if input.returned.holds_plain() {
            return quote_spanned! {Span::mixed_site()=> { #succeed } };
        }
        let outcome = match &plan.err {
            None => {
                let span = input.returned.inner_failure_span();
                let probe = probe(plan, &quote! { #value }, span);
                let split = quote_spanned! {span=> #probe.__split() };
                quote! { <#path>::__outcome(#split) }
            }
            // `err(…)` classifies only the outer error. The inner error type determines the class of an inner error.
            Some(_) => quote! {
                #krate::__private::ProbeInner(#value).__split().map_err(|#value| {
                    #krate::__private::Inner::<<#path as #krate::__private::Operation>::Attributes, _>::new(#value)
                        .__class()
                })
            },
        };
        quote_spanned! {Span::mixed_site()=>
            match #outcome {
                ::core::result::Result::Ok(#value) => { #succeed }
                ::core::result::Result::Err(__failure) => #op.fail(__failure),
            }
        }
    }

    /// Sets the attributes of `ok(…)`.
    fn on_success(&self, plan: &Plan) -> Option<TokenStream> {
        let Self { op, value, .. } = self;
        let (parameter, values) = plan.ok.as_ref()?;
        let values: Vec<(usize, TokenStream)> = values
            .iter()
            .filter_map(|recorded| match recorded {
                Recorded::Attribute { index, value, .. } => Some((*index, self.value(value))),
                Recorded::Group { .. } => None,
            })
            .collect();
        if values.is_empty() {
            return Some(quote! { let _ = #value; });
        }
        let wanted = values.iter().map(|(index, _)| quote! { #op.wants(#index) });
        let sets = values.iter().map(|(index, value)| {
            let set = quote! { #op.set(#index, #value); };
            if values.len() > 1 {
                quote! { if #op.wants(#index) { #set } }
            } else {
                set
            }
        });
        let parameter = self.parameter(parameter);
        Some(quote! {
            if #(#wanted)||* {
                #parameter
                #(#sets)*
            }
        })
    }

    /// Binds the parameter of a mapping. The function call and the type avoid lints about unused values and unit
    /// values.
    fn parameter(&self, parameter: &Parameter) -> TokenStream {
        let value = &self.value;
        let Parameter { pat, ty } = parameter;
        let ty = ty
            .as_ref()
            .map_or_else(|| quote! { _ }, |ty| quote! { #ty });
        quote! { let #pat: #ty = ::core::convert::identity(#value); }
    }
}

/// Wraps a reference in the runtime's probe. The type of the probe determines the outcome.
fn probe(plan: &Plan, reference: &TokenStream, span: Span) -> TokenStream {
    let reference = located_at(reference, span);
    let name = if plan.ends == Ends::AtReturn {
        "__ProbeReturned"
    } else {
        "__Probe"
    };
    let probe = Ident::new(name, span);
    quote_spanned! {span=> #probe(#reference) }
}
