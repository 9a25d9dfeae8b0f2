//! Impls for the testing kit: the attributes that a test can expect of an operation, a metric or an event.

use crate::location::ident;
use otel_contract_model::{AttributeUse, Contract, Event, Metric};
use proc_macro2::{Ident, TokenStream};

pub(super) fn expand(contract: &Contract) -> TokenStream {
    let expected = contract.operations.iter().flat_map(|operation| {
        let name = ident(&operation.rust.camel);
        let name = quote_located! { #name };
        let uses = contract.uses(operation).into_iter();
        uses.map(move |used| expected_of(&name, &attribute_type(contract, used)))
    });
    let dimensions = contract
        .metrics
        .iter()
        .flat_map(|metric| of_metric(contract, metric));
    let events = contract
        .events
        .iter()
        .flat_map(|event| of_event(contract, event));
    // The impls require the feature `testing`: there is one for each attribute of each operation, metric and event.
    quote_located! {
        __private::if_testing! {
            #(#expected)*
            #(#dimensions)*
            #(#events)*
        }
    }
}

/// Generates the impls for the dimensions of a metric.
fn of_metric<'a>(
    contract: &'a Contract,
    metric: &'a Metric,
) -> impl Iterator<Item = TokenStream> + 'a {
    let name = ident(&metric.rust.camel);
    let name = quote_located! { metrics::#name };
    types(contract, &metric.attributes, metric.error_type.is_some())
        .map(move |attribute| expected_of(&name, &attribute))
}

/// Generates the impls for the attributes of an event.
fn of_event<'a>(
    contract: &'a Contract,
    event: &'a Event,
) -> impl Iterator<Item = TokenStream> + 'a {
    let name = ident(&event.rust.camel);
    let name = quote_located! { #name };
    types(contract, &event.attributes, event.error_type.is_some())
        .map(move |attribute| expected_of(&name, &attribute))
}

/// Returns the types of some attributes, and of `error.type` if it is one of them.
fn types<'a>(
    contract: &'a Contract,
    uses: &'a [AttributeUse],
    has_error_type: bool,
) -> impl Iterator<Item = Ident> + 'a {
    let attributes = uses.iter().map(|used| attribute_type(contract, used));
    attributes.chain(has_error_type.then(|| ident("ErrorType")))
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
