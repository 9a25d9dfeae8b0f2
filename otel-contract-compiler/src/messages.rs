//! Every message of `contract!` itself, in one place; those about the contract's file are the model's.

use otel_contract_model::definitions::contract_name;
use otel_contract_model::{Attribute, Contract, Diagnostic};

/// Something that is no string.
pub(crate) fn no_path() -> String {
    "`contract!` takes the path of a contract file\n  = help: write it as a string, relative to the crate: `contract!(\"schema/billing.yaml\")`".to_owned()
}

/// A string that is not what it looks like.
pub(crate) fn escape_in_path() -> String {
    "the path of a contract file has no escapes but `\\\\`, `\\\"` and `\\'`\n  = help: write the character itself".to_owned()
}

/// Built without cargo.
pub(crate) fn no_manifest() -> String {
    "`contract!` reads the file relative to the crate, and `CARGO_MANIFEST_DIR` does not say where that is\n  = help: build with cargo, or set the variable to the folder of the crate's manifest".to_owned()
}

/// A fault of the contract's file, as `contract!` reports it.
pub(crate) fn fault(fault: &Diagnostic) -> String {
    let text = fault.to_string();
    // `error[OC0107]: …`: rustc writes the first word itself.
    let text = text.strip_prefix("error").unwrap_or(&text);
    match text
        .strip_prefix('[')
        .and_then(|text| text.split_once("]: "))
    {
        Some((code, text)) => format!("{code}: {}", text.trim_end()),
        None => text.trim_end().to_owned(),
    }
}

/// A contract hashes, and the runtime cannot.
pub(crate) fn hash_without_feature(contract: &Contract, one: &Attribute) -> String {
    format!(
        "`{}` is recorded as a hash, and the feature `hash` of `otel-contract` is off\n  = help: add `\"hash\"` to the `features` of `otel-contract` in `Cargo.toml`, or protect the attribute with `mask` or `keep_last`\n  = note: contract {}, {}",
        one.key,
        contract_name(contract),
        one.at,
    )
}
