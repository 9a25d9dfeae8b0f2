//! Searches for variables among tokens.

use proc_macro2::{TokenStream, TokenTree};

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
