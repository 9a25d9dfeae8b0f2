//! Code before the body: it starts the operation and sets its attributes.

use super::names::Names;
use super::plan::{Plan, Recorded, Value};
use otel_contract_definition::Definition;
use otel_contract_definition::items::{group_setter, setter};
use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::spanned::Spanned as _;

/// The values of a group to set. A flag is true if the sampler reads the value.
#[derive(Clone, Copy)]
enum GroupValues<'a> {
    All,
    ReadBySampler(&'a [bool]),
    NotReadBySampler(&'a [bool]),
}

impl Names<'_> {
    /// Starts `op` and sets its attributes. `op` is an `ActiveOperation`, or the runtime's `Frame` in a body that may
    /// return a future (`Body::ByType`). `can_await` is true if values may contain `.await`.
    pub(super) fn start(
        &self,
        definition: &Definition,
        plan: &Plan,
        can_await: bool,
    ) -> TokenStream {
        let Self {
            krate,
            path,
            op,
            entry,
            ..
        } = self;
        let mut relations = TokenStream::new();
        if let Some(parent) = &plan.parent {
            let reference = reference(parent);
            relations.extend(quote! { #entry.parent(#reference); });
        }
        for link in &plan.links {
            let reference = reference(link);
            relations.extend(quote! { #entry.link(#reference); });
        }
        let Statements {
            groups,
            read_by_sampler,
            rest,
        } = self.statements(definition, plan);
        let rest = rest.expand(op);
        let deferred = plan.deferred;
        let max = plan.max_attributes(definition);
        let started = if relations.is_empty() && read_by_sampler.is_empty() {
            quote! { #op.start(#deferred, #max); }
        } else {
            quote! {
                let mut #entry = #krate::__private::Entry::new(
                    <#path as #krate::__private::Operation>::definition(),
                );
                #relations
                #groups
                #read_by_sampler
                #op.start_from(#entry, #deferred, #max);
            }
        };
        let handle = plan.handle.as_ref().map(|handle| {
            quote! { let #handle = <#path as #krate::__private::Operation>::handle(#op.handle()); }
        });
        if plan.has_macros {
            let contained = self.contain(&quote! { #started #rest }, can_await);
            return quote! { #contained #handle };
        }
        quote! { #started #rest #handle }
    }

    /// Puts statements into a closure or an `async` block. A macro call in the statements may expand to `return` or
    /// `?`, which would otherwise leave the function.
    fn contain(&self, statements: &TokenStream, can_await: bool) -> TokenStream {
        let krate = self.krate;
        if can_await {
            quote_spanned! {Span::mixed_site()=>
                async {
                    if false { return #krate::__private::AttributesSet; }
                    #statements
                    #krate::__private::AttributesSet
                }.await;
            }
        } else {
            quote_spanned! {Span::mixed_site()=>
                (|| -> #krate::__private::AttributesSet {
                    #statements
                    #krate::__private::AttributesSet
                })();
            }
        }
    }

    /// Generates the statements that set the attributes, grouped by the time at which they run.
    fn statements(&self, definition: &Definition, plan: &Plan) -> Statements {
        let Self { op, entry, .. } = self;
        let span = Span::mixed_site();
        let (mut groups, mut read_by_sampler) = <(TokenStream, TokenStream)>::default();
        let mut rest = Gated::default();
        let dimension = |index: &usize| definition.attributes[*index].dimension;
        for (index, recorded) in plan.entry.iter().enumerate() {
            match recorded {
                Recorded::Attribute {
                    index,
                    sampling_relevant,
                    value,
                } => {
                    let value = self.value(value);
                    if *sampling_relevant {
                        read_by_sampler.extend(quote! { #entry.set(#index, #value); });
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
                    sampling_relevant,
                    value,
                } => {
                    let reference = reference(value);
                    let is_partly_sampling_relevant = sampling_relevant.contains(&true);
                    let group = if is_partly_sampling_relevant {
                        let group = quote::format_ident!("__group_{index}", span = span);
                        groups.extend(quote! { let #group = #reference; });
                        read_by_sampler.extend(self.set_group(
                            snake,
                            indices,
                            &quote! { #group },
                            entry,
                            GroupValues::ReadBySampler(sampling_relevant),
                        ));
                        quote! { #group }
                    } else {
                        reference
                    };
                    let values = if is_partly_sampling_relevant {
                        GroupValues::NotReadBySampler(sampling_relevant)
                    } else {
                        GroupValues::All
                    };
                    let filled = self.set_group(snake, indices, &group, op, values);
                    rest.push(
                        indices.iter().copied().find(|index| dimension(index)),
                        filled,
                    );
                }
            }
        }
        Statements {
            groups,
            read_by_sampler,
            rest,
        }
    }

    /// Sets the selected values of a group on `target`.
    fn set_group(
        &self,
        snake: &str,
        indices: &[usize],
        group: &TokenStream,
        target: &Ident,
        values: GroupValues<'_>,
    ) -> TokenStream {
        let path = self.path;
        let setter = Ident::new(&group_setter(snake), Span::call_site());
        let span = Span::mixed_site();
        let set = quote_spanned! {span=>
            #target.set(INDICES[index], value());
        };
        // If the span records nothing, only dimensions are set.
        let gated = if *target == self.op {
            quote_spanned! {span=> if #target.wants(INDICES[index]) { #set } }
        } else {
            set
        };
        let if_sampling_relevant_is = |expected: bool, relevant: &[bool]| {
            quote_spanned! {span=>
                const SAMPLING_RELEVANT: &[bool] = &[#(#relevant),*];
                if SAMPLING_RELEVANT[index] == #expected { #gated }
            }
        };
        let selected = match values {
            GroupValues::All => gated,
            GroupValues::ReadBySampler(relevant) => if_sampling_relevant_is(true, relevant),
            GroupValues::NotReadBySampler(relevant) => if_sampling_relevant_is(false, relevant),
        };
        quote_spanned! {span=>
            <#path>::#setter(#group, &mut |index, value| {
                const INDICES: &[usize] = &[#(#indices),*];
                #selected
            });
        }
    }

    /// Returns the value of an attribute, as an `Option<InputValue>`.
    pub(super) fn value(&self, value: &Value) -> TokenStream {
        let Self {
            krate, attributes, ..
        } = self;
        match value {
            Value::Expression {
                snake,
                required,
                deprecation,
                key,
                expression,
            } => {
                // Spanned at the value, so that rustc underlines the value and not the macro attribute.
                let span = span(expression);
                let setter = Ident::new(&setter(snake, *required), *key);
                let value = call(attributes, setter, reference(expression), span);
                match deprecation {
                    // A tuple is used because a block would drop temporaries of the value too early, at the end of the
                    // block.
                    Some(constant) => quote! { (#(#attributes)*::#constant, #value).1 },
                    None => value,
                }
            }
            Value::Literal {
                recorded,
                deprecation,
            } => {
                let value = quote! { ::core::option::Option::Some(#krate::__private::#recorded) };
                match deprecation {
                    Some(constant) => {
                        quote! { { let () = #(#attributes)*::#constant; #value } }
                    }
                    None => value,
                }
            }
        }
    }
}

/// Statements that set the attributes of an operation.
struct Statements {
    /// Variables for groups with some attributes that the sampler reads.
    groups: TokenStream,
    /// Attributes that the sampler reads.
    read_by_sampler: TokenStream,
    /// All other attributes.
    rest: Gated,
}

/// Statements that set attributes. A value is evaluated only if it is recorded: by the span, or for a dimension by the
/// metric.
#[derive(Default)]
struct Gated(Vec<(Option<usize>, TokenStream)>);

impl Gated {
    /// `dimension`: the index of a dimension that the statement sets.
    fn push(&mut self, dimension: Option<usize>, statement: TokenStream) {
        match self.0.last_mut() {
            Some((None, before)) if dimension.is_none() => before.extend(statement),
            _ => self.0.push((dimension, statement)),
        }
    }

    fn expand(self, op: &Ident) -> TokenStream {
        let mut gated = TokenStream::new();
        for (dimension, statements) in self.0 {
            gated.extend(match dimension {
                Some(index) => quote! { if #op.wants(#index) { #statements } },
                None => quote! { if #op.is_recording() { #statements } },
            });
        }
        gated
    }
}

/// Generates `path::function(argument)`, located at `span`. Not by `quote!`, which is slower: macros run unoptimized, and
/// this function runs for each attribute of each annotated function.
fn call(path: &[TokenTree], function: Ident, argument: TokenStream, span: Span) -> TokenStream {
    let located = |mut token: TokenTree| {
        token.set_span(token.span().located_at(span));
        token
    };
    let colon = |spacing| {
        let mut colon = Punct::new(':', spacing);
        colon.set_span(span);
        TokenTree::Punct(colon)
    };
    let mut argument = Group::new(Delimiter::Parenthesis, argument);
    argument.set_span(span);
    let mut tokens = Vec::with_capacity(path.len() + 4);
    tokens.extend(path.iter().cloned().map(located));
    tokens.push(colon(Spacing::Joint));
    tokens.push(colon(Spacing::Alone));
    tokens.push(TokenTree::Ident(function));
    tokens.push(TokenTree::Group(argument));
    tokens.into_iter().collect()
}

/// Returns a reference to a value. Its span covers the first to the last token, so that rustc underlines the whole
/// value.
fn reference(value: &syn::Expr) -> TokenStream {
    let (tokens, last) = if let Some(name) = variable(value) {
        (name.to_token_stream(), name.span())
    } else {
        let tokens = value.to_token_stream();
        let last = match tokens.clone().into_iter().last() {
            Some(TokenTree::Group(group)) => group.span_close(),
            Some(token) => token.span(),
            None => value.span(),
        };
        (tokens, last)
    };
    let mut parentheses = Group::new(Delimiter::Parenthesis, tokens);
    parentheses.set_span(last);
    let mut and = Punct::new('&', Spacing::Alone);
    and.set_span(span(value));
    TokenStream::from_iter([TokenTree::Punct(and), TokenTree::Group(parentheses)])
}

/// Returns the span of a value. Faster than syn for a variable, which is the most frequent kind of value.
fn span(value: &syn::Expr) -> Span {
    variable(value).map_or_else(|| value.span(), Ident::span)
}

fn variable(value: &syn::Expr) -> Option<&Ident> {
    match value {
        syn::Expr::Path(path) if path.attrs.is_empty() && path.qself.is_none() => {
            path.path.get_ident()
        }
        _ => None,
    }
}
