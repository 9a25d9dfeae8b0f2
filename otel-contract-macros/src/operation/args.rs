//! The arguments of `#[instrumented_operation]`, as written.

use super::key::{Key, Pair, sigil, value, variable};
use crate::messages::Diagnostic;
use crate::messages::arguments::{self as messages, Form, InsteadOfComma};
use crate::messages::tracing::{self as tracing_messages, TracingOption};
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, Pat, Token, Type, parenthesized};

/// Everything after the operation's path.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) handle: Option<Ident>,
    pub(crate) parent: Slot<Expr>,
    pub(crate) links: Vec<Expr>,
    pub(crate) ok: Slot<OkMapping>,
    pub(crate) err: Slot<ErrMapping>,
    /// The operation ends when the function returns, regardless of the returned value.
    pub(crate) ends_at_return: Slot<()>,
    /// The operation lasts as long as the stream that the function returns.
    pub(crate) stream: Slot<()>,
    /// Attributes and groups set at entry, in the order written.
    pub(crate) entry: Vec<EntryValue>,
}

/// An option that may be set once.
pub(crate) struct Slot<T> {
    pub(crate) value: Option<T>,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self { value: None }
    }
}

impl<T> Slot<T> {
    fn fill(&mut self, option: &Ident, value: T) -> syn::Result<()> {
        if self.value.replace(value).is_some() {
            return Err(messages::duplicate_option(option));
        }
        Ok(())
    }
}

/// An attribute or group that is set at entry.
pub(crate) enum EntryValue {
    Attribute(Pair),
    /// A group: `..account = &account`.
    Group {
        name: Key,
        value: Expr,
    },
    /// An option of `tracing::instrument`, which is reported.
    Tracing(TracingOption),
}

/// The mapping of a success: `ok(|invoice| invoice.id = &invoice.id)`.
pub(crate) struct OkMapping {
    pub(crate) parameter: Parameter,
    pub(crate) pairs: Vec<Pair>,
}

/// The parameter of a mapping, between the bars: `invoice` or `invoice: &Invoice`.
pub(crate) struct Parameter {
    pub(crate) pat: Pat,
    pub(crate) ty: Option<Type>,
}

/// The mapping of a failure: `err(|error| class)`.
pub(crate) struct ErrMapping {
    pub(crate) parameter: Parameter,
    pub(crate) class: Expr,
}

/// Reads the handle `op` of `as op`, even if the rest of the arguments is invalid.
pub(crate) fn handle(arguments: &TokenStream) -> Option<Ident> {
    let mut tokens = arguments.clone().into_iter();
    match (tokens.next()?, tokens.next()?) {
        (TokenTree::Ident(word), TokenTree::Ident(handle)) if word == "as" => Some(handle),
        _ => None,
    }
}

/// Returns the body of a function whose operation is unknown. If the body uses a handle, returns a placeholder instead,
/// to avoid an error about the undefined handle.
pub(crate) fn without_handle(arguments: &TokenStream, body: &TokenStream) -> TokenStream {
    match handle(arguments) {
        // Never runs: the error about the operation stops the compilation.
        Some(_) => quote! { ::core::unreachable!() },
        None => body.clone(),
    }
}

impl Args {
    pub(crate) fn read(tokens: TokenStream) -> Result<Self, Diagnostic> {
        syn::parse2(tokens).map_err(Diagnostic::from)
    }

    fn parse_argument(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        if input.peek(Token![..]) {
            return self.parse_group(input);
        }
        let has_dot = input.peek2(Token![.]);
        let word = input.fork().call(Ident::parse_any);
        let first = word.map(|word| word.to_string()).unwrap_or_default();
        let is_called = input.peek2(syn::token::Paren);
        let is_assigned = input.peek2(Token![=]);
        match first.as_str() {
            // A key of several words is not an option.
            _ if has_dot => self.parse_attribute(input),
            "as" => Err(not_a_comma(input)),
            "ok" if is_called => {
                let option: Ident = input.parse()?;
                self.ok.fill(&option, in_parentheses(input)?)
            }
            "err" if is_called && !is_called_as_in_tracing(input) => {
                let option: Ident = input.parse()?;
                self.err.fill(&option, in_parentheses(input)?)
            }
            "parent" if is_assigned => {
                let option: Ident = input.parse()?;
                input.parse::<Token![=]>()?;
                self.parent.fill(&option, input.parse()?)
            }
            "link" if is_assigned => {
                input.parse::<Ident>()?;
                input.parse::<Token![=]>()?;
                self.links.push(input.parse()?);
                Ok(())
            }
            "ends_at_return" if !is_assigned => {
                let option: Ident = input.parse()?;
                self.ends_at_return.fill(&option, ())?;
                self.check_ends(&option)
            }
            "stream" if !is_assigned => {
                let option: Ident = input.parse()?;
                self.stream.fill(&option, ())?;
                self.check_ends(&option)
            }
            // An attribute may have the same name as an option of `tracing`, but a key is never followed by parentheses.
            name if is_called && TracingOption::is_name(name) => self.parse_tracing(input),
            "err" if !is_assigned => self.parse_tracing(input),
            "ok" => Err(messages::bare_option(input.span(), Form::Ok)),
            "err" => Err(messages::bare_option(input.span(), Form::Err)),
            "parent" => Err(messages::bare_option(input.span(), Form::Parent)),
            "link" => Err(messages::bare_option(input.span(), Form::Link)),
            _ => self.parse_attribute(input),
        }
    }

    fn parse_attribute(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        self.entry.push(EntryValue::Attribute(input.parse()?));
        Ok(())
    }

    /// Reads an option of `tracing::instrument` and its parentheses.
    fn parse_tracing(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let name = Ident::parse_any(input)?;
        let arguments = if input.peek(syn::token::Paren) {
            let content;
            parenthesized!(content in input);
            content.parse()?
        } else {
            TokenStream::new()
        };
        self.entry.push(EntryValue::Tracing(TracingOption {
            name,
            arguments,
            similar: None,
        }));
        Ok(())
    }

    fn parse_group(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        input.parse::<Token![..]>()?;
        let name: Key = input.parse()?;
        let value = if input.peek(Token![=]) {
            let equals = input.parse::<Token![=]>()?;
            if let Some(sigil) = sigil(input)? {
                return Err(tracing_messages::sigil_of_group(&sigil, &name.text));
            }
            value(input, &equals)?
        } else {
            variable(&name).ok_or_else(|| messages::group_shorthand(name.span(), &name.text))?
        };
        self.entry.push(EntryValue::Group { name, value });
        Ok(())
    }

    /// Rejects two options that define when the operation ends.
    fn check_ends(&self, option: &Ident) -> syn::Result<()> {
        if self.stream.value.is_some() && self.ends_at_return.value.is_some() {
            return Err(messages::conflicting_ends(option));
        }
        Ok(())
    }
}

/// Whether the parentheses after `err` contain its options in `tracing`: `err(Debug)`, `err(level = "info")`.
fn is_called_as_in_tracing(input: ParseStream<'_>) -> bool {
    let tokens = input.cursor().token_tree().and_then(|(_, rest)| {
        let (content, _, _) = rest.group(Delimiter::Parenthesis)?;
        content.ident()
    });
    tokens.is_some_and(|(word, _)| {
        ["Debug", "Display", "level"]
            .iter()
            .any(|known| word == known)
    })
}

fn in_parentheses<T: Parse>(input: ParseStream<'_>) -> syn::Result<T> {
    let content;
    parenthesized!(content in input);
    let value = content.parse()?;
    if content.is_empty() {
        Ok(value)
    } else {
        Err(messages::mapping_end(content.span()))
    }
}

impl Parse for Args {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut args = Self::default();
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
            args.parse_argument(input)?;
        }
        Ok(args)
    }
}

/// Returns the error for tokens after an argument that are not a comma.
fn not_a_comma(input: ParseStream<'_>) -> syn::Error {
    let found = if input.peek(Token![::]) {
        InsteadOfComma::DoubleColon
    } else if input.peek(Token![:]) {
        InsteadOfComma::Colon
    } else if input.peek(syn::token::Paren) {
        InsteadOfComma::Parentheses
    } else if input.peek(Token![as]) {
        InsteadOfComma::As
    } else if input.peek(syn::token::Brace) {
        InsteadOfComma::Braces
    } else {
        InsteadOfComma::Other
    };
    messages::not_a_comma(input.span(), found)
}

impl Parse for OkMapping {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let parameter = parameter(input, Form::Ok)?;
        let pairs = Punctuated::<Pair, Token![,]>::parse_terminated(input)?;
        Ok(Self {
            parameter,
            pairs: pairs.into_iter().collect(),
        })
    }
}

impl Parse for ErrMapping {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let parameter = parameter(input, Form::Err)?;
        let class = input.parse()?;
        input.parse::<Option<Token![,]>>()?;
        Ok(Self { parameter, class })
    }
}

fn parameter(input: ParseStream<'_>, form: Form) -> syn::Result<Parameter> {
    let bar = |input: ParseStream<'_>| {
        input
            .parse::<Token![|]>()
            .map_err(|error| messages::mapping_bar(error.span(), form))
    };
    bar(input)?;
    let pat = Pat::parse_single(input)?;
    let colon = input.parse::<Option<Token![:]>>()?;
    let ty = colon.map(|_| input.parse::<Type>()).transpose()?;
    bar(input)?;
    Ok(Parameter { pat, ty })
}
