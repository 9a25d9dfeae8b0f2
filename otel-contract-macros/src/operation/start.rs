//! What runs before the body: the operation starts, and takes its attributes.

use super::check::{Checked, Plan, Recorded};
use super::expand::Names;
use otel_contract_definition::Definition;
use otel_contract_definition::items::{group_setter as filler, setter as taker};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::spanned::Spanned as _;

impl Names<'_> {
    /// Everything up to the running body; leaves `op` started. `op` is the operation itself, or the frame of a body
    /// whose kind is still open. `waits`: values may be awaited.
    pub(super) fn start(&self, definition: &Definition, plan: &Plan, waits: bool) -> TokenStream {
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
        let Values {
            groups,
            sampled,
            rest,
        } = self.values(definition, plan);
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
                #op.start_from(#entry, #deferred, #most);
            }
        };
        let handle = plan.handle.as_ref().map(|handle| {
            quote! { let #handle = <#path as #krate::__private::Operation>::handle(#op.handle()); }
        });
        let set = quote! { #started #rest };
        // What a macro expands to may hold a way out of the function, which would leave the operation behind.
        let set = match (plan.has_macros, waits) {
            (false, _) => set,
            (true, true) => quote_spanned! {span=>
                async {
                    if false { return #krate::__private::AttributesSet; }
                    #set
                    #krate::__private::AttributesSet
                }.await;
            },
            (true, false) => quote_spanned! {span=>
                (|| -> #krate::__private::AttributesSet {
                    #set
                    #krate::__private::AttributesSet
                })();
            },
        };
        quote! { #set #handle }
    }

    /// The values of the attributes, by when they are set.
    fn values(&self, definition: &Definition, plan: &Plan) -> Values {
        let Self { op, entry, .. } = self;
        let span = Span::mixed_site();
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
        Values {
            groups,
            sampled,
            rest,
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

    pub(super) fn taken(&self, value: &Checked) -> TokenStream {
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
}

/// Statements that give an operation its attributes.
struct Values {
    /// Bindings of groups that the sampler sees in part.
    groups: TokenStream,
    /// What the sampler sees.
    sampled: TokenStream,
    /// Everything else.
    rest: Gated,
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

/// A reference to a value, spanned from its first token to its last, so that the compiler underlines all of it.
fn reference(value: &syn::Expr) -> TokenStream {
    let tokens = value.to_token_stream();
    let last = tokens.clone().into_iter().last();
    let mut parentheses = Group::new(Delimiter::Parenthesis, tokens);
    parentheses.set_span(match last {
        Some(TokenTree::Group(group)) => group.span_close(),
        Some(token) => token.span(),
        None => value.span(),
    });
    quote_spanned! {value.span()=> &#parentheses }
}
