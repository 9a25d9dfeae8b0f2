//! First stage: the attribute on a function. It knows no contract: it finds the path of the
//! operation and puts a call of the contract's macro where the body was, so that the signature
//! survives whatever goes wrong.

use super::args;
use super::outline::Outline;
use super::parameters::{self, Passing};
use super::signature::mentions;
use crate::dispatch::dispatch;
use crate::mistake::Mistake;
use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::{Attribute, GenericParam, Ident, Signature, Token, Visibility};

/// A function whose body is left as it was written.
struct Function {
    /// Everything before the body, as it was written.
    head: TokenStream,
    outer: Vec<Attribute>,
    visibility: Visibility,
    defaultness: Option<Token![default]>,
    signature: Signature,
    inner: Vec<Attribute>,
    body: Group,
}

impl Function {
    /// Reads everything but the body, which may be long.
    fn read(item: TokenStream) -> syn::Result<Self> {
        let (head, body) = head_and_body(item);
        let body = body.unwrap_or_else(|| braced(TokenStream::new(), Span::call_site()));
        let ends_at_body = |input: ParseStream<'_>| {
            let outer = input.call(Attribute::parse_outer)?;
            let visibility = input.parse()?;
            let defaultness = input.parse()?;
            let signature: Signature = input.parse()?;
            Ok((outer, visibility, defaultness, signature, input.parse()?))
        };
        let head: TokenStream = head.into_iter().collect();
        let (outer, visibility, defaultness, signature, rest) =
            ends_at_body.parse2(head.clone())?;
        let rest: TokenStream = rest;
        if !rest.is_empty() {
            return Err(syn::Error::new_spanned(
                &signature.ident,
                "there is no body here to instrument\n  = help: put the attribute on the functions that implement this one",
            ));
        }
        let (inner, body) = inner(body)?;
        Ok(Self {
            head,
            outer,
            visibility,
            defaultness,
            signature,
            inner,
            body,
        })
    }
}

/// What stands before a body, and what is in it, if there is one.
fn head_and_body(item: TokenStream) -> (Vec<TokenTree>, Option<Group>) {
    let mut head: Vec<TokenTree> = item.into_iter().collect();
    let body = head.last().and_then(block);
    if body.is_some() {
        head.pop();
    }
    (head, body)
}

/// What is in a block, also in one that a macro passed on as `$body:block`.
fn block(token: &TokenTree) -> Option<Group> {
    let TokenTree::Group(group) = token else {
        return None;
    };
    match group.delimiter() {
        Delimiter::Brace => Some(group.clone()),
        Delimiter::None => {
            let mut inner = group.stream().into_iter();
            block(&inner.next()?).filter(|_| inner.next().is_none())
        }
        Delimiter::Parenthesis | Delimiter::Bracket => None,
    }
}

/// A block at the place of the user's: lints and the edition's rules go by the place of its braces.
pub(super) fn braced(content: TokenStream, span: Span) -> Group {
    let mut block = Group::new(Delimiter::Brace, content);
    block.set_span(span);
    block
}

/// Attributes at the start of a body, and the rest of it.
fn inner(body: Group) -> syn::Result<(Vec<Attribute>, Group)> {
    let mut start = body.stream().into_iter();
    let mut is =
        |sign| matches!(start.next(), Some(TokenTree::Punct(one)) if one.as_char() == sign);
    if !(is('#') && is('!')) {
        return Ok((Vec::new(), body));
    }
    let inner_and_body = |input: ParseStream<'_>| {
        Ok((
            input.call(Attribute::parse_inner)?,
            input.parse::<TokenStream>()?,
        ))
    };
    let (inner, rest) = inner_and_body.parse2(body.stream())?;
    Ok((inner, braced(rest, body.span())))
}

/// The arguments as far as the first stage reads them: a path, and the rest.
struct Arguments {
    path: Vec<TokenTree>,
    last: Ident,
    rest: TokenStream,
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.is_empty() {
            return Err(syn::Error::new(
                Span::call_site(),
                "which operation is this?\n  = help: name it by its contract: `#[instrumented_operation(billing::InvoiceCreate)]`",
            ));
        }
        let path = syn::Path::parse_mod_style(input).map_err(|error| {
            syn::Error::new(
                error.span(),
                "the first argument is the path of an operation, such as `billing::InvoiceCreate`",
            )
        })?;
        if let Some(word) = path.get_ident()
            && word
                .to_string()
                .starts_with(|first: char| first.is_lowercase())
        {
            return Err(syn::Error::new(
                word.span(),
                format!(
                    "`{word}` is no operation\n  = help: the first argument is the path of one, such as `billing::InvoiceCreate`"
                ),
            ));
        }
        let last = path.segments.last().map(|segment| segment.ident.clone());
        let last = last.ok_or_else(|| input.error("expected the path of an operation"))?;
        Ok(Self {
            path: path.to_token_stream().into_iter().collect(),
            last,
            rest: input.parse()?,
        })
    }
}

/// A function whose signature needs no parser, as most.
fn plain(arguments: &TokenStream, item: &TokenStream) -> Option<TokenStream> {
    let (head, body) = head_and_body(item.clone());
    let outline = Outline::read(&head)?;
    let arguments = syn::parse2::<Arguments>(arguments.clone()).ok()?;
    let (inner, body) = inner(body?).ok()?;
    let (head, call) = wrapped(&head, &arguments, &outline, &body);
    let body = braced(quote! { #(#inner)* #call }, body.span());
    Some(quote! { #head #body })
}

/// The signature of the wrapper, and the call of the second stage that becomes its body.
fn wrapped(
    head: &[TokenTree],
    arguments: &Arguments,
    outline: &Outline,
    body: &Group,
) -> (TokenStream, TokenStream) {
    let passing = Passing::of(
        &outline.parameters,
        outline.block(),
        &body.stream(),
        &arguments.rest,
    );
    let call = second_stage(arguments, outline, None, &passing, body);
    // A statement, as style lints of functions that return nothing expect it.
    let semicolon = outline.returns_nothing().then(|| quote! { ; });
    let call = quote! { #call #semicolon };
    let head = match passing.replaced {
        Some(list) => parameters::replace(head, list),
        None => head.iter().cloned().collect(),
    };
    (head, call)
}

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    if let Some(expanded) = plain(&arguments, &item) {
        return expanded;
    }
    let function = match Function::read(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            // The item stays: where it is no Rust at all, the compiler says so itself.
            let mistake = match syn::parse2::<syn::Item>(item.clone()) {
                // A function without a body is nothing syn knows; it has a message of its own.
                Ok(other) if !matches!(other, syn::Item::Fn(_) | syn::Item::Verbatim(_)) => {
                    Mistake::from(syn::Error::new(
                        error.span(),
                        "only a function can be an operation",
                    ))
                    .help("put the attribute on the function that does the work")
                }
                _ => Mistake::from(error),
            };
            return quote! { #mistake #item };
        }
    };
    let arguments = match syn::parse2::<Arguments>(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let mistake = Mistake::from(error);
            return quote! { #mistake #item };
        }
    };
    if let Some(mistake) = refuse(&function, &arguments) {
        let Function {
            head, inner, body, ..
        } = &function;
        let body = args::without_handle(&arguments.rest, &body.stream());
        return quote! {
            #mistake
            #head { #(#inner)* #body }
        };
    }
    function.instrument(&arguments)
}

/// Forms that cannot be instrumented at all.
fn refuse(function: &Function, arguments: &Arguments) -> Option<Mistake> {
    if let Some(token) = &function.signature.constness {
        return Some(
            Mistake::at(
                token,
                "a `const fn` cannot be instrumented: nothing can be recorded while compiling",
            )
            .help("remove `const`, or instrument the function that calls it"),
        );
    }
    if let Some(variadic) = &function.signature.variadic {
        return Some(
            Mistake::at(
                variadic,
                "a variadic function cannot be instrumented: its arguments cannot be handed on",
            )
            .help("instrument a function it calls"),
        );
    }
    let track_caller = function.track_caller()?;
    if let Some(token) = &function.signature.asyncness {
        return Some(
            Mistake::at(
                token,
                "`#[track_caller]` says nothing on an `async fn`: whoever polls it is the caller",
            )
            .help("remove `#[track_caller]`"),
        );
    }
    if let Some(handle) = args::handle(&arguments.rest) {
        let what = format!(
            "`{handle}` cannot reach the body under `#[track_caller]`, which moves it to a second function"
        );
        return Some(
            Mistake::at(handle, what)
                .help("give the attributes at entry or in `ok(…)`, or remove `#[track_caller]`"),
        );
    }
    let pattern = function
        .signature
        .inputs
        .iter()
        .find_map(|input| match input {
            syn::FnArg::Typed(typed)
                if !matches!(*typed.pat, syn::Pat::Ident(_) | syn::Pat::Wild(_)) =>
            {
                Some(&typed.pat)
            }
            _ => None,
        });
    if let Some(pattern) = pattern {
        return Some(
            Mistake::at(pattern, "under `#[track_caller]` an argument needs a name: it is handed on to a second function, which keeps the caller")
                .help("name the argument and take it apart in the body"),
        );
    }
    let sibling_possible = !matches!(function.visibility, Visibility::Inherited);
    (function.needs_impl() && !sibling_possible).then(|| {
        Mistake::at(
            track_caller,
            "`#[track_caller]` on a method needs a second method to keep the caller, which a trait cannot take",
        )
        .help("in an inherent impl give the method a visibility, such as `pub(super)`; in a trait remove `#[track_caller]`")
    })
}

impl Function {
    fn track_caller(&self) -> Option<&Attribute> {
        self.outer
            .iter()
            .find(|attribute| attribute.path().is_ident("track_caller"))
    }

    /// Whether the function only makes sense inside an `impl` or `trait`.
    fn needs_impl(&self) -> bool {
        let receiver = self
            .signature
            .inputs
            .iter()
            .any(|input| matches!(input, syn::FnArg::Receiver(_)));
        receiver
            || mentions_self(self.signature.to_token_stream())
            || mentions_self(self.body.stream())
    }

    fn instrument(self, arguments: &Arguments) -> TokenStream {
        if self.track_caller().is_some() {
            return self.instrument_tracked(arguments);
        }
        let Self {
            head,
            signature,
            inner,
            body,
            ..
        } = &self;
        let head: Vec<TokenTree> = head.clone().into_iter().collect();
        let (head, call) = wrapped(&head, arguments, &Outline::of(signature), body);
        let body = braced(quote! { #(#inner)* #call }, body.span());
        quote! { #head #body }
    }

    /// A closure would report its own line as the caller's, so the body goes into a function.
    fn instrument_tracked(self, arguments: &Arguments) -> TokenStream {
        let Self {
            outer,
            visibility,
            defaultness,
            signature,
            inner,
            body,
            ..
        } = &self;
        let mut sibling = signature.clone();
        let mut caller = signature.clone();
        sibling.ident = quote::format_ident!("__{}_tracked", signature.ident.unraw());
        let mut names = Vec::new();
        for (index, input) in caller.inputs.iter_mut().enumerate() {
            match input {
                syn::FnArg::Receiver(receiver) => {
                    names.push(receiver.self_token.to_token_stream());
                    receiver.mutability = None;
                }
                syn::FnArg::Typed(typed) => {
                    let name = match &*typed.pat {
                        syn::Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => {
                            pat.ident.clone()
                        }
                        _ => quote::format_ident!("__argument_{index}"),
                    };
                    *typed.pat = syn::Pat::Ident(syn::PatIdent {
                        attrs: Vec::new(),
                        by_ref: None,
                        mutability: None,
                        ident: name.clone(),
                        subpat: None,
                    });
                    names.push(name.to_token_stream());
                }
            }
        }
        let generics = signature
            .generics
            .params
            .iter()
            .filter_map(|param| match param {
                GenericParam::Type(param) => Some(param.ident.to_token_stream()),
                GenericParam::Const(param) => Some(param.ident.to_token_stream()),
                GenericParam::Lifetime(_) => None,
            });
        let generics: Vec<TokenStream> = generics.collect();
        // Named where there are any: nothing says that the arguments determine them.
        let turbofish = (!generics.is_empty()).then(|| quote! { ::<#(#generics),*> });
        let sibling_name = &sibling.ident;
        let path = if self.needs_impl() {
            quote! { Self:: }
        } else {
            TokenStream::new()
        };
        let unsafe_call = matches!(signature.safety, syn::Safety::Unsafe(_));
        let forwarded = quote! { #path #sibling_name #turbofish (#(#names),*) };
        let forwarded = if unsafe_call {
            quote! { unsafe { #forwarded } }
        } else {
            forwarded
        };
        let direct = Some(quote! { direct });
        let passing = Passing::default();
        let call = second_stage(
            arguments,
            &Outline::of(&caller),
            direct,
            &passing,
            &braced(forwarded, Span::call_site()),
        );
        let lints = outer.iter().filter(|attribute| {
            let lint = ["allow", "expect", "warn", "deny", "forbid", "cfg_attr"];
            lint.iter().any(|name| attribute.path().is_ident(name))
        });
        let content = body.stream();
        let body = braced(quote! { #(#inner)* #content }, body.span());
        let sibling = quote! {
            #(#lints)*
            #[doc(hidden)]
            #[track_caller]
            #[inline]
            #sibling #body
        };
        let (beside, nested) = if self.needs_impl() {
            (Some(sibling), None)
        } else {
            (None, Some(sibling))
        };
        quote! {
            #(#outer)*
            #visibility #defaultness #caller {
                #nested
                #call
            }
            #beside
        }
    }
}

/// The call of the contract's macro that hands everything to the second stage.
fn second_stage(
    arguments: &Arguments,
    outline: &Outline,
    mode: Option<TokenStream>,
    passing: &Passing,
    body: &Group,
) -> TokenStream {
    let Arguments { path, last, rest } = arguments;
    let Outline {
        is_async,
        returned,
        generics,
        ..
    } = outline;
    let mode = mode.or_else(|| is_async.then(|| quote! { async }));
    let passing = passing.to_tokens();
    let handed =
        quote! { (#(#path)*) (#rest) (#mode) (#returned) (#(#generics)*) (#passing) #body };
    match path.as_slice() {
        // Imported by name: the macro of the same name came along.
        [_] => quote! { #last! { #handed } },
        // No contract is a module without a name, so this is a re-export, which brought the macro along as well.
        [prefix @ .., _] if !names_contract(prefix) => quote! { #(#path)* ! { #handed } },
        [prefix @ .., _] => {
            let dispatch = dispatch(last.span());
            quote! { #(#prefix)* #dispatch! { operation #last #handed } }
        }
        [] => TokenStream::new(),
    }
}

/// Whether what is before the last part of a path may be a contract: `crate`, `self` and `super` alone are modules that
/// pass an operation on.
pub(super) fn names_contract(prefix: &[TokenTree]) -> bool {
    prefix.iter().any(|token| match token {
        TokenTree::Ident(word) => !["crate", "self", "super"].iter().any(|name| word == name),
        _ => false,
    })
}

fn mentions_self(tokens: TokenStream) -> bool {
    mentions(tokens.clone(), "Self") || mentions(tokens, "self")
}
