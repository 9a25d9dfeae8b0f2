//! The arguments of `#[instrumented_operation]`, as written.

use crate::mistake::Mistake;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, LitStr, Pat, Token, Type, parenthesized};

/// Everything after the operation's path.
pub(crate) struct Args {
    pub(crate) handle: Option<Ident>,
    pub(crate) parent: Slot<Expr>,
    pub(crate) links: Vec<Expr>,
    pub(crate) ok: Slot<OkMapping>,
    pub(crate) err: Slot<ErrMapping>,
    /// The operation ends when the function returns, whatever it returns.
    pub(crate) ends_at_return: Slot<()>,
    /// The operation lasts as long as the stream that the function returns.
    pub(crate) stream: Slot<()>,
    /// Attributes and groups, in the order written.
    pub(crate) given: Vec<Given>,
}

/// An option that may be given once.
pub(crate) struct Slot<T> {
    name: &'static str,
    pub(crate) value: Option<T>,
}

impl<T> Slot<T> {
    fn new(name: &'static str) -> Self {
        Self { name, value: None }
    }

    fn fill(&mut self, at: &Ident, value: T) -> syn::Result<()> {
        if self.value.replace(value).is_some() {
            let name = self.name;
            return Err(syn::Error::new(
                at.span(),
                format!("`{name}` is given twice\n  = help: remove one of them"),
            ));
        }
        Ok(())
    }
}

pub(crate) enum Given {
    Attribute(Pair),
    /// `..account = &account`
    Group {
        name: Key,
        value: Expr,
    },
}

/// `order.id = order_id`, or `order.id` for the same.
pub(crate) struct Pair {
    pub(crate) key: Key,
    /// `None` for the shorthand.
    pub(crate) value: Option<Expr>,
}

/// A key as the YAML has it.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) text: String,
    pub(crate) tokens: TokenStream,
    /// Written as a string literal.
    pub(crate) literal: bool,
}

/// `ok(|invoice| invoice.id = &invoice.id)`
pub(crate) struct OkMapping {
    pub(crate) parameter: Parameter,
    pub(crate) pairs: Vec<Pair>,
}

/// `invoice` or `invoice: &Invoice`, between the bars.
pub(crate) struct Parameter {
    pub(crate) pat: Pat,
    pub(crate) ty: Option<Type>,
}

/// `err(|error| class)`
pub(crate) struct ErrMapping {
    pub(crate) parameter: Parameter,
    pub(crate) class: Expr,
}

impl Key {
    /// Where it starts.
    pub(crate) fn span(&self) -> Span {
        let first = self.tokens.clone().into_iter().next();
        first.map_or_else(Span::call_site, |token| token.span())
    }

    /// Whether it could be an option's name: one bare word.
    pub(crate) fn word(&self) -> bool {
        !self.literal && !self.text.contains('.')
    }

    /// The variable that the shorthand stands for: `order_id`, at the key. `None`: no variable has such a name.
    pub(crate) fn variable(&self) -> Option<Ident> {
        let name = self.text.replace('.', "_");
        let span = self
            .tokens
            .clone()
            .into_iter()
            .last()
            .map_or_else(Span::call_site, |token| token.span());
        match syn::parse_str::<Ident>(&name) {
            Ok(mut ident) => {
                ident.set_span(span);
                Some(ident)
            }
            Err(_) if ["self", "Self", "super", "crate", "_"].contains(&name.as_str()) => None,
            Err(_) => syn::parse_str::<Ident>(&format!("r#{name}"))
                .ok()
                .map(|_| Ident::new_raw(&name, span)),
        }
    }
}

impl Parse for Key {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            let literal: LitStr = input.parse()?;
            return Ok(Self {
                text: literal.value(),
                tokens: literal.to_token_stream(),
                literal: true,
            });
        }
        // Keywords are words of keys like any other: `job.type`.
        let word = |input: ParseStream<'_>| {
            Ident::parse_any(input).map_err(|error| {
                let message = "expected an attribute of the operation, such as `order.id = value`, or an option\n  = help: a key with other characters than letters, digits and `_` is written as a string literal";
                syn::Error::new(error.span(), message)
            })
        };
        let first = word(input)?;
        let mut text = first.unraw().to_string();
        let mut tokens = first.to_token_stream();
        while input.peek(Token![.]) && !input.peek(Token![..]) {
            input.parse::<Token![.]>()?.to_tokens(&mut tokens);
            let part = word(input)?;
            text.push('.');
            text.push_str(&part.unraw().to_string());
            part.to_tokens(&mut tokens);
        }
        if input.peek(Token![-]) {
            let message = format!(
                "a key with `-` is written as a string literal\n  = help: write `\"{text}-…\" = …`"
            );
            return Err(syn::Error::new(input.span(), message));
        }
        Ok(Self {
            text,
            tokens,
            literal: false,
        })
    }
}

impl Parse for Pair {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = input.parse()?;
        Ok(Self {
            key,
            value: value(input)?,
        })
    }
}

fn value(input: ParseStream<'_>) -> syn::Result<Option<Expr>> {
    if !input.peek(Token![=]) {
        return Ok(None);
    }
    let equals = input.parse::<Token![=]>()?;
    if input.is_empty() || input.peek(Token![,]) {
        let message = "nothing is given after `=`\n  = help: write a value, or leave the `=` out where a variable has the key's name";
        return Err(syn::Error::new(equals.span, message));
    }
    input.parse().map(Some)
}

/// The `op` of `as op`, whatever comes after it.
pub(crate) fn handle(arguments: &TokenStream) -> Option<Ident> {
    let mut tokens = arguments.clone().into_iter();
    match (tokens.next()?, tokens.next()?) {
        (TokenTree::Ident(word), TokenTree::Ident(handle)) if word == "as" => Some(handle),
        _ => None,
    }
}

/// A body where nothing can be made of the operation: one that asks for a handle would not know the
/// name, which is not the mistake.
pub(crate) fn without_handle(arguments: &TokenStream, body: &TokenStream) -> TokenStream {
    match handle(arguments) {
        Some(_) => quote! { ::core::unreachable!() },
        None => body.clone(),
    }
}

impl Args {
    /// As much as can be read, and what is wrong with the rest.
    pub(crate) fn read(tokens: TokenStream) -> Result<Self, Mistake> {
        syn::parse2(tokens).map_err(Mistake::from)
    }

    /// Two options that contradict each other.
    fn ends_once(&self, at: &Ident) -> syn::Result<()> {
        if self.stream.value.is_some() && self.ends_at_return.value.is_some() {
            return Err(syn::Error::new(
                at.span(),
                "`stream` and `ends_at_return` exclude each other\n  = help: keep the one that says when the operation ends",
            ));
        }
        Ok(())
    }

    fn item(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        if input.peek(Token![..]) {
            input.parse::<Token![..]>()?;
            let name: Key = input.parse()?;
            let value = value(input)?.or_else(|| variable(&name)).ok_or_else(|| {
                let message = format!(
                    "no variable is called `{0}`\n  = help: write `..{0} = …`",
                    name.text
                );
                syn::Error::new(name.span(), message)
            })?;
            self.given.push(Given::Group { name, value });
            return Ok(());
        }
        // A key of several words is no option.
        if input.peek2(Token![.]) {
            self.given.push(Given::Attribute(input.parse()?));
            return Ok(());
        }
        let option = input
            .fork()
            .call(Ident::parse_any)
            .map(|ident| ident.to_string());
        let called = input.peek2(syn::token::Paren);
        if matches!(option.as_deref(), Ok("as")) {
            return Err(not_a_comma(input));
        }
        match option.as_deref() {
            Ok("ok") if called => {
                let at: Ident = input.parse()?;
                self.ok.fill(&at, in_parentheses(input)?)
            }
            Ok("err") if called => {
                let at: Ident = input.parse()?;
                self.err.fill(&at, in_parentheses(input)?)
            }
            Ok("parent") if input.peek2(Token![=]) => {
                let at: Ident = input.parse()?;
                input.parse::<Token![=]>()?;
                self.parent.fill(&at, input.parse()?)
            }
            Ok("link") if input.peek2(Token![=]) => {
                input.parse::<Ident>()?;
                input.parse::<Token![=]>()?;
                self.links.push(input.parse()?);
                Ok(())
            }
            Ok("ends_at_return") if !input.peek2(Token![=]) => {
                let at: Ident = input.parse()?;
                self.ends_at_return.fill(&at, ())?;
                self.ends_once(&at)
            }
            Ok("stream") if !input.peek2(Token![=]) => {
                let at: Ident = input.parse()?;
                self.stream.fill(&at, ())?;
                self.ends_once(&at)
            }
            Ok(option @ ("ok" | "err")) => {
                let what = if option == "ok" {
                    "ok(|value| key = …)"
                } else {
                    "err(|error| class)"
                };
                Err(input.error(format!(
                    "`{option}` takes a mapping\n  = help: write `{what}`"
                )))
            }
            Ok(option @ ("parent" | "link")) => Err(input.error(format!(
                "`{option}` takes a value\n  = help: write `{option} = …`"
            ))),
            _ => {
                self.given.push(Given::Attribute(input.parse()?));
                Ok(())
            }
        }
    }
}

/// The variable a shorthand stands for, as an expression.
pub(crate) fn variable(key: &Key) -> Option<Expr> {
    Some(Expr::Path(syn::ExprPath {
        attrs: Vec::new(),
        qself: None,
        path: key.variable()?.into(),
    }))
}

fn in_parentheses<T: Parse>(input: ParseStream<'_>) -> syn::Result<T> {
    let content;
    parenthesized!(content in input);
    let value = content.parse()?;
    if content.is_empty() {
        Ok(value)
    } else {
        Err(content.error("expected `,` or the end of the mapping"))
    }
}

impl Parse for Args {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut args = Self {
            handle: None,
            parent: Slot::new("parent"),
            links: Vec::new(),
            ok: Slot::new("ok"),
            err: Slot::new("err"),
            ends_at_return: Slot::new("ends_at_return"),
            stream: Slot::new("stream"),
            given: Vec::new(),
        };
        if input.peek(Token![as]) {
            input.parse::<Token![as]>()?;
            args.handle = Some(input.parse()?);
        }
        while !input.is_empty() {
            if !input.peek(Token![,]) {
                return Err(not_a_comma(input));
            }
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            args.item(input)?;
        }
        Ok(args)
    }
}

/// What was probably meant where an argument goes on.
fn not_a_comma(input: ParseStream<'_>) -> syn::Error {
    let message = if input.peek(Token![::]) {
        "the parts of a key are separated by dots\n  = help: write it as in the contract: `order.id`"
    } else if input.peek(Token![:]) {
        "a value is given with `=`\n  = help: write `order.id = value`"
    } else if input.peek(syn::token::Paren) {
        "this is no option with a mapping\n  = help: those are `ok(|value| …)` and `err(|error| …)`; nothing is recorded that is not named, so there is nothing to skip"
    } else if input.peek(Token![as]) {
        "the handle is named right after the operation\n  = help: write `billing::InvoiceCreate as op`"
    } else if input.peek(syn::token::Brace) {
        "attributes are arguments, not fields\n  = help: write `billing::InvoiceCreate, order.id = value`"
    } else {
        "expected `,` between the arguments"
    };
    syn::Error::new(input.span(), message)
}

impl Parse for OkMapping {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let parameter = parameter(input, "ok(|value| key = …)")?;
        let pairs = Punctuated::<Pair, Token![,]>::parse_terminated(input)?;
        Ok(Self {
            parameter,
            pairs: pairs.into_iter().collect(),
        })
    }
}

impl Parse for ErrMapping {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let parameter = parameter(input, "err(|error| class)")?;
        let class = input.parse()?;
        input.parse::<Option<Token![,]>>()?;
        Ok(Self { parameter, class })
    }
}

fn parameter(input: ParseStream<'_>, form: &str) -> syn::Result<Parameter> {
    let bar = |input: ParseStream<'_>| {
        input.parse::<Token![|]>().map_err(|error| {
            syn::Error::new(
                error.span(),
                format!("expected `|`\n  = help: write `{form}`"),
            )
        })
    };
    bar(input)?;
    let pat = Pat::parse_single(input)?;
    let colon = input.parse::<Option<Token![:]>>()?;
    let ty = colon.map(|_| input.parse::<Type>()).transpose()?;
    bar(input)?;
    Ok(Parameter { pat, ty })
}
