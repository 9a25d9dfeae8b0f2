//! Fields of `tracing` spans: `info_span!("name", order.id = %id, ?order, "x" = 1)`.

use super::rules::ScanRule;
use super::{Site, tokens};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Macros that create a span.
pub(super) const SPANS: &[&str] = &[
    "debug_span",
    "error_span",
    "info_span",
    "span",
    "trace_span",
    "warn_span",
];

/// Returns the fields in a call of a span macro.
pub(super) fn of_span(name: &str, tokens: TokenStream, rule: &'static ScanRule) -> Vec<Site> {
    // The first argument of `span!` is a level; the name of the span follows.
    let mut before = if name == "span" { 2 } else { 1 };
    let mut sites = Vec::new();
    for argument in tokens::split(tokens) {
        if is_option(&argument) {
            continue;
        }
        if before > 0 {
            before -= 1;
            continue;
        }
        sites.extend(field(&argument, rule));
    }
    sites
}

/// Returns the fields in a list of fields.
pub(super) fn of_list(tokens: TokenStream, rule: &'static ScanRule) -> Vec<Site> {
    let fields = tokens::split(tokens);
    fields
        .iter()
        .filter_map(|argument| field(argument, rule))
        .collect()
}

/// Returns whether an argument is an option: `target: "billing"`, `parent: &span`.
fn is_option(argument: &[TokenTree]) -> bool {
    match argument {
        [TokenTree::Ident(_), TokenTree::Punct(colon), rest @ ..] => {
            let path =
                matches!(rest.first(), Some(TokenTree::Punct(next)) if next.as_char() == ':');
            colon.as_char() == ':' && !path
        }
        _ => false,
    }
}

/// Parses one field: `%order.id`, `order.id = …`, `"x-id" = …`. A string without `=` is the message, not a field.
fn field(argument: &[TokenTree], rule: &'static ScanRule) -> Option<Site> {
    let is_sigil = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if matches!(punct.as_char(), '%' | '?'));
    let argument = match argument {
        [first, rest @ ..] if is_sigil(first) => rest,
        all => all,
    };
    let assigned = |rest: &[TokenTree]| matches!(rest.first(), Some(TokenTree::Punct(punct)) if punct.as_char() == '=');
    let first = argument.first()?;
    match first {
        TokenTree::Literal(literal) if assigned(&argument[1..]) => {
            let key = tokens::text(literal)?;
            Some(Site::new(rule, Some(key), "", literal.span()))
        }
        TokenTree::Group(group)
            if group.delimiter() == Delimiter::Brace && assigned(&argument[1..]) =>
        {
            // `{ KEY } = value`: the name is a constant.
            let description = format!("`{}`", group.stream());
            Some(Site::new(rule, None, &description, group.span()))
        }
        TokenTree::Ident(_) => {
            let (key, last) = dotted(argument)?;
            let rest = &argument[last + 1..];
            (rest.is_empty() || assigned(rest))
                .then(|| Site::between(rule, Some(key), "", first.span(), argument[last].span()))
        }
        _ => None,
    }
}

/// Parses a dotted name such as `order.id` and returns it with the index of its last word.
fn dotted(tokens: &[TokenTree]) -> Option<(String, usize)> {
    let mut key = String::new();
    let mut last = 0;
    let mut at = 0;
    while let Some(TokenTree::Ident(word)) = tokens.get(at) {
        key.push_str(word.to_string().trim_start_matches("r#"));
        last = at;
        match tokens.get(at + 1) {
            Some(TokenTree::Punct(dot)) if dot.as_char() == '.' => key.push('.'),
            _ => return Some((key, last)),
        }
        at += 2;
    }
    // The tokens end in a dot.
    (!key.is_empty()).then_some((key, last))
}
