//! Both readers of a signature must agree: the second stage must not depend on the reader that was used.

use super::Outline;
use crate::operation::function::{Function, split_body};
use crate::random_tokens::{FUNCTIONS, nearly};
use proc_macro2::TokenStream;
use proptest::prelude::*;

fn shown(outline: &Outline) -> String {
    let parameters: Vec<String> = outline
        .parameters
        .iter()
        .map(|parameter| format!("{} {:?}", parameter.as_written(), parameter.kind))
        .collect();
    let shown = format!(
        "async {}, returns {}, generics {:?}, parameters {parameters:?}",
        outline.is_async, outline.returned, outline.generics
    );
    // syn prints some tokens with other spaces.
    shown.replace(' ', "")
}

/// Compares the two readers. Returns whether both could read the signature.
fn compare(item: TokenStream) -> bool {
    let (head, body) = split_body(item.clone());
    let by_tokens = body.and_then(|_| Outline::read(&head));
    let (Some(by_tokens), Ok(function)) = (by_tokens, Function::read(item)) else {
        return false;
    };
    let by_syn = Outline::of(&function.signature);
    assert_eq!(shown(&by_tokens), shown(&by_syn));
    true
}

#[test]
fn both_readers_agree_on_usual_signatures() {
    for text in [
        "fn f() {}",
        "pub async fn f(&self, mut name: String, (a, _): (u8, u8), _: T) -> Result<u8, E> { body }",
        "#[inline] pub(crate) fn f(self: Box<Self>, t: &'a mut T,) -> impl Fn(&str) -> usize + 'a { body }",
        "fn f(#[cfg(x)] a: Vec<(u8, u8)>, b: fn(u8) -> u8, c: [u8; 4]) -> () { body }",
    ] {
        let item: TokenStream = text.parse().expect("tokens of Rust");
        assert!(compare(item), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_readers_agree_on_nearly_valid_signatures(item in nearly(FUNCTIONS)) {
        compare(item);
    }
}
