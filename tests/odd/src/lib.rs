//! Words Rust uses itself, in a crate that forbids the lints which generated code could run into: an `#[allow]` of
//! them in the expansion would be an error here.

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
