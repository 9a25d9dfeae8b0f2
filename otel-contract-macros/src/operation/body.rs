//! The part of a function that is instrumented: its body, or the future that makes up the body.

use super::handover::{Input, Mode};
use super::parameters::is_word;
use super::plan::{Ends, Plan};
use super::search::Search;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// How a body becomes an operation.
pub(crate) enum Body {
    /// The body of an `async fn`.
    Async(TokenStream),
    /// A body that is a single `async` block, with or without `move`, optionally inside `Box::pin(…)`.
    Future {
        /// `Box::pin`, if it is pinned.
        pin: Option<TokenStream>,
        /// The block.
        block: Group,
    },
    /// A call under `#[track_caller]`. A closure around the call would hide the caller.
    Direct(TokenStream),
    /// A body that returns a closure as `impl Fn`. The value has no outcome, and only the signature names its type.
    Closure(TokenStream),
    /// A body that is the operation.
    Call(TokenStream),
    /// A body that may return a future. If rustc finds a future, the future is the operation; otherwise the body is.
    ByType(TokenStream),
}

impl Body {
    pub(crate) fn of(input: &Input, plan: &Plan) -> Self {
        let body = input.body.clone();
        match input.mode {
            Mode::Async => return Self::Async(body),
            Mode::Direct => return Self::Direct(body),
            Mode::Any => {}
        }
        let returned = &input.returned;
        if returned.is_closure() && plan.ok.is_none() && plan.err.is_none() {
            return Self::Closure(body);
        }
        if plan.ends != Ends::AtReturn
            && (!returned.is_opaque() || returned.output().is_some())
            && let Some((pin, block)) = future(&body)
            && owns_arguments_of_attributes(input, &block.stream())
        {
            return Self::Future { pin, block };
        }
        if plan.ends != Ends::ByType || returned.is_no_future() {
            Self::Call(body)
        } else {
            Self::ByType(body)
        }
    }
}

/// Whether the user's `async` block owns every argument that the attributes mention. If not, the function drops some of
/// these arguments when it returns, but the generated future would own them and drop them later.
fn owns_arguments_of_attributes(input: &Input, content: &TokenStream) -> bool {
    if !input.bindings.is_empty() {
        return false;
    }
    if input.kept.is_empty() {
        return true;
    }
    let mut kept = input.kept.iter();
    kept.all(|name| {
        let search = || Search::of(vec![name.to_string()]);
        !search().any_in(&input.arguments) || search().any_in(content)
    })
}

/// Splits a body that is a single `async` block, optionally inside `Box::pin`, into `Box::pin` and the block.
fn future(tokens: &TokenStream) -> Option<(Option<TokenStream>, Group)> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let (TokenTree::Group(last), before) = tokens.split_last()? else {
        return None;
    };
    match last.delimiter() {
        Delimiter::Brace => Some((None, async_block(&tokens)?)),
        Delimiter::Parenthesis => {
            let argument: Vec<TokenTree> = last.stream().into_iter().collect();
            // A trailing comma does not add an argument.
            let argument = match argument.as_slice() {
                [rest @ .., TokenTree::Punct(comma)] if comma.as_char() == ',' => rest,
                all => all,
            };
            let block = async_block(argument)?;
            is_pin(before).then(|| (Some(before.iter().cloned().collect()), block))
        }
        Delimiter::Bracket | Delimiter::None => None,
    }
}

/// Returns the block, if the tokens are exactly `async { … }` or `async move { … }`.
fn async_block(tokens: &[TokenTree]) -> Option<Group> {
    let block = |block: &TokenTree| match block {
        TokenTree::Group(block) if block.delimiter() == Delimiter::Brace => Some(block.clone()),
        _ => None,
    };
    match tokens {
        [first, last] if is_word(first, "async") => block(last),
        [first, second, last] if is_word(first, "async") && is_word(second, "move") => block(last),
        _ => None,
    }
}

/// Whether tokens are a path that ends in `Box::pin`.
fn is_pin(tokens: &[TokenTree]) -> bool {
    let mut words = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => words.push(ident.to_string()),
            TokenTree::Punct(punct) if punct.as_char() == ':' => {}
            _ => return false,
        }
    }
    matches!(words.as_slice(), [.., owner, pin] if owner == "Box" && pin == "pin")
}

/// Splits off the statements that `async_trait` puts at the start of its block to destructure arguments
/// (`let (a, b) = { let __arg1 = __arg1; __arg1 };`), because attributes may use the names.
pub(crate) fn split_destructuring(content: TokenStream) -> (TokenStream, TokenStream) {
    let (mut destructuring, mut rest, mut statement) = (Vec::new(), Vec::new(), Vec::new());
    for token in content {
        let semicolon = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ';');
        let block =
            matches!(&token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        statement.push(token);
        if semicolon || (block && is_word(&statement[0], "if")) {
            let into = if is_destructuring(&statement) {
                &mut destructuring
            } else {
                &mut rest
            };
            into.append(&mut statement);
        }
    }
    rest.append(&mut statement);
    (
        destructuring.into_iter().collect(),
        rest.into_iter().collect(),
    )
}

fn is_destructuring(statement: &[TokenTree]) -> bool {
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
