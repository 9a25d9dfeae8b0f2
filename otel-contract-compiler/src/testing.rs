//! Impls for the testing kit: the attributes that a test can expect of an operation, a metric or an event.

use crate::location::ident;
use otel_contract_model::{AttributeUse, Contract};
use proc_macro2::{Ident, TokenStream};

pub(super) fn expand(contract: &Contract) -> TokenStream {
    let mut expected = TokenStream::new();
    for operation in &contract.operations {
        let name = ident(&operation.rust.camel);
        let owner = quote_located! { #name };
        for used in contract.uses(operation) {
            expected.extend(expected_of(&owner, &attribute_type(contract, used)));
        }
    }
    for metric in &contract.metrics {
        let name = ident(&metric.rust.camel);
        let owner = quote_located! { metrics::#name };
        for attribute in types(contract, &metric.attributes, metric.error_type.is_some()) {
            expected.extend(expected_of(&owner, &attribute));
        }
    }
    for event in &contract.events {
        let name = ident(&event.rust.camel);
        let owner = quote_located! { #name };
        for attribute in types(contract, &event.attributes, event.error_type.is_some()) {
            expected.extend(expected_of(&owner, &attribute));
        }
    }
    // The impls require the feature `testing`: there is one for each attribute of each operation, metric and event.
    quote_located! {
        __private::if_testing! {
            #expected
        }
    }
}

/// Returns the types of some attributes, and of `error.type` if it is one of them.
fn types(contract: &Contract, uses: &[AttributeUse], has_error_type: bool) -> Vec<Ident> {
    let mut types: Vec<Ident> = uses
        .iter()
        .map(|used| attribute_type(contract, used))
        .collect();
    if has_error_type {
        types.push(ident("ErrorType"));
    }
    types
}

fn attribute_type(contract: &Contract, used: &AttributeUse) -> Ident {
    ident(&contract[used.attribute].rust.camel)
}

fn expected_of(owner: &TokenStream, attribute: &Ident) -> TokenStream {
    quote_located! {
        impl __private::testing::Expected<#owner> for #attribute {
            fn each(self, sink: &mut __private::testing::ExpectedSink<'_>) {
                __private::testing::expect_attribute(self, sink);
            }
        }
    }
}
