//! A contract whose names are also keywords, types and methods of Rust, in a crate that forbids the lints that
//! generated code could trigger: an `#[allow]` of these lints in the expansion would be an error here.

#![forbid(
    nonstandard_style,
    unused,
    unreachable_code,
    missing_docs,
    rust_2018_idioms,
    unreachable_pub,
    clippy::all
)]

otel_contract::contract!("schema/odd.yaml");
