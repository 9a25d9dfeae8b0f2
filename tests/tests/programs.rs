//! Programs that must work, in one binary: linking each program alone would take most of the time. Each program runs in
//! a separate process, since it may install providers for the process.

#![allow(warnings)]
#![allow(clippy::all, clippy::pedantic)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Variable with the name of the program that a child process runs.
const PROGRAM: &str = "OTEL_CONTRACT_PROGRAM";

/// Runs a program: in this process if it was started for the program, else in a new process.
fn run(name: &str, program: fn()) {
    if std::env::var(PROGRAM).is_ok_and(|program| program == name) {
        return program();
    }
    let binary = std::env::current_exe().expect("the path of the binary");
    let mut process = Command::new(binary);
    process
        .args(["--exact", name, "--nocapture"])
        .env(PROGRAM, name);
    let output = process.output().expect("a process starts");
    let printed = [output.stdout, output.stderr].concat();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&printed)
    );
}

macro_rules! programs {
    ($($path:literal $folder:ident: $($name:ident)*;)*) => {
        /// Every program, as `folder::name`.
        const PROGRAMS: &[&str] = &[$($(concat!(stringify!($folder), "::", stringify!($name)),)*)*];

        $(
            #[path = $path]
            mod $folder {
                $(
                    mod $name;

                    #[test]
                    fn $name() {
                        crate::run(concat!(stringify!($folder), "::", stringify!($name)), $name::main);
                    }
                )*
            }
        )*
    };
}

programs! {
    "../ui/attribute_value/pass" attribute_value:
        enums_and_structs;
    "../ui/attributes/pass" attributes:
        structs;
    "../ui/contract/pass" contract:
        bounded closed_sets constants description personal_values ranges resource serde;
    "../ui/error_class/pass" error_class:
        checked_against_the_operation recursive_and_generic structs_and_enums thiserror_source;
    "../ui/instrumented_operation/pass" instrumented_operation:
        async_function async_in_traits async_is_send async_size async_trait_crate
        attribute_panics attributes_and_docs attributes_read_the_arguments
        borrows_and_drops by_hand classes_of_err context_on_every_poll control_flow
        denied_warnings drop_order ends_and_exits err_mapping error_descriptions
        evaluation_order free_function futures_of_services generics_and_where groups
        handle_sets_late_attributes impl_trait_return inherent_methods keys_exported_once
        keys_of_every_form literals_as_rustc_reads_them literals_of_every_class
        mutable_reference_returned nested_items never_returns no_return_value ok_mapping
        panic_and_cancellation parents_and_links pattern_arguments provider_life recursion
        returns_a_future sampling_relevant_members_of_groups streams track_caller
        trait_functions types_decide use_in_macro values_of_every_type;
    "../ui/metrics/pass" metrics:
        dimensions_of_every_form every_instrument;
    "../ui/testing/pass" testing:
        from_a_service;
}

#[test]
fn every_program_is_listed() {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let mut found = BTreeSet::new();
    for folder in std::fs::read_dir(ui).expect("a folder").flatten() {
        let name = folder.file_name().into_string().expect("UTF-8");
        for file in std::fs::read_dir(folder.path().join("pass"))
            .into_iter()
            .flatten()
            .flatten()
        {
            let path = file.path();
            let stem = path.file_stem().expect("a name").to_string_lossy();
            found.insert(format!("{name}::{stem}"));
        }
    }
    let listed: BTreeSet<String> = PROGRAMS.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(found, listed);
}
