//! Options and values in the syntax of `tracing`.

use super::{Diagnostic, syntax_error};
use otel_contract_definition::names::quoted;
use otel_contract_definition::{AttributeDefinition, Definition};
use proc_macro2::{Ident, Punct, TokenStream, TokenTree};
use quote::ToTokens as _;

/// Options of `tracing::instrument` that are not options of `#[instrumented_operation]` in any form.
const NAMES: [&str; 8] = [
    "fields",
    "follows_from",
    "level",
    "name",
    "ret",
    "skip",
    "skip_all",
    "target",
];

/// An option of `tracing::instrument`, as written.
pub(crate) struct TracingOption {
    pub(crate) name: Ident,
    /// The tokens in its parentheses.
    pub(crate) arguments: TokenStream,
    /// The attribute that may be meant instead.
    pub(crate) similar: Option<String>,
}

impl TracingOption {
    pub(crate) fn is_name(word: &str) -> bool {
        NAMES.contains(&word)
    }

    /// How to write the option here, or why it is not needed.
    fn help(&self, definition: &Definition) -> String {
        let name = self.name.to_string();
        match name.as_str() {
            "err" => "remove `err`: an `Err` is always recorded".to_owned(),
            "fields" => match assignments(self.arguments.clone()) {
                fields if fields.is_empty() => "remove `fields(…)`".to_owned(),
                fields => format!("write the fields as attributes of the operation: `{fields}`"),
            },
            "follows_from" => "write `link = …` instead of `follows_from = …`".to_owned(),
            "level" => "remove `level`: an operation has no level".to_owned(),
            "name" => format!(
                "remove `name`: the contract names the operation, `{}`",
                definition.name
            ),
            "ret" => {
                "remove `ret`, and record attributes of the returned value with `ok(|value| key = …)`"
                    .to_owned()
            }
            "target" => "remove `target`: the scope of the operation is the contract".to_owned(),
            _ => format!("remove `{name}`: only the attributes that are named here are recorded"),
        }
    }
}

/// Options of `tracing::instrument`, all in one error.
pub(crate) fn options(definition: &Definition, options: &[TracingOption]) -> Option<Diagnostic> {
    let names: Vec<String> = options
        .iter()
        .map(|option| option.name.to_string())
        .collect();
    let quoted = quoted(names.iter().map(String::as_str));
    let message = match names.len() {
        1 => format!("{quoted} is an option of `tracing::instrument`"),
        _ => format!("{quoted} are options of `tracing::instrument`"),
    };
    let first = &options.first()?.name;
    let mut diagnostic = Diagnostic::of_definition(definition, first, message);
    for option in options {
        diagnostic = diagnostic.help(option.help(definition));
        if let Some(key) = &option.similar {
            diagnostic = diagnostic.help(format!("or did you mean the attribute `{key}`?"));
        }
    }
    Some(diagnostic)
}

/// `parent = None`.
pub(crate) fn no_parent(none: impl quote::ToTokens) -> Diagnostic {
    Diagnostic::at(
        none,
        "`parent = None` starts a new trace only in `tracing::instrument`",
    )
    .help("remove it to continue the current trace, or write `parent = opentelemetry::Context::new()` to start a new one")
}

/// `%` or `?` before the value of an attribute.
pub(crate) fn sigil(
    definition: &Definition,
    attribute: &AttributeDefinition,
    sigil: &Punct,
    pair: &str,
) -> Diagnostic {
    Diagnostic::of_attribute(definition, attribute, sigil, sigil_message(sigil))
        .help(format!("write `{pair}`"))
}

/// `%` or `?` before the value of a group.
pub(crate) fn sigil_of_group(sigil: &Punct, name: &str) -> syn::Error {
    let help = format!("write `..{name} = …` without it");
    syntax_error(sigil.span(), &sigil_message(sigil), &help)
}

fn sigil_message(sigil: &Punct) -> String {
    format!(
        "`{sigil}` before a value is syntax of `tracing`: the contract decides how a value is recorded"
    )
}

/// The fields of `fields(…)` as attributes of the operation: `work.name = name, work.count`.
fn assignments(fields: TokenStream) -> String {
    let tokens: Vec<TokenTree> = fields.into_iter().collect();
    let is_comma =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
    let fields = tokens.split(is_comma).filter(|field| !field.is_empty());
    let fields: Vec<String> = fields.map(assignment).collect();
    fields.join(", ")
}

fn assignment(field: &[TokenTree]) -> String {
    let is_equals =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '=');
    let mut parts = field.splitn(2, is_equals);
    let key = text(parts.next().unwrap_or_default()).replace(' ', "");
    match parts.next() {
        Some(value) => format!("{key} = {}", text(value)),
        None => key,
    }
}

/// The tokens without `%` or `?` before them.
fn text(tokens: &[TokenTree]) -> String {
    let tokens = match tokens {
        [TokenTree::Punct(punct), rest @ ..] if ['%', '?'].contains(&punct.as_char()) => rest,
        all => all,
    };
    let tokens: TokenStream = tokens.iter().map(TokenTree::to_token_stream).collect();
    tokens.to_string()
}
