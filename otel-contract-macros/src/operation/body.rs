//! Where the work of a function is: in its body, or in the future its body ends with.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

/// What a body is, as far as tokens tell.
pub(crate) enum Body {
    /// The body of an `async fn`.
    Async(TokenStream),
    /// A body that ends with `async move { … }` or `Box::pin(async move { … })`.
    Future {
        /// What runs when the function is called.
        before: TokenStream,
        /// `Box::pin`, if it is pinned.
        pin: Option<TokenStream>,
        /// The block's content.
        content: TokenStream,
    },
    /// A call that must not happen inside a closure, which would become its caller.
    Direct(TokenStream),
    /// Anything else.
    Plain(TokenStream),
}

/// What the first stage knows of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Async,
    Direct,
    Any,
}

impl Body {
    pub(crate) fn of(mode: Mode, tokens: TokenStream) -> Self {
        match mode {
            Mode::Async => Self::Async(tokens),
            Mode::Direct => Self::Direct(tokens),
            Mode::Any => future(&tokens).unwrap_or(Self::Plain(tokens)),
        }
    }
}

fn future(tokens: &TokenStream) -> Option<Body> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let (TokenTree::Group(last), before) = tokens.split_last()? else {
        return None;
    };
    match last.delimiter() {
        Delimiter::Brace => {
            let (head, content) = async_block(&tokens)?;
            let before = &tokens[..tokens.len() - 1 - head.len()];
            starts_expression(before).then(|| Body::Future {
                before: before.iter().cloned().collect(),
                pin: None,
                content,
            })
        }
        Delimiter::Parenthesis => {
            let inner: Vec<TokenTree> = last.stream().into_iter().collect();
            // A trailing comma is still one argument.
            let inner = match inner.split_last() {
                Some((TokenTree::Punct(comma), rest)) if comma.as_char() == ',' => rest.to_vec(),
                _ => inner,
            };
            let (head, content) = async_block(&inner)?;
            if inner.len() != head.len() + 1 {
                return None;
            }
            let start = pin_path(before)?;
            Some(Body::Future {
                before: before[..start].iter().cloned().collect(),
                pin: Some(before[start..].iter().cloned().collect()),
                content,
            })
        }
        Delimiter::Bracket | Delimiter::None => None,
    }
}

/// The first `return` or `?` in what runs before the future is made, outside of closures with a block.
pub(crate) fn early_exit(before: &TokenStream) -> Option<TokenTree> {
    let tokens: Vec<TokenTree> = before.clone().into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(ident) if ident == "return" => return Some(token.clone()),
            TokenTree::Punct(punct) if punct.as_char() == '?' => return Some(token.clone()),
            TokenTree::Group(group) => {
                // `|x| { … }` and `async { … }` leave only themselves.
                let own = index
                    .checked_sub(1)
                    .is_some_and(|before| match &tokens[before] {
                        TokenTree::Punct(punct) => punct.as_char() == '|',
                        TokenTree::Ident(ident) => ident == "async" || ident == "move",
                        _ => false,
                    });
                if !own && let Some(found) = early_exit(&group.stream()) {
                    return Some(found);
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    None
}

/// Where a name first stands.
pub(crate) fn mention(tokens: &TokenStream, name: &Ident) -> Option<Ident> {
    tokens.clone().into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) => (ident == *name).then_some(ident),
        TokenTree::Group(group) => mention(&group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => None,
    })
}

/// What `async_trait` takes pattern arguments apart with at the start of its block
/// (`let (a, b) = { let __arg1 = __arg1; __arg1 };`): it goes before the attributes, which may use
/// the names.
pub(crate) fn arguments_taken_apart(content: TokenStream) -> (TokenStream, TokenStream) {
    let (mut apart, mut rest, mut statement) = (Vec::new(), Vec::new(), Vec::new());
    for token in content {
        let semicolon = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ';');
        let block =
            matches!(&token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        statement.push(token);
        if semicolon || (block && is_word(&statement[0], "if")) {
            let into = if takes_apart(&statement) {
                &mut apart
            } else {
                &mut rest
            };
            into.append(&mut statement);
        }
    }
    rest.append(&mut statement);
    (apart.into_iter().collect(), rest.into_iter().collect())
}

fn takes_apart(statement: &[TokenTree]) -> bool {
    let [
        first,
        ..,
        TokenTree::Punct(equals),
        TokenTree::Group(block),
        _,
    ] = statement
    else {
        return false;
    };
    let mut inside = block.stream().into_iter().skip(1);
    let argument = |token: TokenTree| token.to_string().starts_with("__arg");
    is_word(first, "let") && equals.as_char() == '=' && inside.next().is_some_and(argument)
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

/// The `async move` before the last token, and the content of the block.
fn async_block(tokens: &[TokenTree]) -> Option<(&[TokenTree], TokenStream)> {
    let (TokenTree::Group(block), before) = tokens.split_last()? else {
        return None;
    };
    if block.delimiter() != Delimiter::Brace {
        return None;
    }
    let head = match before {
        [.., first, second] if is_word(first, "async") && is_word(second, "move") => {
            &before[before.len() - 2..]
        }
        [.., first] if is_word(first, "async") => &before[before.len() - 1..],
        _ => return None,
    };
    Some((head, Group::stream(block)))
}

/// Whether an expression may start after these tokens: nothing, or the end of a statement.
fn starts_expression(before: &[TokenTree]) -> bool {
    match before.last() {
        None => true,
        Some(TokenTree::Punct(punct)) => punct.as_char() == ';',
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
        Some(TokenTree::Ident(_) | TokenTree::Literal(_)) => false,
    }
}

/// Where a path that ends in `Box::pin` starts.
fn pin_path(tokens: &[TokenTree]) -> Option<usize> {
    let mut start = tokens.len();
    while start > 0 {
        let part = match &tokens[start - 1] {
            TokenTree::Ident(ident) => ident != "return",
            TokenTree::Punct(punct) => punct.as_char() == ':',
            TokenTree::Group(_) | TokenTree::Literal(_) => false,
        };
        if !part {
            break;
        }
        start -= 1;
    }
    let words: Vec<String> = tokens[start..]
        .iter()
        .filter_map(|token| match token {
            TokenTree::Ident(ident) => Some(ident.to_string()),
            _ => None,
        })
        .collect();
    let pins = matches!(words.as_slice(), [.., owner, pin] if owner == "Box" && pin == "pin");
    (pins && starts_expression(&tokens[..start])).then_some(start)
}
