//! No macro panics, whatever tokens it is given: a panic of a macro is an error without a place.

use crate::{Request, derive, operation};
use otel_contract_definition::{Wire as _, names};
use otel_contract_model::{Contract, Source, definitions};
use otel_contract_yaml::compile;
use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::LazyLock;

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

const FUNCTIONS: &[&str] = &[
    "pub async fn f(&self, mut name: String, (a, _): (u8, u8), _: T) -> Result<impl Future<Output = u8>, E> where T: U { body(name)?; }",
    "fn f<'a, T: Fn(u8) -> u8, const N: usize>(self: Box<Self>, t: &'a mut T) -> impl Fn(&str) -> usize + 'a { |text| text.len() }",
    "#[track_caller] pub(crate) const unsafe extern \"C\" fn f(a: u8, ...) -> ! { #![inner] loop {} }",
    "fn f() -> Pin<Box<dyn Future<Output = T> + Send>> { let x = 1; Box::pin(async move { x }) }",
    "async fn f(&mut self) -> Self::Answer;",
    "struct S { a: u8 }",
];

const ARGUMENTS: &[&str] = &[
    "forms::FormRun as op, work.name, work.count = count?, ok(|v| work.count = v.len()), err(|_| None), parent = &p, link = l",
    "FormRun, crate, self, ..work = &self.work, ..crate, \"work.name\" = -300u8, stream, ends_at_return",
    "",
];

const DERIVES: &[&str] = &[
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

fn stream() -> impl Strategy<Value = TokenStream> {
    vec(tree(), 0..12).prop_map(|trees| trees.into_iter().collect())
}

/// One of these texts with some of its tokens replaced, left out or repeated.
fn nearly(texts: &'static [&'static str]) -> impl Strategy<Value = TokenStream> {
    let changes = vec((any::<prop::sample::Index>(), 0..3_u8, tree()), 0..4);
    (proptest::sample::select(texts), changes).prop_map(|(text, changes)| {
        let tokens: TokenStream = text.parse().expect("tokens of Rust");
        let mut flat = Vec::new();
        flatten(tokens, &mut flat);
        for (place, change, tree) in changes {
            if flat.is_empty() {
                break;
            }
            let place = place.index(flat.len());
            match (change, &flat[place]) {
                (0, Flat::One(_)) => flat[place] = Flat::One(tree),
                (1, Flat::One(_)) => drop(flat.remove(place)),
                (_, Flat::One(one)) => flat.insert(place, Flat::One(one.clone())),
                (_, Flat::Open(_) | Flat::Close) => flat.insert(place, Flat::One(tree)),
            }
        }
        nest(&mut flat.into_iter())
    })
}

#[derive(Clone, Debug)]
enum Flat {
    One(TokenTree),
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
            one => into.push(Flat::One(one)),
        }
    }
}

fn nest(flat: &mut impl Iterator<Item = Flat>) -> TokenStream {
    let mut trees = Vec::new();
    while let Some(one) = flat.next() {
        match one {
            Flat::One(one) => trees.push(one),
            Flat::Open(delimiter) => {
                trees.push(TokenTree::Group(Group::new(delimiter, nest(flat))));
            }
            Flat::Close => break,
        }
    }
    trees.into_iter().collect()
}

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vocabulary");
    let compiled = compile(&Source::file(tests, "schema/forms.yaml"));
    compiled.contract.expect("a contract without errors")
});

/// The second stage, for every call of a contract's macro that the first stage wrote.
fn second_stage(contract: &Contract, tokens: TokenStream) {
    for token in tokens {
        let TokenTree::Group(group) = token else {
            continue;
        };
        answer(contract, group.stream());
        second_stage(contract, group.stream());
    }
}

/// What comes back through the contract's macro, for each definition that could have been looked up.
fn answer(contract: &Contract, handed: TokenStream) {
    let rest = |from: usize| handed.clone().into_iter().skip(from);
    let krate: TokenStream = "otel_contract".parse().expect("a word");
    let ask = |kind: &str, encoded: &str, rest: TokenStream| {
        let kind = Ident::new(kind, Span::call_site());
        let literal = Literal::string(encoded);
        let asked = quote::quote! { #krate #kind #literal #rest };
        if let Ok(request) = Request::read(asked) {
            request.answer();
        }
    };
    for one in contract.operations.iter().take(3) {
        let definition = definitions::of_operation(contract, one).encode();
        ask("operation", &definition, rest(2).collect());
        ask("attributes", &definition, rest(2).collect());
    }
    for one in &contract.attributes {
        if names::nearest(&one.key, ["work.kind", "work.step", "person.email"]).is_some() {
            let definition = definitions::of_attribute(contract, one).encode();
            ask("attribute_value", &definition, rest(2).collect());
        }
    }
    let index = definitions::index(contract).encode();
    ask("index", &index, handed.clone());
    ask("index", &index, rest(1).collect());
}

fn run(contract: &Contract, arguments: TokenStream, item: TokenStream) {
    let first = operation::attach::expand(arguments.clone(), item.clone());
    second_stage(contract, first);
    for attach in [
        derive::error_class::attach,
        derive::attribute_value::attach,
        derive::attributes::attach,
    ] {
        second_stage(contract, attach(item.clone()));
    }
    answer(contract, arguments);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_tokens_panic_no_macro(arguments in stream(), item in stream()) {
        run(&CONTRACT, arguments, item);
    }

    #[test]
    fn nearly_valid_functions_panic_no_macro(arguments in nearly(ARGUMENTS), item in nearly(FUNCTIONS)) {
        run(&CONTRACT, arguments, item);
    }

    #[test]
    fn nearly_valid_derives_panic_no_macro(item in nearly(DERIVES), arguments in stream()) {
        run(&CONTRACT, arguments, item);
    }

    #[test]
    fn valid_functions_with_nearly_valid_arguments_panic_no_macro(arguments in nearly(ARGUMENTS), index in 0..FUNCTIONS.len()) {
        run(&CONTRACT, arguments, FUNCTIONS[index].parse().expect("tokens of Rust"));
    }
}
