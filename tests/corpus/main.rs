//! Functions of every form of the language, compiled with and without the attribute: their observable behaviour is the
//! same.
//!
//! The files in `forms/` are compiled twice, in `annotated` and in `plain`, so both versions have the same source. A
//! form is a row of `FORMS` in its file: a name, a call, and the outcome of each operation that the call runs.

// The forms show what the language allows, whether or not it is good style.
#[allow(clippy::all, clippy::pedantic, deprecated, nonstandard_style, unused)]
mod annotated;
mod harness;
#[allow(clippy::all, clippy::pedantic, deprecated, nonstandard_style, unused)]
mod plain;
// Each item is used by some of the forms only.
#[allow(dead_code)]
mod support;

use harness::observe;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use otel_contract_tests::record;
use std::collections::BTreeSet;
use support::{Form, take_dropped_outside};

fn pairs() -> impl Iterator<Item = (&'static Form, &'static Form)> {
    let annotated = annotated::all::ALL.iter().copied().flatten();
    annotated.zip(plain::all::ALL.iter().copied().flatten())
}

/// Compares every pair and fails with all differences.
fn for_every_pair(compare: impl Fn(&Form, &Form) -> Result<(), String>) {
    let differences: Vec<String> = pairs()
        .filter_map(|(annotated, plain)| {
            let difference = compare(annotated, plain).err()?;
            Some(format!("{}: {difference}", annotated.name))
        })
        .collect();
    assert!(
        differences.is_empty(),
        "{} forms differ\n{}",
        differences.len(),
        differences.join("\n"),
    );
}

fn compare_behaviour(
    annotated: &harness::Behaviour,
    plain: &harness::Behaviour,
) -> Result<(), String> {
    if annotated == plain {
        return Ok(());
    }
    Err(format!("\n  with    {annotated}\n  without {plain}"))
}

#[test]
fn every_form_does_the_same_with_and_without_the_attribute() {
    for_every_pair(|annotated, plain| {
        let (annotated, _) = record(|| observe(annotated));
        compare_behaviour(&annotated, &observe(plain))
    });
}

#[test]
fn every_form_does_the_same_if_its_spans_are_not_sampled() {
    for_every_pair(|annotated, plain| {
        let (annotated, _) = record(|| {
            let provider = SdkTracerProvider::builder()
                .with_sampler(Sampler::AlwaysOff)
                .build();
            opentelemetry::global::set_tracer_provider(provider);
            observe(annotated)
        });
        compare_behaviour(&annotated, &observe(plain))
    });
}

#[test]
fn every_form_records_its_operations() {
    for_every_pair(|annotated, _| {
        let (_, spans) = record(|| observe(annotated));
        harness::compare_operations(&spans, annotated.operations)
    });
}

#[test]
fn arguments_and_locals_are_dropped_while_the_operation_is_active() {
    for_every_pair(|annotated, _| {
        let (outside, _) = record(|| {
            observe(annotated);
            take_dropped_outside()
        });
        if outside.is_empty() {
            return Ok(());
        }
        Err(format!("dropped outside of the operation: {outside:?}"))
    });
}

#[test]
fn every_form_has_a_unique_name_and_there_are_enough() {
    let all: Vec<&str> = pairs().map(|(annotated, _)| annotated.name).collect();
    let names: BTreeSet<&str> = all.iter().copied().collect();
    assert_eq!(names.len(), all.len(), "a name is used twice");
    assert!(
        all.len() >= 150,
        "{} forms, expected at least 150",
        all.len()
    );
}
