//! Searches for variables among tokens.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

/// A search for variables among tokens. Finds a variable as a word, as a shorthand (`order.id` for `order_id`), and in
/// format strings.
pub(super) struct Search {
    /// Names that have not been found yet.
    missing: Vec<String>,
    found: usize,
}

impl Search {
    pub(super) fn of(names: Vec<String>) -> Self {
        Self {
            missing: names,
            found: 0,
        }
    }

    /// Returns the names that have not been found.
    pub(super) fn into_missing(self) -> Vec<String> {
        self.missing
    }

    pub(super) fn is_done(&self) -> bool {
        self.missing.is_empty()
    }

    /// Whether any of the variables is among the tokens.
    pub(super) fn any_in(mut self, tokens: &TokenStream) -> bool {
        self.search(tokens);
        self.found > 0
    }

    /// Removes the names that are among the tokens, until all are found.
    pub(super) fn search(&mut self, tokens: &TokenStream) {
        let mut dotted = String::new();
        for token in tokens.clone() {
            if self.is_done() {
                return;
            }
            match token {
                TokenTree::Ident(ident) => {
                    let word = ident.to_string();
                    self.remove_found(|missing| missing == word);
                    if dotted.len() > 1 && dotted.ends_with('_') {
                        dotted.push_str(&word);
                        self.remove_found(|missing| missing == dotted);
                    } else {
                        dotted = word;
                    }
                }
                TokenTree::Punct(punct) if punct.as_char() == '.' => dotted.push('_'),
                TokenTree::Punct(_) => dotted.clear(),
                TokenTree::Group(group) => {
                    dotted.clear();
                    self.search(&group.stream());
                }
                TokenTree::Literal(literal) => {
                    dotted.clear();
                    let text = literal.to_string();
                    if text.contains('{') {
                        self.remove_found(|missing| text.contains(missing));
                    }
                }
            }
        }
    }

    fn remove_found(&mut self, is_found: impl Fn(&str) -> bool) {
        let before = self.missing.len();
        self.missing.retain(|missing| !is_found(missing));
        self.found += before - self.missing.len();
    }
}

/// Whether the tokens call a method of a variable: `op.order_id(…)`.
pub(super) fn setter_call(tokens: &TokenStream, variable: &Ident, method: &str) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let is_call = |window: &[TokenTree]| match window {
        [
            TokenTree::Ident(owner),
            TokenTree::Punct(dot),
            TokenTree::Ident(name),
        ] => owner == variable && dot.as_char() == '.' && name == method,
        _ => false,
    };
    tokens.windows(3).any(is_call)
        || tokens.iter().any(|token| match token {
            TokenTree::Group(group) => setter_call(&group.stream(), variable, method),
            _ => false,
        })
}

/// Returns the first use of `name`, if every use is a method call (`op.method(…)`). Then the tokens do not declare the
/// variable, because a declaration would be another kind of use.
pub(super) fn undeclared(tokens: &TokenStream, name: &str) -> Option<Ident> {
    let mut calls = Calls::default();
    calls.collect(tokens, name);
    calls.first.filter(|_| !calls.has_other_use)
}

/// Uses of a name.
#[derive(Default)]
struct Calls {
    /// The first call of a method.
    first: Option<Ident>,
    has_other_use: bool,
}

impl Calls {
    fn collect(&mut self, tokens: &TokenStream, name: &str) {
        let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.collect(&group.stream(), name),
                TokenTree::Ident(word) if word == name => {
                    let is_member = index > 0 && is_dot(&tokens[index - 1]);
                    match &tokens[index + 1..] {
                        _ if is_member => {}
                        [dot, TokenTree::Ident(_), TokenTree::Group(arguments), ..]
                            if is_dot(dot) && arguments.delimiter() == Delimiter::Parenthesis =>
                        {
                            self.first.get_or_insert_with(|| word.clone());
                        }
                        _ => self.has_other_use = true,
                    }
                }
                _ => {}
            }
        }
    }
}

fn is_dot(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == '.')
}
