//! macros
use proc_macro::TokenStream;
#[proc_macro] pub fn contract(t: TokenStream)->TokenStream{t}
#[proc_macro] pub fn __expand(t: TokenStream)->TokenStream{t}
#[proc_macro_attribute] pub fn instrumented_operation(_a: TokenStream, t: TokenStream)->TokenStream{t}
#[proc_macro_derive(ErrorClass, attributes(error_class))] pub fn e(_: TokenStream)->TokenStream{TokenStream::new()}
#[proc_macro_derive(AttributeValue, attributes(attribute_value))] pub fn av(_: TokenStream)->TokenStream{TokenStream::new()}
#[proc_macro_derive(Attributes, attributes(attributes,attribute))] pub fn at(_: TokenStream)->TokenStream{TokenStream::new()}
