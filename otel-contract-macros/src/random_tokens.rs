//! Strategies for random and nearly valid tokens.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use proptest::collection::vec;
use proptest::prelude::*;

const WORDS: &[&str] = &[
    "self",
    "Self",
    "crate",
    "super",
    "_",
    "as",
    "async",
    "move",
    "fn",
    "pub",
    "const",
    "unsafe",
    "extern",
    "impl",
    "dyn",
    "mut",
    "ref",
    "where",
    "for",
    "let",
    "return",
    "await",
    "match",
    "if",
    "loop",
    "break",
    "enum",
    "struct",
    "union",
    "ok",
    "err",
    "parent",
    "link",
    "stream",
    "ends_at_return",
    "work",
    "name",
    "count",
    "kind",
    "forms",
    "FormRun",
    "Result",
    "Future",
    "Output",
    "T",
    "u8",
    "true",
    "other",
    "transparent",
    "broken",
    "error_class",
    "attribute",
    "attributes",
    "attribute_value",
    "describe",
    "operation",
    "index",
    "key",
];

const SIGNS: &[char] = &[
    '.', ',', '=', ':', ';', '|', '&', '?', '!', '#', '<', '>', '-', '+', '*', '\'', '$', '@', '/',
    '^', '%', '~',
];

const LITERALS: &[&str] = &[
    "1",
    "-1",
    "300u8",
    "1.5",
    "1e400",
    "0x1F",
    "99999999999999999999999",
    "\"small\"",
    "\"\"",
    "r#\"raw\"#",
    "b\"bytes\"",
    "c\"text\"",
    "'c'",
    "b'a'",
    "1usize",
    "2i128",
    "\"work.name\"",
];

pub(crate) const FUNCTIONS: &[&str] = &[
    "pub async fn f(&self, mut name: String, (a, _): (u8, u8), _: T) -> Result<impl Future<Output = u8>, E> where T: U { body(name)?; }",
    "fn f<'a, T: Fn(u8) -> u8, const N: usize>(self: Box<Self>, t: &'a mut T) -> impl Fn(&str) -> usize + 'a { |text| text.len() }",
    "#[track_caller] pub(crate) const unsafe extern \"C\" fn f(a: u8, ...) -> ! { #![inner] loop {} }",
    "fn f() -> Pin<Box<dyn Future<Output = T> + Send>> { let x = 1; Box::pin(async move { x }) }",
    "async fn f(&mut self) -> Self::Answer;",
    "struct S { a: u8 }",
];

pub(crate) const ARGUMENTS: &[&str] = &[
    "forms::FormRun as op, work.name, work.count = count?, ok(|v| work.count = v.len()), err(|_| None), parent = &p, link = l",
    "FormRun, crate, self, ..work = &self.work, ..crate, \"work.name\" = -300u8, stream, ends_at_return",
    "",
];

pub(crate) const DERIVES: &[&str] = &[
    "#[error_class(forms)] enum E { #[error_class(broken, describe)] A, #[error_class(transparent)] B(#[from] Inner), #[error_class(other)] C { x: u8 } }",
    "#[attribute_value(forms::WorkKind)] pub enum Kind<'a, T> where T: U { Small, #[attribute_value(\"large\")] Big(T), #[attribute_value(other)] Rest }",
    "#[attributes(forms::Work)] struct W<'a> { #[attribute(work.name)] name: &'a str, #[attribute(work.count)] count: u32, other: u8 }",
    "#[attribute_value(forms::WorkName)] struct Name(String);",
];

fn tree() -> impl Strategy<Value = TokenTree> {
    let word = proptest::sample::select(WORDS).prop_map(|word| match word {
        "_" => TokenTree::Ident(Ident::new("_", Span::call_site())),
        word => TokenTree::Ident(Ident::new(word, Span::call_site())),
    });
    let sign = (proptest::sample::select(SIGNS), any::<bool>()).prop_map(|(sign, joint)| {
        let spacing = if joint || sign == '\'' {
            Spacing::Joint
        } else {
            Spacing::Alone
        };
        TokenTree::Punct(Punct::new(sign, spacing))
    });
    let literal = proptest::sample::select(LITERALS)
        .prop_map(|text| TokenTree::Literal(text.parse::<Literal>().expect("a literal of Rust")));
    let leaf = prop_oneof![4 => word, 3 => sign, 2 => literal];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let delimiters = proptest::sample::select(&[
            Delimiter::Parenthesis,
            Delimiter::Brace,
            Delimiter::Bracket,
            Delimiter::None,
        ]);
        (delimiters, vec(inner, 0..6)).prop_map(|(delimiter, trees)| {
            TokenTree::Group(Group::new(delimiter, trees.into_iter().collect()))
        })
    })
}

pub(crate) fn stream() -> impl Strategy<Value = TokenStream> {
    vec(tree(), 0..12).prop_map(|trees| trees.into_iter().collect())
}

/// Returns one of these texts with some tokens replaced, removed or repeated.
pub(crate) fn nearly(texts: &'static [&'static str]) -> impl Strategy<Value = TokenStream> {
    let changes = vec((any::<prop::sample::Index>(), 0..3_u8, tree()), 0..4);
    (proptest::sample::select(texts), changes).prop_map(|(text, changes)| {
        let tokens: TokenStream = text.parse().expect("tokens of Rust");
        let mut flat = Vec::new();
        flatten(tokens, &mut flat);
        for (index, change, tree) in changes {
            if flat.is_empty() {
                break;
            }
            let index = index.index(flat.len());
            match (change, &flat[index]) {
                (0, Flat::Token(_)) => flat[index] = Flat::Token(tree),
                (1, Flat::Token(_)) => drop(flat.remove(index)),
                (_, Flat::Token(token)) => flat.insert(index, Flat::Token(token.clone())),
                (_, Flat::Open(_) | Flat::Close) => flat.insert(index, Flat::Token(tree)),
            }
        }
        nest(&mut flat.into_iter())
    })
}

#[derive(Clone, Debug)]
enum Flat {
    Token(TokenTree),
    Open(Delimiter),
    Close,
}

fn flatten(tokens: TokenStream, into: &mut Vec<Flat>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                into.push(Flat::Open(group.delimiter()));
                flatten(group.stream(), into);
                into.push(Flat::Close);
            }
            token => into.push(Flat::Token(token)),
        }
    }
}

fn nest(flat: &mut impl Iterator<Item = Flat>) -> TokenStream {
    let mut trees = Vec::new();
    while let Some(next) = flat.next() {
        match next {
            Flat::Token(token) => trees.push(token),
            Flat::Open(delimiter) => {
                trees.push(TokenTree::Group(Group::new(delimiter, nest(flat))));
            }
            Flat::Close => break,
        }
    }
    trees.into_iter().collect()
}
