//! Resource and scope of every signal.

use super::{attribute, over_each_protocol, shop};
use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
use opentelemetry_proto::tonic::resource::v1::Resource;
use test_receiver::Received;

/// Records one item of each signal.
fn everything(_: &shop::setup::Guard) {
    shop::ItemPack {}.start().succeed();
    shop::ItemLost {
        item_name: "cup".into(),
    }
    .emit();
}

/// Resource of each signal.
fn resources(received: &Received) -> [&Resource; 3] {
    let traces = &received.traces[0].resource_spans[0].resource;
    let metrics = &received.metrics[0].resource_metrics[0].resource;
    let logs = &received.logs[0].resource_logs[0].resource;
    [traces, metrics, logs].map(|resource| resource.as_ref().expect("a resource"))
}

fn value<'a>(resource: &'a Resource, key: &str) -> Option<&'a str> {
    match attribute(&resource.attributes, key) {
        Some(super::Value::StringValue(value)) => Some(value),
        _ => None,
    }
}

#[test]
fn every_signal_has_the_resource_of_the_service() {
    over_each_protocol(&[], everything, |received| {
        let [traces, metrics, logs] = resources(received);
        assert_eq!(value(traces, "service.name"), Some("shop-api"));
        assert_eq!(value(traces, "service.version"), Some("2.0.0"));
        let sorted = |resource: &Resource| {
            let mut all: Vec<String> = resource
                .attributes
                .iter()
                .map(|attribute| format!("{attribute:?}"))
                .collect();
            all.sort();
            all
        };
        assert_eq!(sorted(traces), sorted(metrics));
        assert_eq!(sorted(traces), sorted(logs));
    });
}

#[test]
fn the_resource_identifies_the_sdk() {
    over_each_protocol(&[], everything, |received| {
        for resource in resources(received) {
            assert_eq!(value(resource, "telemetry.sdk.name"), Some("opentelemetry"));
            assert_eq!(value(resource, "telemetry.sdk.language"), Some("rust"));
            assert!(
                value(resource, "telemetry.sdk.version")
                    .is_some_and(|version| version.starts_with("0."))
            );
        }
    });
}

#[test]
fn attributes_of_the_variable_are_percent_decoded() {
    let variables = [(
        "OTEL_RESOURCE_ATTRIBUTES",
        "host.name=h%2C1, host.id = %C3%A4 ",
    )];
    over_each_protocol(&variables, everything, |received| {
        for resource in resources(received) {
            assert_eq!(value(resource, "host.name"), Some("h,1"));
            assert_eq!(value(resource, "host.id"), Some("ä"));
        }
    });
}

#[test]
fn the_resource_in_code_overrides_the_variables() {
    let variables = [
        (
            "OTEL_RESOURCE_ATTRIBUTES",
            "service.version=9.9.9,service.name=other",
        ),
        ("OTEL_SERVICE_NAME", "another"),
    ];
    over_each_protocol(&variables, everything, |received| {
        for resource in resources(received) {
            assert_eq!(value(resource, "service.name"), Some("shop-api"));
            assert_eq!(value(resource, "service.version"), Some("2.0.0"));
        }
    });
}

#[test]
fn every_signal_has_the_scope_and_the_schema_url_of_the_contract() {
    let is_ours = |scope: &Option<InstrumentationScope>, url: &str| {
        let scope = scope.as_ref().expect("a scope");
        if scope.name == "shop" {
            assert_eq!(scope.version, "1.0.0");
            assert_eq!(url, "https://telemetry.acme.example/schemas/shop/1.0.0");
            assert!(scope.attributes.is_empty());
        }
        scope.name == "shop"
    };
    over_each_protocol(&[], everything, |received| {
        let traces = received
            .traces
            .iter()
            .flat_map(|export| &export.resource_spans);
        let mut traces = traces.flat_map(|resource| &resource.scope_spans);
        assert!(traces.any(|scope| is_ours(&scope.scope, &scope.schema_url)));
        let metrics = received
            .metrics
            .iter()
            .flat_map(|export| &export.resource_metrics);
        let mut metrics = metrics.flat_map(|resource| &resource.scope_metrics);
        assert!(metrics.any(|scope| is_ours(&scope.scope, &scope.schema_url)));
        let logs = received
            .logs
            .iter()
            .flat_map(|export| &export.resource_logs);
        let mut logs = logs.flat_map(|resource| &resource.scope_logs);
        assert!(logs.any(|scope| is_ours(&scope.scope, &scope.schema_url)));
    });
}
