//! Tests that no macro panics on any tokens. rustc would report a panic of a macro without a location.

use crate::random_tokens::{ARGUMENTS, DERIVES, FUNCTIONS, nearly, stream};
use crate::{Request, derive, operation};
use otel_contract_definition::{Wire as _, names};
use otel_contract_model::{Contract, Source, definitions};
use otel_contract_yaml::compile;
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use proptest::prelude::*;
use std::sync::LazyLock;

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vocabulary");
    let compiled = compile(&Source::file(tests, "schema/forms.yaml"));
    compiled.contract.expect("a contract without errors")
});

/// Runs the second stage for every macro call in the output of the first stage.
fn second_stage(contract: &Contract, tokens: TokenStream) {
    for token in tokens {
        let TokenTree::Group(group) = token else {
            continue;
        };
        answer(contract, group.stream());
        second_stage(contract, group.stream());
    }
}

/// Runs the second stage as the contract's macro would, with several definitions of the contract.
fn answer(contract: &Contract, input: TokenStream) {
    let rest = |from: usize| input.clone().into_iter().skip(from);
    let krate: TokenStream = "otel_contract".parse().expect("a word");
    let ask = |kind: &str, encoded: &str, rest: TokenStream| {
        let kind = Ident::new(kind, Span::call_site());
        let literal = Literal::string(encoded);
        let asked = quote::quote! { #krate #kind #literal #rest };
        if let Ok(request) = Request::read(asked) {
            request.answer();
        }
    };
    for operation in contract.operations.iter().take(3) {
        let definition = definitions::of_operation(contract, operation).encode();
        ask("operation", &definition, rest(2).collect());
        ask("attributes", &definition, rest(2).collect());
    }
    for attribute in &contract.attributes {
        if names::nearest(&attribute.key, ["work.kind", "work.step", "person.email"]).is_some() {
            let definition = definitions::of_attribute(contract, attribute).encode();
            ask("attribute_value", &definition, rest(2).collect());
        }
    }
    let index = definitions::index(contract).encode();
    ask("index", &index, input.clone());
    ask("index", &index, rest(1).collect());
}

fn run(contract: &Contract, arguments: TokenStream, item: TokenStream) {
    let first = operation::first_stage::expand(arguments.clone(), item.clone());
    second_stage(contract, first);
    for first_stage in [
        derive::error_class::first_stage,
        derive::attribute_value::first_stage,
        derive::attributes::first_stage,
    ] {
        second_stage(contract, first_stage(item.clone()));
    }
    answer(contract, arguments);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_macro_panics_on_random_tokens(arguments in stream(), item in stream()) {
        run(&CONTRACT, arguments, item);
    }

    #[test]
    fn no_macro_panics_on_nearly_valid_functions(arguments in nearly(ARGUMENTS), item in nearly(FUNCTIONS)) {
        run(&CONTRACT, arguments, item);
    }

    #[test]
    fn no_macro_panics_on_nearly_valid_derives(item in nearly(DERIVES), arguments in stream()) {
        run(&CONTRACT, arguments, item);
    }

    #[test]
    fn no_macro_panics_on_nearly_valid_arguments(arguments in nearly(ARGUMENTS), index in 0..FUNCTIONS.len()) {
        run(&CONTRACT, arguments, FUNCTIONS[index].parse().expect("tokens of Rust"));
    }
}
