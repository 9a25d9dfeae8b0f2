//! Generates the new body of the function from a checked plan.
//!
//! The user's body is always in a separate block next to the generated code. Names in generated code therefore resolve
//! at the function, and declarations of the body are visible only in the body.

use super::body::{Body, split_destructuring};
use super::function::{has_statements, user_block};
use super::handover::Input;
use super::names::Names;
use super::plan::{Ends, Plan};
use crate::spans::located_at;
use crate::warning::warning;
use otel_contract_definition::Definition;
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

pub(super) fn expand(
    krate: &TokenTree,
    definition: &Definition,
    input: &Input,
    plan: &Plan,
    body: Body,
) -> TokenStream {
    let span = Span::mixed_site();
    let names = Names::of(krate, &input.path);
    let expansion = Expansion {
        names,
        definition,
        input,
        plan,
    };
    let returned = &input.returned;
    let has_fixed_outcome =
        returned.is_plain() && plan.err.is_none() && plan.ends != Ends::WithStream;
    let uses_probes =
        !has_fixed_outcome && !returned.is_never() && !matches!(body, Body::Closure(_));
    let expanded = match body {
        Body::Async(content) => expansion.asynchronous(&content),
        Body::Future { pin, block } => expansion.future(pin.as_ref(), &block),
        Body::Direct(content) => expansion.direct(&content),
        Body::Closure(content) => expansion.closure(&content),
        Body::Call(content) => expansion.call(&content),
        Body::ByType(content) => expansion.by_type(&content),
    };
    // Traits for autoref specialization: method lookup selects the trait that fits the type of the returned value.
    let probe_traits = uses_probes.then(|| quote! { use #krate::__private::probe_traits::*; });
    let warning = plan.hidden_outcome.as_ref().map(|note| {
        let constant = Ident::new("__HIDDEN_OUTCOME", returned.failure_span());
        warning(&constant, note)
    });
    quote_spanned! {span=> {
        #probe_traits
        #warning
        #expanded
    } }
}

/// The input of every kind of body.
struct Expansion<'a> {
    names: Names<'a>,
    definition: &'a Definition,
    input: &'a Input,
    plan: &'a Plan,
}

impl Expansion<'_> {
    /// The body of an `async fn`.
    fn asynchronous(&self, content: &TokenStream) -> TokenStream {
        let Names {
            krate,
            op,
            result,
            returned,
            ..
        } = &self.names;
        let start = self.start(true);
        let span = Span::mixed_site();
        let capture = self.capture();
        if self.input.returned.is_never() {
            let content = self.content(content);
            return quote_spanned! {span=>
                #start
                #krate::__private::run(&mut #op, async #capture { #content }).await
            };
        }
        let return_type = self.return_type();
        let outcome_check = self.outcome_check();
        let inner_return = return_type
            .is_some()
            .then(|| quote! { if false { return #returned.value(); } });
        let content = self.content(content);
        let end = self.finish();
        quote_spanned! {span=>
            #return_type
            #outcome_check
            #start
            let #result = #krate::__private::run(&mut #op, async #capture { #inner_return #content }).await;
            #end
        }
    }

    /// A function that is one `async` block, which becomes the operation.
    fn future(&self, pin: Option<&TokenStream>, block: &Group) -> TokenStream {
        let Names {
            krate,
            op,
            result,
            returned,
            ..
        } = &self.names;
        let output = Ident::new("__output", Span::mixed_site());
        let is_opaque = self.input.returned.is_opaque();
        let return_type = self.return_type();
        let typed = match self.input.returned.output() {
            Some(known) if is_opaque => {
                let known = known.erased();
                quote! { let #output = #krate::__private::Returned::<#known>::new(); }
            }
            _ => quote! { let #output = #returned.output(); },
        };
        let outcome_check = self.outcome_check();
        // `async move`, even if the user's block has no `move`: the block is returned, so it cannot borrow local
        // variables.
        let (destructuring, rest) = split_destructuring(block.stream());
        let content = user_block(&rest, block.span());
        let start = self.start(true);
        let end = self.finish();
        let future = quote_spanned! {Span::mixed_site()=> async move {
            #destructuring
            #typed
            #outcome_check
            #start
            let #result = #krate::__private::run(&mut #op, async move {
                if false { return #output.value(); }
                #content
            }).await;
            #end
        } };
        let future = match pin {
            Some(pin) => quote! { #pin (#future) },
            None => future,
        };
        quote_spanned! {Span::mixed_site()=> #return_type #future }
    }

    /// A call that preserves the caller of `#[track_caller]`.
    fn direct(&self, content: &TokenStream) -> TokenStream {
        let Names { op, result, .. } = &self.names;
        let guard = Ident::new("__guard", Span::mixed_site());
        let start = self.start(false);
        if self.input.returned.is_never() {
            return quote_spanned! {Span::mixed_site()=>
                #start
                #op.begin();
                let #guard = #op.attach();
                #content
            };
        }
        let return_type = self.return_type();
        let outcome_check = self.outcome_check();
        let end = self.finish();
        quote_spanned! {Span::mixed_site()=>
            #return_type
            #outcome_check
            #start
            #op.begin();
            let #guard = #op.attach();
            let #result = { #content };
            ::core::mem::drop(#guard);
            #end
        }
    }

    /// A body that returns a closure. `impl Fn(…)` in the signature determines the type of the body's last expression,
    /// so the body is not put into another closure.
    fn closure(&self, content: &TokenStream) -> TokenStream {
        let Names { krate, op, .. } = &self.names;
        let bindings = &self.input.bindings;
        // A single expression is not put into a `match`, which would hide its expected type.
        let content = if has_statements(content) {
            user_block(content, self.input.block)
        } else {
            quote! { { #content } }
        };
        let start = self.start(false);
        quote_spanned! {Span::mixed_site()=>
            #start
            let __scope = #krate::__private::Scope::new(&mut #op);
            #bindings
            #content
        }
    }

    /// A body that is the operation.
    fn call(&self, content: &TokenStream) -> TokenStream {
        let Names {
            krate,
            op,
            result,
            returned,
            ..
        } = &self.names;
        let start = self.start(false);
        let capture = self.capture();
        let content = self.content(content);
        if self.input.returned.is_never() {
            return quote_spanned! {Span::mixed_site()=>
                #start
                #krate::__private::call(
                    #krate::__private::Returned::new(),
                    &mut #op,
                    #capture || -> ! { #content },
                )
            };
        }
        let return_type = self.return_type();
        let outcome_check = self.outcome_check();
        let returned = if return_type.is_none() {
            quote! { #krate::__private::Returned::new() }
        } else {
            quote! { #returned }
        };
        let end = self.finish();
        quote_spanned! {Span::mixed_site()=>
            #return_type
            #outcome_check
            #start
            let #result = #krate::__private::call(#returned, &mut #op, #capture || { #content });
            #end
        }
    }

    /// A body that may return a future. rustc decides by the type of the returned value: if it is a future, the future
    /// is the operation; otherwise the body is the operation.
    fn by_type(&self, content: &TokenStream) -> TokenStream {
        let Names {
            krate,
            path,
            op,
            result,
            returned,
            ..
        } = &self.names;
        let span = self.input.returned.failure_span();
        let is_opaque = self.input.returned.is_opaque();
        let return_type = self.return_type();
        let outcome_check = self.outcome_check();
        let (body, run) = (
            Ident::new("__body", Span::mixed_site()),
            Ident::new("__run", Span::mixed_site()),
        );
        let returned = if return_type.is_none() {
            quote! { #krate::__private::Returned::new() }
        } else {
            quote! { #returned }
        };
        let set = self.names.start(self.definition, self.plan, false);
        let capture = self.capture();
        let content = self.content(content);
        let shape = Ident::new(if is_opaque { "opaque_shape" } else { "shape" }, span);
        let located_body = located_at(&body, span);
        let chosen = quote_spanned! {span=> #located_body.#shape().__choose() };
        let opaque_return =
            is_opaque.then(|| quote! { if false { return #run.return_type().value(); } });
        let end = self.end(&quote! { #result });
        quote_spanned! {Span::mixed_site()=>
            #return_type
            #outcome_check
            let mut #op = #krate::__private::ActiveOperation::new(
                <#path as #krate::__private::Operation>::definition(),
            );
            let #body = #krate::__private::Body::new(
                &mut #op,
                #returned,
                #capture |#op: &mut #krate::__private::Frame<'_>| {
                    #set
                    #op.enter();
                    #content
                },
            );
            let #run = #chosen.run(#body);
            #opaque_return
            #run.finish(move |#op, #result| { #end })
        }
    }

    /// Starts the operation. `can_await` is true if values of attributes may contain `.await`.
    fn start(&self, can_await: bool) -> TokenStream {
        let Names {
            krate, path, op, ..
        } = &self.names;
        let set = self.names.start(self.definition, self.plan, can_await);
        quote_spanned! {Span::mixed_site()=>
            let mut #op = #krate::__private::ActiveOperation::new(
                <#path as #krate::__private::Operation>::definition(),
            );
            #set
        }
    }

    /// Ends the operation, or keeps it open, and returns the value.
    fn finish(&self) -> TokenStream {
        let result = &self.names.result;
        if self.plan.ends == Ends::WithStream {
            return self.names.keep_open(self.input, self.plan);
        }
        let end = self.end(&quote! { &#result });
        let value = (!self.input.returned.is_unit()).then_some(result);
        quote! { #end #value }
    }

    fn end(&self, result: &TokenStream) -> TokenStream {
        self.names.end(self.input, self.plan, result)
    }

    /// `move`, unless the block borrows arguments that `ok(…)` or `err(…)` uses afterwards.
    fn capture(&self) -> Option<TokenStream> {
        (!self.input.borrows).then(|| quote! { move })
    }

    /// Generates the user's body in a separate block. The block owns the arguments of the function.
    fn content(&self, content: &TokenStream) -> TokenStream {
        let Names {
            result, returned, ..
        } = &self.names;
        let Input { kept, bindings, .. } = self.input;
        let keep = (!kept.is_empty()).then(|| {
            quote_spanned! {Span::mixed_site()=> let _ = (#(&#kept,)*); }
        });
        let content = user_block(content, self.input.block);
        if bindings.is_empty() {
            return quote! { #keep #content };
        }
        if self.input.returned.is_never() {
            return quote! { #keep #bindings #content };
        }
        // The result is bound to a variable: temporaries of the last expression are then dropped before the arguments,
        // as in a function without the attribute.
        let typed = if self.return_type().is_none() {
            quote! { #content }
        } else {
            quote! { #returned.of(#content) }
        };
        if self.input.returned.is_unit() {
            return quote! { #keep #bindings #typed; };
        }
        quote_spanned! {Span::mixed_site()=>
            #keep
            #bindings
            let #result = #typed;
            #result
        }
    }

    /// Constrains the type of the body to the return type. `None` for `impl Trait`, because the body determines that
    /// type.
    fn return_type(&self) -> Option<TokenStream> {
        let Names {
            krate, returned, ..
        } = &self.names;
        let returned_type = &self.input.returned;
        let is_wrapped = self.plan.ends == Ends::WithStream && returned_type.mentions_impl();
        if returned_type.is_opaque() || returned_type.is_never() || is_wrapped {
            return None;
        }
        if let Some(named) = returned_type.named() {
            return Some(quote_spanned! {Span::mixed_site()=>
                let #returned = #krate::__private::Returned::<#named>::new();
            });
        }
        Some(quote_spanned! {Span::mixed_site()=>
            let #returned = #krate::__private::Returned::new();
            if false { return #returned.value(); }
        })
    }

    /// Makes rustc check that the outcome is known for a return type that may be a type parameter.
    fn outcome_check(&self) -> Option<TokenStream> {
        let Names {
            krate, returned, ..
        } = &self.names;
        let output = self.input.returned.output();
        let named = output.as_ref().unwrap_or(&self.input.returned);
        if self.plan.err.is_some() || !named.may_be_parameter() {
            return None;
        }
        let span = named.failure_span();
        let krate = located_at(*krate, span);
        let returned = match &output {
            Some(output) => {
                let output = output.erased();
                quote_spanned! {span=> #krate::__private::Returned::<#output>::new() }
            }
            None => located_at(returned, span),
        };
        Some(quote_spanned! {span=> #krate::__private::Known(#returned).__check(); })
    }
}
