//! Snapshots of the documentation of generated items.

use super::measures::metric;
use super::sampling::{sampled, share};
use super::{attribute, event, operation};
use otel_contract_model::Source;
use otel_contract_model::series;
use otel_contract_yaml::compile;

#[test]
fn operations_and_metrics_are_documented_with_code_to_paste() {
    let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vocabulary");
    let compiled = compile(&Source::file(tests, "schema/billing.yaml"));
    let contract = compiled
        .contract
        .expect("the contract of schema/billing.yaml has no errors");
    let create = &contract.operations[0];
    insta::assert_snapshot!("operation", operation(&contract, create));
    let retries = &contract.metrics[0];
    let bound = series::metric(&contract, retries);
    insta::assert_snapshot!("metric_of_the_sample", metric(&contract, retries, &bound));
    let tier = contract.attribute("account.tier").expect("an attribute");
    insta::assert_snapshot!("attribute", attribute(&contract, tier));
    insta::assert_snapshot!("event", event(&contract, &contract.events[0]));
}

#[test]
fn operations_are_documented_with_their_routes() {
    let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vocabulary");
    let compiled = compile(&Source::file(tests, "schema/requests.yaml"));
    let contract = compiled.contract.expect("a contract without errors");
    let documented = |index: usize| operation(&contract, &contract.operations[index]);
    assert!(
        documented(0).contains("\nRoutes: `POST /orders/{order_id}/pay` and `/pay/{*rest}`.\n")
    );
    assert!(!documented(1).contains("Routes"));
    assert!(documented(2).contains("\nRoutes: `_OTHER`.\n"));
}

#[test]
fn bounded_attributes_are_documented_with_their_conversion() {
    let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vocabulary");
    let compiled = compile(&Source::file(tests, "schema/caps.yaml"));
    let contract = compiled.contract.expect("a contract without errors");
    let documented = |key: &str| {
        let documented = contract
            .attribute(key)
            .expect("an attribute of the contract");
        attribute(&contract, documented)
    };
    insta::assert_snapshot!("bounded_attribute", documented("queue.name"));
    insta::assert_snapshot!("bounded_newtype", documented("shard.key"));
    insta::assert_snapshot!("bounded_attribute_of_the_resource", documented("zone.name"));
}

#[test]
fn metrics_are_documented_with_the_bound_of_their_series() {
    let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vocabulary");
    let compiled = compile(&Source::file(tests, "schema/measures.yaml"));
    let contract = compiled.contract.expect("a contract without errors");
    let documented = |name: &str| {
        let found = contract.metrics.iter().find(|metric| metric.name == name);
        let found = found.expect("a metric of the contract");
        metric(&contract, found, &series::metric(&contract, found))
    };
    insta::assert_snapshot!("metric", documented("jobs"));
    insta::assert_snapshot!("metric_with_errors", documented("wait"));
    insta::assert_snapshot!("metric_without_dimensions", documented("worked"));
    let run = &contract.operations[0];
    insta::assert_snapshot!("operation_with_metrics", operation(&contract, run));
}

#[test]
fn the_documentation_of_sampling_says_how_to_count_calls() {
    let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vocabulary");
    let compiled = compile(&Source::file(tests, "schema/billing.yaml"));
    let mut create = compiled
        .contract
        .expect("the contract of schema/billing.yaml has no errors")
        .operations
        .remove(0);
    let mut documented = |ratio, keep_errors, measured: bool| {
        create.sampling = Some(otel_contract_model::Sampling {
            ratio,
            keep_errors,
            keep_slower_than: None,
        });
        if !measured {
            create.metrics = None;
        }
        let mut text = String::new();
        sampled(&mut text, &create);
        text
    };
    assert_eq!(
        documented(0.125, false, true),
        "\nSampling: 12.5 % of the traces that begin here are kept, decided by the trace id; a span with a parent is kept if its parent is kept. Spans are only a sample. Count calls with `invoice.create.duration`, which includes calls that are not sampled.\n"
    );
    assert_eq!(
        documented(0.0, true, false),
        "\nSampling: failed calls are always kept. This is known only when a call ends, so the service exports every trace that begins here. The ratio for the other traces, 0 %, is for tail sampling, which has to be configured in a Collector. Spans are only a sample. This operation records no metric that counts its calls.\n"
    );
    assert_eq!(
        documented(1.0, true, false),
        "\nSampling: every trace that begins here is kept.\n"
    );
    assert_eq!(
        [share(0.1), share(1e-4), share(1.0)],
        ["10 %", "0.01 %", "100 %"]
    );
}
