//! Where the work of a function is: in its body, or in the future its body consists of.

use super::Handed;
use super::check::{Ends, Plan};
use super::parameters::Search;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// How a body becomes an operation.
pub(crate) enum Body {
    /// The body of an `async fn`.
    Async(TokenStream),
    /// A body that is `async move { … }` or `Box::pin(async move { … })` and nothing else.
    Future {
        /// `Box::pin`, if it is pinned.
        pin: Option<TokenStream>,
        /// The block.
        block: Group,
    },
    /// A call that must not happen inside a closure, which would become its caller.
    Direct(TokenStream),
    /// A body that returns a closure as `impl Fn`: no value that anybody could look at, and a type that only the
    /// signature tells.
    Closure(TokenStream),
    /// A body that is the operation.
    Call(TokenStream),
    /// A body that is the operation, or makes the future that is: the type of what it returns decides.
    ByType(TokenStream),
}

/// What the first stage knows of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Async,
    Direct,
    Any,
}

impl Body {
    pub(crate) fn of(handed: &Handed, plan: &Plan) -> Self {
        let body = handed.body.clone();
        match handed.mode {
            Mode::Async => return Self::Async(body),
            Mode::Direct => return Self::Direct(body),
            Mode::Any => {}
        }
        let returned = &handed.returned;
        if returned.is_closure() && plan.ok.is_none() && plan.err.is_none() {
            return Self::Closure(body);
        }
        if plan.ends != Ends::AtReturn
            && (!returned.is_opaque() || returned.output().is_some())
            && let Some((pin, block)) = future(&body)
            && owns_what_attributes_name(handed, &block.stream())
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

/// Whether the future owns every argument that the attributes name anyway. Otherwise it would keep what the function
/// drops when it returns.
fn owns_what_attributes_name(handed: &Handed, content: &TokenStream) -> bool {
    if !handed.bindings.is_empty() {
        return false;
    }
    if handed.kept.is_empty() {
        return true;
    }
    let mut kept = handed.kept.iter();
    kept.all(|name| {
        let search = || Search::of(vec![name.to_string()]);
        !search().any_in(&handed.arguments) || search().any_in(content)
    })
}

/// The pin and the block of a body that is one `async` block.
fn future(tokens: &TokenStream) -> Option<(Option<TokenStream>, Group)> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let (TokenTree::Group(last), before) = tokens.split_last()? else {
        return None;
    };
    match last.delimiter() {
        Delimiter::Brace => Some((None, async_block(&tokens)?)),
        Delimiter::Parenthesis => {
            let inner: Vec<TokenTree> = last.stream().into_iter().collect();
            // A trailing comma is still one argument.
            let inner = match inner.split_last() {
                Some((TokenTree::Punct(comma), rest)) if comma.as_char() == ',' => rest.to_vec(),
                _ => inner,
            };
            let block = async_block(&inner)?;
            is_pin(before).then(|| (Some(before.iter().cloned().collect()), block))
        }
        Delimiter::Bracket | Delimiter::None => None,
    }
}

/// The block of `async { … }` or `async move { … }`, where that is all.
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
