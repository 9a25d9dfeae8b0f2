//! Requests, as the OTLP exporter specification defines them.

use super::{HTTP, over_each_protocol, send, shop};
use test_receiver::Received;

fn everything(_: &shop::setup::Guard) {
    shop::ItemPack {}.start().succeed();
    shop::ItemLost {
        item_name: "cup".into(),
    }
    .emit();
}

fn targets(received: &Received) -> Vec<&str> {
    let mut targets: Vec<&str> = received.targets.iter().map(String::as_str).collect();
    targets.sort_unstable();
    targets.dedup();
    targets
}

#[test]
fn each_signal_has_its_path_below_the_base_endpoint() {
    let received = send(&[("OTEL_EXPORTER_OTLP_PROTOCOL", HTTP)], everything);
    assert_eq!(
        targets(&received),
        ["/v1/logs", "/v1/metrics", "/v1/traces"]
    );
}

#[test]
fn a_request_over_http_is_binary_protobuf() {
    let received = send(&[("OTEL_EXPORTER_OTLP_PROTOCOL", HTTP)], everything);
    assert!(!received.headers.is_empty());
    for headers in &received.headers {
        assert_eq!(headers["content-type"], "application/x-protobuf");
    }
}

#[test]
fn a_request_names_the_exporter() {
    over_each_protocol(&[], everything, |received| {
        assert!(!received.headers.is_empty());
        for headers in &received.headers {
            let agent = headers["user-agent"].to_str().expect("ASCII");
            assert!(agent.starts_with("OTel-OTLP-Exporter-Rust/"), "{agent}");
        }
    });
}

#[test]
fn a_request_is_compressed_if_the_variable_is_set() {
    for (protocol, header) in [(HTTP, "content-encoding"), ("grpc", "grpc-encoding")] {
        for (written, encoding) in [
            ("", None),
            ("none", None),
            ("gzip", Some("gzip")),
            ("GZIP", Some("gzip")),
        ] {
            let variables = [
                ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
                ("OTEL_EXPORTER_OTLP_COMPRESSION", written),
            ];
            let received = send(&variables, everything);
            assert_eq!(received.headers.len(), 3, "one request of each signal");
            for headers in &received.headers {
                let sent = headers
                    .get(header)
                    .map(|value| value.to_str().expect("ASCII"));
                assert_eq!(sent, encoding, "{protocol} {written}");
            }
            // The receiver decompressed and decoded the request.
            assert_eq!(received.spans().count(), 1);
        }
    }
}

#[test]
fn the_variable_of_a_signal_overrides_the_general_variable() {
    let variables = [
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-of=all"),
        ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "x-of=traces"),
        ("OTEL_LOGS_EXPORTER", "none"),
    ];
    over_each_protocol(&variables, everything, |received| {
        let mut of: Vec<&str> = received
            .headers
            .iter()
            .map(|headers| headers["x-of"].to_str().expect("ASCII"))
            .collect();
        of.sort_unstable();
        of.dedup();
        assert_eq!(of, ["all", "traces"]);
    });
}

#[test]
fn headers_of_the_variable_are_percent_decoded() {
    let variables = [(
        "OTEL_EXPORTER_OTLP_HEADERS",
        "x-tenant=a%20b%2Cc, x-key = 1 ",
    )];
    over_each_protocol(&variables, everything, |received| {
        for headers in &received.headers {
            assert_eq!(headers["x-tenant"], "a b,c");
            assert_eq!(headers["x-key"], "1");
        }
    });
}

#[test]
fn a_signal_without_an_exporter_is_not_sent() {
    for (variable, sent) in [
        ("OTEL_TRACES_EXPORTER", ["/v1/logs", "/v1/metrics"]),
        ("OTEL_METRICS_EXPORTER", ["/v1/logs", "/v1/traces"]),
        ("OTEL_LOGS_EXPORTER", ["/v1/metrics", "/v1/traces"]),
    ] {
        let variables = [("OTEL_EXPORTER_OTLP_PROTOCOL", HTTP), (variable, "none")];
        assert_eq!(targets(&send(&variables, everything)), sent);
    }
}

#[test]
fn an_empty_variable_counts_as_unset() {
    let names = [
        "OTEL_EXPORTER_OTLP_PROTOCOL",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "OTEL_EXPORTER_OTLP_HEADERS",
        "OTEL_EXPORTER_OTLP_TIMEOUT",
        "OTEL_TRACES_EXPORTER",
        "OTEL_TRACES_SAMPLER",
        "OTEL_PROPAGATORS",
        "OTEL_SDK_DISABLED",
        "OTEL_BSP_MAX_QUEUE_SIZE",
        "OTEL_METRIC_EXPORT_INTERVAL",
    ];
    let received = send(&names.map(|name| (name, "")), everything);
    assert_eq!(received.spans().count(), 1);
    assert_eq!(received.records().count(), 1);
}

#[test]
fn a_disabled_sdk_sends_nothing() {
    let received = send(&[("OTEL_SDK_DISABLED", "TRUE")], everything);
    assert_eq!(received.connections, 0);
}
