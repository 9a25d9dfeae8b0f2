//! Functions of every form the language has, compiled with and without the attribute: whatever a
//! caller can see of them is the same.
//!
//! `forms/` is compiled twice from the same files, in `annotated` and in `plain`, so that a form and
//! its twin cannot differ. A form is a row of `FORMS` in its file: a name, a call, and the outcome of
//! each operation that the call runs.

// The forms show what the language allows, not what is good style.
#[allow(clippy::all, clippy::pedantic, deprecated, nonstandard_style, unused)]
mod annotated;
mod harness;
#[allow(clippy::all, clippy::pedantic, deprecated, nonstandard_style, unused)]
mod plain;
// Some of what the forms are written with is used by few of them.
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

/// Runs every pair and fails with the whole list of differences.
fn every_pair(compare: impl Fn(&Form, &Form) -> Result<(), String>) {
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

fn same(annotated: &harness::Seen, plain: &harness::Seen) -> Result<(), String> {
    if annotated == plain {
        return Ok(());
    }
    Err(format!("\n  with    {annotated}\n  without {plain}"))
}

#[test]
fn every_form_does_the_same_with_and_without_the_attribute() {
    every_pair(|annotated, plain| {
        let (annotated, _) = record(|| observe(annotated));
        same(&annotated, &observe(plain))
    });
}

#[test]
fn every_form_does_the_same_where_nothing_is_sampled() {
    every_pair(|annotated, plain| {
        let (annotated, _) = record(|| {
            let provider = SdkTracerProvider::builder()
                .with_sampler(Sampler::AlwaysOff)
                .build();
            opentelemetry::global::set_tracer_provider(provider);
            observe(annotated)
        });
        same(&annotated, &observe(plain))
    });
}

#[test]
fn every_form_records_its_operations() {
    every_pair(|annotated, _| {
        let (_, spans) = record(|| observe(annotated));
        harness::recorded(&spans, annotated.operations)
    });
}

#[test]
fn arguments_and_locals_are_dropped_while_the_operation_runs() {
    every_pair(|annotated, _| {
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
fn every_form_has_a_name_of_its_own_and_there_are_enough() {
    let running: Vec<&str> = pairs().map(|(annotated, _)| annotated.name).collect();
    let names: BTreeSet<&str> = running.iter().copied().collect();
    assert_eq!(names.len(), running.len(), "a name is used twice");
    assert!(running.len() >= 150, "{} forms", running.len());
}
