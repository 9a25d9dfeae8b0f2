//! A checked plan becomes the new body of the function.
//!
//! The user's body always has a block of its own, beside everything generated: what is generated resolves where the
//! function is, and what the body declares stays in the body.

use super::Handed;
use super::attach::{braced, names_contract};
use super::body::{Body, arguments_taken_apart};
use super::check::{Ends, Plan};
use crate::mistake::at;
use otel_contract_definition::Definition;
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

/// Everything the pieces of the expansion name.
pub(super) struct Names<'a> {
    /// `$crate` of `otel_contract`.
    pub(super) krate: &'a TokenTree,
    /// The operation, as the user wrote it.
    pub(super) path: &'a TokenStream,
    /// The operation while it starts, runs and ends. One identifier for all of the expansion: made
    /// at the call site it would not be found from tokens of the user's.
    pub(super) op: Ident,
    pub(super) entry: Ident,
    pub(super) result: Ident,
    pub(super) value: Ident,
    /// The type of what the function returns.
    pub(super) returned: Ident,
    /// The contract's `__Attributes`: beside the operation, or asked of it where it was imported by its name.
    pub(super) attributes: Vec<TokenTree>,
}

pub(super) fn expand(
    krate: &TokenTree,
    definition: &Definition,
    handed: &Handed,
    plan: &Plan,
    body: Body,
) -> TokenStream {
    let span = Span::mixed_site();
    let names = Names {
        krate,
        path: &handed.path,
        op: Ident::new("__op", span),
        entry: Ident::new("__entry", span),
        result: Ident::new("__result", span),
        value: Ident::new("__value", span),
        returned: Ident::new("__returned", span),
        attributes: attributes(krate, &handed.path).into_iter().collect(),
    };
    let form = Form {
        names,
        definition,
        handed,
        plan,
    };
    let returned = &handed.returned;
    let is_decided = returned.is_plain() && plan.err.is_none() && plan.ends != Ends::WithStream;
    let looks = !is_decided && !returned.is_never() && !matches!(body, Body::Closure(_));
    let expanded = match body {
        Body::Async(content) => form.asynchronous(&content),
        Body::Future { pin, block } => form.future(pin.as_ref(), &block),
        Body::Direct(content) => form.direct(&content),
        Body::Closure(content) => form.closure(&content),
        Body::Call(content) => form.call(&content),
        Body::ByType(content) => form.by_type(&content),
    };
    let via = looks.then(|| quote! { use #krate::__private::via::*; });
    quote_spanned! {span=> {
        #via
        #expanded
    } }
}

/// What every kind of body is expanded from.
struct Form<'a> {
    names: Names<'a>,
    definition: &'a Definition,
    handed: &'a Handed,
    plan: &'a Plan,
}

impl Form<'_> {
    /// `async fn`.
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
        if self.handed.returned.is_never() {
            let content = self.content(content);
            return quote_spanned! {span=>
                #start
                #krate::__private::run(&mut #op, async #capture { #content }).await
            };
        }
        let edge = self.edge();
        let known = self.known();
        let inner_edge =
            (!edge.is_empty()).then(|| quote! { if false { return #returned.value(); } });
        let content = self.content(content);
        let end = self.finish();
        quote_spanned! {span=>
            #edge
            #known
            #start
            let #result = #krate::__private::run(&mut #op, async #capture { #inner_edge #content }).await;
            #end
        }
    }

    /// A function that is one `async` block: the operation is in it.
    fn future(&self, pin: Option<&TokenStream>, block: &Group) -> TokenStream {
        let Names {
            krate,
            op,
            result,
            returned,
            ..
        } = &self.names;
        let output = Ident::new("__output", Span::mixed_site());
        let hidden = self.handed.returned.is_opaque();
        let edge = self.edge();
        let typed = match self.handed.returned.output() {
            Some(known) if hidden => {
                let known = known.erased();
                quote! { let #output = #krate::__private::Returned::<#known>::new(); }
            }
            _ => quote! { let #output = #returned.output(); },
        };
        let known = self.known();
        // `async move` also where the user's block borrows: it is returned, so what it borrows is behind references
        // already.
        let (apart, content) = arguments_taken_apart(block.stream());
        let content = self::block(&content, block.span());
        let start = self.start(true);
        let end = self.finish();
        let future = quote_spanned! {Span::mixed_site()=> async move {
            #apart
            #typed
            #known
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
        quote_spanned! {Span::mixed_site()=> #edge #future }
    }

    /// A call that keeps its caller.
    fn direct(&self, content: &TokenStream) -> TokenStream {
        let Names { op, result, .. } = &self.names;
        let guard = Ident::new("__guard", Span::mixed_site());
        let start = self.start(false);
        if self.handed.returned.is_never() {
            return quote_spanned! {Span::mixed_site()=>
                #start
                #op.begin();
                let #guard = #op.attach();
                #content
            };
        }
        let edge = self.edge();
        let known = self.known();
        let end = self.finish();
        quote_spanned! {Span::mixed_site()=>
            #edge
            #known
            #start
            #op.begin();
            let #guard = #op.attach();
            let #result = { #content };
            ::core::mem::drop(#guard);
            #end
        }
    }

    /// A body whose last expression takes its type from `impl Fn(…)` in the signature, so it stays in place.
    fn closure(&self, content: &TokenStream) -> TokenStream {
        let Names { krate, op, .. } = &self.names;
        let bindings = &self.handed.bindings;
        // A single expression stays without a `match`, which would hide the type that it has to have.
        let content = if has_statements(content) {
            block(content, self.handed.block)
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
        if self.handed.returned.is_never() {
            return quote_spanned! {Span::mixed_site()=>
                #start
                #krate::__private::call(
                    #krate::__private::Returned::new(),
                    &mut #op,
                    #capture || -> ! { #content },
                )
            };
        }
        let edge = self.edge();
        let known = self.known();
        let returned = if edge.is_empty() {
            quote! { #krate::__private::Returned::new() }
        } else {
            quote! { #returned }
        };
        let end = self.finish();
        quote_spanned! {Span::mixed_site()=>
            #edge
            #known
            #start
            let #result = #krate::__private::call(#returned, &mut #op, #capture || { #content });
            #end
        }
    }

    /// A body that is the operation, or makes the future that is: the compiler chooses by its type.
    fn by_type(&self, content: &TokenStream) -> TokenStream {
        let Names {
            krate,
            path,
            op,
            result,
            returned,
            ..
        } = &self.names;
        let span = self.handed.returned.failure_span();
        let hidden = self.handed.returned.is_opaque();
        let edge = self.edge();
        let known = self.known();
        let (body, run) = (
            Ident::new("__body", Span::mixed_site()),
            Ident::new("__run", Span::mixed_site()),
        );
        let returned = if edge.is_empty() {
            quote! { #krate::__private::Returned::new() }
        } else {
            quote! { #returned }
        };
        let set = self.names.start(self.definition, self.plan, false);
        let capture = self.capture();
        let content = self.content(content);
        let shape = if hidden { "opaque_shape" } else { "shape" };
        let shape = Ident::new(shape, span);
        let shaped = at(&body, span);
        let chosen = quote_spanned! {span=> #shaped.#shape().__choose() };
        let hidden_edge = hidden.then(|| quote! { if false { return #run.finished().value(); } });
        let end = self.end(&quote! { #result });
        quote_spanned! {Span::mixed_site()=>
            #edge
            #known
            let mut #op = #krate::__private::Running::new(
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
            #hidden_edge
            #run.finish(move |#op, #result| { #end })
        }
    }

    /// `waits`: the values of attributes may be awaited.
    fn start(&self, waits: bool) -> TokenStream {
        let Names {
            krate, path, op, ..
        } = &self.names;
        let set = self.names.start(self.definition, self.plan, waits);
        quote_spanned! {Span::mixed_site()=>
            let mut #op = #krate::__private::Running::new(
                <#path as #krate::__private::Operation>::definition(),
            );
            #set
        }
    }

    /// The end of the function: what becomes of the operation, and the returned value.
    fn finish(&self) -> TokenStream {
        let result = &self.names.result;
        if self.plan.ends == Ends::WithStream {
            return self.names.keep_open(self.handed, self.plan);
        }
        let end = self.end(&quote! { &#result });
        let value = (!self.handed.returned.is_unit()).then_some(result);
        quote! { #end #value }
    }

    fn end(&self, looked_at: &TokenStream) -> TokenStream {
        self.names.end(self.handed, self.plan, looked_at)
    }

    /// `move`, unless what is looked at afterwards is only borrowed.
    fn capture(&self) -> Option<TokenStream> {
        (!self.handed.borrows).then(|| quote! { move })
    }

    /// The user's body in a block of its own, which owns the arguments of the function.
    fn content(&self, content: &TokenStream) -> TokenStream {
        let Names {
            result, returned, ..
        } = &self.names;
        let Handed { kept, bindings, .. } = self.handed;
        let keep = (!kept.is_empty()).then(|| {
            quote_spanned! {Span::mixed_site()=> let _ = (#(&#kept,)*); }
        });
        let content = block(content, self.handed.block);
        if bindings.is_empty() || self.handed.returned.is_never() {
            return quote! { #keep #bindings #content };
        }
        // Temporaries of the last expression are dropped before the arguments, as in any function.
        let typed = if self.edge().is_empty() {
            quote! { #content }
        } else {
            quote! { #returned.of(#content) }
        };
        if self.handed.returned.is_unit() {
            return quote! { #keep #bindings #typed; };
        }
        quote_spanned! {Span::mixed_site()=>
            #keep
            #bindings
            let #result = #typed;
            #result
        }
    }

    /// Ties the type of the body to the signature. Nothing for `impl Trait`, where the body makes the type.
    fn edge(&self) -> TokenStream {
        let Names {
            krate, returned, ..
        } = &self.names;
        let returned_type = &self.handed.returned;
        let is_wrapped = self.plan.ends == Ends::WithStream && returned_type.mentions_impl();
        if returned_type.is_opaque() || returned_type.is_never() || is_wrapped {
            return TokenStream::new();
        }
        if let Some(named) = returned_type.named() {
            return quote_spanned! {Span::mixed_site()=>
                let #returned = #krate::__private::Returned::<#named>::new();
            };
        }
        quote_spanned! {Span::mixed_site()=>
            let #returned = #krate::__private::Returned::new();
            if false { return #returned.value(); }
        }
    }

    /// Asks whether a type that may be a type parameter shows its outcome.
    fn known(&self) -> TokenStream {
        let Names {
            krate, returned, ..
        } = &self.names;
        let output = self.handed.returned.output();
        let named = output.as_ref().unwrap_or(&self.handed.returned);
        if self.plan.err.is_some() || !named.may_be_parameter() {
            return TokenStream::new();
        }
        let span = named.failure_span();
        let krate = at(*krate, span);
        let asked = match &output {
            Some(output) => {
                let output = output.erased();
                quote_spanned! {span=> #krate::__private::Returned::<#output>::new() }
            }
            None => at(returned, span),
        };
        quote_spanned! {span=> #krate::__private::Known(#asked).__check(); }
    }
}

fn attributes(krate: &TokenTree, path: &TokenStream) -> TokenStream {
    let path: Vec<TokenTree> = path.clone().into_iter().collect();
    match path.as_slice() {
        [prefix @ .., _] if names_contract(prefix) => quote! { #(#prefix)* __Attributes },
        _ => quote! { <<#(#path)* as #krate::__private::Operation>::Attributes> },
    }
}

/// A block of the user's. A `match` around a single expression keeps the lint of needless braces off it.
fn block(content: &TokenStream, span: Span) -> TokenStream {
    let block = braced(content.clone(), span);
    if has_statements(content) {
        quote! { #block }
    } else {
        quote_spanned! {Span::mixed_site()=> match () { () => #block } }
    }
}

fn has_statements(content: &TokenStream) -> bool {
    let ends_statement =
        |token: TokenTree| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ';');
    content.clone().into_iter().any(ends_statement)
}
