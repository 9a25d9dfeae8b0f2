//! A checked plan becomes the new body of the function.

use super::Handed;
use super::args::Parameter;
use super::body::{Body, arguments_taken_apart};
use super::check::{Checked, Plan, Recorded};
use super::signature::{ReturnType, Returned, erase, failure_span, never, output};
use crate::mistake::at;
use otel_contract_definition::Definition;
use otel_contract_definition::items::{filler, taker};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

/// Everything the pieces of the expansion name.
struct Names<'a> {
    /// `$crate` of `otel_contract`.
    krate: &'a TokenTree,
    /// The operation, as the user wrote it.
    path: &'a TokenStream,
    /// The operation while it starts, runs and ends. One identifier for all of the expansion: made
    /// at the call site it would not be found from tokens of the user's.
    op: Ident,
    entry: Ident,
    result: Ident,
    value: Ident,
    /// The contract's `__Attributes`: beside the operation, or asked of it where it was imported by its name.
    attributes: Vec<TokenTree>,
}

pub(super) fn expand(
    krate: &TokenTree,
    definition: &Definition,
    handed: &Handed,
    returned: &Returned,
    plan: Plan,
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
        attributes: attributes(krate, &handed.path).into_iter().collect(),
    };
    let start = names.start(definition, &plan);
    let end = names.end(handed, returned, &plan);
    let Names {
        krate, op, result, ..
    } = &names;
    match body {
        Body::Async(content) if never(&handed.returned) => quote_spanned! {span=> {
            #start
            #krate::__private::run(&mut #op, async move { #content }).await
        } },
        Body::Async(content) => {
            let edge = return_edge(&handed.returned);
            quote_spanned! {span=> {
                #start
                let #result = #krate::__private::run(&mut #op, async move { #edge #content }).await;
                #end
                #result
            } }
        }
        Body::Future {
            before,
            pin,
            content,
        } => {
            // `async move` also where the user's block borrows: it is returned, so what it borrows is
            // behind references already, and the attributes may use the arguments.
            let (apart, content) = arguments_taken_apart(content);
            let future = quote_spanned! {span=> async move {
                #apart
                #start
                let #result = #krate::__private::run(&mut #op, async move { #content }).await;
                #end
                #result
            } };
            let future = match pin {
                Some(pin) => quote! { #pin (#future) },
                None => future,
            };
            quote! { { #before #future } }
        }
        Body::Direct(content) => {
            let guard = Ident::new("__guard", span);
            quote_spanned! {span=> {
                #start
                #op.begin();
                let #guard = #op.attach();
                let #result = { #content };
                ::core::mem::drop(#guard);
                #end
                #result
            } }
        }
        Body::Plain(content) => {
            let returned = closure_return(&handed.returned);
            let call = quote_spanned! {span=>
                #krate::__private::call(&mut #op, move || #returned { #content })
            };
            if never(&handed.returned) {
                return quote_spanned! {span=> { #start #call } };
            }
            quote_spanned! {span=> {
                #start
                let #result = #call;
                #end
                #result
            } }
        }
    }
}

impl Names<'_> {
    /// Everything up to the running body; leaves `op` started.
    fn start(&self, definition: &Definition, plan: &Plan) -> TokenStream {
        let Self {
            krate,
            path,
            op,
            entry,
            ..
        } = self;
        let span = Span::mixed_site();
        let parent = plan.parent.iter().map(|parent| {
            let reference = reference(parent);
            quote! { #entry.parent(#reference); }
        });
        let links = plan.links.iter().map(|link| {
            let reference = reference(link);
            quote! { #entry.link(#reference); }
        });
        let before: TokenStream = parent.chain(links).collect();
        let (mut groups, mut sampled) = <(TokenStream, TokenStream)>::default();
        let mut rest = Gated::default();
        let dimension = |index: &usize| definition.attributes[*index].dimension;
        for (index, one) in plan.entry.iter().enumerate() {
            match one {
                Recorded::Attribute {
                    index,
                    sampling_relevant,
                    value,
                } => {
                    let value = self.taken(value);
                    if *sampling_relevant {
                        sampled.extend(quote! { #entry.set(#index, #value); });
                    } else {
                        rest.push(
                            dimension(index).then_some(*index),
                            quote! { #op.set(#index, #value); },
                        );
                    }
                }
                Recorded::Group {
                    snake,
                    indices,
                    sampled: seen,
                    value,
                } => {
                    let reference = reference(value);
                    let before = seen.contains(&true);
                    let group = if before {
                        let group = quote::format_ident!("__group_{index}", span = span);
                        groups.extend(quote! { let #group = #reference; });
                        sampled.extend(self.fill(
                            snake,
                            indices,
                            &quote! { #group },
                            entry,
                            Some((seen, true)),
                        ));
                        quote! { #group }
                    } else {
                        reference
                    };
                    let only = before.then_some((seen, false));
                    let filled = self.fill(snake, indices, &group, op, only);
                    rest.push(
                        indices.iter().copied().find(|index| dimension(index)),
                        filled,
                    );
                }
            }
        }
        let rest = rest.expand(op);
        let deferred = plan.deferred;
        let most = plan.most(definition);
        let started = if before.is_empty() && sampled.is_empty() {
            quote! { #op.start(#deferred, #most); }
        } else {
            quote! {
                let mut #entry = #krate::__private::Entry::new(
                    <#path as #krate::__private::Operation>::definition(),
                );
                #before
                #groups
                #sampled
                #entry.start(&mut #op, #deferred, #most);
            }
        };
        let handle = plan.handle.as_ref().map(|handle| {
            quote! { let #handle = <#path as #krate::__private::Operation>::handle(#op.handle()); }
        });
        quote_spanned! {span=>
            let mut #op = #krate::__private::Running::new(
                <#path as #krate::__private::Operation>::definition(),
            );
            #started
            #rest
            #handle
        }
    }

    /// Hands the values of a group over to what `op` is at this point: those the sampler sees, or
    /// the others, or all.
    fn fill(
        &self,
        snake: &str,
        indices: &[usize],
        group: &TokenStream,
        into: &Ident,
        only: Option<(&Vec<bool>, bool)>,
    ) -> TokenStream {
        let path = self.path;
        let fill = Ident::new(&filler(snake), Span::call_site());
        let span = Span::mixed_site();
        let set = quote_spanned! {span=>
            #into.set(INDICES[index], value());
        };
        // Of a span that records nothing, only the dimensions of the group are of use.
        let set = if *into == self.op {
            quote_spanned! {span=> if #into.wants(INDICES[index]) { #set } }
        } else {
            set
        };
        let set = match only {
            Some((sampled, wanted)) => quote_spanned! {span=>
                const SAMPLED: &[bool] = &[#(#sampled),*];
                if SAMPLED[index] == #wanted { #set }
            },
            None => set,
        };
        quote_spanned! {span=>
            <#path>::#fill(#group, &mut |index, value| {
                const INDICES: &[usize] = &[#(#indices),*];
                #set
            });
        }
    }

    fn taken(&self, value: &Checked) -> TokenStream {
        let Self {
            krate, attributes, ..
        } = self;
        match value {
            // Spanned at the value so that the compiler underlines it, not the attribute above.
            Checked::Expression {
                snake,
                required,
                deprecated,
                key,
                value,
            } => {
                let span = value.span();
                let here = |token: &TokenTree| {
                    let mut token = token.clone();
                    token.set_span(token.span().located_at(span));
                    token
                };
                let taker = Ident::new(&taker(snake, *required), *key);
                let reference = reference(value);
                let here: TokenStream = attributes.iter().map(here).collect();
                let taken = quote_spanned! {span=> #here::#taker(#reference) };
                match deprecated {
                    // No block: what the value borrows would go with its end.
                    Some(warner) => quote! { (#(#attributes)*::#warner, #taken).1 },
                    None => taken,
                }
            }
            Checked::Literal { value, deprecated } => {
                let warns = deprecated
                    .as_ref()
                    .map(|warner| quote! { let () = #(#attributes)*::#warner; });
                let value = quote! { ::core::option::Option::Some(#krate::__private::#value) };
                if warns.is_some() {
                    quote! { { #warns #value } }
                } else {
                    value
                }
            }
        }
    }

    /// Everything after the body: `result` is there, `op` still runs.
    fn end(&self, handed: &Handed, returned: &Returned, plan: &Plan) -> TokenStream {
        let Self {
            krate,
            path,
            op,
            result,
            value,
            ..
        } = self;
        let output = output(&handed.returned);
        let span = failure_span(if output.is_empty() {
            &handed.returned
        } else {
            &output
        });
        let on_success = plan.ok.as_ref();
        let on_success = on_success.map(|(parameter, pairs)| self.on_success(parameter, pairs));
        let classified = plan.err.as_ref().map(|mapping| {
            let (parameter, class) = (&mapping.parameter, &mapping.class);
            let class_span = class.span();
            let classified = quote_spanned! {class_span=> <#path>::__classified(#class) };
            quote! { {
                #[allow(clippy::no_effect_underscore_binding, clippy::ignored_unit_patterns)]
                let #parameter = #value;
                #classified
            } }
        });
        // The type of the failure is the signature's; mistakes about it stand there.
        let split = {
            let (krate, result) = (at(krate, span), at(result, span));
            quote_spanned! {span=> #krate::__private::Probe(&#result).__split() }
        };
        let traits = quote! {
            #[allow(unused_imports)]
            use #krate::__private::via::*;
        };
        if let (Returned::Generic(_), Some(classified)) = (returned, &classified) {
            return quote_spanned! {Span::mixed_site()=> {
                let #value = &#result;
                match #classified {
                    ::core::option::Option::Some(__failure) => #op.fail(__failure),
                    ::core::option::Option::None => {
                        #on_success
                        #op.succeed();
                    }
                }
            } };
        }
        match (on_success, classified) {
            (None, None) => quote_spanned! {Span::mixed_site()=> {
                #traits
                #op.finish(<#path>::__outcome(#split));
            } },
            (on_success, None) => quote_spanned! {Span::mixed_site()=> {
                #traits
                match <#path>::__outcome(#split) {
                    ::core::result::Result::Ok(#value) => {
                        #on_success
                        #op.succeed();
                    }
                    ::core::result::Result::Err(__failure) => #op.fail(__failure),
                }
            } },
            (on_success, Some(classified)) => {
                let ignored = on_success.is_none().then(|| quote! { let _ = #value; });
                quote_spanned! {Span::mixed_site()=> {
                    #traits
                    match #split {
                        ::core::result::Result::Ok(#value) => {
                            #ignored
                            #on_success
                            #op.succeed();
                        }
                        ::core::result::Result::Err(#value) => match #classified {
                            ::core::option::Option::Some(__failure) => #op.fail(__failure),
                            ::core::option::Option::None => #op.succeed(),
                        },
                    }
                } }
            }
        }
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
        quote! {
            if #(#wanted)||* {
                #[allow(clippy::no_effect_underscore_binding, clippy::ignored_unit_patterns)]
                let #parameter = #value;
                #(#sets)*
            }
        }
    }
}

fn attributes(krate: &TokenTree, path: &TokenStream) -> TokenStream {
    let path: Vec<TokenTree> = path.clone().into_iter().collect();
    match path.as_slice() {
        [prefix @ .., _] if !prefix.is_empty() => quote! { #(#prefix)* __Attributes },
        _ => quote! { <<#(#path)* as #krate::__private::Operation>::Attributes> },
    }
}

/// Statements that set attributes, each evaluated only where something records it: the span, or of a
/// dimension also the metric.
#[derive(Default)]
struct Gated(Vec<(Option<usize>, TokenStream)>);

impl Gated {
    /// `dimension`: the index of an attribute in the statement that is a dimension.
    fn push(&mut self, dimension: Option<usize>, statement: TokenStream) {
        match self.0.last_mut() {
            Some((None, before)) if dimension.is_none() => before.extend(statement),
            _ => self.0.push((dimension, statement)),
        }
    }

    fn expand(self, op: &Ident) -> TokenStream {
        let gated = self
            .0
            .into_iter()
            .map(|(dimension, statements)| match dimension {
                Some(index) => quote! { if #op.wants(#index) { #statements } },
                None => quote! { if #op.is_recording() { #statements } },
            });
        gated.collect()
    }
}

/// Tells the async block what it returns, so that `?` and `into()` know their types before the
/// last line.
fn return_edge(returned: &ReturnType) -> TokenStream {
    let returned = if returned.is_empty() {
        quote! { () }
    } else {
        erase(returned)
    };
    let edge = Ident::new("__edge", Span::mixed_site());
    quote_spanned! {Span::mixed_site()=>
        #[allow(unreachable_code, clippy::diverging_sub_expression, clippy::infinite_loop, clippy::empty_loop)]
        if false {
            let #edge: #returned = loop {};
            return #edge;
        }
    }
}

/// A reference to a value, spanned where the value stands.
fn reference(value: &syn::Expr) -> TokenStream {
    quote_spanned! {value.span()=> &(#value) }
}

fn closure_return(returned: &ReturnType) -> TokenStream {
    if returned.is_empty() {
        return quote! { -> () };
    }
    let returned = erase(returned);
    quote! { -> #returned }
}
