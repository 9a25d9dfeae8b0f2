//! Impls for the testing kit: the attributes that a test can expect of an operation.

use crate::location::ident;
use otel_contract_model::Contract;
use proc_macro2::TokenStream;

pub(super) fn expand(contract: &Contract) -> TokenStream {
    let mut expected = TokenStream::new();
    for operation in &contract.operations {
        let name = ident(&operation.rust.camel);
        for used in contract.uses(operation) {
            let attribute = ident(&contract[used.attribute].rust.camel);
            expected.extend(quote_located! {
                impl __private::testing::Expected<#name> for #attribute {
                    fn each(self, sink: &mut __private::testing::ExpectedSink<'_>) {
                        __private::testing::expect_attribute(self, sink);
                    }
                }
            });
        }
    }
    // The impls require the feature `testing`: there is one for each attribute of each operation.
    quote_located! {
        __private::if_testing! {
            #expected
        }
    }
}
