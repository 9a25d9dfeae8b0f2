//! Snapshots of the expansion of each kind of function: both stages, as rustc would run them.
//!
//! `INSTA_UPDATE=always cargo test -p otel-contract-macros` refreshes the snapshots.

use crate::operation::{self, first_stage};
use otel_contract_model::{Contract, Source, definitions};
use otel_contract_yaml::compile;
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens as _, quote};

fn contract() -> Contract {
    let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vocabulary");
    let compiled = compile(&Source::file(tests, "schema/forms.yaml"));
    assert!(compiled.diagnostics.is_empty(), "{}", compiled.diagnostics);
    compiled.contract.expect("a contract without errors")
}

/// Runs the first stage, finds the macro call in its output, and replaces the call by the output of the second stage.
fn expand(arguments: TokenStream, function: TokenStream) -> String {
    let contract = contract();
    let first = first_stage::expand(arguments, function);
    let mut function: syn::ItemFn = syn::parse2(first).expect("the first stage gives a function");
    let call = match function.block.stmts.pop() {
        Some(syn::Stmt::Macro(call)) => call.mac,
        Some(syn::Stmt::Expr(syn::Expr::Macro(call), _)) => call.mac,
        other => panic!(
            "no call of the contract's macro: {:?}",
            other.to_token_stream().to_string()
        ),
    };
    let mut tokens = call.tokens.into_iter();
    let (kind, name) = (tokens.next(), tokens.next());
    let (Some(TokenTree::Ident(kind)), Some(TokenTree::Ident(name))) = (kind, name) else {
        panic!("the call starts with the kind of request and the name");
    };
    assert_eq!(kind, "operation");
    let operation = contract
        .operations
        .iter()
        .find(|operation| name == operation.rust.camel);
    let definition =
        definitions::of_operation(&contract, operation.expect("an operation of the contract"));
    let input =
        operation::Input::read(tokens).expect("the second stage reads the output of the first");
    let krate = TokenTree::Ident(quote::format_ident!("otel_contract"));
    let expanded = operation::expand(&krate, &definition, &input);
    let body: syn::Block = syn::parse2(expanded).expect("the second stage gives a block");
    function.block.stmts.extend(body.stmts);
    prettyplease::unparse(&syn::parse_quote! { #function })
}

macro_rules! expansion {
    ($(#[$doc:meta])* $name:ident: #[$($arguments:tt)*] $($function:tt)*) => {
        $(#[$doc])*
        #[test]
        fn $name() {
            insta::assert_snapshot!(expand(quote! { $($arguments)* }, quote! { $($function)* }));
        }
    };
}

expansion! {
    a_function_without_attributes:
    #[forms::PlainRun]
    fn form(count: u32) -> u32 { count + 1 }
}

expansion! {
    an_async_function_with_attributes:
    #[forms::FormRun, work.name = name, work.kind = "small", ok(|size| work.count = size)]
    pub async fn form(name: &str) -> Result<usize, Failure> { work(name).await }
}

expansion! {
    a_handle_and_a_group:
    #[forms::GroupedRun as op, ..work = &self.work, parent = &job.context, link = &other]
    fn form(&self, job: Job) { op.work_urgent(true); }
}

expansion! {
    an_error_classified_by_err:
    #[forms::StrictRun, work.name, ok(|n| work.count = n), err(|error| classify(error))]
    fn form<'a>(work_name: &'a str) -> Result<impl Iterator<Item = &'a str>, sqlx::Error> { query(work_name) }
}

expansion! {
    a_generic_return_type:
    #[forms::FormRun, err(|value| value.class())]
    fn form<T: Classified>(value: T) -> T { value }
}

expansion! {
    a_boxed_future:
    #[forms::FormRun, work.count = count]
    fn form<'a>(count: &'a u32) -> Pin<Box<dyn Future<Output = u32> + Send + 'a>> {
        let doubled = count * 2;
        Box::pin(async move { doubled })
    }
}

expansion! {
    a_function_that_never_returns:
    #[forms::PlainRun]
    unsafe extern "C" fn form() -> ! { loop {} }
}

expansion! {
    attributes_that_the_sampler_reads:
    #[forms::SampledRun, work.name = name, work.kind = kind]
    fn form(name: &str, kind: forms::WorkKind) {}
}

#[test]
fn a_tracked_function_keeps_its_caller_in_a_second_function() {
    let first = first_stage::expand(
        quote! { forms::FormRun, work.count = a },
        quote! { #[track_caller] pub fn form<T: Into<i64>>(a: i64, mut b: T) -> u32 { line() } },
    );
    insta::assert_snapshot!(prettyplease::unparse(
        &syn::parse2(first).expect("a function")
    ));
}
