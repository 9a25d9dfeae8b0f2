//! Paths for editors, added to the body of an annotated function: the operation, and each attribute by the segments of its
//! key. An editor completes them, shows their documentation and goes to their definition; the code never runs.

use otel_contract_definition::editor::KEYS;
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote;

/// Options of the attribute that are followed by `=`.
const OPTIONS: [&str; 2] = ["parent", "link"];

/// Adds the paths to an expanded function.
pub(crate) fn add_paths(expanded: TokenStream, arguments: &TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = expanded.into_iter().collect();
    if let Some(TokenTree::Group(body)) = tokens.last_mut()
        && body.delimiter() == Delimiter::Brace
    {
        let paths = paths(arguments);
        let statements = body.stream();
        let mut new = Group::new(Delimiter::Brace, quote! { #paths #statements });
        new.set_span(body.span());
        *body = new;
    }
    tokens.into_iter().collect()
}

fn paths(arguments: &TokenStream) -> TokenStream {
    let arguments = split(arguments.clone());
    let Some((first, rest)) = arguments.split_first() else {
        return TokenStream::new();
    };
    let is_as = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "as");
    let operation: Vec<&TokenTree> = first.iter().take_while(|token| !is_as(token)).collect();
    let contract = &operation[..operation.len().saturating_sub(1)];
    let keys = rest.iter().flat_map(|argument| keys(argument));
    let keys = keys.filter(|_| !contract.is_empty()).map(|key| {
        let module = Ident::new(KEYS, Span::call_site());
        quote! { use #(#contract)* #module #(:: #key)* as _; }
    });
    quote! {
        {
            #[allow(unused)]
            fn __editor(_: #(#operation)*) {}
            #(#keys)*
        }
    }
}

/// Splits at the commas.
fn split(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_comma =
        |token: &TokenTree| matches!(token, TokenTree::Punct(one) if one.as_char() == ',');
    tokens.split(is_comma).map(<[_]>::to_vec).collect()
}

/// Returns the keys in an argument, each as its segments. `ok(|value| …)` contains several keys, any other argument at most
/// one key.
fn keys(argument: &[TokenTree]) -> Vec<Vec<Ident>> {
    match argument {
        [TokenTree::Ident(ok), TokenTree::Group(closure)] if ok == "ok" => {
            let tokens: Vec<TokenTree> = closure.stream().into_iter().collect();
            let is_bar =
                |token: &TokenTree| matches!(token, TokenTree::Punct(bar) if bar.as_char() == '|');
            let Some(end) = tokens.iter().rposition(is_bar) else {
                return Vec::new();
            };
            let body = match &tokens[end + 1..] {
                [TokenTree::Group(block)] => block.stream(),
                body => body.iter().cloned().collect(),
            };
            split(body).iter().filter_map(|one| key(one)).collect()
        }
        argument => key(argument).into_iter().collect(),
    }
}

/// Returns the segments of the key in `order.id = value`. The argument may be incomplete, because the user is still typing.
fn key(argument: &[TokenTree]) -> Option<Vec<Ident>> {
    let mut segments = Vec::new();
    for (index, token) in argument.iter().enumerate() {
        match token {
            TokenTree::Ident(segment) if index % 2 == 0 => segments.push(segment.clone()),
            TokenTree::Punct(dot) if index % 2 == 1 && dot.as_char() == '.' => {}
            TokenTree::Punct(equals) if index % 2 == 1 && equals.as_char() == '=' => break,
            _ => return None,
        }
    }
    let is_option =
        matches!(segments.as_slice(), [one] if OPTIONS.iter().any(|option| one == option));
    (!segments.is_empty() && !is_option).then_some(segments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_editor_gets_the_operation_and_the_segments_of_the_keys() {
        let arguments = quote! {
            billing::InvoiceCreate as op, order.id = &order.id, account.tier, parent = x, ..account = a, "a-b" = c,
            ok(|invoice| invoice.id = &invoice.id), stream
        };
        let function = quote! { fn f() { work() } };
        let expected = quote! {
            fn f() {
                {
                    #[allow(unused)]
                    fn __editor(_: billing::InvoiceCreate) {}
                    use billing::__keys::order::id as _;
                    use billing::__keys::account::tier as _;
                    use billing::__keys::invoice::id as _;
                    use billing::__keys::stream as _;
                }
                work()
            }
        };
        assert_eq!(
            add_paths(function, &arguments).to_string(),
            expected.to_string()
        );
    }

    #[test]
    fn what_is_not_a_function_stays_as_it_is() {
        for text in ["struct S;", "fn f();", ""] {
            let item: TokenStream = text.parse().expect("tokens");
            assert_eq!(
                add_paths(item.clone(), &quote! { a }).to_string(),
                item.to_string()
            );
        }
    }
}
